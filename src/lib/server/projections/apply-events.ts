/**
 * Brings a learner's projections up to date with events that were just stored: folds them into their branches, works out the
 * registrations of the courses they touch, and moves the learner in her cohorts' roll-ups. What is out of the ordinary
 * (an attempt that changes its course, a pack that became known) takes the long way: everything of this learner from nothing.
 */
import { foldBranch, foldEvent, type Branch } from '#lib/domain/attempt/branch.ts';
import { compareEvents, type LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { findBranches, saveBranches, SAVED_ELSEWHERE, type StoredBranch } from '#lib/server/repositories/branches.ts';
import { findBranchEvents } from '#lib/server/repositories/events.ts';
import { readScoIds } from '#lib/server/repositories/pack-items.ts';
import {
	findRegistrations,
	saveRegistrations,
	type RegistrationRecord
} from '#lib/server/repositories/registrations.ts';
import { moveInRollups } from '#lib/server/repositories/rollups.ts';
import { registrationWithWork } from './project-learner.ts';
import { refreshLearner } from './refresh-learner.ts';
import { withCertificateStates } from './certificate-state.ts';

export type Applied = {
	readonly bucket: number;
	readonly learnerId: string;
	readonly feed: number;
	readonly now: number;
	/** New ones of one device, stored already. */
	readonly events: readonly LearningEvent[];
};

export async function applyEvents(db: Database, queries: Queries, applied: Applied): Promise<void> {
	const { bucket, learnerId, feed, events } = applied;
	const byAttempt = Map.groupBy(events.toSorted(compareEvents), (event) => event.attemptId);
	const courseIds = [...new Set(events.map((event) => event.courseId))];
	const stored = await findBranches(queries, bucket, learnerId, courseIds, [...byAttempt.keys()]);
	const changed: StoredBranch[] = [];
	for (const [attemptId, own] of byAttempt) {
		const device = own[0]?.device ?? '';
		const known = stored.find(({ branch }) => branch.attemptId === attemptId && branch.device === device)?.branch;
		const branch = await extendBranch(queries, bucket, known ?? null, own);
		if (branch === null) continue;
		const isPlain = isSameSubject(known ?? branch, branch) && own.every((event) => event.courseId === branch.courseId);
		if (!isPlain) return refreshLearner(db, queries, applied);
		changed.push({ branch, feed });
	}
	const branches = mergeChanged(stored, changed);
	const scoIdsOf = await readScoIds(db, queries, new Set(branches.map((branch) => branch.packId)));
	const before = await findRegistrations(queries, bucket, learnerId, courseIds);
	const after: Omit<RegistrationRecord, 'certificate'>[] = [];
	for (const courseId of courseIds) {
		const own = branches.filter((branch) => branch.courseId === courseId);
		if (own.length === 0) continue;
		const was = before.find((one) => one.courseId === courseId);
		const is = registrationWithWork(learnerId, courseId, scoIdsOf, own);
		// A pack became known in between: when the course was done can only be told from the log.
		if (was !== undefined && was.itemsTotal === 0 && is.itemsTotal > 0) return refreshLearner(db, queries, applied);
		after.push({
			...is,
			finishedAt: was?.finishedAt ?? (is.state === 'done' ? applied.now : null),
			changedAt: Math.max(was?.changedAt ?? applied.now, applied.now)
		});
	}
	await saveBranches(queries, bucket, changed);
	const records = await withCertificateStates(queries, after, before);
	await saveRegistrations(queries, bucket, records, feed);
	await moveInRollups(
		queries,
		bucket,
		learnerId,
		records.map((record) => ({
			courseId: record.courseId,
			before: before.find((one) => one.courseId === record.courseId) ?? null,
			after: record
		}))
	);
}

/** AT3: late events (a lost batch, another epoch) are put where they belong by folding the whole branch again. */
async function extendBranch(
	queries: Queries,
	bucket: number,
	known: Branch | null,
	events: readonly LearningEvent[]
): Promise<Branch | null> {
	const [first] = events;
	if (first === undefined) return known;
	if (known === null || compareEvents(known, first) < 0) return events.reduce<Branch | null>(foldEvent, known);
	const all = await findBranchEvents(queries, {
		bucket,
		learnerId: first.learnerId,
		attemptId: first.attemptId,
		device: first.device
	});
	return foldBranch(all.map(({ event }) => event));
}

function isSameSubject(left: Branch, right: Branch): boolean {
	return left.courseId === right.courseId && left.packId === right.packId && left.scoId === right.scoId;
}

function mergeChanged(stored: readonly StoredBranch[], changed: readonly StoredBranch[]): Branch[] {
	const isChanged = (branch: Branch): boolean =>
		changed.some((one) => one.branch.attemptId === branch.attemptId && one.branch.device === branch.device);
	return [
		...stored.map(({ branch }) => branch).filter((branch) => !isChanged(branch)),
		...changed.map(({ branch }) => branch)
	].map((branch) => (branch.saved === null ? branch : { ...branch, saved: SAVED_ELSEWHERE }));
}
