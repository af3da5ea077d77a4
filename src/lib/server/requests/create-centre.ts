/** A new centre, made once for each filled-in form however often the form arrives. */
import * as v from 'valibot';
import type { Database } from '#lib/server/db/database.ts';
import { findHandled, saveHandled } from '#lib/server/repositories/handled-requests.ts';
import { insertCentre } from '#lib/server/repositories/organisations.ts';

const answerSchema = v.object({ centreId: v.string() });

/** @returns the id of the centre, made now or the first time */
export function createCentreOnce(
	db: Database,
	personId: string,
	requestId: string | undefined,
	{ centre, now }: { readonly centre: Parameters<typeof insertCentre>[1]; readonly now: number }
): Promise<string> {
	return db.tx(async (queries) => {
		const handled = requestId === undefined ? null : await findHandled(queries, personId, requestId);
		if (handled !== null) return v.parse(answerSchema, handled).centreId;
		await insertCentre(queries, centre, now);
		const { centreId } = centre;
		if (requestId !== undefined) await saveHandled(queries, personId, requestId, { centreId }, now);
		return centreId;
	});
}
