/** Organisations and their centres. */
import type { Queries } from '#lib/server/db/database.ts';
import type { Reach } from '#lib/server/policy/decide.ts';
import { reachCondition } from './grants.ts';

export type Centre = {
	readonly centreId: string;
	readonly organisationId: string;
	readonly name: string;
	readonly country: string;
};

export async function countOrganisations(db: Queries): Promise<number> {
	const [row] = await db.all<{ count: number }>('SELECT CAST(count(*) AS bigint) AS count FROM organisations');
	return row?.count ?? 0;
}

export async function insertOrganisation(
	queries: Queries,
	organisation: { id: string; name: string },
	now: number
): Promise<void> {
	await queries.run('INSERT INTO organisations (id, name, created_at) VALUES (?, ?, ?)', [
		organisation.id,
		organisation.name,
		now
	]);
}

export async function insertCentre(queries: Queries, centre: Centre, now: number): Promise<void> {
	await queries.run('INSERT INTO centres (id, organisation_id, name, country, created_at) VALUES (?, ?, ?, ?, ?)', [
		centre.centreId,
		centre.organisationId,
		centre.name,
		centre.country,
		now
	]);
}

export async function findCentre(db: Queries, centreId: string): Promise<Centre | null> {
	const [row] = await db.all<{ id: string; organisation_id: string; name: string; country: string }>(
		'SELECT id, organisation_id, name, country FROM centres WHERE id = ?',
		[centreId]
	);
	return row === undefined
		? null
		: { centreId: row.id, organisationId: row.organisation_id, name: row.name, country: row.country };
}

export async function listCentres(db: Queries, reach: Reach): Promise<Centre[]> {
	const { sql, params } = reachCondition(reach, { organisation: 'organisation_id', centre: 'id' });
	const rows = await db.all<{ id: string; organisation_id: string; name: string; country: string }>(
		`SELECT id, organisation_id, name, country FROM centres WHERE ${sql} ORDER BY name, id`,
		params
	);
	return rows.map((row) => ({
		centreId: row.id,
		organisationId: row.organisation_id,
		name: row.name,
		country: row.country
	}));
}
