/** Sends what waits of every person of this device, without a page and without Dexie: for the service worker. */
import type { DataUse, KnownProfile } from '#lib/client/db/device-db.ts';
import { DEVICE_DB_NAME, monthOf, profileDbName } from '#lib/client/db/names.ts';
import { answerOf, inTransaction, openExisting } from '#lib/client/db/raw-idb.ts';
import { exclusively, type Exclusively } from './one-at-a-time.ts';
import { RawPushStore } from './raw-push-store.ts';
import { newPace, pushAll } from './sync.ts';
import { pushTransport } from './transport.ts';

export type EveryoneParts = {
	readonly fetch: typeof fetch;
	readonly now: () => number;
	readonly exclusively?: Exclusively | undefined;
};

/** @returns how many events still wait that another try could send */
export async function pushForEveryone({
	fetch,
	now,
	exclusively: alone = exclusively
}: EveryoneParts): Promise<number> {
	const device = await openExisting(DEVICE_DB_NAME);
	if (device === null) return 0;
	let used = { down: 0, up: 0 };
	let left = 0;
	try {
		for (const { personId } of await profilesOf(device)) {
			left += await pushFor(personId, fetch, alone, (use) => {
				used = { down: used.down + use.down, up: used.up + use.up };
			});
		}
		await countDataUse(device, monthOf(now()), used);
		return left;
	} finally {
		device.close();
	}
}

async function pushFor(
	personId: string,
	fetch: typeof globalThis.fetch,
	alone: Exclusively,
	count: (use: { readonly down: number; readonly up: number }) => void
): Promise<number> {
	const db = await openExisting(profileDbName(personId));
	if (db === null) return 0;
	try {
		const store = new RawPushStore(db, personId);
		if ((await store.waiting()) === 0) return 0;
		const transport = pushTransport({ fetch, personId, count });
		const outcome = await alone(() => pushAll({ store, transport, pace: newPace(), clock: () => performance.now() }));
		// Busy: a page is at it. Signed out: only the person can help. Neither gets better by waking us again.
		return outcome !== 'busy' && outcome.type === 'retry' ? await store.waiting() : 0;
	} finally {
		db.close();
	}
}

function profilesOf(device: IDBDatabase): Promise<KnownProfile[]> {
	return inTransaction(device, ['profiles'], 'readonly', (store) =>
		answerOf<KnownProfile[]>(store('profiles').getAll())
	);
}

function countDataUse(device: IDBDatabase, month: string, { down, up }: { down: number; up: number }): Promise<void> {
	return inTransaction(device, ['dataUse'], 'readwrite', async (store) => {
		const known = await answerOf<DataUse | undefined>(store('dataUse').get(month));
		await answerOf(store('dataUse').put({ month, down: (known?.down ?? 0) + down, up: (known?.up ?? 0) + up }));
	});
}
