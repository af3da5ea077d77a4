/** What an administrator sees first: what waits, and how large the centre is. Every figure counts different people or things. */
import type * as v from 'valibot';
import type { overviewSchema } from '#lib/contracts/api.ts';
import { EMPTY_FUNNEL, type Sex } from '#lib/domain/statistics/sex-split.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { snapshot } from '#lib/server/db/transact.ts';
import { withSex } from '#lib/server/repositories/rollups.ts';

export type Overview = v.InferOutput<typeof overviewSchema>;

/** Whose figures: the whole house, organisations, or centres. */
export type OverviewScope =
	| { readonly kind: 'everything' }
	| { readonly kind: 'organisations'; readonly organisationIds: readonly string[] }
	| { readonly kind: 'centres'; readonly centreIds: readonly string[] };

export async function overviewFigures(db: Database | Queries, scope: OverviewScope): Promise<Overview> {
	return snapshot(db, async (queries) => {
		const people = conditionOf(scope, { organisation: 'p.organisation_id', centre: 'p.centre_id' });
		const centres = conditionOf(scope, { organisation: 'z.organisation_id', centre: 'z.id' });
		// A centre uses the catalogue of its organisation.
		const courses =
			scope.kind === 'centres'
				? {
						sql: `o.organisation_id IN (SELECT z.organisation_id FROM centres z WHERE ${centres.sql})`,
						params: centres.params
					}
				: conditionOf(scope, { organisation: 'o.organisation_id', centre: '' });
		const count = async (sql: string, params: readonly string[]): Promise<number> =>
			(await queries.all<{ figure: number }>(sql, params))[0]?.figure ?? 0;
		const ofPeople = (table: string, condition: string): Promise<number> =>
			count(
				`SELECT count(*) AS figure FROM ${table} t JOIN people p ON p.bucket = t.bucket AND p.id = t.learner_id
				WHERE ${condition} AND ${people.sql}`,
				people.params
			);
		const funnel = await queries.all<{
			sex: Sex;
			enrolled: number;
			started: number;
			completed: number;
			certified: number;
		}>(
			`SELECT p.sex, count(DISTINCT p.id) AS enrolled,
				count(DISTINCT CASE WHEN r.state <> 'not-begun' THEN p.id END) AS started,
				count(DISTINCT CASE WHEN r.state = 'done' THEN p.id END) AS completed,
				count(DISTINCT CASE WHEN r.certificate = 'issued' THEN p.id END) AS certified
			FROM enrolments e
			JOIN people p ON p.bucket = e.bucket AND p.id = e.learner_id
			LEFT JOIN registrations r ON r.bucket = e.bucket AND r.learner_id = e.learner_id AND r.course_id = e.course_id
			WHERE e.ended_at IS NULL AND ${people.sql}
			GROUP BY p.sex`,
			people.params
		);
		return {
			due: await ofPeople('registrations', `t.certificate = 'due'`),
			learners: await count(
				`SELECT count(*) AS figure FROM people p WHERE p.disabled_at IS NULL AND ${people.sql}
				AND EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.role = 'learner')`,
				people.params
			),
			cohorts: await count(
				`SELECT count(*) AS figure FROM cohorts c JOIN centres z ON z.id = c.centre_id WHERE c.archived_at IS NULL AND ${centres.sql}`,
				centres.params
			),
			courses: await count(
				`SELECT count(*) AS figure FROM courses o WHERE o.status = 'published' AND ${courses.sql}`,
				courses.params
			),
			certificates: await ofPeople('certificates', 't.revoked_at IS NULL'),
			quarantined: await ofPeople('quarantined_events', '1 = 1'),
			funnel: funnel.reduce((sum, row) => withSex(sum, row.sex, row), EMPTY_FUNNEL)
		};
	});
}

function conditionOf(
	scope: OverviewScope,
	columns: { readonly organisation: string; readonly centre: string }
): { sql: string; params: readonly string[] } {
	if (scope.kind === 'everything') return { sql: '1 = 1', params: [] };
	const list = inList(scope.kind === 'centres' ? scope.centreIds : scope.organisationIds);
	return {
		sql: `${scope.kind === 'centres' ? columns.centre : columns.organisation} IN ${list.sql}`,
		params: list.params as string[]
	};
}
