/** A cohort's figures: enrolled, started, completed, certified, by sex, for each of its courses. Read from the roll-ups: the same time for ten events or ten million. */
import { EMPTY_FUNNEL, type Funnel } from '#lib/domain/statistics/sex-split.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { snapshot } from '#lib/server/db/transact.ts';
import { findCohortFunnels } from '#lib/server/repositories/rollups.ts';

export type CourseFunnel = { readonly courseId: string; readonly title: string; readonly funnel: Funnel };

/** Courses in order of title; [] when there is no such cohort or it takes none. */
export async function cohortStatistics(db: Database | Queries, cohortId: string): Promise<CourseFunnel[]> {
	return snapshot(db, async (queries) => {
		const funnels = await findCohortFunnels(queries, cohortId);
		const courses = await findCohortCourses(queries, cohortId);
		return courses.map(({ courseId, title }) => ({ courseId, title, funnel: funnels.get(courseId) ?? EMPTY_FUNNEL }));
	});
}

export async function findCohortCourses(
	queries: Queries,
	cohortId: string
): Promise<{ courseId: string; title: string }[]> {
	const rows = await queries.all<{ id: string; title: string }>(
		`SELECT o.id, o.title FROM cohort_courses c JOIN courses o ON o.id = c.course_id
		WHERE c.cohort_id = ? ORDER BY o.title, o.id`,
		[cohortId]
	);
	return rows.map((row) => ({ courseId: row.id, title: row.title }));
}
