import type { Queries } from '#lib/server/db/database.ts';
import { toStoredText } from '#lib/server/db/stored-text.ts';

/** Notes that the person's device was heard of just now. Her trainers see the time; her own profile did not change. */
export async function seenOn(
	queries: Queries,
	seen: {
		readonly bucket: number;
		readonly learnerId: string;
		readonly device: string;
		readonly now: number;
		readonly feed: number;
	}
): Promise<void> {
	await queries.run(
		`INSERT INTO devices (bucket, person_id, id, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (bucket, person_id, id) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
		[seen.bucket, seen.learnerId, toStoredText(seen.device), seen.now, seen.now]
	);
	await queries.run('UPDATE people SET last_seen_at = ?, seen_feed = ? WHERE bucket = ? AND id = ?', [
		seen.now,
		seen.feed,
		seen.bucket,
		seen.learnerId
	]);
}
