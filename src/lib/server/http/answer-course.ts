/** After a change of a course: everything that follows from it, then the course as administrators see it. */
import type { App } from '#lib/server/app.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { adminCoursesOf, findCourse } from '#lib/server/repositories/courses.ts';
import type { ChangedCourse } from '#lib/server/requests/change-course.ts';
import { json, refusal } from './answers.ts';

export async function answerCourse(app: App, result: ChangedCourse): Promise<Response> {
	if (result.type === 'not-found') return refusal(404, 'not-found');
	await courseFeedBump(app.db, result.course.id);
	const course = await findCourse(app.db, result.course.id);
	const [admin] = course === null ? [] : await adminCoursesOf(app.db, [course]);
	return admin === undefined ? refusal(404, 'not-found') : json(admin);
}
