/** The queries behind a pull: each a list of changes in the order of lane and feed, cut off at a limit. */
import type { Branch } from '#lib/domain/attempt/branch.ts';
import {
	ROLES,
	type Certificate,
	type Cohort,
	type CohortLearner,
	type Enrolment,
	type Profile,
	type PullRequest,
	type RegistrationRow,
	type Role
} from '#lib/contracts/sync.ts';
import { readPayload } from '#lib/server/credentials/certificate-payload.ts';
import type { Queries, Row, SqlValue } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { toStoredText } from '#lib/server/db/stored-text.ts';
import { toBranch } from '#lib/server/repositories/branches.ts';
import { certificateColumns, toCertificateRecord } from '#lib/server/repositories/certificates-store.ts';
import { REFERENCE_BUCKET } from '#lib/server/repositories/feed.ts';
import {
	registrationColumns,
	toRegistrationRecord,
	toRegistrationRow
} from '#lib/server/repositories/registrations.ts';
import type { PullCursor } from './pull-cursor.ts';

export type Pull = {
	readonly person: { readonly id: string };
	/** Cohorts whose learners she may see; [] for a learner. */
	readonly scope: { readonly cohortIds: readonly string[] };
	readonly now: number;
	readonly request: PullRequest;
	/** Where anyone checks the certificate with this code. */
	readonly verifyUrlOf: (code: string) => string;
};

/** Reference data first, then her own rows, then her cohorts' learners bucket by bucket. */
export const REFERENCE_LANE = 0;
export const OWN_LANE = 1;
export function laneOf(bucket: number): number {
	return 2 + bucket;
}

export type Key = { readonly lane: number; readonly feed: number };

export function compareKeys(left: Key, right: Key): number {
	return left.lane - right.lane || left.feed - right.feed;
}

type Content =
	| { readonly kind: 'profile'; readonly value: Profile }
	/** Id of the course; the card is fetched when it goes out. */
	| { readonly kind: 'courses'; readonly value: string }
	| { readonly kind: 'enrolments'; readonly value: Enrolment }
	| { readonly kind: 'certificates'; readonly value: Certificate }
	| { readonly kind: 'branches'; readonly value: Branch }
	| { readonly kind: 'cohorts'; readonly value: readonly Cohort[] }
	| { readonly kind: 'learners'; readonly value: CohortLearner }
	| { readonly kind: 'registrations'; readonly value: RegistrationRow };

export type Item = Key &
	Content & {
		/** Courses whose cards the device may lack. */
		readonly brings?: readonly string[] | undefined;
		/** Characters it comes to in the answer, where the value does not show it. */
		readonly weight?: number | undefined;
	};

export type List = { readonly items: readonly Item[]; readonly isCut: boolean };

export type Viewer = Pull & {
	readonly bucket: number;
	readonly organisationId: string;
	readonly since: PullCursor;
	readonly heads: ReadonlyMap<number, number>;
	readonly scopeBuckets: readonly number[];
	readonly marks: Pick<PullCursor, 'organisation' | 'scope'>;
};

export async function findOrganisation(queries: Queries, bucket: number, personId: string): Promise<string | null> {
	const [row] = await queries.all<{ organisation_id: string }>(
		'SELECT organisation_id FROM people WHERE bucket = ? AND id = ?',
		[bucket, personId]
	);
	return row?.organisation_id ?? null;
}

export async function findScopeBuckets(queries: Queries, cohortIds: readonly string[]): Promise<number[]> {
	if (cohortIds.length === 0) return [];
	const cohorts = inList(cohortIds);
	const rows = await queries.all<{ bucket: number }>(
		`SELECT DISTINCT bucket FROM cohort_members WHERE left_at IS NULL AND cohort_id IN ${cohorts.sql} ORDER BY bucket`,
		cohorts.params
	);
	return rows.map((row) => row.bucket);
}

/** All that changed, each list cut at `limit` rows. Asks nothing of lanes that stand still. */
export async function findChanges(queries: Queries, viewer: Viewer, limit: number): Promise<List[]> {
	const { since, heads, bucket, marks } = viewer;
	const lists: List[] = [];
	const isMoved = (one: number, from: number): boolean => (heads.get(one) ?? 0) > from;
	if (isMoved(REFERENCE_BUCKET, since.reference) || since.scope !== marks.scope) {
		lists.push(await findCohorts(queries, viewer), await findCourses(queries, viewer, limit));
	}
	if (isMoved(bucket, since.own)) {
		lists.push(await findProfile(queries, viewer));
		for (const find of [findEnrolments, findCertificates, findBranches]) lists.push(await find(queries, viewer, limit));
	}
	const moved = viewer.scopeBuckets.filter((one) => isMoved(one, since.heads.get(one) ?? 0));
	if (moved.length > 0) {
		for (const find of [findLearners, findRegistrations]) lists.push(await find(queries, viewer, moved, limit));
	}
	return lists;
}

