/**
 * Sign-in sessions as lucia wants them, with one rule added: the table holds only the SHA-256 of a session id, so that a
 * copy of the database signs nobody in. `session.id` in the answers is the raw id of the request.
 */
import { createHash } from 'node:crypto';
import type { Adapter, DatabaseSession } from 'lucia';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Queries } from '#lib/server/db/database.ts';

export function createAuthSessionAdapter(db: Queries, now: () => number): Adapter {
	return {
		async getSessionAndUser(sessionId) {
			const [row] = await db.all<{ person_id: string; expires_at: number }>(
				'SELECT person_id, expires_at FROM auth_sessions WHERE id_hash = ?',
				[hashOf(sessionId)]
			);
			if (row === undefined) return [null, null];
			const [person] = await db.all('SELECT id FROM people WHERE bucket = ? AND id = ? AND disabled_at IS NULL', [
				bucketOf(row.person_id),
				row.person_id
			]);
			const session: DatabaseSession = {
				id: sessionId,
				userId: row.person_id,
				expiresAt: new Date(row.expires_at),
				attributes: {}
			};
			return [session, person === undefined ? null : { id: row.person_id, attributes: {} }];
		},
		async getUserSessions(personId) {
			// Hashes, not ids: good for counting and showing, never for invalidateSession.
			const rows = await db.all<{ id_hash: string; expires_at: number }>(
				'SELECT id_hash, expires_at FROM auth_sessions WHERE person_id = ?',
				[personId]
			);
			return rows.map((row) => ({
				id: row.id_hash,
				userId: personId,
				expiresAt: new Date(row.expires_at),
				attributes: {}
			}));
		},
		async setSession(session) {
			await db.run('INSERT INTO auth_sessions (id_hash, person_id, expires_at, signed_in_at) VALUES (?, ?, ?, ?)', [
				hashOf(session.id),
				session.userId,
				session.expiresAt.getTime(),
				now()
			]);
		},
		async updateSessionExpiration(sessionId, expiresAt) {
			await db.run('UPDATE auth_sessions SET expires_at = ? WHERE id_hash = ?', [
				expiresAt.getTime(),
				hashOf(sessionId)
			]);
		},
		async deleteSession(sessionId) {
			await db.run('DELETE FROM auth_sessions WHERE id_hash = ?', [hashOf(sessionId)]);
		},
		async deleteUserSessions(personId) {
			await db.run('DELETE FROM auth_sessions WHERE person_id = ?', [personId]);
		},
		async deleteExpiredSessions() {
			await db.run('DELETE FROM auth_sessions WHERE expires_at <= ?', [now()]);
		}
	};
}

function hashOf(sessionId: string): string {
	return createHash('sha256').update(sessionId).digest('hex');
}
