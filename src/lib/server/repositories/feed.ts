/**
 * The change feed: every bucket has a counter, and every transaction that changes rows of the bucket takes the next number
 * and writes it into them. The counter's row stays locked until the commit, so numbers become visible in order and a reader
 * who remembers one never skips a row. The lock is also what makes writers of one bucket take turns: take it first.
 */
import type { Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';

/** The "bucket" of courses, cohorts and what else belongs to no learner. */
export const REFERENCE_BUCKET = -1;

/** Locks the bucket until the end of the transaction; the number for the rows this transaction changes. */
export async function nextFeed(queries: Queries, bucket: number): Promise<number> {
	const [row] = await queries.all<{ head: number }>(
		'UPDATE bucket_heads SET head = head + 1 WHERE bucket = ? RETURNING head',
		[bucket]
	);
	if (row === undefined) throw new Error(`bucket ${bucket} has no head`);
	return row.head;
}

/** The same for several buckets, always in ascending order (the reference bucket first), so that two writers never wait for each other. */
export async function nextFeeds(queries: Queries, buckets: Iterable<number>): Promise<ReadonlyMap<number, number>> {
	const feeds = new Map<number, number>();
	for (const bucket of [...new Set(buckets)].toSorted((left, right) => left - right)) {
		feeds.set(bucket, await nextFeed(queries, bucket));
	}
	return feeds;
}

/** How far the buckets are. */
export async function findHeads(queries: Queries, buckets: readonly number[]): Promise<Map<number, number>> {
	const list = inList([...new Set(buckets)]);
	const rows = await queries.all<{ bucket: number; head: number }>(
		`SELECT bucket, head FROM bucket_heads WHERE bucket IN ${list.sql}`,
		list.params
	);
	return new Map(rows.map((row) => [row.bucket, row.head]));
}

/**
 * Call at every start of a server, before the first request. A database that was restored from a backup would give out feed
 * numbers for the second time, and a device that saw them the first time would never hear of what bears them now (found by
 * tests/simulation: a trainer's table stayed wrong for ever). So every start begins at the tenths of a second since 1970:
 * above all that an earlier start gave out, as long as a bucket changes less than ten times a second on average.
 */
export async function liftFeeds(queries: Queries, now: number): Promise<void> {
	const least = Math.floor(now / 100);
	await queries.run('UPDATE bucket_heads SET head = ? WHERE head < ?', [least, least]);
}
