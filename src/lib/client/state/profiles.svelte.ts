/** Who uses this device: the people known here, and whose profile is open. */
import { Dexie } from 'dexie';
import type { Api, ApiResult } from '#lib/client/api.ts';
import type { DeviceDb, KnownProfile } from '#lib/client/db/device-db.ts';
import { openProfileDb } from '#lib/client/db/open-profile-db.ts';
import { profileDbName } from '#lib/client/db/names.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { beginEpoch } from '#lib/client/sync/epoch.ts';
import { signInResponseSchema, type profileChangeSchema } from '#lib/contracts/api.ts';
import { profileSchema } from '#lib/contracts/sync.ts';
import type { InferInput } from 'valibot';
import {
	rememberProfile,
	renewSession,
	replaceVerifier,
	signIn,
	signInOnline,
	unlock,
	type SignInParts,
	type SignInResult
} from '#lib/client/profiles/sign-in.ts';
import { makeVerifier } from '#lib/client/profiles/secret-verifier.ts';
import { Live } from './live.svelte.ts';
import { Session } from './session.ts';

export type RemoveResult =
	| { readonly type: 'removed' }
	/** Work on this phone that the centre does not have: say how much, and ask. */
	| { readonly type: 'refused'; readonly code: 'unsent-work'; readonly waiting: number };

export type ProfilesParts = {
	readonly api: Api;
	readonly device: DeviceDb;
	readonly now: () => number;
	/** Called whenever a profile is opened, and with null when it is closed. */
	readonly onSession: (session: Session | null, how: { readonly online: boolean }) => void;
	/** Whether the server's answer may come at any moment; reactive. */
	readonly isAsking: () => boolean;
	/** The server's session was renewed in the background. */
	readonly onRenewed: () => void;
};

/** Of this tab only: a reload goes on with the same person. */
const TAB_KEY = 'waypost-person';
/** Of the device: who did not lock; a fresh start opens her profile if nobody else uses this device. */
const DEVICE_KEY = 'waypost-unlocked';

export class ProfilesState {
	readonly known: Live<readonly KnownProfile[]>;
	#session = $state.raw<Session | null>(null);
	#ready = $state.raw(false);
	readonly #parts: ProfilesParts;
	readonly #signInParts: SignInParts;

	constructor(parts: ProfilesParts) {
		this.#parts = parts;
		this.#signInParts = { api: parts.api, device: parts.device, now: parts.now };
		this.known = new Live(async () =>
			(await parts.device.profiles.toArray()).toSorted((left, right) => right.lastUsedAt - left.lastUsedAt)
		);
	}

	/** The open profile; null = ask who it is. */
	get session(): Session | null {
		return this.#session;
	}

	/** False until it is known whether somebody's profile goes on from before. */
	get ready(): boolean {
		return this.#ready;
	}

	/** Goes on with the person of this tab, or with the only person of this device if she did not lock. */
	async restore(): Promise<void> {
		try {
			const profiles = await this.#parts.device.profiles.toArray();
			const inTab = profiles.find((profile) => profile.personId === sessionStorage.getItem(TAB_KEY));
			const alone = profiles.length === 1 ? profiles[0] : undefined;
			const person = inTab ?? (alone?.personId === localStorage.getItem(DEVICE_KEY) ? alone : undefined);
			if (person !== undefined) await this.#open(person, false);
		} finally {
			this.#ready = true;
		}
	}

	/** With the user name of the card. Works offline for a person known here. */
	async signIn(userName: string, secret: string): Promise<SignInResult> {
		return this.#enter(await signIn(this.#signInParts, userName, secret), secret);
	}

	/** A person of the list, by her secret; needs no network. */
	async unlock(personId: string, secret: string): Promise<SignInResult> {
		return this.#enter(await unlock(this.#signInParts, personId, secret), secret);
	}

