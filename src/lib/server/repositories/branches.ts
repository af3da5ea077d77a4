/**
 * Branches: what each device knows of each attempt. The resume state (`saved`) can be a hundred times the size of the rest,
 * and the rules only ask whether there is one: `BranchFacts` says that, and leaves the text in the database.
 */
import type { Branch } from '#lib/domain/attempt/branch.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { toStoredText } from '#lib/server/db/stored-text.ts';

export type StoredBranch = {
	/** `saved` is SAVED_ELSEWHERE when the database has a resume state that was not read. */
	readonly branch: Branch;
	readonly feed: number;
};

/** Stands for a resume state that was left in the database. */
export const SAVED_ELSEWHERE: NonNullable<Branch['saved']> = { cmi: '', sequencing: null };

type BranchRow = { state: string; has_saved: number; feed: number };

const factColumns = 'state, CASE WHEN saved IS NULL THEN 0 ELSE 1 END AS has_saved, feed';

/** Branches of the learner in these courses, and of these attempts. */
export async function findBranches(
	queries: Queries,
	bucket: number,
	learnerId: string,
	courseIds: readonly string[],
	attemptIds: readonly string[] = []
): Promise<StoredBranch[]> {
	const courses = inList(courseIds.map(toStoredText));
	const attempts = inList(attemptIds.map(toStoredText));
	const rows = await queries.all<BranchRow>(
		`SELECT ${factColumns} FROM branches
		WHERE bucket = ? AND learner_id = ? AND (course_id IN ${courses.sql} OR attempt_id IN ${attempts.sql})`,
		[bucket, learnerId, ...courses.params, ...attempts.params]
	);
	return rows.map(toStoredBranch);
}

export async function findLearnerBranches(
	queries: Queries,
	bucket: number,
	learnerId: string
): Promise<StoredBranch[]> {
	const rows = await queries.all<{ state: string; saved: string | null; feed: number }>(
		'SELECT state, saved, feed FROM branches WHERE bucket = ? AND learner_id = ?',
		[bucket, learnerId]
	);
	return rows.map(({ state, saved, feed }) => ({ branch: toBranch(state, saved), feed }));
}

/** A resume state, once there, never goes away: SAVED_ELSEWHERE leaves it as it is. */
export async function saveBranches(queries: Queries, bucket: number, branches: readonly StoredBranch[]): Promise<void> {
	await queries.insert(
		'branches',
		['bucket', 'learner_id', 'attempt_id', 'device_id', 'course_id', 'state', 'epoch', 'seq', 'feed', 'saved'],
		branches.map(({ branch: { saved, ...state }, feed }) => [
			bucket,
			state.learnerId,
			toStoredText(state.attemptId),
			toStoredText(state.device),
			toStoredText(state.courseId),
			JSON.stringify(state),
			toStoredText(state.epoch),
			state.seq,
			feed,
			saved === null || saved === SAVED_ELSEWHERE ? null : JSON.stringify(saved)
		]),
		`ON CONFLICT (bucket, learner_id, attempt_id, device_id) DO UPDATE SET course_id = excluded.course_id,
		state = excluded.state, epoch = excluded.epoch, seq = excluded.seq, feed = excluded.feed,
		saved = COALESCE(excluded.saved, branches.saved)`
	);
}

export async function deleteBranch(
	queries: Queries,
	bucket: number,
	branch: Pick<Branch, 'learnerId' | 'attemptId' | 'device'>
): Promise<void> {
	await queries.run('DELETE FROM branches WHERE bucket = ? AND learner_id = ? AND attempt_id = ? AND device_id = ?', [
		bucket,
		branch.learnerId,
		toStoredText(branch.attemptId),
		toStoredText(branch.device)
	]);
}

export function toBranch(state: string, saved: string | null): Branch {
	return {
		...(JSON.parse(state) as Omit<Branch, 'saved'>),
		saved: saved === null ? null : (JSON.parse(saved) as Branch['saved'])
	};
}

function toStoredBranch(row: BranchRow): StoredBranch {
	return {
		branch: {
			...(JSON.parse(row.state) as Omit<Branch, 'saved'>),
			saved: row.has_saved === 1 ? SAVED_ELSEWHERE : null
		},
		feed: row.feed
	};
}
