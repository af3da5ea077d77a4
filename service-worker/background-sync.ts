/**
 * Background Sync, where a browser has it: wakes the same code that pages run. Nothing depends on it, since foreground
 * sync is what works everywhere.
 */
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
	const left = await pushForEveryone({ fetch: (input, init) => fetch(input, init), now: Date.now });
	if (left > 0) throw new Error('something is left to send');
}
