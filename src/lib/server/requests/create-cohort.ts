/** A new cohort, made once for each filled-in form however often the form arrives. */
import * as v from 'valibot';
import type { Database } from '#lib/server/db/database.ts';
import { createCohort, type NewCohort } from '#lib/server/repositories/cohorts.ts';
import { findHandled, saveHandled } from '#lib/server/repositories/handled-requests.ts';

const answerSchema = v.object({ cohortId: v.string() });

/** @returns the id of the cohort, made now or the first time */
export function createCohortOnce(
	db: Database,
	personId: string,
	requestId: string | undefined,
	cohort: NewCohort
): Promise<string> {
	return db.tx(async (queries) => {
		const handled = requestId === undefined ? null : await findHandled(queries, personId, requestId);
		if (handled !== null) return v.parse(answerSchema, handled).cohortId;
		await createCohort(queries, cohort);
		const { cohortId } = cohort;
		if (requestId !== undefined) await saveHandled(queries, personId, requestId, { cohortId }, cohort.now);
		return cohortId;
	});
}
