/**
 * Cohorts: learners taught together. Every command is one transaction that keeps enrolments, roll-ups and the change feed right;
 * it takes a Database, or the queries of a transaction it should be part of. Repeating a command changes nothing.
 * Locks are taken in one order (reference bucket, then the members' ascending), so commands wait for each other and never deadlock.
 */
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { transact } from '#lib/server/db/transact.ts';
import { settleEnrolment } from './enrolments.ts';
import { nextFeed, nextFeeds, REFERENCE_BUCKET } from './feed.ts';
import { recountRollups } from './rollups.ts';

export type NewCohort = {
	readonly cohortId: string;
	readonly centreId: string;
	readonly name: string;
	readonly startsAt: number | null;
	readonly endsAt: number | null;
	readonly now: number;
};

export async function createCohort(db: Database | Queries, cohort: NewCohort): Promise<void> {
	await transact(db, async (queries) => {
		const feed = await nextFeed(queries, REFERENCE_BUCKET);
		await queries.run(
			`INSERT INTO cohorts (id, centre_id, name, starts_at, ends_at, archived_at, created_at, feed)
			VALUES (?, ?, ?, ?, ?, NULL, ?, ?) ON CONFLICT (id) DO NOTHING`,
			[cohort.cohortId, cohort.centreId, cohort.name, cohort.startsAt, cohort.endsAt, cohort.now, feed]
		);
	});
}

export type CohortChange = {
	readonly cohortId: string;
	readonly name?: string | undefined;
	readonly startsAt?: number | null | undefined;
	readonly endsAt?: number | null | undefined;
	readonly archived?: boolean | undefined;
	readonly now: number;
};

/** Changes what is given, leaves the rest. @returns false when there is no such cohort */
export async function changeCohort(db: Database | Queries, change: CohortChange): Promise<boolean> {
	return transact(db, async (queries) => {
		const feed = await nextFeed(queries, REFERENCE_BUCKET);
		const [known] = await queries.all<{
			name: string;
			starts_at: number | null;
			ends_at: number | null;
			archived_at: number | null;
		}>('SELECT name, starts_at, ends_at, archived_at FROM cohorts WHERE id = ?', [change.cohortId]);
		if (known === undefined) return false;
		const name = change.name ?? known.name;
		const isArchived = change.archived ?? known.archived_at !== null;
		await queries.run(
			'UPDATE cohorts SET name = ?, starts_at = ?, ends_at = ?, archived_at = ?, feed = ? WHERE id = ?',
			[
				name,
				change.startsAt === undefined ? known.starts_at : change.startsAt,
				change.endsAt === undefined ? known.ends_at : change.endsAt,
				isArchived ? (known.archived_at ?? change.now) : null,
				feed,
				change.cohortId
			]
		);
		// The name stands on enrolments too, also on ended ones of learners who left.
		if (name !== known.name) {
			const buckets = await queries.all<{ bucket: number }>(
				'SELECT DISTINCT bucket FROM cohort_members WHERE cohort_id = ?',
				[change.cohortId]
			);
			for (const [bucket, bucketFeed] of await nextFeeds(
				queries,
				buckets.map((row) => row.bucket)
			)) {
				await queries.run('UPDATE enrolments SET feed = ? WHERE bucket = ? AND cohort_id = ?', [
					bucketFeed,
					bucket,
					change.cohortId
				]);
			}
		}
		return true;
	});
}

type Membership = { readonly cohortId: string; readonly learnerId: string; readonly now: number };

export async function addMember(db: Database | Queries, { cohortId, learnerId, now }: Membership): Promise<void> {
	await addMembers(db, { cohortId, learnerIds: [learnerId], now });
}

/** Puts learners (who exist) into a cohort and enrols them in its courses. Those who are in it stay as they are. */
export async function addMembers(
	db: Database | Queries,
	{
		cohortId,
		learnerIds,
		now
	}: { readonly cohortId: string; readonly learnerIds: readonly string[]; readonly now: number }
): Promise<void> {
	await transact(db, async (queries) => {
		await touchCohort(queries, cohortId);
		const feeds = await nextFeeds(queries, learnerIds.map(bucketOf));
		await queries.insert(
			'cohort_members',
			['bucket', 'learner_id', 'cohort_id', 'joined_at', 'left_at'],
			[...new Set(learnerIds)].map((learnerId) => [bucketOf(learnerId), learnerId, cohortId, now, null]),
			`ON CONFLICT (bucket, learner_id, cohort_id) DO UPDATE SET joined_at = excluded.joined_at, left_at = NULL
			WHERE cohort_members.left_at IS NOT NULL`
		);
		const courseIds = await findCourseIds(queries, cohortId);
		for (const learnerId of learnerIds) {
			const bucket = bucketOf(learnerId);
			const learner = { bucket, learnerId, feed: feeds.get(bucket) ?? 0, now };
			for (const courseId of courseIds) await settleEnrolment(queries, learner, courseId);
			await showToTrainers(queries, learner);
		}
		for (const bucket of feeds.keys()) await recountRollups(queries, bucket, [cohortId]);
	});
}

