/**
 * Protocols that are wrong on purpose, each in one way that has been seen in the field or in other designs. The simulation
 * proves its worth by finding every one of them (mutants.test.ts).
 */
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { foldEvent, type Branch } from '#lib/domain/attempt/branch.ts';
import { eventKey } from '#lib/domain/event/learning-event.ts';
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import type { PullResponse, PushResponse } from '#lib/contracts/sync.ts';
import type { SyncStore } from '#lib/client/sync/sync-store.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { DeviceStorage } from './device-storage.ts';
import { MemoryStorage } from './memory-storage.ts';
import { plainAccept, type SimulatedServer } from './server.ts';
import type { Mutant } from './world.ts';

/** A crash may have taken even the first epoch with it. */
async function isNew(storage: DeviceStorage): Promise<boolean> {
	return (await storage.dump()).writer === undefined;
}

/** The store with some of its methods replaced. */
function changed(store: DeviceStorage, change: Partial<SyncStore>): SyncStore {
	return new Proxy(store, {
		get(target, name) {
			const own: unknown = Reflect.get(change, name);
			if (own !== undefined) return own;
			const member: unknown = Reflect.get(target, name, target);
			return typeof member === 'function' ? member.bind(target) : member;
		}
	});
}

function tamper(store: DeviceStorage, change: Parameters<MemoryStorage['tamper']>[0]): void {
	if (store instanceof MemoryStorage) store.tamper(change);
}

/** Which (device, epoch) pairs each server's faulty memory has folded what into. */
const arrivalBranches = new WeakMap<SimulatedServer, Map<string, Branch>>();

