/**
 * Signing in and out, and everything else that tests a secret. Every path that does goes through the same two limits (of
 * the account and of the network) before the secret is looked at, and takes as long for a name that nobody has.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import type { Database } from '#lib/server/db/database.ts';
import { isStaff, type Actor } from '#lib/server/policy/actor.ts';
import { createAuthSessionAdapter } from '#lib/server/repositories/auth-sessions.ts';
import { addGrant, findActor } from '#lib/server/repositories/grants.ts';
import { countOrganisations, insertOrganisation } from '#lib/server/repositories/organisations.ts';
import { findBySignInName, findSecret, insertPerson, updateSecret } from '#lib/server/repositories/people.ts';
import { deleteSetting, findSetting, saveSetting } from '#lib/server/repositories/settings.ts';
import { createAuthSessions } from './auth-session.ts';
import { createRateLimit, networkOf, type BucketRule } from './rate-limit.ts';
import { hashSecret, verifySecret } from './secrets.ts';
import { normaliseSignInName } from './sign-in-name.ts';

const minute = 60_000;
/** Ten tries, then one a minute: a forgotten PIN is soon retyped, a million PINs take two years. */
const accountRule: BucketRule = { capacity: 10, refillMs: minute };
/** A school of sixty with typing errors, then one a second. Right secrets are given back. */
const networkRule: BucketRule = { capacity: 300, refillMs: 1_000 };

/** Shortest secrets: learners have PINs against the people beside them, staff see other people's records. */
export const SHORTEST_SECRET = { learner: 6, staff: 8 } as const;
const setupSetting = 'setup-token-sha256';

export type Refused =
	| { readonly type: 'refused'; readonly reason: 'wrong-name-or-secret' | 'wrong-secret' | 'bad-link' | 'name-taken' }
	| { readonly type: 'too-short'; readonly length: number }
	| { readonly type: 'wait'; readonly seconds: number };
export type SignedIn = { readonly type: 'signed-in'; readonly personId: string; readonly setCookie: string };

export interface Auth {
	/** The person behind one profile's cookie, with her roles of this moment. */
	whoIs(
		cookieHeader: string | null,
		personId: string
	): Promise<{ readonly actor: Actor; readonly setCookie: string | null } | null>;
	signIn(request: {
		readonly userName: string;
		readonly secret: string;
		readonly address: string;
	}): Promise<SignedIn | Refused>;
	/** The `set-cookie` that forgets the profile on this device. */
	signOut(cookieHeader: string | null, personId: string): Promise<string>;
	/** Ends every other session of hers, too. */
	changeSecret(request: {
		readonly actor: Actor;
		readonly current: string;
		readonly next: string;
		readonly address: string;
	}): Promise<SignedIn | Refused>;
	/** Ends all of a person's sessions; for a new secret, and for someone who left. */
	endAll(personId: string): Promise<void>;
	/** A new one-time token while there is no organisation; null afterwards. */
	newSetupToken(): Promise<string | null>;
	firstAdministrator(
		request: FirstAdministrator & { readonly token: string; readonly address: string }
	): Promise<SignedIn | Refused>;
	removeExpired(): Promise<void>;
}

export type FirstAdministrator = {
	readonly organisationName: string;
	readonly displayName: string;
	readonly userName: string;
	readonly secret: string;
};

export function createAuth(options: {
	readonly db: Database;
	readonly now: () => number;
	readonly newId: NewId;
	/** True under https: cookies get the `__Host-` name. */
	readonly secure: boolean;
}): Auth {
	const { db, now, newId } = options;
	const sessions = createAuthSessions(createAuthSessionAdapter(db, now), { secure: options.secure });
	const limit = createRateLimit((key) => (key.startsWith('network:') ? networkRule : accountRule), now);

	const start = async (personId: string): Promise<SignedIn> => {
		const actor = await findActor(db, personId);
		return {
			type: 'signed-in',
			personId,
			setCookie: await sessions.start(personId, actor !== null && isStaff(actor) ? 'staff' : 'learner')
		};
	};

	return {
		async whoIs(cookieHeader, personId) {
			const session = await sessions.find(cookieHeader, personId);
			if (session === null) return null;
			const actor = await findActor(db, personId);
			return actor === null ? null : { actor, setCookie: session.setCookie };
		},

		async signIn({ userName, secret, address }) {
			const keys = [`account:${normaliseSignInName(userName)}`, `network:${networkOf(address)}`];
			const verdict = limit.take(keys);
			if (verdict.type === 'wait') return verdict;
			const known = await findBySignInName(db, userName);
			const right = await verifySecret(known?.secretHash ?? null, secret);
			if (!right || known === null) return { type: 'refused', reason: 'wrong-name-or-secret' };
			limit.giveBack(keys);
			return start(known.personId);
		},

		async signOut(cookieHeader, personId) {
			return sessions.end(cookieHeader, personId);
		},

		async changeSecret({ actor, current, next, address }) {
			const keys = [`secret:${actor.personId}`, `network:${networkOf(address)}`];
			const verdict = limit.take(keys);
			if (verdict.type === 'wait') return verdict;
			const known = await findSecret(db, actor.personId);
			if (!(await verifySecret(known?.secretHash ?? null, current))) return { type: 'refused', reason: 'wrong-secret' };
			limit.giveBack(keys);
			const length = isStaff(actor) ? SHORTEST_SECRET.staff : SHORTEST_SECRET.learner;
			if ([...next].length < length) return { type: 'too-short', length };
			const hash = await hashSecret(next);
			await db.tx((queries) => updateSecret(queries, actor.personId, hash, false));
			await sessions.endAll(actor.personId);
			return start(actor.personId);
		},

		endAll: (personId) => sessions.endAll(personId),

		async newSetupToken() {
			if ((await countOrganisations(db)) > 0) return null;
			const token = randomBytes(32).toString('base64url');
			await db.tx((queries) => saveSetting(queries, setupSetting, sha256(token)));
			return token;
		},

		async firstAdministrator({ token, address, ...wanted }) {
			const verdict = limit.take(['setup', `network:${networkOf(address)}`]);
			if (verdict.type === 'wait') return verdict;
			if (!isSameToken(await findSetting(db, setupSetting), token)) return { type: 'refused', reason: 'bad-link' };
			const hash = await hashSecret(wanted.secret);
			const personId = newId();
			const organisationId = newId();
			const made = await db.tx(async (queries) => {
				// Taken inside the transaction: of two at once, one finds it gone.
				if (!isSameToken(await findSetting(queries, setupSetting), token)) return false;
				await deleteSetting(queries, setupSetting);
				await insertOrganisation(queries, { id: organisationId, name: wanted.organisationName }, now());
				const person = {
					id: personId,
					userName: wanted.userName,
					displayName: wanted.displayName,
					sex: 'not_stated',
					ageBand: 'not_stated',
					language: 'en',
					organisationId,
					centreId: null,
					secretHash: hash,
					mustChangeSecret: false
				} as const;
				if (!(await insertPerson(queries, person, now()))) return false;
				await addGrant(queries, personId, 'itu_admin', { kind: 'organisation', id: organisationId }, now());
				return true;
			});
			return made ? start(personId) : { type: 'refused', reason: 'bad-link' };
		},

		removeExpired: () => sessions.removeExpired()
	};
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function isSameToken(stored: string | null, token: string): boolean {
	const given = Buffer.from(sha256(token));
	return stored !== null && stored.length === given.length && timingSafeEqual(Buffer.from(stored), given);
}