function listOf<T extends Row>(rows: readonly T[], limit: number, toItem: (row: T) => Item): List {
	return { items: rows.map(toItem), isCut: rows.length >= limit };
}

/** Not in her organisation's catalogue, which the feed brings anyway. */
const isElsewhere = `CASE WHEN o.organisation_id <> ? OR o.status <> 'published' THEN 1 ELSE 0 END`;

async function findCohorts(queries: Queries, { scope, since, marks, organisationId }: Viewer): Promise<List> {
	if (scope.cohortIds.length === 0) return { items: [], isCut: false };
	const ids = inList(scope.cohortIds);
	const cohorts = await queries.all<{
		id: string;
		name: string;
		centre_name: string;
		starts_at: number | null;
		ends_at: number | null;
		archived_at: number | null;
		feed: number;
	}>(
		`SELECT c.id, c.name, e.name AS centre_name, c.starts_at, c.ends_at, c.archived_at, c.feed
		FROM cohorts c JOIN centres e ON e.id = c.centre_id WHERE c.id IN ${ids.sql} ORDER BY c.id`,
		ids.params
	);
	const isChanged =
		since.scope !== marks.scope || since.reference === 0 || cohorts.some(({ feed }) => feed > since.reference);
	if (!isChanged) return { items: [], isCut: false };
	const members = await queries.all<{ cohort_id: string; learner_id: string }>(
		`SELECT cohort_id, learner_id FROM cohort_members WHERE left_at IS NULL AND cohort_id IN ${ids.sql} ORDER BY learner_id`,
		ids.params
	);
	const courses = await queries.all<{ cohort_id: string; course_id: string; due_at: number | null; elsewhere: number }>(
		`SELECT c.cohort_id, c.course_id, c.due_at, ${isElsewhere} AS elsewhere
		FROM cohort_courses c JOIN courses o ON o.id = c.course_id WHERE c.cohort_id IN ${ids.sql} ORDER BY c.course_id`,
		[organisationId, ...ids.params]
	);
	const [membersOf, coursesOf] = [Map.groupBy(members, byCohort), Map.groupBy(courses, byCohort)];
	const value = cohorts.map((row): Cohort => {
		const taken = coursesOf.get(row.id) ?? [];
		const dated = taken.flatMap((one) => (one.due_at === null ? [] : [[one.course_id, one.due_at] as const]));
		return {
			cohortId: row.id,
			name: row.name,
			centreName: row.centre_name,
			startsAt: row.starts_at,
			endsAt: row.ends_at,
			archived: row.archived_at !== null,
			courseIds: taken.map((one) => one.course_id),
			...(dated.length === 0 ? {} : { dueAt: Object.fromEntries(dated) }),
			learnerIds: (membersOf.get(row.id) ?? []).map((one) => one.learner_id)
		};
	});
	const brings = courses.filter(({ elsewhere }) => elsewhere === 1).map((one) => one.course_id);
	// One list, whole, before everything else.
	return { items: [{ lane: REFERENCE_LANE, feed: 0, kind: 'cohorts', value, brings }], isCut: false };
}

function byCohort(row: { readonly cohort_id: string }): string {
	return row.cohort_id;
}

/** The catalogue of her organisation, and any other course she or her cohorts take. What was withdrawn before she came is left out. */
async function findCourses(queries: Queries, viewer: Viewer, limit: number): Promise<List> {
	const { since, organisationId, bucket, person, scope } = viewer;
	const cohorts = inList(scope.cohortIds);
	const rows = await queries.all<{ id: string; feed: number; weight: number }>(
		`SELECT o.id, o.feed, CAST(length(o.description) + length(o.objectives) + coalesce(length(o.record), 0) +
			coalesce((SELECT max(length(p.record)) FROM packages p WHERE p.course_id = o.id), 0) AS bigint) AS weight
		FROM courses o WHERE o.feed > ? AND (
			(o.organisation_id = ? AND (o.status = 'published' OR (o.status = 'withdrawn' AND ? > 0)))
			OR o.id IN (SELECT course_id FROM enrolments WHERE bucket = ? AND learner_id = ?)
			OR o.id IN (SELECT course_id FROM cohort_courses WHERE cohort_id IN ${cohorts.sql})
		) ORDER BY o.feed, o.id LIMIT ${Math.min(limit, 200)}`,
		[since.reference, organisationId, since.reference, bucket, person.id, ...cohorts.params]
	);
	return listOf(rows, Math.min(limit, 200), (row) => ({
		lane: REFERENCE_LANE,
		feed: row.feed,
		kind: 'courses',
		value: row.id,
		// The rest of a card is about as long for every course.
		weight: 600 + row.weight
	}));
}

