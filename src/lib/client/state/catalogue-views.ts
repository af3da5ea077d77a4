/** The catalogue from the device's own rows: courses with what they say about themselves. Pure. */
import type { Role } from '#lib/contracts/sync.ts';
import type { CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import { entryCodeOf } from '#lib/domain/catalogue/entry.ts';
import type { CourseRecords } from './course-records.ts';
import type { CourseSummary } from './course-summary.ts';

export type CatalogueCourse = CourseSummary & {
	readonly record: CourseRecord | null;
	/** The server lets her have it. */
	readonly mayTake: boolean;
};

export type CourseAbout = {
	/** The course in all its languages and media editions, itself included. */
	readonly versions: readonly CatalogueCourse[];
	/** What should come before it; no courses where the catalogue has none with the code. */
	readonly before: readonly { readonly code: string; readonly courses: readonly CatalogueCourse[] }[];
};

export function catalogueOf(
	courses: readonly CourseSummary[],
	records: CourseRecords,
	roles: readonly Role[]
): CatalogueCourse[] {
	return courses.map((course) => ({
		...course,
		record: records.get(course.card.courseId) ?? null,
		mayTake: mayTake(course, roles)
	}));
}

export function aboutCourse(course: CatalogueCourse, catalogue: readonly CatalogueCourse[]): CourseAbout {
	const versions = catalogue.filter((one) => entryCodeOf(one) === entryCodeOf(course));
	return {
		versions: versions.some(({ card }) => card.courseId === course.card.courseId) ? versions : [course, ...versions],
		before: (course.record?.prerequisites ?? []).map((code) => ({
			code,
			courses: catalogue.filter((one) => entryCodeOf(one) === code || one.card.code === code)
		}))
	};
}

/** What she takes comes first among the versions of a course. */
export function rankOf({ enrolment, registration, playable }: CourseSummary): number {
	if (registration.state === 'going-on') return 0;
	if (registration.state === 'done') return 1;
	if (playable !== null) return 2;
	return enrolment !== null && !enrolment.ended ? 3 : 4;
}

/** EN4, as the server decides it: who is enrolled, who has begun, and who teaches. */
function mayTake({ enrolment, registration }: CourseSummary, roles: readonly Role[]): boolean {
	return (
		(enrolment !== null && !enrolment.ended) ||
		registration.state !== 'not-begun' ||
		roles.some((role) => role !== 'learner')
	);
}
