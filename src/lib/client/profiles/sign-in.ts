/**
 * Signing in on a device, with and without network. Online the server decides, and the secret it accepted is kept as a
 * verifier; offline that verifier decides (SPEC SY32 to SY35).
 */
import { signInResponseSchema } from '#lib/contracts/api.ts';
import type { Profile } from '#lib/contracts/sync.ts';
import type { Api } from '#lib/client/api.ts';
import { profileDbName } from '#lib/client/db/names.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import type { DeviceDb, KnownProfile } from '#lib/client/db/device-db.ts';
import { writeMeta } from '#lib/client/db/profile-meta.ts';
import { makeVerifier, verifySecret, type Verifier } from './secret-verifier.ts';
import { afterFailure, NO_TRIES, waitOf } from './try-limits.ts';

export type SignInResult =
	| {
			readonly type: 'signed-in';
			readonly profile: KnownProfile;
			/** The server knows about it. */ readonly online: boolean;
	  }
	/** Codes: wrong-name-or-secret, wrong-secret, too-many-tries {seconds}, not-on-this-device, or another of the server's. */
	| { readonly type: 'refused'; readonly code: string; readonly params: Readonly<Record<string, string | number>> };

export type SignInParts = {
	readonly api: Api;
	readonly device: DeviceDb;
	readonly now: () => number;
	/** PBKDF2 rounds; fewer in tests only. */
	readonly iterations?: number | undefined;
};

const PICTURES = 12;

/** With the user name from the card; falls back to what this device knows when the server cannot be reached. */
export async function signIn(parts: SignInParts, userName: string, secret: string): Promise<SignInResult> {
	const online = await signInOnline(parts, userName, secret);
	if (online !== 'unreachable') return online;
	const known = await knownByName(parts.device, userName);
	return known === null ? refused('not-on-this-device') : unlockOffline(parts, known, secret);
}

/** A person already known here. The device's own answer comes first, since it needs no network. */
export async function unlock(parts: SignInParts, personId: string, secret: string): Promise<SignInResult> {
	const known = await parts.device.profiles.get(personId);
	if (known === undefined) return refused('not-on-this-device');
	const offline = await unlockOffline(parts, known, secret);
	if (offline.type === 'signed-in' || offline.code === 'too-many-tries') return offline;
	// Perhaps the trainer gave her a new secret since.
	const online = await signInOnline(parts, known.userName, secret);
	return online === 'unreachable' || online.type === 'refused' ? offline : online;
}

/** Renews the server's session in the background after an offline unlock; says whether it worked. */
export async function renewSession(
	{ api }: Pick<SignInParts, 'api'>,
	profile: KnownProfile,
	secret: string
): Promise<'renewed' | 'refused' | 'unreachable'> {
	const result = await api.post('/api/auth/sign-in', { userName: profile.userName, secret }, signInResponseSchema, {
		profile: profile.personId
	});
	return result.type === 'ok' ? 'renewed' : result.type;
}

/** The secret was changed on the server while signed in here. */
export async function replaceVerifier(parts: SignInParts, personId: string, secret: string): Promise<void> {
	const verifier = await makeVerifier(secret, parts.iterations);
	await parts.device.profiles.update(personId, { verifier });
}

/** Keeps what the server said about a person. @returns what the device knows now */
export async function rememberProfile(
	{ device, now }: Pick<SignInParts, 'device' | 'now'>,
	profile: Profile,
	verifier: Verifier
): Promise<KnownProfile> {
	const known = await device.transaction('rw', device.profiles, async () => {
		const before = await device.profiles.get(profile.personId);
		const others = await device.profiles.count();
		const next: KnownProfile = {
			personId: profile.personId,
			displayName: profile.displayName,
			userName: profile.userName,
			roles: profile.roles,
			language: before?.language ?? profile.language,
			picture: before?.picture ?? others % PICTURES,
			verifier,
			lastUsedAt: now()
		};
		await device.profiles.put(next);
		return next;
	});
	const db = new ProfileDb(profileDbName(profile.personId));
	try {
		await db.transaction('rw', [db.profile, db.meta], async () => {
			await db.profile.put(profile);
			await writeMeta(db, 'needsSignIn', false);
		});
	} finally {
		db.close();
	}
	return known;
}

/** The server's word only. */
export async function signInOnline(
	parts: SignInParts,
	userName: string,
	secret: string
): Promise<SignInResult | 'unreachable'> {
	const result = await parts.api.post('/api/auth/sign-in', { userName, secret }, signInResponseSchema, {
		profile: null
	});
	if (result.type === 'unreachable') return 'unreachable';
	if (result.type === 'refused') return refused(result.code, result.params);
	const verifier = await makeVerifier(secret, parts.iterations);
	const profile = await rememberProfile(parts, result.value.profile, verifier);
	return { type: 'signed-in', profile, online: true };
}

async function unlockOffline(parts: SignInParts, known: KnownProfile, secret: string): Promise<SignInResult> {
	const now = parts.now();
	const tries = { failures: known.failures ?? 0, retryAt: known.retryAt ?? 0 };
	const wait = waitOf(tries, now);
	if (wait > 0) return refused('too-many-tries', { seconds: Math.ceil(wait / 1000) });
	if (await verifySecret(secret, known.verifier)) {
		await parts.device.profiles.update(known.personId, { ...NO_TRIES, lastUsedAt: now });
		return { type: 'signed-in', profile: { ...known, ...NO_TRIES, lastUsedAt: now }, online: false };
	}
	await parts.device.profiles.update(known.personId, afterFailure(tries, now));
	return refused('wrong-secret');
}

async function knownByName(device: DeviceDb, userName: string): Promise<KnownProfile | null> {
	const wanted = userName.normalize('NFKC').trim().toLowerCase();
	return (await device.profiles.toArray()).find((profile) => profile.userName.toLowerCase() === wanted) ?? null;
}

function refused(code: string, params: Readonly<Record<string, string | number>> = {}): SignInResult {
	return { type: 'refused', code, params };
}
