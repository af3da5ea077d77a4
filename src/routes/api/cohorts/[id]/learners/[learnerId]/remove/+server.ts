// POST /api/cohorts/<id>/learners/<learnerId>/remove: out of the cohort; her work stays hers.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { done } from '#lib/server/http/answers.ts';
import { cohortLearnerResource } from '#lib/server/http/cohort-learner.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { removeMember } from '#lib/server/repositories/cohorts.ts';

export const POST = apiRoute(
	{
		action: 'cohort.learners',
		resource: ({ app, params }) => cohortLearnerResource(app.db, params['id'] ?? '', params['learnerId'] ?? '')
	},
	async (asked) => {
		const { app, params } = asked;
		const [cohortId, learnerId] = [params['id'] ?? '', params['learnerId'] ?? ''];
		await removeMember(app.db, { cohortId, learnerId, now: app.now() });
		await app.audit(signedIn(asked).personId, 'cohort.remove-learner', cohortId, learnerId);
		return done();
	}
);
