// POST /api/courses/<id>/publish: offers one revision. Learners in the middle of another stay on theirs.
import { publishRequestSchema } from '#lib/contracts/api.ts';
import { answerCourse } from '#lib/server/http/answer-course.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { publishCourse } from '#lib/server/requests/change-course.ts';

export const POST = apiRoute(
	{ action: 'course.change', resource: ({ app, params, actor }) => courseResource(app.db, params['id'] ?? '', actor), body: publishRequestSchema },
	async (asked) => {
		const { app, params, body } = asked;
		const courseId = params['id'] ?? '';
		const result = await app.db.tx((queries) => publishCourse(queries, courseId, body.revision, app.now()));
		await app.audit(signedIn(asked).personId, 'course.publish', courseId);
		return answerCourse(app, result);
	}
);
