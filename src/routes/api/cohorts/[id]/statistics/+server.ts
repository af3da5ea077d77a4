// GET /api/cohorts/<id>/statistics: enrolled, started, completed, certified, by sex.
import type * as v from 'valibot';
import type { cohortStatisticsSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';

export const GET = apiRoute(
	{ action: 'cohort.read', resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? '') },
	async ({ app, params }) => {
		const cohortId = params['id'] ?? '';
		const courses = [...(await cohortStatistics(app.db, cohortId))];
		return json({ cohortId, now: app.now(), courses } satisfies v.InferInput<typeof cohortStatisticsSchema>);
	}
);
