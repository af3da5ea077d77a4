// POST /api/sync/pull: what changed for this person since her cursor. Changes nothing, so it may be asked again.
import { pullRequestSchema } from '#lib/contracts/sync.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { isNewerProtocol } from '#lib/server/http/protocol.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { cohortIdsInScope } from '#lib/server/policy/cohorts-in-scope.ts';
import { answerPull } from '#lib/server/sync/answer-pull.ts';

export const POST = apiRoute({ action: 'sync.pull', body: pullRequestSchema }, async (asked) => {
	const { app, request, body } = asked;
	if (isNewerProtocol(request)) return refusal(426, 'batch-newer-version');
	const actor = signedIn(asked);
	const cohortIds = await cohortIdsInScope(app.db, actor);
	const { personId } = actor;
	return json(
		await answerPull(app.db, {
			person: { id: personId },
			scope: { cohortIds },
			now: app.now(),
			request: body,
			verifyUrlOf: app.verifyUrlOf
		})
	);
});
