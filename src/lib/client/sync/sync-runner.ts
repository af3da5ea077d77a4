/**
 * Runs sync for one person while her profile is open: the machine decides when, sync.ts what; triggers come from the
 * page (start, becoming visible, a network that may have come back) and from the event log itself.
 */
import { liveQuery } from 'dexie';
import { createActor, fromPromise, type SnapshotFrom } from 'xstate';
import { syncMachine, type SyncStep } from '#lib/client/machines/sync-machine.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import { DexieStore } from './dexie-store.ts';
import { exclusively, type Exclusively } from './one-at-a-time.ts';
import { newPace, pullAll, pushAll, type SyncParts } from './sync.ts';
import { httpTransport, type TransportParts } from './transport.ts';

export type SyncSnapshot = SnapshotFrom<typeof syncMachine>;

export type SyncRunner = {
	/** `byPerson`: she asked for it, so no waiting. */
	readonly want: (byPerson?: boolean) => void;
	/** The session on the server is good again. */
	readonly signedIn: () => void;
	readonly stop: () => void;
};

export type SyncRunnerParts = {
	readonly db: ProfileDb;
	readonly personId: string;
	readonly fetch: typeof fetch;
	readonly count: TransportParts['count'];
	readonly onSnapshot: (snapshot: SyncSnapshot) => void;
	readonly exclusively?: Exclusively | undefined;
};

/** A learner answers several questions a minute: they travel together. */
const DEBOUNCE = 4_000;
/** A page that becomes visible again asks for news at most this often. */
const FRESH = 60_000;

export function startSync(parts: SyncRunnerParts): SyncRunner {
	const alone = parts.exclusively ?? exclusively;
	const sync: SyncParts = {
		store: new DexieStore(parts.db, parts.personId),
		transport: httpTransport(parts),
		pace: newPace(),
		clock: () => performance.now()
	};
	const step = (work: () => Promise<SyncStep>) =>
		fromPromise(async (): Promise<SyncStep> => {
			const outcome = await alone(work);
			return outcome === 'busy' ? { type: 'retry', seconds: null, code: 'busy' } : outcome;
		});
	const actor = createActor(
		syncMachine.provide({
			actors: {
				check: fromPromise(() => sync.store.waiting()),
				push: step(() => pushAll(sync)),
				pull: step(() => pullAll(sync))
			}
		}),
		{ input: { random: Math.random } }
	);
	const snapshots = actor.subscribe(parts.onSnapshot);
	actor.start();

	let lastWish = 0;
	const want = (byPerson = false): void => {
		lastWish = Date.now();
		actor.send({ type: 'sync.wanted', byPerson });
	};
	const onVisible = (): void => {
		if (document.visibilityState === 'visible' && Math.abs(Date.now() - lastWish) > FRESH) want();
		// Going away is the moment at which a browser still lets us ask to be woken.
		if (document.visibilityState === 'hidden') void askToBeWoken(sync);
	};
	const onNetwork = (): void => actor.send({ type: 'network.changed' });
	document.addEventListener('visibilitychange', onVisible);
	window.addEventListener('online', onNetwork);

	let known = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const waiting = liveQuery(() => sync.store.waiting()).subscribe({
		next: (count) => {
			if (count > known && timer === undefined) {
				timer = setTimeout(() => {
					timer = undefined;
					want();
				}, DEBOUNCE);
			}
			known = count;
		},
		error: () => undefined
	});
	want();

	return {
		want,
		signedIn: () => actor.send({ type: 'signed.in' }),
		stop: () => {
			clearTimeout(timer);
			waiting.unsubscribe();
			snapshots.unsubscribe();
			document.removeEventListener('visibilitychange', onVisible);
			window.removeEventListener('online', onNetwork);
			actor.stop();
		}
	};
}

/** Background Sync, where it exists: only wakes the same code in the worker. */
async function askToBeWoken({ store }: SyncParts): Promise<void> {
	if (!('serviceWorker' in navigator) || (await store.waiting().catch(() => 0)) === 0) return;
	const registration = await navigator.serviceWorker.getRegistration();
	const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
	await sync?.register('waypost-push').catch(() => undefined);
}