export const mutants: readonly Mutant[] = [
	{
		name: 'the server acknowledges before its commit',
		server: {
			accept: async (server, personId, batch) => {
				const seqs = batch.events.map((event) => event.seq);
				const early: PushResponse = {
					v: 1,
					now: server.now,
					epoch: batch.epoch,
					frontier: { upto: Math.max(...seqs), beyond: [] }
				};
				// The disk was full, or the power went, every other time.
				return server.now % 2 === 0 ? early : plainAccept(server, personId, batch);
			}
		},
		// A device that lives on would send it again, since the next pull says what the server lacks.
		weights: { evict: 10 }
	},
	{
		name: 'the server remembers the highest number instead of what has no gap',
		server: {
			accept: async (server, personId, batch) => {
				const answer = await plainAccept(server, personId, batch);
				const highest = Math.max(answer.frontier.upto, ...answer.frontier.beyond);
				await server.db.run(
					'UPDATE frontiers SET upto = ?, beyond = ? WHERE bucket = ? AND learner_id = ? AND device_id = ? AND epoch = ?',
					[highest, '[]', bucketOf(personId), personId, batch.device, batch.epoch]
				);
				return { ...answer, frontier: { upto: highest, beyond: [] } };
			}
		},
		weights: { 'server-restore': 6, backup: 6 }
	},
	{
		name: 'the server takes a repeated batch for a new one',
		server: {
			accept: async (server, personId, batch) => {
				const held = await server.contents();
				const isKnown = batch.events.some((event) => held.has(eventKey(event)));
				if (!isKnown) return plainAccept(server, personId, batch);
				const epoch = `${batch.epoch}+${held.size}`;
				const again = { ...batch, epoch, events: batch.events.map((event) => ({ ...event, epoch })) };
				return { ...(await plainAccept(server, personId, again)), epoch: batch.epoch };
			}
		}
	},
	{
		name: 'the server folds events in order of arrival and never again',
		server: {
			accept: async (server, personId, batch) => {
				const held = await server.contents();
				const answer = await plainAccept(server, personId, batch);
				let folded = arrivalBranches.get(server);
				if (folded === undefined || held.size === 0) arrivalBranches.set(server, (folded = new Map()));
				for (const event of batch.events.filter((one) => !held.has(eventKey(one)))) {
					const key = `${event.attemptId}|${event.device}`;
					const branch = foldEvent(folded.get(key) ?? null, event);
					folded.set(key, branch);
					const { saved: _, ...state } = branch;
					await server.db.run('UPDATE branches SET state = ? WHERE attempt_id = ? AND device_id = ?', [
						JSON.stringify(state),
						event.attemptId,
						event.device
					]);
				}
				return answer;
			}
		},
		weights: { 'server-restore': 8, backup: 6, clone: 5 }
	},
	{
		name: 'the server trusts a damaged body',
		server: {
			decode: async (bytes, owner) => {
				if (bytes.length < 12) return decodeBatch(bytes, owner);
				const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(0, -8)));
				const mended = bytes.slice();
				mended.set(digest.subarray(0, 8), bytes.length - 8);
				return decodeBatch(mended, owner);
			}
		}
	},
	{
		name: 'numbers go on after a crash, and the server knows ids only',
		allowsConflicts: true,
		begin: async ({ storage }, why, random) => {
			if (why === 'first' || why === 'eviction' || (await isNew(storage))) await storage.begin(random.bytes);
		},
		server: {
			// The same without this is survived: the second content is set aside, not dropped.
			accept: async (server, personId, batch) => {
				const held = await server.contents();
				const fresh = batch.events.filter((event) => !held.has(eventKey(event)));
				const answer = await plainAccept(server, personId, { ...batch, events: fresh });
				return {
					...answer,
					frontier: { upto: Math.max(answer.frontier.upto, ...batch.events.map((event) => event.seq)), beyond: [] }
				};
			}
		}
	},
	{
		name: 'numbers go on after an unclean start',
		begin: async ({ storage }, why, random) => {
			if (why === 'first' || why === 'eviction' || (await isNew(storage))) await storage.begin(random.bytes);
		}
	},
	{
		name: 'after an eviction the device is taken for the one it was',
		begin: async (device, why, random) => {
			if (why !== 'eviction' && why !== 'first') return void (await device.storage.begin(random.bytes));
			// As if the id came from the hardware, and the epoch from a counter in the lost database.
			await device.storage.begin((count) => new Uint8Array(count).fill(device.name.charCodeAt(1)));
		}
	},
	{
		name: 'a clone goes on with the numbers of its original',
		begin: async ({ storage }, why, random) => {
			if ((why !== 'clone' && why !== 'start') || (await isNew(storage))) await storage.begin(random.bytes);
		},
		weights: { clone: 6, crash: 0 }
	},
	{
		name: 'any answer 200 is an acknowledgement',
		fetch: (fetch) => async (input, init) => {
			const response = await fetch(input, init);
			if (response.status !== 200 || typeof init?.body === 'string') return response;
			const batch = await decodeBatch(init?.body as Uint8Array<ArrayBuffer>, personOf(init));
			if (batch.type !== 'decoded') return response;
			const answer: PushResponse = {
				v: 1,
				now: 1_760_000_000_000,
				epoch: batch.epoch,
				frontier: { upto: batch.events.at(-1)?.seq ?? 0, beyond: [] }
			};
			return new Response(JSON.stringify(answer));
		},
		// Here too the next pull would mend it, as long as the device lives.
		weights: { evict: 14, mood: 8 }
	},
	{
		name: 'what a request was refused with is dropped',
		fetch:
			(fetch, { storage }) =>
			async (input, init) => {
				const response = await fetch(input, init);
				if (response.status < 400 || response.status > 499 || typeof init?.body === 'string') return response;
				const batch = await decodeBatch(init?.body as Uint8Array<ArrayBuffer>, personOf(init));
				if (batch.type === 'decoded') drop(storage, batch.events);
				return response;
			}
	},
	{
		name: 'events are deleted when they are sent',
		store: (store) =>
			changed(store, {
				nextBatch: async (limit) => {
					const batch = await store.nextBatch(limit);
					drop(store, batch);
					return batch;
				}
			})
	},
	{
		name: 'an acknowledgement is for all that waits',
		store: (store) =>
			changed(store, {
				acknowledge: async (sent, answer) => {
					const marked = await store.acknowledge(sent, answer);
					tamper(store, (state) => {
						for (const [key, record] of state.events)
							state.events.set(key, { ...record, waiting: 0, ackedAt: answer.now });
					});
					return marked;
				}
			})
	},
	{
		name: 'acknowledged events are deleted at once',
		store: (store) =>
			changed(store, {
				acknowledge: async (sent, answer) => {
					const marked = await store.acknowledge(sent, answer);
					tamper(store, (state) => {
						for (const [key, record] of state.events) if (record.waiting === 0) state.events.delete(key);
					});
					return marked;
				}
			}),
		weights: { 'server-restore': 6, backup: 6 }
	},
	{
		name: 'retention runs on the clock of the device',
		store: (store, device) =>
			changed(store, {
				applyPull: async (request, answer) => {
					const applied = await store.applyPull(request, answer);
					const limit = answer.now + device.clockOffset - 30 * 86_400_000;
					tamper(store, (state) => {
						for (const [key, record] of state.events) {
							if (record.ackedAt !== null && record.ackedAt < limit) state.events.delete(key);
						}
					});
					return applied;
				}
			}),
		weights: { 'server-restore': 6, backup: 6, clock: 6 }
	},
	{
		name: 'a restored server asks in vain',
		store: (store) =>
			changed(store, {
				applyPull: (request, { resend: _, ...answer }) => store.applyPull(request, answer as PullResponse)
			}),
		weights: { 'server-restore': 6, backup: 6 }
	},
	{
		name: 'the cursor is stored before the rows',
		store: (store, device) => {
			let first = true;
			return changed(store, {
				applyPull: async (request, answer) => {
					tamper(store, (state) => {
						state.cursor = answer.cursor;
					});
					// The device dies in between, now and then.
					if (first && device.name !== 'trainer' && answer.now % 3 === 0) return { sendAgain: 0 };
					first = false;
					return store.applyPull({ ...request, cursor: answer.cursor }, answer);
				}
			});
		}
	},
	{
		name: "a pulled copy of the device's own branch replaces it",
		store: (store) =>
			changed(store, {
				applyPull: async (request, answer) => {
					const applied = await store.applyPull(request, answer);
					tamper(store, (state) => {
						for (const branch of answer.branches ?? [])
							state.branches.set(`${branch.attemptId}|${branch.device}`, branch);
					});
					return applied;
				}
			}),
		weights: { 'server-restore': 6, backup: 6 }
	}
];

function drop(storage: DeviceStorage, events: readonly LearningEvent[]): void {
	tamper(storage, (state) => {
		for (const event of events) state.events.delete(`${event.epoch}/${event.seq}`);
	});
}

function personOf(init: RequestInit | undefined): string {
	return new Headers(init?.headers).get('x-waypost-profile') ?? '';
}
