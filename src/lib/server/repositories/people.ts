/** People: rows to domain types and back. Names live here and nowhere in the logs. */
import type { Role } from '#lib/contracts/sync.ts';
import type { AGE_BANDS } from '#lib/contracts/sync.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import { normaliseSignInName, searchNameOf } from '#lib/server/auth/sign-in-name.ts';
import type { Queries, Row } from '#lib/server/db/database.ts';
import type { Reach } from '#lib/server/policy/decide.ts';
import { nextFeed } from './feed.ts';
import { reachCondition } from './grants.ts';

export type AgeBand = (typeof AGE_BANDS)[number];

export type Person = {
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly sex: Sex;
	readonly ageBand: AgeBand;
	readonly language: string;
	readonly organisationId: string;
	readonly organisationName: string;
	readonly centreId: string | null;
	readonly centreName: string | null;
	readonly mustChangeSecret: boolean;
	readonly lastSeenAt: number | null;
};

export type NewPerson = {
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly sex: Sex;
	readonly ageBand: AgeBand;
	readonly language: string;
	readonly organisationId: string;
	readonly centreId: string | null;
	readonly secretHash: string;
	readonly mustChangeSecret: boolean;
};

const columns = `people.id, people.user_name, people.display_name, people.sex, people.age_band, people.language,
	people.organisation_id, organisations.name AS organisation_name, people.centre_id, centres.name AS centre_name,
	people.must_change_secret, people.last_seen_at`;
const joins = `JOIN organisations ON organisations.id = people.organisation_id LEFT JOIN centres ON centres.id = people.centre_id`;

export async function findPerson(db: Queries, personId: string): Promise<Person | null> {
	const [row] = await db.all(`SELECT ${columns} FROM people ${joins} WHERE people.bucket = ? AND people.id = ?`, [
		bucketOf(personId),
		personId
	]);
	return row === undefined ? null : personOf(row);
}

/** For signing in: who the name belongs to, with the stored hash. */
export async function findBySignInName(
	db: Queries,
	name: string
): Promise<{ personId: string; secretHash: string | null } | null> {
	const [known] = await db.all<{ person_id: string }>('SELECT person_id FROM sign_in_names WHERE name = ?', [
		normaliseSignInName(name)
	]);
	return known === undefined ? null : findSecret(db, known.person_id);
}

export async function findSecret(
	db: Queries,
	personId: string
): Promise<{ personId: string; secretHash: string | null } | null> {
	const [row] = await db.all<{ secret_hash: string | null }>(
		'SELECT secret_hash FROM people WHERE bucket = ? AND id = ? AND disabled_at IS NULL',
		[bucketOf(personId), personId]
	);
	return row === undefined ? null : { personId, secretHash: row.secret_hash };
}

/** Which of these sign-in names are taken; the answer has the normalised form. */
export async function findTakenNames(db: Queries, names: readonly string[]): Promise<Set<string>> {
	const taken = new Set<string>();
	const wanted = [...new Set(names.map(normaliseSignInName))];
	for (let start = 0; start < wanted.length; start += 500) {
		const some = wanted.slice(start, start + 500);
		const rows = await db.all<{ name: string }>(
			`SELECT name FROM sign_in_names WHERE name IN (${some.map(() => '?').join(', ')})`,
			some
		);
		for (const row of rows) taken.add(row.name);
	}
	return taken;
}

/**
 * Writes a person and takes the sign-in name; false, and nothing written, when the name is taken. Inside a transaction.
 * @param feed of the person's bucket; whoever makes several takes them all first, in order (nextFeeds)
 */
export async function insertPerson(queries: Queries, person: NewPerson, now: number, feed?: number): Promise<boolean> {
	const took = await queries.run(
		'INSERT INTO sign_in_names (name, person_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
		[normaliseSignInName(person.userName), person.id]
	);
	if (took === 0) return false;
	const bucket = bucketOf(person.id);
	await queries.run(
		`INSERT INTO people (bucket, id, user_name, display_name, search_name, sex, age_band, language, organisation_id, centre_id,
			secret_hash, must_change_secret, created_at, last_seen_at, disabled_at, feed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)`,
		[
			bucket,
			person.id,
			person.userName,
			person.displayName,
			searchNameOf(person.displayName, person.userName),
			person.sex,
			person.ageBand,
			person.language,
			person.organisationId,
			person.centreId,
			person.secretHash,
			person.mustChangeSecret ? 1 : 0,
			now,
			feed ?? (await nextFeed(queries, bucket))
		]
	);
	return true;
}

export async function updateSecret(
	queries: Queries,
	personId: string,
	secretHash: string,
	mustChangeSecret: boolean
): Promise<void> {
	const bucket = bucketOf(personId);
	await queries.run('UPDATE people SET secret_hash = ?, must_change_secret = ?, feed = ? WHERE bucket = ? AND id = ?', [
		secretHash,
		mustChangeSecret ? 1 : 0,
		await nextFeed(queries, bucket),
		bucket,
		personId
	]);
}

/** What a person may change about herself, apart from her sex (projections/touch-person.ts). */
export async function updateProfile(
	queries: Queries,
	personId: string,
	change: { readonly language: string; readonly ageBand: AgeBand }
): Promise<void> {
	const bucket = bucketOf(personId);
	await queries.run('UPDATE people SET language = ?, age_band = ?, feed = ? WHERE bucket = ? AND id = ?', [
		change.language,
		change.ageBand,
		await nextFeed(queries, bucket),
		bucket,
		personId
	]);
}

