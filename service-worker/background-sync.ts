/**
 * Background Sync, where a browser has it: wakes the same code that pages run. Nothing depends on it, since foreground
 * sync is what works everywhere.
 */
import { addDataUse } from '#lib/client/db/data-use.ts';
import { DeviceDb } from '#lib/client/db/device-db.ts';
import { pushForEveryone } from '#lib/client/sync/push-for-everyone.ts';

type SyncEvent = ExtendableEvent & { readonly tag: string };

export function sendWhenWoken(worker: ServiceWorkerGlobalScope): void {
	worker.addEventListener('sync', (event) => {
		const { tag } = event as SyncEvent;
		if (tag === 'waypost-push') (event as SyncEvent).waitUntil(sendAll());
	});
}

/** @throws when something is left to send: the browser then wakes us again, with its own patience */
async function sendAll(): Promise<void> {
	const device = new DeviceDb();
	try {
		const left = await pushForEveryone({
			device,
			fetch,
			count: (use) => void addDataUse(device, Date.now(), use).catch(() => undefined)
		});
		if (left > 0) throw new Error('something is left to send');
	} finally {
		device.close();
	}
}
