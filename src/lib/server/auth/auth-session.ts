/**
 * Sign-in sessions through lucia 3, which stays behind this file and its adapter. A session id is "l" or "s" (learner,
 * staff) and 32 random bytes: the letter says how long the session lives, and being part of the hashed id it cannot be changed.
 * Each person has a cookie of her own, so that a family can be signed in side by side on one phone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Lucia, TimeSpan, type Adapter } from 'lucia';

const learnerDays = 400;
const staffDays = 30;

export type AuthSession = {
	readonly personId: string;
	/** Set when the session was extended and the browser must be told. */
	readonly setCookie: string | null;
};

export interface AuthSessions {
	/** The `set-cookie` value of a new session. */
	start(personId: string, kind: 'learner' | 'staff'): Promise<string>;
	/** The session of one profile, from the request's `cookie` header; null when there is none or it ended. */
	find(cookieHeader: string | null, personId: string): Promise<AuthSession | null>;
	/** Ends one profile's session here; the `set-cookie` value that forgets it. */
	end(cookieHeader: string | null, personId: string): Promise<string>;
	/** Ends all of a person's sessions, on every device. */
	endAll(personId: string): Promise<void>;
	removeExpired(): Promise<void>;
}

export function createAuthSessions(adapter: Adapter, options: { readonly secure: boolean }): AuthSessions {
	const controllers = {
		learner: new Lucia(adapter, { sessionExpiresIn: new TimeSpan(learnerDays, 'd') }),
		staff: new Lucia(adapter, { sessionExpiresIn: new TimeSpan(staffDays, 'd') })
	};
	const kindOf = (sessionId: string): 'learner' | 'staff' | null =>
		sessionId.startsWith('l') ? 'learner' : sessionId.startsWith('s') ? 'staff' : null;
	const days = { learner: learnerDays, staff: staffDays };
	const cookie = (personId: string, value: string, maxAge: number): string =>
		`${cookieNameOf(personId, options.secure)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${options.secure ? '; Secure' : ''}`;

	return {
		async start(personId, kind) {
			const sessionId = `${kind === 'staff' ? 's' : 'l'}${randomBytes(32).toString('base64url')}`;
			const session = await controllers[kind].createSession(personId, {}, { sessionId });
			return cookie(personId, session.id, days[kind] * 86_400);
		},
		async find(cookieHeader, personId) {
			const sessionId = readCookie(cookieHeader, cookieNameOf(personId, options.secure));
			const kind = sessionId === null ? null : kindOf(sessionId);
			if (sessionId === null || kind === null) return null;
			const { session } = await controllers[kind].validateSession(sessionId);
			// The cookie's name is a claim of the browser; the session says whose it is.
			if (session === null || session.userId !== personId) return null;
			return { personId, setCookie: session.fresh ? cookie(personId, sessionId, days[kind] * 86_400) : null };
		},
		async end(cookieHeader, personId) {
			const sessionId = readCookie(cookieHeader, cookieNameOf(personId, options.secure));
			if (sessionId !== null) await controllers.learner.invalidateSession(sessionId);
			return cookie(personId, '', 0);
		},
		async endAll(personId) {
			await controllers.learner.invalidateUserSessions(personId);
		},
		async removeExpired() {
			await controllers.learner.deleteExpiredSessions();
		}
	};
}

/** `__Host-` (RFC 6265bis, section 4.1.3.2) keeps a content host from planting a cookie; browsers take it over TLS only. */
export function cookieNameOf(personId: string, secure: boolean): string {
	return `${secure ? '__Host-' : ''}wp_${createHash('sha256').update(personId).digest('hex').slice(0, 12)}`;
}

function readCookie(header: string | null, name: string): string | null {
	for (const pair of header?.split(';') ?? []) {
		const [key = '', value = ''] = pair.trim().split('=', 2);
		if (key === name) return value === '' ? null : value;
	}
	return null;
}
