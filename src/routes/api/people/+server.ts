// GET /api/people?search=&role=: who is here. POST: a new member of staff, with a card.
import * as v from 'valibot';
import { newStaffSchema } from '#lib/contracts/api.ts';
import { ROLES } from '#lib/contracts/sync.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { centreResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { decide, mayGrant, reachOf, type Resource } from '#lib/server/policy/decide.ts';
import { listPeople } from '#lib/server/repositories/people.ts';
import { addStaff } from '#lib/server/requests/add-staff.ts';

const mostRows = 500;

export const GET = apiRoute({ action: 'people.list' }, async (asked) => {
	const { app, url } = asked;
	const role = v.safeParse(v.picklist(ROLES), url.searchParams.get('role'));
	const search = (url.searchParams.get('search') ?? '').slice(0, 100);
	const people = await listPeople(app.db, reachOf(signedIn(asked), 'people.list'), {
		search,
		role: role.success ? role.output : null,
		limit: mostRows
	});
	return json({ people });
});

export const POST = apiRoute({ action: 'people.add', body: newStaffSchema }, async (asked) => {
	const { app, body } = asked;
	const actor = signedIn(asked);
	const place: Resource | null =
		body.centreId === undefined
			? { kind: 'organisation', organisationId: actor.organisationId }
			: await centreResource(app.db, body.centreId);
	if (place === null || place.kind === 'none' || decide(actor, 'people.create', place).type === 'refused') {
		return body.centreId === undefined ? refusal(422, 'centre-needed') : refusal(404, 'not-found');
	}
	if (!mayGrant(actor, body.role)) return refusal(403, 'not-allowed');
	const result = await addStaff(
		{ db: app.db, now: app.now, newId: app.newId, address: app.config.appOrigin },
		{ ...body, organisationId: place.organisationId, askedBy: actor.personId }
	);
	if (result.type === 'name-taken') return refusal(409, 'name-taken', { names: body.userName });
	await app.audit(actor.personId, 'people.create', result.card.learnerId, body.role);
	return json(result.card);
});
