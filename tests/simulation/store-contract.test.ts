/** The store in memory, the product's, and the worker's, given the same random life: equal answers and equal rows after every step. */
import { describe, expect, test } from 'vitest';
import type { PullResponse, PushResponse } from '#lib/contracts/sync.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { DexieStorage } from './dexie-storage.ts';
import type { DeviceStorage } from './device-storage.ts';
import { MemoryStorage } from './memory-storage.ts';
import { seeded, type Random } from './random.ts';

const person = 'p1';

describe('both stores', () => {
	test.each(Array.from({ length: 60 }, (_, index) => index + 1))('live the same life (seed %i)', async (seed) => {
		const memory = new MemoryStorage(person);
		const dexie = new DexieStorage(person);
		const worker = new DexieStorage(person);
		await worker.sendAsTheWorker();
		const lives: DeviceStorage[] = [memory, dexie, worker];
		const random = seeded(seed);
		let now = 1_700_000_000_000;
		for (let step = 0; step < 40; step++) {
			now += random.chance(0.05) ? 31 * 24 * 3_600_000 : random.below(3_600_000);
			const answers = await everyone(lives, stepOf(random, step, now));
			const rows = await everyone(lives, (store) => store.dump());
			for (const other of [1, 2]) {
				expect(answers[other], `answer of step ${step}`).toEqual(answers[0]);
				expect(rows[other], `rows after step ${step}`).toEqual(rows[0]);
			}
		}
		await dexie.delete();
		await worker.delete();
	});

	test('start with no epoch, and refuse to write without one', async () => {
		for (const store of [new MemoryStorage(person), new DexieStorage(person)]) {
			expect(await store.nextBatch({ events: 10, bytes: 1e6 })).toEqual([]);
			expect(await store.pullRequest()).toEqual({ v: 1, device: '', cursor: null, acked: {} });
			await expect(store.append([draft(1, 1)])).rejects.toThrow('no epoch');
		}
	});

	test('[SY27] an older copy of a branch, or one of this device, changes nothing', async () => {
		for (const store of [new MemoryStorage(person), new DexieStorage(person)]) {
			await store.begin(() => new Uint8Array(12));
			const own = await store.append([draft(1, 1)]);
			const other = { ...branchOf(own[0]!), device: 'ffff', epoch: '0005-a', seq: 7 };
			const pull = async (branches: Branch[], cursor: string) =>
				store.applyPull(await store.pullRequest(), { v: 1, now: 1, cursor, branches });
			await pull([other], 'c1');
			await pull(
				[
					{ ...other, seq: 6, answers: 99 },
					{ ...branchOf(own[0]!), epoch: 'zzzz', answers: 99 }
				],
				'c2'
			);
			expect((await store.dump()).branches.map((branch) => branch.answers)).toEqual([0, 1]);
		}
	});
});

async function everyone<T>(lives: readonly DeviceStorage[], work: (store: DeviceStorage) => Promise<T>): Promise<T[]> {
	const results: T[] = [];
	for (const store of lives) results.push(await work(store));
	return results;
}

/** One thing to do, the same for both: everything random is drawn beforehand. */
function stepOf(random: Random, step: number, now: number): (store: DeviceStorage) => Promise<unknown> {
	const kind = step === 0 ? 'begin' : random.weighted({ begin: 1, append: 8, push: 8, pull: 6, aside: 1 });
	const limit = { events: 1 + random.below(6), bytes: random.chance(0.2) ? 300 : 1e6 };
	const bytes = random.bytes(40);
	const [some, salt] = [random.next(), random.next()];
	switch (kind) {
		case 'begin':
			return (store) => store.begin((count) => bytes.slice(0, count));
		case 'append':
			return (store) =>
				store.append(Array.from({ length: 1 + Math.floor(some * 4) }, (_, index) => draft(step, index)));
		case 'push':
			return async (store) => {
				const batch = await store.nextBatch(limit);
				const [first] = batch;
				if (first === undefined) return [await store.waiting()];
				// Half-true answers too: part of the batch, another epoch, numbers that were never sent.
				const known = batch.filter((_, index) => (index * 7 + salt * 10) % 3 > 0.6).map((event) => event.seq);
				const answer: PushResponse = {
					v: 1,
					now,
					epoch: salt < 0.1 ? 'another' : first.epoch,
					frontier: salt < 0.5 ? { upto: batch.at(-1)!.seq + 3, beyond: [] } : { upto: first.seq - 1, beyond: known }
				};
				return [batch, await store.acknowledge(batch, answer), await store.waiting()];
			};
		case 'pull':
			return async (store) => {
				const request = await store.pullRequest();
				const { events } = await store.dump();
				const lost = events.filter((_, index) => (index + Math.floor(salt * 10)) % 4 === 0);
				const answer: PullResponse = {
					v: 1,
					now,
					cursor: `c${step}`,
					branches: lost.map((record) => ({
						...branchOf(record.event),
						device: `other${record.seq % 2}`,
						seq: record.seq
					})),
					...(some < 0.3
						? {
								resend: Object.fromEntries(lost.map(({ epoch, seq }) => [epoch, { upto: seq - 1, beyond: [seq + 1] }]))
							}
						: {})
				};
				const stale = some > 0.8 ? { ...request, cursor: 'of another time' } : request;
				return [request, await store.applyPull(stale, answer)];
			};
		case 'aside':
			return async (store) => {
				const [first] = await store.nextBatch(limit);
				if (first) await store.setAside(first);
			};
	}
}

function draft(step: number, index: number) {
	return {
		learnerId: person,
		courseId: 'c1',
		packId: 'aa',
		attemptId: `a${step % 3}`,
		scoId: 's1',
		at: step * 1000 + index,
		body: { type: 'attempt.updated', location: `${step}-${index}`.repeat(1 + (step % 5) * 20) } as const
	};
}

function branchOf(event: LearningEvent): Branch {
	return {
		attemptId: event.attemptId,
		device: event.device,
		learnerId: event.learnerId,
		courseId: event.courseId,
		packId: event.packId,
		scoId: event.scoId,
		completion: 'incomplete',
		success: 'unknown',
		score: null,
		progress: null,
		location: null,
		seconds: 0,
		sessions: 0,
		answers: 1,
		saved: null,
		startedAt: 0,
		lastAt: 0,
		epoch: event.epoch,
		seq: event.seq
	};
}
