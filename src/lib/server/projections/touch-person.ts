import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { transact } from '#lib/server/db/transact.ts';
import { findCohortIdsOf } from '#lib/server/repositories/cohorts.ts';
import { nextFeed } from '#lib/server/repositories/feed.ts';
import { recountRollups } from '#lib/server/repositories/rollups.ts';

/**
 * Call in the transaction that changed a person (profile, grants, centre): her devices and her trainers' get her anew. Her sex is
 * changed here and nowhere else, because it moves her in the roll-ups of her cohorts.
 */
export async function touchPerson(
	db: Database | Queries,
	personId: string,
	change: { readonly sex?: Sex | undefined } = {}
): Promise<void> {
	const bucket = bucketOf(personId);
	await transact(db, async (queries) => {
		const feed = await nextFeed(queries, bucket);
		await queries.run('UPDATE people SET feed = ? WHERE bucket = ? AND id = ?', [feed, bucket, personId]);
		if (change.sex === undefined) return;
		await queries.run('UPDATE people SET sex = ? WHERE bucket = ? AND id = ?', [change.sex, bucket, personId]);
		await recountRollups(queries, bucket, await findCohortIdsOf(queries, bucket, personId));
	});
}
