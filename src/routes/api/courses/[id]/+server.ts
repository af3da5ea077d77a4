// POST /api/courses/<id>: the course's record and its certificate rule.
import { courseChangeSchema } from '#lib/contracts/api.ts';
import { answerCourse } from '#lib/server/http/answer-course.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { changeCourse } from '#lib/server/requests/change-course.ts';

export const POST = apiRoute(
	{ action: 'course.change', resource: ({ app, params, actor }) => courseResource(app.db, params['id'] ?? '', actor), body: courseChangeSchema },
	async (asked) => {
		const { app, params, body } = asked;
		const courseId = params['id'] ?? '';
		const result = await app.db.tx((queries) => changeCourse(queries, courseId, body));
		await app.audit(signedIn(asked).personId, 'course.change', courseId);
		return answerCourse(app, result);
	}
);
