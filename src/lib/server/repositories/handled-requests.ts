/** Requests that must not act twice: what was answered the first time, by person and request id. Never a secret. */
import type { Queries } from '#lib/server/db/database.ts';

export async function findHandled(queries: Queries, personId: string, requestId: string): Promise<unknown> {
	const [row] = await queries.all<{ answer: string }>(
		'SELECT answer FROM handled_requests WHERE person_id = ? AND request_id = ?',
		[personId, requestId]
	);
	return row === undefined ? null : JSON.parse(row.answer);
}

export async function saveHandled(
	queries: Queries,
	personId: string,
	requestId: string,
	answer: unknown,
	now: number
): Promise<void> {
	await queries.run('INSERT INTO handled_requests (person_id, request_id, answer, handled_at) VALUES (?, ?, ?, ?)', [
		personId,
		requestId,
		JSON.stringify(answer),
		now
	]);
}
