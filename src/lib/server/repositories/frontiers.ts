/** How far the server has each writer's events (SPEC EV4). A projection: it can be made again from the log. */
import { EMPTY_FRONTIER, type Frontier } from '#lib/domain/event/frontier.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { fromStoredText, toStoredText } from '#lib/server/db/stored-text.ts';
import type { WriterKey } from './events.ts';

type FrontierRow = { device_id: string; epoch: string; upto: number; beyond: string };

export type DeviceFrontier = { readonly device: string; readonly epoch: string; readonly frontier: Frontier };

export async function findFrontier(
	queries: Queries,
	{ bucket, learnerId, device, epoch }: WriterKey
): Promise<Frontier> {
	const [row] = await queries.all<FrontierRow>(
		'SELECT device_id, epoch, upto, beyond FROM frontiers WHERE bucket = ? AND learner_id = ? AND device_id = ? AND epoch = ?',
		[bucket, learnerId, toStoredText(device), toStoredText(epoch)]
	);
	return row === undefined ? EMPTY_FRONTIER : toDeviceFrontier(row).frontier;
}

export async function findFrontiers(queries: Queries, bucket: number, learnerId: string): Promise<DeviceFrontier[]> {
	const rows = await queries.all<FrontierRow>(
		'SELECT device_id, epoch, upto, beyond FROM frontiers WHERE bucket = ? AND learner_id = ?',
		[bucket, learnerId]
	);
	return rows.map(toDeviceFrontier);
}

export async function saveFrontiers(
	queries: Queries,
	bucket: number,
	learnerId: string,
	frontiers: readonly DeviceFrontier[]
): Promise<void> {
	await queries.insert(
		'frontiers',
		['bucket', 'learner_id', 'device_id', 'epoch', 'upto', 'beyond'],
		frontiers.map(({ device, epoch, frontier }) => [
			bucket,
			learnerId,
			toStoredText(device),
			toStoredText(epoch),
			frontier.upto,
			JSON.stringify(frontier.beyond)
		]),
		'ON CONFLICT (bucket, learner_id, device_id, epoch) DO UPDATE SET upto = excluded.upto, beyond = excluded.beyond'
	);
}

export async function deleteFrontier(
	queries: Queries,
	bucket: number,
	learnerId: string,
	{ device, epoch }: Pick<DeviceFrontier, 'device' | 'epoch'>
): Promise<void> {
	await queries.run('DELETE FROM frontiers WHERE bucket = ? AND learner_id = ? AND device_id = ? AND epoch = ?', [
		bucket,
		learnerId,
		toStoredText(device),
		toStoredText(epoch)
	]);
}

function toDeviceFrontier(row: FrontierRow): DeviceFrontier {
	return {
		device: fromStoredText(row.device_id),
		epoch: fromStoredText(row.epoch),
		frontier: { upto: row.upto, beyond: JSON.parse(row.beyond) as number[] }
	};
}