/** Takes a learner out: her work stays hers, she is no longer counted here, and what only this cohort gave her ends. */
export async function removeMember(db: Database | Queries, { cohortId, learnerId, now }: Membership): Promise<void> {
	const bucket = bucketOf(learnerId);
	await transact(db, async (queries) => {
		await touchCohort(queries, cohortId);
		const feed = await nextFeed(queries, bucket);
		await queries.run(
			'UPDATE cohort_members SET left_at = ? WHERE bucket = ? AND learner_id = ? AND cohort_id = ? AND left_at IS NULL',
			[now, bucket, learnerId, cohortId]
		);
		for (const courseId of await findCourseIds(queries, cohortId)) {
			await settleEnrolment(queries, { bucket, learnerId, feed, now }, courseId);
		}
		await recountRollups(queries, bucket, [cohortId]);
	});
}

export type CohortCourse = {
	readonly cohortId: string;
	readonly courseId: string;
	/** false: no longer. */
	readonly enrol: boolean;
	/** ms since 1970; null = no date. */
	readonly dueAt: number | null;
	readonly now: number;
};

/** Every member, present and future, takes the course (or no longer). Calling it again moves the date. */
export async function enrolCohortInCourse(db: Database | Queries, course: CohortCourse): Promise<void> {
	const { cohortId, courseId, now } = course;
	await transact(db, async (queries) => {
		await touchCohort(queries, cohortId);
		if (course.enrol) {
			await queries.run(
				`INSERT INTO cohort_courses (cohort_id, course_id, due_at, enrolled_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (cohort_id, course_id) DO UPDATE SET due_at = excluded.due_at`,
				[cohortId, courseId, course.dueAt, now]
			);
		} else {
			await queries.run('DELETE FROM cohort_courses WHERE cohort_id = ? AND course_id = ?', [cohortId, courseId]);
		}
		for (const { bucket, feed, learnerIds } of await lockMembers(queries, cohortId)) {
			for (const learnerId of learnerIds) {
				await settleEnrolment(queries, { bucket, learnerId, feed, now }, courseId);
				await queries.run('UPDATE registrations SET feed = ? WHERE bucket = ? AND learner_id = ? AND course_id = ?', [
					feed,
					bucket,
					learnerId,
					courseId
				]);
			}
			await recountRollups(queries, bucket, [cohortId]);
		}
	});
}

export type CohortRecord = {
	readonly cohortId: string;
	readonly centreId: string;
	readonly name: string;
	readonly startsAt: number | null;
	readonly endsAt: number | null;
	readonly archived: boolean;
};

export async function findCohort(queries: Queries, cohortId: string): Promise<CohortRecord | null> {
	const [row] = await queries.all<{
		id: string;
		centre_id: string;
		name: string;
		starts_at: number | null;
		ends_at: number | null;
		archived_at: number | null;
	}>('SELECT id, centre_id, name, starts_at, ends_at, archived_at FROM cohorts WHERE id = ?', [cohortId]);
	if (row === undefined) return null;
	return {
		cohortId: row.id,
		centreId: row.centre_id,
		name: row.name,
		startsAt: row.starts_at,
		endsAt: row.ends_at,
		archived: row.archived_at !== null
	};
}

/** Learners who are in the cohort now. */
export async function findMemberIds(queries: Queries, cohortId: string): Promise<string[]> {
	const rows = await queries.all<{ learner_id: string }>(
		'SELECT learner_id FROM cohort_members WHERE cohort_id = ? AND left_at IS NULL ORDER BY learner_id',
		[cohortId]
	);
	return rows.map((row) => row.learner_id);
}

/** Cohorts the learner is in now. */
export async function findCohortIdsOf(queries: Queries, bucket: number, learnerId: string): Promise<string[]> {
	const rows = await queries.all<{ cohort_id: string }>(
		'SELECT cohort_id FROM cohort_members WHERE bucket = ? AND learner_id = ? AND left_at IS NULL ORDER BY cohort_id',
		[bucket, learnerId]
	);
	return rows.map((row) => row.cohort_id);
}

/** Courses the cohort takes. */
export async function findCourseIds(queries: Queries, cohortId: string): Promise<string[]> {
	const rows = await queries.all<{ course_id: string }>(
		'SELECT course_id FROM cohort_courses WHERE cohort_id = ? ORDER BY course_id',
		[cohortId]
	);
	return rows.map((row) => row.course_id);
}

/** Its trainers' devices get the list of cohorts again. Also the lock that makes commands on cohorts take turns. */
async function touchCohort(queries: Queries, cohortId: string): Promise<void> {
	const feed = await nextFeed(queries, REFERENCE_BUCKET);
	await queries.run('UPDATE cohorts SET feed = ? WHERE id = ?', [feed, cohortId]);
}

async function lockMembers(
	queries: Queries,
	cohortId: string
): Promise<{ bucket: number; feed: number; learnerIds: readonly string[] }[]> {
	const members = Map.groupBy(await findMemberIds(queries, cohortId), bucketOf);
	const feeds = await nextFeeds(queries, members.keys());
	return [...feeds].map(([bucket, feed]) => ({ bucket, feed, learnerIds: members.get(bucket) ?? [] }));
}

/** A trainer's cursor may be past the rows of someone who joins: they are numbered anew, so that they come to her. */
async function showToTrainers(
	queries: Queries,
	{ bucket, learnerId, feed }: { readonly bucket: number; readonly learnerId: string; readonly feed: number }
): Promise<void> {
	await queries.run('UPDATE people SET seen_feed = ? WHERE bucket = ? AND id = ?', [feed, bucket, learnerId]);
	await queries.run('UPDATE registrations SET feed = ? WHERE bucket = ? AND learner_id = ?', [feed, bucket, learnerId]);
}
