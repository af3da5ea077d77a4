// GET /api/courses: an organisation's courses with every revision. Trainers see what is or was offered.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { decide } from '#lib/server/policy/decide.ts';
import { adminCoursesOf, listCourses } from '#lib/server/repositories/courses.ts';

export const GET = apiRoute({ action: 'courses.list' }, async (asked) => {
	const { app } = asked;
	const actor = signedIn(asked);
	const seesAll = actor.grants.some((grant) => grant.scope.kind === 'everything');
	const courses = (await listCourses(app.db, seesAll ? null : [actor.organisationId])).filter((course) => {
		const place = { kind: 'course', organisationId: course.organisationId, published: course.status !== 'draft', takes: false } as const;
		return course.status !== 'draft' || decide(actor, 'course.change', place).type === 'allowed';
	});
	return json({ courses: await adminCoursesOf(app.db, courses) });
});
