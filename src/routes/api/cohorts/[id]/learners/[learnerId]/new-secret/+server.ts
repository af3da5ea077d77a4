// POST /api/cohorts/<id>/learners/<learnerId>/new-secret: a new card for a learner who lost hers.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { cohortLearnerResource } from '#lib/server/http/cohort-learner.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { isStaff } from '#lib/server/policy/actor.ts';
import { findActor } from '#lib/server/repositories/grants.ts';
import { giveNewSecret } from '#lib/server/requests/new-secret.ts';

export const POST = apiRoute(
	{
		action: 'cohort.learners',
		resource: ({ app, params }) => cohortLearnerResource(app.db, params['id'] ?? '', params['learnerId'] ?? '')
	},
	async (asked) => {
		const { app, params } = asked;
		const learnerId = params['learnerId'] ?? '';
		const learner = await findActor(app.db, learnerId);
		// A trainer who learns in a cohort must not be taken over through it.
		if (learner === null || isStaff(learner)) return refusal(403, 'not-allowed');
		const card = await giveNewSecret(app, learnerId, 'pin');
		await app.audit(signedIn(asked).personId, 'cohort.new-secret', learnerId);
		return card === null ? refusal(404, 'not-found') : json(card);
	}
);
