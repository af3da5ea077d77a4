/** Sends what waits of every person of this device, without a page: for the service worker. */
import type { DeviceDb } from '#lib/client/db/device-db.ts';
import { openProfileDb } from '#lib/client/db/open-profile-db.ts';
import { DexieStore } from './dexie-store.ts';
import { exclusively } from './one-at-a-time.ts';
import { newPace, pushAll } from './sync.ts';
import { httpTransport, type TransportParts } from './transport.ts';

export type EveryoneParts = {
	readonly device: DeviceDb;
	readonly fetch: typeof fetch;
	readonly count: TransportParts['count'];
};

/** @returns how many events still wait that another try could send */
export async function pushForEveryone({ device, fetch, count }: EveryoneParts): Promise<number> {
	let left = 0;
	for (const { personId } of await device.profiles.toArray()) {
		const db = await openProfileDb(personId);
		try {
			const store = new DexieStore(db, personId);
			if ((await store.waiting()) === 0) continue;
			const outcome = await exclusively(() =>
				pushAll({
					store,
					transport: httpTransport({ fetch, personId, count }),
					pace: newPace(),
					clock: () => performance.now()
				})
			);
			// Busy: a page is at it. Signed out: only the person can help. Neither gets better by waking us again.
			if (outcome !== 'busy' && outcome.type === 'retry') left += await store.waiting();
		} finally {
			db.close();
		}
	}
	return left;
}
