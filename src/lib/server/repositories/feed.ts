/**
 * The change feed: one counter a bucket (reference data: -1), moved inside the writing transaction, so that whoever reads
 * "everything after n" skips nothing (evidence: a sequence skips rows that commit late).
 */
import type { Queries } from '#lib/server/db/database.ts';

/** Courses, cohorts and other rows without a learner. */
export const REFERENCE_BUCKET = -1;

/** The next number of a bucket; call it inside the transaction that writes the row. */
export async function nextFeed(queries: Queries, bucket: number, count = 1): Promise<number> {
	const [row] = await queries.all<{ head: number }>(
		`INSERT INTO bucket_heads (bucket, head) VALUES (?, ?)
		ON CONFLICT (bucket) DO UPDATE SET head = bucket_heads.head + ? RETURNING head`,
		[bucket, count, count]
	);
	return row?.head ?? 0;
}
