/**
 * Makes every projection again from the log of events: frontiers, branches, registrations, roll-ups. What was right stays as it
 * is, to the byte; what was wrong is put right under a new feed number, so that devices hear of it. Bucket by bucket, each in
 * one transaction under the bucket's lock: the server may go on meanwhile.
 */
import { isDeepStrictEqual } from 'node:util';
import { addToFrontier, EMPTY_FRONTIER } from '#lib/domain/event/frontier.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import {
	findEventOwners,
	findLearnerEvents,
	findQuarantinedSeqs,
	type ReceivedEvent
} from '#lib/server/repositories/events.ts';
import { nextFeed } from '#lib/server/repositories/feed.ts';
import {
	deleteFrontier,
	findFrontiers,
	saveFrontiers,
	type DeviceFrontier
} from '#lib/server/repositories/frontiers.ts';
import { findProjectedLearners } from '#lib/server/repositories/registrations.ts';
import { recountBucketRollups } from '#lib/server/repositories/rollups.ts';
import { refreshLearner } from './refresh-learner.ts';

export type RebuildProgress = { readonly done: number; readonly buckets: number; readonly learners: number };

/** @param onProgress called after every bucket with the number of learners so far */
export async function rebuild(
	db: Database,
	onProgress?: (progress: RebuildProgress) => void
): Promise<{ readonly learners: number }> {
	const buckets = await findUsedBuckets(db);
	let learners = 0;
	for (const [index, bucket] of buckets.entries()) {
		learners += await db.tx((queries) => rebuildBucket(db, queries, bucket));
		onProgress?.({ done: index + 1, buckets: buckets.length, learners });
	}
	return { learners };
}

/** Buckets with events or with projections; the others have nothing to make. */
async function findUsedBuckets(db: Database): Promise<number[]> {
	const tables = [
		'learning_events',
		'quarantined_events',
		'frontiers',
		'branches',
		'registrations',
		'cohort_rollups',
		'cohort_members'
	];
	const rows = await db.all<{ bucket: number }>(
		`${tables.map((table) => `SELECT DISTINCT bucket FROM ${table}`).join(' UNION ')} ORDER BY bucket`
	);
	return rows.map((row) => row.bucket);
}

async function rebuildBucket(db: Database, queries: Queries, bucket: number): Promise<number> {
	const feed = await nextFeed(queries, bucket);
	const owners = new Set([
		...(await findEventOwners(queries, bucket)),
		...(await findProjectedLearners(queries, bucket))
	]);
	for (const learnerId of owners) {
		const events = await findLearnerEvents(queries, bucket, learnerId);
		await rebuildFrontiers(queries, bucket, learnerId, events);
		await refreshLearner(db, queries, { bucket, learnerId, feed }, events);
	}
	await recountBucketRollups(queries, bucket);
	return owners.size;
}

async function rebuildFrontiers(
	queries: Queries,
	bucket: number,
	learnerId: string,
	events: readonly ReceivedEvent[]
): Promise<void> {
	const seqs = [...events.map(({ event }) => event), ...(await findQuarantinedSeqs(queries, bucket, learnerId))];
	const right = [...Map.groupBy(seqs, ({ device, epoch }) => JSON.stringify([device, epoch])).values()].flatMap((own) =>
		own.slice(0, 1).map(({ device, epoch }): DeviceFrontier => ({
			device,
			epoch,
			frontier: addToFrontier(
				EMPTY_FRONTIER,
				own.map(({ seq }) => seq)
			)
		}))
	);
	const stored = await findFrontiers(queries, bucket, learnerId);
	const isIn = (list: readonly DeviceFrontier[]) => (one: DeviceFrontier) =>
		list.some((other) => isDeepStrictEqual(one, other));
	const wrong = stored.filter((one) => !isIn(right)(one));
	for (const one of wrong) await deleteFrontier(queries, bucket, learnerId, one);
	await saveFrontiers(
		queries,
		bucket,
		learnerId,
		right.filter((one) => !isIn(stored)(one))
	);
}
