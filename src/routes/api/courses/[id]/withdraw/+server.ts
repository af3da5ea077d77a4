// POST /api/courses/<id>/withdraw: offered no more; where it is installed it stays playable.
import { answerCourse } from '#lib/server/http/answer-course.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { withdrawCourse } from '#lib/server/requests/change-course.ts';

export const POST = apiRoute(
	{ action: 'course.change', resource: ({ app, params, actor }) => courseResource(app.db, params['id'] ?? '', actor) },
	async (asked) => {
		const { app, params } = asked;
		const courseId = params['id'] ?? '';
		const result = await app.db.tx((queries) => withdrawCourse(queries, courseId));
		await app.audit(signedIn(asked).personId, 'course.withdraw', courseId);
		return answerCourse(app, result);
	}
);
