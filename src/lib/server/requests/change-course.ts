/** What an administrator does to a course after the import: its record, its rule, what is offered. */
import type * as v from 'valibot';
import type { courseChangeSchema } from '#lib/contracts/api.ts';
import type { CoursePlace } from '#lib/domain/catalogue/course-record.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { findCourse, updateCourse, type Course } from '#lib/server/repositories/courses.ts';
import { findPackagesOfCourses, markPublished } from '#lib/server/repositories/packages.ts';
import { languageTag } from './change-profile.ts';

type CourseChange = v.InferOutput<typeof courseChangeSchema>;
export type ChangedCourse =
	{ readonly type: 'changed'; readonly course: Course; readonly ruleChanged: boolean } | { readonly type: 'not-found' };

export async function changeCourse(queries: Queries, courseId: string, change: CourseChange): Promise<ChangedCourse> {
	const course = await findCourse(queries, courseId);
	if (course === null) return { type: 'not-found' };
	// CR1: another pass mark is another version of the rule; the same one again is not.
	const ruleChanged = change.passMark !== undefined && change.passMark !== course.rule.passMark;
	const changed: Course = {
		...course,
		title: change.title ?? course.title,
		code: change.code ?? course.code,
		description: change.description ?? course.description,
		hours: change.hours === undefined ? course.hours : change.hours,
		language: languageTag(change.language) ?? course.language,
		level: change.level === undefined ? course.level : change.level,
		place: placeAfter(course.place ?? {}, change),
		rule: ruleChanged ? { version: course.rule.version + 1, passMark: change.passMark ?? null } : course.rule
	};
	await updateCourse(queries, changed);
	return { type: 'changed', course: changed, ruleChanged };
}

function placeAfter(place: CoursePlace, change: CourseChange): CoursePlace {
	return {
		modality: change.modality === undefined ? place.modality : (change.modality ?? undefined),
		topics: change.topics ?? place.topics,
		audience: change.audience ?? place.audience,
		prerequisites: change.prerequisites ?? place.prerequisites
	};
}

export async function publishCourse(
	queries: Queries,
	courseId: string,
	revision: number,
	now: number
): Promise<ChangedCourse> {
	const course = await findCourse(queries, courseId);
	const pack = (await findPackagesOfCourses(queries, [courseId]))
		.get(courseId)
		?.find((one) => one.revision === revision);
	if (course === null || pack === undefined) return { type: 'not-found' };
	await markPublished(queries, pack.packId, now);
	const published: Course = { ...course, status: 'published' };
	await updateCourse(queries, published);
	return { type: 'changed', course: published, ruleChanged: false };
}

export async function withdrawCourse(queries: Queries, courseId: string): Promise<ChangedCourse> {
	const course = await findCourse(queries, courseId);
	if (course === null) return { type: 'not-found' };
	const withdrawn: Course = { ...course, status: 'withdrawn' };
	await updateCourse(queries, withdrawn);
	return { type: 'changed', course: withdrawn, ruleChanged: false };
}
