/** Roles people hold, with the places in which those lie. */
import type { Role } from '#lib/contracts/sync.ts';
import type { Queries } from '#lib/server/db/database.ts';
import type { Actor, Grant, GrantScope } from '#lib/server/policy/actor.ts';
import type { Reach } from '#lib/server/policy/decide.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';

type GrantRow = {
	role: Role;
	scope_kind: GrantScope['kind'];
	scope_id: string;
	centre_id: string | null;
	organisation_id: string | null;
};

/** The person with her roles; null when she does not exist or is disabled. */
export async function findActor(db: Queries, personId: string): Promise<Actor | null> {
	const [person] = await db.all<{ organisation_id: string; centre_id: string | null }>(
		'SELECT organisation_id, centre_id FROM people WHERE bucket = ? AND id = ? AND disabled_at IS NULL',
		[bucketOf(personId), personId]
	);
	if (person === undefined) return null;
	return {
		personId,
		organisationId: person.organisation_id,
		centreId: person.centre_id,
		grants: await findGrants(db, personId)
	};
}

export async function findGrants(db: Queries, personId: string): Promise<Grant[]> {
	const rows = await db.all<GrantRow>(
		`SELECT g.role, g.scope_kind, g.scope_id,
			CASE WHEN g.scope_kind = 'centre' THEN g.scope_id ELSE cohorts.centre_id END AS centre_id,
			CASE WHEN g.scope_kind = 'organisation' THEN g.scope_id ELSE centres.organisation_id END AS organisation_id
		FROM grants g
		LEFT JOIN cohorts ON g.scope_kind = 'cohort' AND cohorts.id = g.scope_id
		LEFT JOIN centres ON centres.id = CASE WHEN g.scope_kind = 'centre' THEN g.scope_id ELSE cohorts.centre_id END
		WHERE g.person_id = ?
		ORDER BY g.role, g.scope_kind, g.scope_id`,
		[personId]
	);
	return rows.flatMap((row) => {
		const scope = scopeOf(row);
		return scope === null ? [] : [{ role: row.role, scope }];
	});
}

/** A grant whose place is gone gives nothing. */
function scopeOf({
	scope_kind: kind,
	scope_id: id,
	centre_id: centreId,
	organisation_id: organisationId
}: GrantRow): GrantScope | null {
	if (kind === 'everything' || kind === 'self') return { kind };
	if (organisationId === null) return null;
	if (kind === 'organisation') return { kind, organisationId };
	if (centreId === null) return null;
	return kind === 'centre' ? { kind, organisationId, centreId } : { kind, organisationId, centreId, cohortId: id };
}

export async function addGrant(
	db: Queries,
	personId: string,
	role: Role,
	scope: { kind: GrantScope['kind']; id: string },
	now: number
): Promise<void> {
	await db.run(
		'INSERT INTO grants (person_id, role, scope_kind, scope_id, granted_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id, role, scope_kind, scope_id) DO NOTHING',
		[personId, role, scope.kind, scope.id, now]
	);
}

/** Ids of the cohorts a reach holds, archived ones too. */
export async function findCohortIds(db: Queries, reach: Reach): Promise<string[]> {
	const { sql, params } = reachCondition(reach, {
		organisation: 'centres.organisation_id',
		centre: 'cohorts.centre_id',
		cohort: 'cohorts.id'
	});
	const rows = await db.all<{ id: string }>(
		`SELECT cohorts.id FROM cohorts JOIN centres ON centres.id = cohorts.centre_id WHERE ${sql} ORDER BY cohorts.id`,
		params
	);
	return rows.map((row) => row.id);
}

/** A WHERE condition that holds for rows within a reach. Column names are ours, never a request's. */
export function reachCondition(
	reach: Reach,
	columns: { readonly organisation: string; readonly centre: string; readonly cohort?: string | undefined }
): { sql: string; params: string[] } {
	if (reach.everything) return { sql: '1 = 1', params: [] };
	const parts = [
		{ column: columns.organisation, ids: reach.organisationIds },
		{ column: columns.centre, ids: reach.centreIds },
		...(columns.cohort === undefined ? [] : [{ column: columns.cohort, ids: reach.cohortIds }])
	].filter(({ ids }) => ids.length > 0);
	if (parts.length === 0) return { sql: '1 = 0', params: [] };
	return {
		sql: `(${parts.map(({ column, ids }) => `${column} IN (${ids.map(() => '?').join(', ')})`).join(' OR ')})`,
		params: parts.flatMap(({ ids }) => ids)
	};
}
