// POST /api/cohorts: a new cohort in a centre where the person teaches.
import { cohortCreateSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { decide, reachOf } from '#lib/server/policy/decide.ts';
import { listCentres } from '#lib/server/repositories/organisations.ts';
import { createCohortOnce } from '#lib/server/requests/create-cohort.ts';

export const POST = apiRoute({ action: 'cohorts.add', body: cohortCreateSchema }, async (asked) => {
	const { app, body } = asked;
	const actor = signedIn(asked);
	const centres = await listCentres(app.db, reachOf(actor, 'cohort.create'));
	const centre =
		body.centreId === undefined && centres.length === 1
			? centres[0]
			: centres.find((one) => one.centreId === body.centreId);
	if (centre === undefined)
		return body.centreId === undefined ? refusal(422, 'centre-needed') : refusal(404, 'not-found');
	const place = { kind: 'centre', centreId: centre.centreId, organisationId: centre.organisationId } as const;
	if (decide(actor, 'cohort.create', place).type === 'refused') return refusal(404, 'not-found');
	const cohortId = await createCohortOnce(app.db, actor.personId, body.requestId, {
		cohortId: app.newId(),
		centreId: centre.centreId,
		name: body.name,
		startsAt: body.startsAt ?? null,
		endsAt: body.endsAt ?? null,
		now: app.now()
	});
	await app.audit(actor.personId, 'cohort.create', cohortId);
	return json({ cohortId });
});
