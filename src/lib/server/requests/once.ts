/** One intention, one deed: a request that arrives again, because its answer was lost, is answered as the first time. */
import * as v from 'valibot';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { findHandled, saveHandled } from '#lib/server/repositories/handled-requests.ts';

export type Asked = {
	readonly personId: string;
	/** Made by the form; without one every request counts. */
	readonly requestId: string | undefined;
	readonly now: number;
};

/** `act` runs in the transaction that remembers its answer; what it returns is stored, so it holds no secret. */
export function once<T>(
	db: Database,
	{ personId, requestId, now }: Asked,
	answer: v.GenericSchema<unknown, T>,
	act: (queries: Queries) => Promise<T>
): Promise<T> {
	return db.tx(async (queries) => {
		const handled = requestId === undefined ? null : await findHandled(queries, personId, requestId);
		if (handled !== null) return v.parse(answer, handled);
		const done = await act(queries);
		if (requestId !== undefined) await saveHandled(queries, personId, requestId, done, now);
		return done;
	});
}