async function findProfile(queries: Queries, { bucket, person, since }: Viewer): Promise<List> {
	const [row] = await queries.all<{
		user_name: string;
		display_name: string;
		sex: Profile['sex'];
		age_band: Profile['ageBand'];
		language: string;
		must_change_secret: number;
		organisation_name: string;
		centre_name: string | null;
		feed: number;
	}>(
		`SELECT p.user_name, p.display_name, p.sex, p.age_band, p.language, p.must_change_secret, p.feed,
			o.name AS organisation_name, c.name AS centre_name
		FROM people p JOIN organisations o ON o.id = p.organisation_id LEFT JOIN centres c ON c.id = p.centre_id
		WHERE p.bucket = ? AND p.id = ? AND p.feed > ?`,
		[bucket, person.id, since.own]
	);
	if (row === undefined) return { items: [], isCut: false };
	const grants = await queries.all<{ role: Role }>('SELECT DISTINCT role FROM grants WHERE person_id = ?', [person.id]);
	const value: Profile = {
		personId: person.id,
		userName: row.user_name,
		displayName: row.display_name,
		sex: row.sex,
		ageBand: row.age_band,
		language: row.language,
		roles: ROLES.filter((role) => grants.some((grant) => grant.role === role)),
		organisationName: row.organisation_name,
		centreName: row.centre_name,
		mustChangeSecret: row.must_change_secret === 1
	};
	return { items: [{ lane: OWN_LANE, feed: row.feed, kind: 'profile', value }], isCut: false };
}

async function findEnrolments(
	queries: Queries,
	{ bucket, person, since, organisationId }: Viewer,
	limit: number
): Promise<List> {
	const rows = await queries.all<{
		course_id: string;
		cohort_id: string | null;
		cohort_name: string | null;
		enrolled_at: number;
		due_at: number | null;
		ended_at: number | null;
		elsewhere: number;
		feed: number;
	}>(
		`SELECT e.course_id, e.cohort_id, c.name AS cohort_name, e.enrolled_at, e.due_at, e.ended_at, ${isElsewhere} AS elsewhere, e.feed
		FROM enrolments e JOIN courses o ON o.id = e.course_id LEFT JOIN cohorts c ON c.id = e.cohort_id
		WHERE e.bucket = ? AND e.learner_id = ? AND e.feed > ? ORDER BY e.feed, e.course_id LIMIT ${limit}`,
		[organisationId, bucket, person.id, since.own]
	);
	return listOf(rows, limit, (row) => ({
		lane: OWN_LANE,
		feed: row.feed,
		kind: 'enrolments',
		value: {
			courseId: row.course_id,
			cohortId: row.cohort_id,
			cohortName: row.cohort_name,
			enrolledAt: row.enrolled_at,
			dueAt: row.due_at,
			ended: row.ended_at !== null
		},
		brings: row.elsewhere === 1 ? [row.course_id] : []
	}));
}

async function findCertificates(
	queries: Queries,
	{ bucket, person, since, verifyUrlOf }: Viewer,
	limit: number
): Promise<List> {
	const rows = await queries.all(
		`SELECT ${certificateColumns}, c.feed FROM certificates c
		WHERE c.bucket = ? AND c.learner_id = ? AND c.feed > ? ORDER BY c.feed, c.id LIMIT ${limit}`,
		[bucket, person.id, since.own]
	);
	return listOf(rows, limit, (row) => {
		const record = toCertificateRecord(row);
		const payload = readPayload(record.payload);
		return {
			lane: OWN_LANE,
			feed: Number(row['feed']),
			kind: 'certificates',
			value: {
				certificateId: record.certificateId,
				code: record.code,
				courseId: record.courseId,
				learnerName: payload.learner.name,
				courseTitle: payload.course.title,
				issuerName: payload.issuer.name,
				issuedAt: record.issuedAt,
				hours: payload.course.hours,
				score: payload.result.score,
				verifyUrl: verifyUrlOf(record.code),
				revoked: record.revokedAt !== null
			}
		};
	});
}

