// POST /api/cohorts/<id>/learners/csv: looks a list over, and with `commit` makes the learners when nothing is wrong with it.
import { csvRequestSchema, type CsvResult } from '#lib/contracts/api.ts';
import { normaliseSignInName } from '#lib/server/auth/sign-in-name.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { learnersRequest, refuseNames } from '#lib/server/http/learners-request.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { findHandled } from '#lib/server/repositories/handled-requests.ts';
import { findTakenNames } from '#lib/server/repositories/people.ts';
import { addLearners } from '#lib/server/requests/add-learners.ts';
import { readLearners } from '#lib/server/requests/learners-csv.ts';

export const POST = apiRoute(
	{
		action: 'cohort.learners',
		resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? ''),
		body: csvRequestSchema
	},
	async (asked) => {
		const { app, body } = asked;
		const { personId } = signedIn(asked);
		const read = readLearners(body.csv);
		const taken = await findTakenNames(
			app.db,
			read.flatMap(({ learner }) => learner?.userName ?? [])
		);
		// Sent again after its answer was lost: the names are taken by the learners it made.
		const isRepeated = body.commit && (await findHandled(app.db, personId, body.requestId)) !== null;
		const rows = isRepeated
			? read
			: read.map((row): CsvResult['rows'][number] => {
					const userName = row.learner?.userName;
					if (userName === undefined || !taken.has(normaliseSignInName(userName))) return row;
					return { ...row, learner: null, problems: [...row.problems, { code: 'user-name-taken', value: userName }] };
				});
		const learners = rows.flatMap(({ learner }) => learner ?? []);
		if (!body.commit || learners.length < rows.length) return json({ rows, cards: [] } satisfies CsvResult);
		const result = await addLearners(app, await learnersRequest(asked, body.requestId, learners));
		if (result.type === 'names-taken') return refuseNames(result);
		await app.audit(
			personId,
			'cohort.learners',
			asked.params['id'] ?? '',
			...result.cards.map((card) => card.learnerId)
		);
		return json({ rows, cards: [...result.cards] } satisfies CsvResult);
	}
);