	/** The server asks who this is, while her profile is open: nothing on the screen changes. */
	async signInAgain(secret: string): Promise<SignInResult> {
		const session = this.#session;
		if (session === null) return { type: 'refused', code: 'not-on-this-device', params: {} };
		const result = await signInOnline(this.#signInParts, session.known.userName, secret);
		if (result === 'unreachable') return { type: 'refused', code: 'unreachable', params: {} };
		if (result.type === 'signed-in') this.#parts.onRenewed();
		return result;
	}

	/** The one-time link of the first start. */
	async becomeFirstAdministrator(request: {
		readonly token: string;
		readonly organisationName: string;
		readonly displayName: string;
		readonly userName: string;
		readonly secret: string;
	}): Promise<ApiResult<null>> {
		const result = await this.#parts.api.post('/api/auth/first-administrator', request, signInResponseSchema, {
			profile: null
		});
		if (result.type !== 'ok') return result;
		const verifier = await makeVerifier(request.secret);
		const profile = await rememberProfile(this.#signInParts, result.value.profile, verifier);
		await this.#open(profile, true);
		return { type: 'ok', value: null };
	}

	/** Closes the profile; her work stays and is still sent. */
	lock(): void {
		this.#close();
		sessionStorage.removeItem(TAB_KEY);
		localStorage.removeItem(DEVICE_KEY);
	}

	/** Changes the open profile's own facts. The language counts here at once, also without network. */
	async change(change: InferInput<typeof profileChangeSchema>): Promise<ApiResult<null>> {
		const session = this.#session;
		if (session === null) return { type: 'unreachable', code: 'unreachable' };
		if (change.language !== undefined) {
			await this.#parts.device.profiles.update(session.personId, { language: change.language });
		}
		const result = await this.#parts.api.post('/api/profile', change, profileSchema);
		if (result.type !== 'ok') return result;
		await session.db.profile.put(result.value);
		return { type: 'ok', value: null };
	}

	async changeSecret(current: string, next: string): Promise<ApiResult<null>> {
		const session = this.#session;
		if (session === null) return { type: 'unreachable', code: 'unreachable' };
		const result = await this.#parts.api.act('/api/auth/secret', { current, next });
		if (result.type !== 'ok') return result;
		await replaceVerifier(this.#signInParts, session.personId, next);
		await session.db.profile.update(session.personId, { mustChangeSecret: false });
		return result;
	}

	async choosePicture(picture: number): Promise<void> {
		if (this.#session) await this.#parts.device.profiles.update(this.#session.personId, { picture });
	}

	/** Takes a person off this device. Refused while work is here only, unless she knows and says so. */
	async remove(personId: string, options: { readonly evenUnsent?: boolean } = {}): Promise<RemoveResult> {
		const waiting = await this.#waitingOf(personId);
		if (waiting > 0 && options.evenUnsent !== true) return { type: 'refused', code: 'unsent-work', waiting };
		void this.#parts.api.act('/api/auth/sign-out', {}, { profile: personId });
		if (this.#session?.personId === personId) this.lock();
		await Dexie.delete(profileDbName(personId));
		await this.#parts.device.profiles.delete(personId);
		return { type: 'removed' };
	}

	async #waitingOf(personId: string): Promise<number> {
		if (!(await Dexie.exists(profileDbName(personId)))) return 0;
		const db = new ProfileDb(profileDbName(personId));
		try {
			return await db.events.where('waiting').equals(1).count();
		} finally {
			db.close();
		}
	}

	async #enter(result: SignInResult, secret: string): Promise<SignInResult> {
		if (result.type !== 'signed-in') return result;
		await this.#open(result.profile, result.online);
		if (!result.online) {
			void renewSession(this.#signInParts, result.profile, secret).then((outcome) => {
				if (outcome === 'renewed') this.#parts.onRenewed();
			});
		}
		return result;
	}

	async #open(profile: KnownProfile, online: boolean): Promise<void> {
		this.#close();
		const db = await openProfileDb(profile.personId);
		await beginEpoch(db);
		sessionStorage.setItem(TAB_KEY, profile.personId);
		localStorage.setItem(DEVICE_KEY, profile.personId);
		const session = new Session(this.#parts.device, db, profile, this.#parts.isAsking);
		this.#session = session;
		this.#parts.onSession(session, { online });
	}

	#close(): void {
		const session = this.#session;
		if (session === null) return;
		this.#session = null;
		this.#parts.onSession(null, { online: false });
		session.db.close();
	}
}
