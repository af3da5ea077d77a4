/** The lines of the report: one a cohort and course, and what they add up to. */
import { EMPTY_FUNNEL, addSplits, type Funnel } from '#lib/domain/statistics/sex-split.ts';
import type { CohortData } from './values.ts';

export type ReportLine = {
	readonly id: string;
	readonly cohortId: string;
	readonly cohortName: string;
	readonly centreName: string;
	readonly courseId: string;
	readonly courseTitle: string;
	readonly funnel: Funnel;
};

export function reportLines(cohorts: readonly CohortData[]): ReportLine[] {
	return cohorts.flatMap(({ cohort, courses }) =>
		courses.map((course) => ({
			id: `${cohort.cohortId} ${course.courseId}`,
			cohortId: cohort.cohortId,
			cohortName: cohort.name,
			centreName: cohort.centreName,
			courseId: course.courseId,
			courseTitle: course.title,
			funnel: course.funnel
		}))
	);
}

/** Enrolments, not different people: somebody in two courses counts in both, and the screen says so. */
export function sumOf(lines: readonly Pick<ReportLine, 'funnel'>[]): Funnel {
	return lines.reduce<Funnel>(
		(sum, { funnel }) => ({
			enrolled: addSplits(sum.enrolled, funnel.enrolled),
			started: addSplits(sum.started, funnel.started),
			completed: addSplits(sum.completed, funnel.completed),
			certified: addSplits(sum.certified, funnel.certified)
		}),
		EMPTY_FUNNEL
	);
}
