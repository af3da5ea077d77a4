/**
 * Group commit: pushes that wait at the same moment share one transaction, so that on slow storage the price of a flush is paid
 * once (an SD card with 20 ms a flush takes 32 device batches a second one by one, and hundreds together). Each push gets its own
 * answer, after the common commit. On PostgreSQL every bucket has its own line, since writers of one bucket take turns anyway.
 */
import { setImmediate } from 'node:timers/promises';
import type { PushResponse } from '#lib/contracts/sync.ts';
import type { Database } from '#lib/server/db/database.ts';
import { sealPush, storePush, type Push, type SealedPush } from './accept-push.ts';

const mostPushes = 64;
/** A long transaction would hold up everyone else. */
const mostEvents = 2_000;

export type PushQueue = {
	/** The same promise as acceptPush. */
	push(push: Push): Promise<PushResponse>;
	/** Resolves when nothing waits any more. */
	idle(): Promise<void>;
};

type Waiting = {
	readonly sealed: SealedPush;
	readonly resolve: (response: PushResponse) => void;
	readonly reject: (error: unknown) => void;
};

export function createPushQueue(db: Database): PushQueue {
	const lines = new Map<number, Waiting[]>();
	const running = new Set<Promise<void>>();

	/** Works a line off until it is empty. */
	async function work(line: number, waiting: Waiting[]): Promise<void> {
		// Let what arrived in the same turn of the event loop join in.
		await setImmediate();
		while (waiting.length > 0) {
			await commit(takeGroup(waiting));
			await setImmediate();
		}
		lines.delete(line);
	}

	async function commit(group: readonly Waiting[]): Promise<void> {
		try {
			const responses = await db.tx(async (queries) => {
				const answers: PushResponse[] = [];
				for (const { sealed } of group) answers.push(await storePush(db, queries, sealed));
				return answers;
			});
			group.forEach((one, index) => one.resolve(responses[index] as PushResponse));
		} catch (error) {
			if (group.length === 1) group[0]?.reject(error);
			// One of them is at fault; alone, the others go through.
			else for (const one of group) await commit([one]);
		}
	}

	return {
		push(push) {
			return new Promise((resolve, reject) => {
				const sealed = sealPush(push);
				const line = db.engine === 'sqlite' ? 0 : sealed.writer.bucket;
				const waiting = lines.get(line);
				if (waiting !== undefined) {
					waiting.push({ sealed, resolve, reject });
					return;
				}
				const begun: Waiting[] = [{ sealed, resolve, reject }];
				lines.set(line, begun);
				const worker = work(line, begun).finally(() => running.delete(worker));
				running.add(worker);
			});
		},
		async idle() {
			while (running.size > 0) await Promise.all(running);
		}
	};
}

function takeGroup(waiting: Waiting[]): Waiting[] {
	let events = 0;
	const end = waiting.findIndex((one, index) => {
		events += one.sealed.events.length;
		return index > 0 && (events > mostEvents || index >= mostPushes);
	});
	return waiting.splice(0, end === -1 ? waiting.length : end);
}
