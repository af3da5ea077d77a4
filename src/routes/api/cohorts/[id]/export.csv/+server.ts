// GET /api/cohorts/<id>/export.csv[?language=]: the cohort as a spreadsheet, with the numbers of its statistics.
import { chooseLanguage } from '#lib/i18n/languages.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { file } from '#lib/server/http/answers.ts';
import { cohortResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { cohortExportRows } from '#lib/server/reports/cohort-export.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { findCohort } from '#lib/server/repositories/cohorts.ts';
import { findPerson } from '#lib/server/repositories/people.ts';
import { cohortCsv } from '#lib/server/requests/cohort-csv.ts';

export const GET = apiRoute(
	{ action: 'cohort.read', resource: ({ app, params }) => cohortResource(app.db, params['id'] ?? ''), download: true },
	async (asked) => {
		const { app, params, url } = asked;
		const cohortId = params['id'] ?? '';
		const { personId } = signedIn(asked);
		const person = await findPerson(app.db, personId);
		const translator = await app.translator(chooseLanguage([url.searchParams.get('language'), person?.language]));
		// One snapshot, so that the rows and the figures under them agree.
		const { rows, funnels, cohort } = await app.db.read(async (queries) => ({
			rows: await cohortExportRows(queries, cohortId),
			funnels: await cohortStatistics(queries, cohortId),
			cohort: await findCohort(queries, cohortId)
		}));
		const date = new Date(app.now()).toISOString().slice(0, 10);
		await app.audit(personId, 'cohort.export', cohortId);
		return file(cohortCsv(rows, funnels, translator), {
			type: 'text/csv; charset=utf-8',
			name: `cohort-${date}.csv`,
			title: `${cohort?.name ?? 'cohort'} ${date}.csv`.replace(/[/\\\p{Cc}]/gu, ' ')
		});
	}
);
