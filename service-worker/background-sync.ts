/**
 * Background Sync only wakes the same code that runs in the page (DESIGN 5): it pushes what waits, for every person who
 * has a profile on this device. Failing is no news: the next page that opens tries again.
 */
import { addDataUse } from '#lib/client/db/data-use.ts';
import { DeviceDb } from '#lib/client/db/device-db.ts';
import { openProfileDb } from '#lib/client/db/open-profile-db.ts';
import { DexieStore } from '#lib/client/sync/dexie-store.ts';
import { exclusively } from '#lib/client/sync/one-at-a-time.ts';
import { newPace, pushAll } from '#lib/client/sync/sync.ts';
import { httpTransport } from '#lib/client/sync/transport.ts';

const TAG = 'waypost-push';

/** Not in every browser, so not in the standard types. */
type SyncEvent = ExtendableEvent & { readonly tag: string };

export function wakeSync(worker: ServiceWorkerGlobalScope): void {
	worker.addEventListener('sync', (event) => {
		const { tag } = event as SyncEvent;
		if (tag === TAG) (event as SyncEvent).waitUntil(exclusively(() => pushEveryone(worker)));
	});
}

async function pushEveryone(worker: ServiceWorkerGlobalScope): Promise<void> {
	const device = new DeviceDb();
	try {
		for (const { personId } of await device.profiles.toArray()) await pushFor(worker, device, personId);
	} finally {
		device.close();
	}
}

async function pushFor(worker: ServiceWorkerGlobalScope, device: DeviceDb, personId: string): Promise<void> {
	const db = await openProfileDb(personId);
	try {
		await pushAll({
			store: new DexieStore(db, personId),
			transport: httpTransport({
				fetch: worker.fetch.bind(worker),
				personId,
				count: (use) => void addDataUse(device, Date.now(), use).catch(() => undefined)
			}),
			pace: newPace(),
			clock: () => performance.now()
		});
	} finally {
		db.close();
	}
}