/** What her other devices did; and this one too, when it holds nothing (any more). Few at a time: resume states are large. */
async function findBranches(
	queries: Queries,
	{ bucket, person, since, request }: Viewer,
	limit: number
): Promise<List> {
	const most = Math.ceil(limit / 10);
	const rows = await queries.all<{ state: string; saved: string | null; feed: number }>(
		`SELECT state, saved, feed FROM branches
		WHERE bucket = ? AND learner_id = ? AND feed > ? ${since.fresh ? '' : 'AND device_id <> ?'}
		ORDER BY feed, attempt_id, device_id LIMIT ${most}`,
		[bucket, person.id, since.own, ...(since.fresh ? [] : [toStoredText(request.device)])]
	);
	return listOf(rows, most, (row) => ({
		lane: OWN_LANE,
		feed: row.feed,
		kind: 'branches',
		value: toBranch(row.state, row.saved)
	}));
}

type LearnerRow = Row & {
	bucket: number;
	id: string;
	user_name: string;
	display_name: string;
	sex: CohortLearner['sex'];
	age_band: CohortLearner['ageBand'];
	last_seen_at: number | null;
	changed: number;
};

async function findLearners(
	queries: Queries,
	viewer: Viewer,
	buckets: readonly number[],
	limit: number
): Promise<List> {
	const { sql, params } = membersSince(viewer, buckets);
	const rows = await queries.all<LearnerRow>(
		`${sql} SELECT DISTINCT p.bucket, CASE WHEN p.seen_feed > p.feed THEN p.seen_feed ELSE p.feed END AS changed,
			p.id, p.user_name, p.display_name, p.sex, p.age_band, p.last_seen_at
		FROM members m JOIN people p ON p.bucket = m.bucket AND p.id = m.learner_id
		WHERE p.feed > m.head OR p.seen_feed > m.head
		ORDER BY p.bucket, changed, p.id LIMIT ${limit}`,
		params
	);
	return listOf(rows, limit, (row) => ({
		lane: laneOf(row.bucket),
		feed: row.changed,
		kind: 'learners',
		value: {
			learnerId: row.id,
			userName: row.user_name,
			displayName: row.display_name,
			sex: row.sex,
			ageBand: row.age_band,
			lastSeenAt: row.last_seen_at
		}
	}));
}

/** Only of the courses that a cohort takes: what a learner does elsewhere is not its trainer's business. */
async function findRegistrations(
	queries: Queries,
	viewer: Viewer,
	buckets: readonly number[],
	limit: number
): Promise<List> {
	const { sql, params } = membersSince(viewer, buckets);
	const rows = await queries.all(
		`${sql} SELECT DISTINCT r.bucket, r.feed, ${registrationColumns}
		FROM members m
		JOIN cohort_courses c ON c.cohort_id = m.cohort_id
		JOIN registrations r ON r.bucket = m.bucket AND r.learner_id = m.learner_id AND r.course_id = c.course_id
		WHERE r.feed > m.head
		ORDER BY r.bucket, r.feed, r.learner_id, r.course_id LIMIT ${limit}`,
		params
	);
	return listOf(rows, limit, (row) => ({
		lane: laneOf(Number(row['bucket'])),
		feed: Number(row['feed']),
		kind: 'registrations',
		value: toRegistrationRow(toRegistrationRecord(row))
	}));
}

/** `members`: who is in her cohorts, in the buckets that moved, with the feed number up to which the device has them. */
function membersSince({ scope, since }: Viewer, buckets: readonly number[]): { sql: string; params: SqlValue[] } {
	const cohorts = inList(scope.cohortIds);
	const length = 2 ** Math.ceil(Math.log2(buckets.length));
	// Filled up with a bucket that does not exist, so that few different statements are prepared.
	const heads = Array.from({ length }, (_, index) => {
		const bucket = buckets[index];
		return bucket === undefined ? [-2, 0] : [bucket, since.heads.get(bucket) ?? 0];
	});
	return {
		sql: `WITH since (bucket, head) AS (VALUES ${heads.map(() => '(CAST(? AS bigint), CAST(? AS bigint))').join(', ')}),
		members AS (
			SELECT m.bucket, m.learner_id, m.cohort_id, s.head FROM cohort_members m JOIN since s ON s.bucket = m.bucket
			WHERE m.left_at IS NULL AND m.cohort_id IN ${cohorts.sql}
		)`,
		params: [...heads.flat(), ...cohorts.params]
	};
}
