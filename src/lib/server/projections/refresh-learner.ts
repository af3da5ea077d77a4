/**
 * Makes one learner's branches and registrations again from her events and writes what differs, with the feed number of this
 * transaction, so that devices get the corrections and only those.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Database, Queries } from '#lib/server/db/database.ts';
import {
	deleteBranch,
	findLearnerBranches,
	saveBranches,
	type StoredBranch
} from '#lib/server/repositories/branches.ts';
import { findIssuedCourses } from '#lib/server/repositories/certificates-store.ts';
import { findLearnerEvents, type ReceivedEvent } from '#lib/server/repositories/events.ts';
import { readScoIds } from '#lib/server/repositories/pack-items.ts';
import {
	deleteRegistration,
	findLearnerRegistrations,
	saveRegistrations
} from '#lib/server/repositories/registrations.ts';
import { moveInRollups } from '#lib/server/repositories/rollups.ts';
import { withCertificateStates } from './certificate-state.ts';
import { projectLearner } from './project-learner.ts';

export type RefreshedLearner = { readonly bucket: number; readonly learnerId: string; readonly feed: number };

/**
 * The caller holds the bucket's lock; `feed` is its number.
 * @param known her events, when the caller has read them already
 */
export async function refreshLearner(
	db: Database,
	queries: Queries,
	{ bucket, learnerId, feed }: RefreshedLearner,
	known?: readonly ReceivedEvent[]
): Promise<void> {
	const events = known ?? (await findLearnerEvents(queries, bucket, learnerId));
	const scoIdsOf = await readScoIds(db, queries, new Set(events.map(({ event }) => event.packId)));
	const { branches, registrations } = projectLearner(learnerId, events, scoIdsOf);

	const stored = await findLearnerBranches(queries, bucket, learnerId);
	const keyOf = ({ branch }: StoredBranch): string => JSON.stringify([branch.attemptId, branch.device]);
	const right = new Map(branches.map((one) => [keyOf(one), one.branch]));
	const wrong = stored.filter((one) => !isDeepStrictEqual(one.branch, right.get(keyOf(one))));
	for (const { branch } of wrong) await deleteBranch(queries, bucket, branch);
	const kept = new Set(stored.filter((one) => !wrong.includes(one)).map(keyOf));
	await saveBranches(
		queries,
		bucket,
		branches.flatMap((one) => (kept.has(keyOf(one)) ? [] : [{ branch: one.branch, feed }]))
	);

	const before = await findLearnerRegistrations(queries, bucket, learnerId);
	const issued = await findIssuedCourses(queries, bucket, learnerId);
	const records = await withCertificateStates(
		queries,
		registrations,
		issued.map((courseId) => ({ courseId, certificate: 'issued' }))
	);
	const beforeOf = (courseId: string) => before.find((one) => one.courseId === courseId) ?? null;
	await saveRegistrations(
		queries,
		bucket,
		records.filter((record) => !isDeepStrictEqual(beforeOf(record.courseId), record)),
		feed
	);
	const gone = before.filter((one) => !records.some((record) => record.courseId === one.courseId));
	for (const { courseId } of gone) await deleteRegistration(queries, bucket, learnerId, courseId);
	await moveInRollups(queries, bucket, learnerId, [
		...records.map((record) => ({ courseId: record.courseId, before: beforeOf(record.courseId), after: record })),
		...gone.map((one) => ({ courseId: one.courseId, before: one, after: null }))
	]);
}
