// GET /api/overview: what waits, and how large it is, within the person's reach.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { reachOf } from '#lib/server/policy/decide.ts';
import { overviewFigures, type OverviewScope } from '#lib/server/reports/overview.ts';

export const GET = apiRoute({ action: 'overview.read' }, async (asked) => {
	const reach = reachOf(signedIn(asked), 'overview.read');
	const scope: OverviewScope = reach.everything
		? { kind: 'everything' }
		: reach.organisationIds.length > 0
			? { kind: 'organisations', organisationIds: reach.organisationIds }
			: { kind: 'centres', centreIds: reach.centreIds };
	return json(await overviewFigures(asked.app.db, scope));
});
