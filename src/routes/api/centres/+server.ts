// GET /api/centres: where the person may make a cohort. POST: a new centre.
import * as v from 'valibot';
import { newCentreSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { reachOf } from '#lib/server/policy/decide.ts';
import { insertCentre, listCentres } from '#lib/server/repositories/organisations.ts';
import { once } from '#lib/server/requests/once.ts';

const madeSchema = v.object({ centreId: v.string() });

export const GET = apiRoute({ action: 'centres.list' }, async (asked) => {
	const centres = await listCentres(asked.app.db, reachOf(signedIn(asked), 'cohort.create'));
	return json({ centres: centres.map(({ centreId, name, country }) => ({ centreId, name, country })) });
});

export const POST = apiRoute(
	{
		action: 'centre.create',
		resource: ({ actor }) => (actor === null ? null : { kind: 'organisation', organisationId: actor.organisationId }),
		body: newCentreSchema
	},
	async (asked) => {
		const { app, body } = asked;
		const { personId, organisationId } = signedIn(asked);
		const { name, country, requestId } = body;
		const now = app.now();
		const { centreId } = await once(app.db, { personId, requestId, now }, madeSchema, async (queries) => {
			const made = { centreId: app.newId() };
			await insertCentre(queries, { ...made, organisationId, name, country }, now);
			return made;
		});
		await app.audit(personId, 'centre.create', centreId);
		return json({ centreId, name, country });
	}
);
