/**
 * The same figures as cohort-statistics.ts, counted from the raw events and nothing else: slow, and the judge of the roll-ups.
 */
import { funnelOf, type FunnelRow } from '#lib/domain/statistics/funnel-of.ts';
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import type { Database } from '#lib/server/db/database.ts';
import { projectLearner } from '#lib/server/projections/project-learner.ts';
import { findIssuedCourses } from '#lib/server/repositories/certificates-store.ts';
import { findLearnerEvents } from '#lib/server/repositories/events.ts';
import { readScoIds } from '#lib/server/repositories/pack-items.ts';
import { findCohortCourses, type CourseFunnel } from './cohort-statistics.ts';

export async function recountCohort(db: Database, cohortId: string): Promise<CourseFunnel[]> {
	return db.read(async (queries) => {
		const courses = await findCohortCourses(queries, cohortId);
		const members = await queries.all<{ bucket: number; learner_id: string; sex: Sex }>(
			`SELECT m.bucket, m.learner_id, p.sex FROM cohort_members m JOIN people p ON p.bucket = m.bucket AND p.id = m.learner_id
			WHERE m.cohort_id = ? AND m.left_at IS NULL`,
			[cohortId]
		);
		const rows = new Map(courses.map(({ courseId }) => [courseId, [] as FunnelRow[]]));
		for (const { bucket, learner_id: learnerId, sex } of members) {
			const events = await findLearnerEvents(queries, bucket, learnerId);
			const scoIdsOf = await readScoIds(db, queries, new Set(events.map(({ event }) => event.packId)));
			const { registrations } = projectLearner(learnerId, events, scoIdsOf);
			const issued = await findIssuedCourses(queries, bucket, learnerId);
			for (const [courseId, own] of rows) {
				const state = registrations.find((one) => one.courseId === courseId)?.state ?? 'not-begun';
				own.push({ sex, state, certificate: issued.includes(courseId) ? 'issued' : 'none' });
			}
		}
		return courses.map(({ courseId, title }) => ({ courseId, title, funnel: funnelOf(rows.get(courseId) ?? []) }));
	});
}
