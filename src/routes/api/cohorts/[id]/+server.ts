// POST /api/cohorts/<id>: name, dates, put away.
import { cohortChangeSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { done } from '#lib/server/http/answers.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { changeCohort } from '#lib/server/repositories/cohorts.ts';

export const POST = apiRoute(
	{
		action: 'cohort.change',
		resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? ''),
		body: cohortChangeSchema
	},
	async (asked) => {
		const { app, params, body } = asked;
		const cohortId = params['id'] ?? '';
		await changeCohort(app.db, { cohortId, ...body, now: app.now() });
		await app.audit(signedIn(asked).personId, 'cohort.change', cohortId);
		return done();
	}
);
