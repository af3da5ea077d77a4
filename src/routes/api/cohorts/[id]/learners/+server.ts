// POST /api/cohorts/<id>/learners: makes learners, puts them in, answers their cards.
import { addLearnersSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { learnersRequest, refuseNames } from '#lib/server/http/learners-request.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { addLearners } from '#lib/server/requests/add-learners.ts';

export const POST = apiRoute(
	{
		action: 'cohort.learners',
		resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? ''),
		body: addLearnersSchema
	},
	async (asked) => {
		const { app, body } = asked;
		const result = await addLearners(app, await learnersRequest(asked, body.requestId, body.learners));
		if (result.type === 'names-taken') return refuseNames(result);
		await app.audit(
			signedIn(asked).personId,
			'cohort.learners',
			asked.params['id'] ?? '',
			...result.cards.map((card) => card.learnerId)
		);
		return json({ cards: result.cards });
	}
);
