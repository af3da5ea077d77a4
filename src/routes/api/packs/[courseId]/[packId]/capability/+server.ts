// POST /api/packs/<courseId>/<packId>/capability: an address to fetch one pack from, good for some minutes.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { findPackage } from '#lib/server/repositories/packages.ts';

export const POST = apiRoute(
	{
		action: 'course.take',
		resource: ({ app, params, actor }) => courseResource(app.db, params['courseId'] ?? '', actor)
	},
	async (asked) => {
		const { app, params } = asked;
		const pack = await findPackage(app.db, params['packId'] ?? '');
		if (pack === null || pack.courseId !== params['courseId']) return refusal(404, 'not-found');
		return json(app.packTicket(pack, signedIn(asked).personId));
	}
);
