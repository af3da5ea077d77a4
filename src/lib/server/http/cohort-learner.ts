/** For routes about one learner of one cohort: the cohort decides, and the learner must be in it. */
import type { Queries } from '#lib/server/db/database.ts';
import type { Resource } from '#lib/server/policy/decide.ts';
import { findMemberIds } from '#lib/server/repositories/cohorts.ts';
import { cohortResource } from './resources.ts';

export async function cohortLearnerResource(
	db: Queries,
	cohortId: string,
	learnerId: string
): Promise<Resource | null> {
	const cohort = await cohortResource(db, cohortId);
	if (cohort === null) return null;
	return (await findMemberIds(db, cohortId)).includes(learnerId) ? cohort : null;
}
