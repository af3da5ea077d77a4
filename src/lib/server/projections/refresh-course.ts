import type { Database } from '#lib/server/db/database.ts';
import { nextFeed, REFERENCE_BUCKET } from '#lib/server/repositories/feed.ts';
import { findCourseLearners } from '#lib/server/repositories/registrations.ts';
import { refreshLearner } from './refresh-learner.ts';

/**
 * Call after a course changed (imported, published, withdrawn, another certificate rule, another text): devices get its card anew,
 * and registrations are worked out again, because a pack may have become known after its events, and another pass mark makes other
 * certificates due. One transaction a bucket, so that learners can go on meanwhile; stopping half-way and calling again is fine.
 */
export async function courseFeedBump(db: Database, courseId: string): Promise<void> {
	await db.tx(async (queries) => {
		const feed = await nextFeed(queries, REFERENCE_BUCKET);
		await queries.run('UPDATE courses SET feed = ? WHERE id = ?', [feed, courseId]);
	});
	for (const [bucket, learnerIds] of await findCourseLearners(db, courseId)) {
		await db.tx(async (queries) => {
			const feed = await nextFeed(queries, bucket);
			for (const learnerId of learnerIds) await refreshLearner(db, queries, { bucket, learnerId, feed });
		});
	}
}
