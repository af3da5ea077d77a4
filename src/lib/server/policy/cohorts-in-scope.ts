import type { Queries } from '#lib/server/db/database.ts';
import { findCohortIds } from '#lib/server/repositories/grants.ts';
import type { Actor } from './actor.ts';
import { reachOf } from './decide.ts';

/** Cohorts whose learners the actor may see; [] for a learner. */
export async function cohortIdsInScope(db: Queries, actor: Actor): Promise<string[]> {
	return findCohortIds(db, reachOf(actor, 'cohort.read'));
}
