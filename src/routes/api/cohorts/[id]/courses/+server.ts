// POST /api/cohorts/<id>/courses: every member, present and future, takes a course (or no longer).
import { cohortCourseSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { done, refusal } from '#lib/server/http/answers.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { decide } from '#lib/server/policy/decide.ts';
import { enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { findCourse } from '#lib/server/repositories/courses.ts';

export const POST = apiRoute(
	{ action: 'cohort.change', resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? ''), body: cohortCourseSchema },
	async (asked) => {
		const { app, params, body } = asked;
		const actor = signedIn(asked);
		const cohortId = params['id'] ?? '';
		const course = await findCourse(app.db, body.courseId);
		const place = course === null ? null : ({ kind: 'course', organisationId: course.organisationId, published: true, takes: false } as const);
		if (course === null || decide(actor, 'course.take', place).type === 'refused') return refusal(404, 'not-found');
		if (body.enrol && course.status !== 'published') return refusal(409, 'course-not-published');
		await enrolCohortInCourse(app.db, { cohortId, courseId: course.id, enrol: body.enrol, dueAt: body.dueAt ?? null, now: app.now() });
		await app.audit(actor.personId, body.enrol ? 'cohort.enrol' : 'cohort.unenrol', cohortId, course.id);
		return done();
	}
);
