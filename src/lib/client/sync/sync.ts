/**
 * Sync: first everything that waits goes out, then what is new comes in (SPEC SY22 to SY30). Idle it costs one round trip.
 * Every step can be repeated: the server knows events by (device, epoch, seq) and content, the device stores rows and
 * cursor together.
 */
import { encodeBatch } from '#lib/contracts/push-codec.ts';
import type { PushStore, SyncStore } from './sync-store.ts';
import type { Answer, Transport } from './transport.ts';

export type PushParts = {
	readonly store: PushStore;
	readonly transport: Pick<Transport, 'push'>;
	readonly pace: Pace;
	/** Monotonic milliseconds. */
	readonly clock: () => number;
};
export type SyncParts = PushParts & { readonly store: SyncStore; readonly transport: Transport };

/** How many events a batch may have: grows while the link is quick, shrinks when it fails. */
export type Pace = { events: number };

export type Trouble =
	/** Come back later: after `seconds`, or when the back-off says so. */
	| {
			readonly type: 'retry';
			readonly seconds: number | null;
			readonly code: 'unreachable' | 'busy' | 'server-too-old';
	  }
	| { readonly type: 'needs-sign-in' }
	/** Only a newer version of the app can go on. */
	| { readonly type: 'app-too-old' };

export type PushOutcome = { readonly type: 'done'; readonly received: number } | Trouble;
export type PullOutcome = { readonly type: 'done'; readonly sendAgain: number } | Trouble;

export const FIRST_BATCH = 100;
const LARGEST_BATCH = 1_000;
const BATCH_BYTES = 256_000;
/** Whoever calls this too big is not our server. */
const SMALL = 32_000;
/** A batch that took less than this may be larger next time. */
const QUICK = 5_000;

export function newPace(): Pace {
	return { events: FIRST_BATCH };
}

export async function syncOnce(parts: SyncParts): Promise<PullOutcome> {
	for (let round = 0; ; round++) {
		const pushed = await pushAll(parts);
		if (pushed.type !== 'done') return pushed;
		const pulled = await pullAll(parts);
		// A restored server asked for events again: they go at once, and one more pull tells whether that was all.
		if (pulled.type !== 'done' || pulled.sendAgain === 0 || round === 2) return pulled;
	}
}

/** Sends batch after batch until nothing waits. Nothing is marked before the server's own answer about that very batch. */
export async function pushAll({ store, transport, pace, clock }: PushParts): Promise<PushOutcome> {
	let received = 0;
	for (;;) {
		const batch = await store.nextBatch({ events: pace.events, bytes: BATCH_BYTES });
		const [first] = batch;
		if (first === undefined) return { type: 'done', received };
		const started = clock();
		const body = await encodeBatch(batch, store.personId);
		const answer = await transport.push(body);
		if (answer.type === 'ok') {
			const marked = answer.value.epoch === first.epoch ? await store.acknowledge(batch, answer.value) : 0;
			// An answer that takes us no further would be asked for again for ever.
			if (marked === 0) return { type: 'retry', seconds: null, code: 'unreachable' };
			received += marked;
			await store.setNeedsSignIn(false);
			if (clock() - started < QUICK) pace.events = Math.min(LARGEST_BATCH, pace.events * 2);
			continue;
		}
		const isAboutTheBatch =
			(answer.type === 'too-big' && body.length > SMALL) || (answer.type === 'refused' && isContent(answer.code));
		if (isAboutTheBatch && batch.length === 1) {
			await store.setAside(first);
			continue;
		}
		pace.events = Math.max(1, Math.floor(Math.min(pace.events, batch.length) / (isAboutTheBatch ? 4 : 2)));
		if (isAboutTheBatch) continue;
		return troubleOf(answer, store);
	}
}

export async function pullAll({ store, transport }: Pick<SyncParts, 'store' | 'transport'>): Promise<PullOutcome> {
	let sendAgain = 0;
	for (;;) {
		const request = await store.pullRequest();
		const answer = await transport.pull(request);
		if (answer.type !== 'ok') return troubleOf(answer, store);
		const applied = await store.applyPull(request, answer.value);
		await store.setNeedsSignIn(false);
		sendAgain += applied.sendAgain;
		// Without a new cursor "more" would never end.
		if (!answer.value.more || answer.value.cursor === request.cursor) return { type: 'done', sendAgain };
	}
}

/** The server could read the batch and cannot take what is in it. */
function isContent(code: string): boolean {
	return code === 'batch-malformed' || code === 'batch-too-large';
}

async function troubleOf(answer: Exclude<Answer<unknown>, { type: 'ok' }>, store: PushStore): Promise<Trouble> {
	switch (answer.type) {
		case 'needs-sign-in':
			await store.setNeedsSignIn(true);
			return { type: 'needs-sign-in' };
		case 'wait':
			return { type: 'retry', seconds: answer.seconds, code: 'busy' };
		case 'refused':
			if (answer.code === 'batch-older-version' || answer.code === 'app-too-old') return { type: 'app-too-old' };
			if (answer.code === 'batch-newer-version') return { type: 'retry', seconds: 3600, code: 'server-too-old' };
			return { type: 'retry', seconds: null, code: 'busy' };
		case 'too-big':
		case 'unreachable':
			return { type: 'retry', seconds: null, code: 'unreachable' };
	}
}