export type PersonPlace = {
	readonly personId: string;
	readonly organisationId: string;
	/** Her own, and those of the cohorts she is in. */
	readonly centreIds: readonly string[];
	readonly cohortIds: readonly string[];
};

/** Where a person belongs, for the policy; cohorts she left count no more. */
export async function findPersonPlace(db: Queries, personId: string): Promise<PersonPlace | null> {
	const bucket = bucketOf(personId);
	const [person] = await db.all<{ organisation_id: string; centre_id: string | null }>(
		'SELECT organisation_id, centre_id FROM people WHERE bucket = ? AND id = ?',
		[bucket, personId]
	);
	if (person === undefined) return null;
	const cohorts = await db.all<{ cohort_id: string; centre_id: string }>(
		`SELECT m.cohort_id, c.centre_id FROM cohort_members m JOIN cohorts c ON c.id = m.cohort_id
		WHERE m.bucket = ? AND m.learner_id = ? AND m.left_at IS NULL`,
		[bucket, personId]
	);
	return {
		personId,
		organisationId: person.organisation_id,
		centreIds: [
			...new Set([...(person.centre_id === null ? [] : [person.centre_id]), ...cohorts.map((row) => row.centre_id)])
		],
		cohortIds: cohorts.map((row) => row.cohort_id)
	};
}

export type PersonListRow = {
	readonly personId: string;
	readonly userName: string;
	readonly displayName: string;
	readonly roles: readonly { readonly role: Role; readonly scope: string }[];
	readonly centreName: string | null;
	readonly lastSeenAt: number | null;
};

/** People within a reach, by name; at most `limit`. */
export async function listPeople(
	db: Queries,
	reach: Reach,
	filter: { readonly search: string; readonly role: Role | null; readonly limit: number }
): Promise<PersonListRow[]> {
	const { sql, params } = reachCondition(reach, { organisation: 'people.organisation_id', centre: 'people.centre_id' });
	const words = searchNameOf(filter.search).split(/\s+/).filter(Boolean).slice(0, 5);
	const rows = await db.all<{
		id: string;
		user_name: string;
		display_name: string;
		centre_name: string | null;
		last_seen_at: number | null;
	}>(
		`SELECT people.id, people.user_name, people.display_name, centres.name AS centre_name, people.last_seen_at
		FROM people LEFT JOIN centres ON centres.id = people.centre_id
		WHERE people.disabled_at IS NULL AND ${sql}
			${words.map(() => `AND people.search_name LIKE ? ESCAPE '!'`).join(' ')}
			${filter.role === null ? '' : 'AND EXISTS (SELECT 1 FROM grants WHERE grants.person_id = people.id AND grants.role = ?)'}
		ORDER BY people.search_name, people.id LIMIT ${Math.trunc(filter.limit)}`,
		[
			...params,
			...words.map((word) => `%${word.replace(/[!%_]/g, '!$&')}%`),
			...(filter.role === null ? [] : [filter.role])
		]
	);
	const roles = await rolesOf(
		db,
		rows.map((row) => row.id)
	);
	return rows.map((row) => ({
		personId: row.id,
		userName: row.user_name,
		displayName: row.display_name,
		roles: roles.get(row.id) ?? [],
		centreName: row.centre_name,
		lastSeenAt: row.last_seen_at
	}));
}

/** Roles with the name of their place, for showing; a learner's own records have no place. */
async function rolesOf(
	db: Queries,
	personIds: readonly string[]
): Promise<Map<string, { role: Role; scope: string }[]>> {
	const roles = new Map<string, { role: Role; scope: string }[]>();
	for (let start = 0; start < personIds.length; start += 500) {
		const some = personIds.slice(start, start + 500);
		const rows = await db.all<{ person_id: string; role: Role; scope: string }>(
			`SELECT g.person_id, g.role, COALESCE(organisations.name, centres.name, cohorts.name, '') AS scope
			FROM grants g
			LEFT JOIN organisations ON g.scope_kind = 'organisation' AND organisations.id = g.scope_id
			LEFT JOIN centres ON g.scope_kind = 'centre' AND centres.id = g.scope_id
			LEFT JOIN cohorts ON g.scope_kind = 'cohort' AND cohorts.id = g.scope_id
			WHERE g.person_id IN (${some.map(() => '?').join(', ')}) ORDER BY g.person_id, g.role, g.scope_id`,
			some
		);
		for (const row of rows)
			roles.set(row.person_id, [...(roles.get(row.person_id) ?? []), { role: row.role, scope: row.scope }]);
	}
	return roles;
}

function personOf(row: Row): Person {
	return {
		id: String(row['id']),
		userName: String(row['user_name']),
		displayName: String(row['display_name']),
		sex: row['sex'] as Sex,
		ageBand: row['age_band'] as AgeBand,
		language: String(row['language']),
		organisationId: String(row['organisation_id']),
		organisationName: String(row['organisation_name']),
		centreId: row['centre_id'] === null ? null : String(row['centre_id']),
		centreName: row['centre_name'] === null ? null : String(row['centre_name']),
		mustChangeSecret: row['must_change_secret'] === 1,
		lastSeenAt: row['last_seen_at'] === null ? null : Number(row['last_seen_at'])
	};
}
