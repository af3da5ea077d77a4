// POST /api/cohorts: a new cohort in a centre where the person teaches.
import * as v from 'valibot';
import { cohortCreateSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { decide, reachOf } from '#lib/server/policy/decide.ts';
import { createCohort } from '#lib/server/repositories/cohorts.ts';
import { listCentres } from '#lib/server/repositories/organisations.ts';
import { once } from '#lib/server/requests/once.ts';

const madeSchema = v.object({ cohortId: v.string() });

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
	const { personId } = actor;
	const now = app.now();
	const { cohortId } = await once(app.db, { personId, requestId: body.requestId, now }, madeSchema, async (queries) => {
		const made = { cohortId: app.newId() };
		await createCohort(queries, {
			...made,
			centreId: centre.centreId,
			name: body.name,
			startsAt: body.startsAt ?? null,
			endsAt: body.endsAt ?? null,
			now
		});
		return made;
	});
	await app.audit(actor.personId, 'cohort.create', cohortId);
	return json({ cohortId });
});
