/**
 * Enrolments: the right to take a course. It comes from a cohort that takes the course, or was given to the learner directly;
 * it ends when nothing gives it any more, and lives again when something does.
 */
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { transact } from '#lib/server/db/transact.ts';
import { nextFeed } from './feed.ts';

type EnrolmentRow = { cohort_id: string | null; due_at: number | null; ended_at: number | null };

/** Enrols one learner directly, outside any cohort. Repeating it only moves the date. */
export async function enrolLearner(
	db: Database | Queries,
	enrolment: {
		readonly learnerId: string;
		readonly courseId: string;
		readonly dueAt: number | null;
		readonly now: number;
	}
): Promise<void> {
	const bucket = bucketOf(enrolment.learnerId);
	await transact(db, async (queries) => {
		const feed = await nextFeed(queries, bucket);
		await queries.run(
			`INSERT INTO enrolments (bucket, learner_id, course_id, cohort_id, enrolled_at, due_at, ended_at, feed)
			VALUES (?, ?, ?, NULL, ?, ?, NULL, ?)
			ON CONFLICT (bucket, learner_id, course_id) DO UPDATE SET
				cohort_id = NULL, due_at = excluded.due_at, ended_at = NULL, feed = excluded.feed`,
			[bucket, enrolment.learnerId, enrolment.courseId, enrolment.now, enrolment.dueAt, feed]
		);
	});
}

/** Makes the learner's enrolment in a course what her cohorts give now. The caller holds the bucket's lock; `feed` is its number. */
export async function settleEnrolment(
	queries: Queries,
	learner: { readonly bucket: number; readonly learnerId: string; readonly feed: number; readonly now: number },
	courseId: string
): Promise<void> {
	const key = [learner.bucket, learner.learnerId, courseId];
	const [known] = await queries.all<EnrolmentRow>(
		'SELECT cohort_id, due_at, ended_at FROM enrolments WHERE bucket = ? AND learner_id = ? AND course_id = ?',
		key
	);
	const isDirect = known !== undefined && known.ended_at === null && known.cohort_id === null;
	if (isDirect) return;
	const givers = await queries.all<{ cohort_id: string; due_at: number | null }>(
		`SELECT m.cohort_id, c.due_at FROM cohort_members m JOIN cohort_courses c ON c.cohort_id = m.cohort_id
		WHERE m.bucket = ? AND m.learner_id = ? AND m.left_at IS NULL AND c.course_id = ?
		ORDER BY m.joined_at, m.cohort_id`,
		key
	);
	// The cohort that gave it goes on giving it, so that a second cohort changes nothing.
	const giver = givers.find(({ cohort_id: cohortId }) => cohortId === known?.cohort_id) ?? givers[0];
	if (giver === undefined) {
		if (known === undefined || known.ended_at !== null) return;
		await queries.run(
			'UPDATE enrolments SET ended_at = ?, feed = ? WHERE bucket = ? AND learner_id = ? AND course_id = ?',
			[learner.now, learner.feed, ...key]
		);
		return;
	}
	const isSame = known?.ended_at === null && known.cohort_id === giver.cohort_id && known.due_at === giver.due_at;
	if (isSame) return;
	await queries.run(
		`INSERT INTO enrolments (bucket, learner_id, course_id, cohort_id, enrolled_at, due_at, ended_at, feed)
		VALUES (?, ?, ?, ?, ?, ?, NULL, ?)
		ON CONFLICT (bucket, learner_id, course_id) DO UPDATE SET
			cohort_id = excluded.cohort_id, due_at = excluded.due_at, ended_at = NULL, feed = excluded.feed`,
		[...key, giver.cohort_id, learner.now, giver.due_at, learner.feed]
	);
}
