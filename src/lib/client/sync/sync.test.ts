/** The product's sync against scripted answers; the misfortunes of whole lives are in tests/simulation. */
import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, test } from 'vitest';
import { appendEvents } from '#lib/client/db/append-events.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { readMeta } from '#lib/client/db/profile-meta.ts';
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { DexieStore } from './dexie-store.ts';
import { beginEpoch } from './epoch.ts';
import { newPace, pullAll, pushAll, syncOnce, type SyncParts } from './sync.ts';
import { httpTransport } from './transport.ts';

const person = 'p1';
let count = 0;
let db: ProfileDb;
let sent: LearningEvent[][];
let used: { down: number; up: number };

beforeEach(async () => {
	db = new ProfileDb(`sync-test-${++count}`);
	sent = [];
	used = { down: 0, up: 0 };
	await beginEpoch(db);
});

type Answering = (batch: readonly LearningEvent[], calls: number) => Response;

/** Push is answered by `push` (default: all received), pull by an empty answer. */
function parts(push: Answering = received, pull: () => Response = news): SyncParts {
	let calls = 0;
	const fetch: typeof globalThis.fetch = async (input, init) => {
		if (String(input).endsWith('/pull')) return pull();
		const batch = await decodeBatch(init?.body as Uint8Array<ArrayBuffer>, person);
		if (batch.type !== 'decoded') throw new Error(batch.reason);
		sent.push([...batch.events]);
		return push(batch.events, ++calls);
	};
	return {
		store: new DexieStore(db, person),
		transport: httpTransport({
			fetch,
			personId: person,
			count: (use) => {
				used = { down: used.down + use.down, up: used.up + use.up };
			}
		}),
		pace: newPace(),
		clock: () => 0
	};
}

function received(batch: readonly LearningEvent[]): Response {
	return json({ v: 1, now: 5_000, epoch: batch[0]!.epoch, frontier: { upto: batch.at(-1)!.seq, beyond: [] } });
}

const news = () => json({ v: 1, now: 5_000, cursor: 'c1' });
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
	new Response(JSON.stringify(body), { status, headers });

function write(events: number, size = 10) {
	return db.transaction('rw', [db.meta, db.events, db.branches], () =>
		appendEvents(
			db,
			Array.from({ length: events }, (_, index) => ({
				learnerId: person,
				courseId: 'c1',
				packId: 'aa',
				attemptId: 'a1',
				scoId: 's1',
				at: index * 1000,
				body: { type: 'attempt.updated', location: `${index}`.padEnd(size, randomText(size)) } as const
			}))
		)
	);
}

function randomText(size: number): string {
	return Array.from({ length: size }, () => Math.random().toString(36)[2]).join('');
}

const waiting = () => db.events.where('waiting').equals(1).count();

describe('push', () => {
	test('[SY22] every event goes once, oldest first, epoch by epoch', async () => {
		await write(3);
		await beginEpoch(db);
		await write(2);
		expect(await pushAll(parts())).toEqual({ type: 'done', received: 5 });
		expect(sent.map((batch) => batch.map((event) => event.seq))).toEqual([
			[1, 2, 3],
			[1, 2]
		]);
		expect(await waiting()).toBe(0);
		expect(await readMeta(db, 'received')).toEqual({ at: 5_000, courses: { c1: 5_000 } });
	});

	test('batches grow while the link is quick', async () => {
		await write(1_000);
		await pushAll(parts());
		expect(sent.map((batch) => batch.length)).toEqual([100, 200, 400, 300]);
	});

	test.each([
		['a portal that says 200', () => new Response('<html>Welcome')],
		['an empty answer', () => new Response('')],
		['half an answer', () => new Response('{"v":1,"now":5000,"epoch":"00')],
		['an answer of another shape', () => json({ v: 2, ok: true })],
		[
			'an answer about another epoch',
			() => json({ v: 1, now: 1, epoch: 'zzzz-zzzzzz', frontier: { upto: 99, beyond: [] } })
		],
		[
			'a frontier that has nothing of it',
			(batch: readonly LearningEvent[]) =>
				json({ v: 1, now: 1, epoch: batch[0]!.epoch, frontier: { upto: 0, beyond: [77] } })
		],
		['502 from a proxy', () => new Response('<html>', { status: 502 })],
		['401 from a portal', () => new Response('<html>', { status: 401 })],
		['413 for a small body', () => new Response('', { status: 413 })],
		['our own 500', () => json({ code: 'server-error' }, 500)]
	] as [string, Answering][])('[SY22] %s is no acknowledgement: everything is kept for later', async (_, answer) => {
		await write(3);
		expect(await pushAll(parts(answer))).toEqual({ type: 'retry', seconds: null, code: 'unreachable' });
		expect(await waiting()).toBe(3);
		expect(await db.events.count()).toBe(3);
		expect(await readMeta(db, 'received')).toBeUndefined();
	});

	test('[SY30] 429 and 503 name a time, of an hour at most', async () => {
		await write(1);
		const busy = (after: string) => parts(() => new Response('', { status: 429, headers: { 'retry-after': after } }));
		expect(await pushAll(busy('17'))).toEqual({ type: 'retry', seconds: 17, code: 'busy' });
		expect(await pushAll(busy('999999'))).toEqual({ type: 'retry', seconds: 3600, code: 'busy' });
		expect(await pushAll(busy('Wed, 21 Oct 2026 07:28:00 GMT'))).toEqual({
			type: 'retry',
			seconds: null,
			code: 'busy'
		});
	});

	test('[SY30] our own 401 keeps everything and asks her to sign in; a good answer takes it back', async () => {
		await write(2);
		expect(await pushAll(parts(() => json({ code: 'needs-sign-in' }, 401)))).toEqual({ type: 'needs-sign-in' });
		expect(await readMeta(db, 'needsSignIn')).toBe(true);
		expect(await waiting()).toBe(2);
		await pushAll(parts());
		expect(await readMeta(db, 'needsSignIn')).toBe(false);
	});

	test('[SY23] too big: smaller batches; one event that is too big by itself holds nothing up', async () => {
		await write(3);
		await write(1, 60_000);
		await write(3);
		const limit: Answering = (batch) =>
			batch.some((event) => JSON.stringify(event).length > 50_000)
				? new Response('', { status: 413 })
				: received(batch);
		const own = parts(limit);
		expect(await pushAll(own)).toEqual({ type: 'done', received: 6 });
		expect(await waiting()).toBe(1);
		expect(await readMeta(db, 'acked')).toMatchObject({ [sent[0]![0]!.epoch]: 3 });
		// The next start tries again.
		expect(await pushAll(parts())).toEqual({ type: 'done', received: 1 });
	});

	test('[SY23] content the server cannot read is set aside one by one, damage on the way is simply repeated', async () => {
		await write(4);
		const malformed: Answering = (batch) =>
			batch.some((event) => event.seq === 2) ? json({ code: 'batch-malformed' }, 422) : received(batch);
		expect(await pushAll(parts(malformed))).toEqual({ type: 'done', received: 3 });
		expect(await pushAll(parts(() => json({ code: 'batch-corrupt' }, 422)))).toMatchObject({ type: 'retry' });
		expect(await waiting()).toBe(1);
	});

	test('an older server and an older app are told apart', async () => {
		await write(1);
		expect(await pushAll(parts(() => json({ code: 'batch-newer-version' }, 426)))).toEqual({
			type: 'retry',
			seconds: 3600,
			code: 'server-too-old'
		});
		expect(await pushAll(parts(() => json({ code: 'batch-older-version' }, 422)))).toEqual({ type: 'app-too-old' });
		expect(await waiting()).toBe(1);
	});

	test('what the server set aside is received all the same, and counted', async () => {
		await write(2);
		await pushAll(
			parts((batch) =>
				json({
					v: 1,
					now: 5_000,
					epoch: batch[0]!.epoch,
					frontier: { upto: 2, beyond: [] },
					quarantined: [{ seq: 2, reason: 'malformed' }]
				})
			)
		);
		expect(await waiting()).toBe(0);
		expect(await readMeta(db, 'quarantined')).toBe(1);
	});

	test('[SY22] events written while a batch is on its way are not taken for received', async () => {
		await write(2);
		let late: Promise<unknown> = Promise.resolve();
		await pushAll(
			parts((batch, calls) => {
				if (calls === 1) late = write(1);
				return calls === 1
					? json({ v: 1, now: 1, epoch: batch[0]!.epoch, frontier: { upto: 99, beyond: [] } })
					: new Response('');
			})
		);
		await late;
		expect(await waiting()).toBe(1);
	});
});

describe('pull', () => {
	test('[SY29] with nothing to do a sync is one round trip', async () => {
		const own = parts(received, news);
		await syncOnce(own);
		const before = used;
		await syncOnce(own);
		expect(sent).toEqual([]);
		expect(used.up + used.down - before.up - before.down).toBeLessThan(2_000);
	});

	test('pages follow at once, and an answer that does not move on ends it', async () => {
		let page = 0;
		const pages = () => json({ v: 1, now: 1, cursor: `c${Math.min(++page, 3)}`, more: true });
		expect(await pullAll(parts(received, pages))).toEqual({ type: 'done', sendAgain: 0 });
		expect(page).toBe(4);
	});

	test('[SY25] what a restored server asks for is sent again', async () => {
		await write(5);
		const { epoch } = (await db.events.toArray())[0]!;
		let asked = false;
		const own = parts(received, () => {
			const resend = asked ? {} : { resend: { [epoch]: { upto: 2, beyond: [4] } } };
			asked = true;
			return json({ v: 1, now: 5_000, cursor: asked ? 'c2' : 'c1', ...resend });
		});
		expect(await syncOnce(own)).toEqual({ type: 'done', sendAgain: 0 });
		expect(sent.map((batch) => batch.map((event) => event.seq))).toEqual([
			[1, 2, 3, 4, 5],
			[3, 5]
		]);
		expect(await waiting()).toBe(0);
	});

	test('[SY28] a hundred epochs do not make an idle pull heavy, and each is mentioned in turn', async () => {
		for (let round = 0; round < 40; round++) {
			await beginEpoch(db);
			await write(1);
		}
		const own = parts();
		await pushAll(own);
		const mentioned = new Set<string>();
		for (let round = 0; round < 4; round++) {
			const { acked } = await own.store.pullRequest();
			expect(Object.keys(acked).length).toBeLessThanOrEqual(24);
			for (const epoch of Object.keys(acked)) mentioned.add(epoch);
			await pullAll(own);
		}
		expect(mentioned.size).toBe(40);
	});

	test('[SY26] cohorts come as a whole: who is not in it is forgotten, with what was known of her', async () => {
		const learner = (learnerId: string) => ({
			learnerId,
			userName: learnerId,
			displayName: learnerId,
			sex: 'female' as const,
			ageBand: '18_24' as const,
			lastSeenAt: null
		});
		const cohort = (learnerIds: string[]) => ({
			cohortId: 'k1',
			name: 'K',
			centreName: 'Z',
			startsAt: null,
			endsAt: null,
			archived: false,
			courseIds: [],
			learnerIds
		});
		const answers = [
			{ v: 1, now: 1, cursor: 'c1', cohorts: [cohort(['l1', 'l2'])], learners: [learner('l1'), learner('l2')] },
			{ v: 1, now: 2, cursor: 'c2', cohorts: [cohort(['l2'])] }
		];
		const own = parts(received, () => json(answers.shift()));
		await pullAll(own);
		await pullAll(own);
		expect((await db.learners.toArray()).map((one) => one.learnerId)).toEqual(['l2']);
	});

	test('what a course says about itself lies beside its card, and goes when it says it no more', async () => {
		const card = {
			courseId: 'c1',
			code: 'C1-EN',
			title: 'Everyday digital skills',
			description: '',
			language: 'en',
			level: null,
			hours: null,
			objectives: [],
			rule: { version: 1, passMark: null },
			packId: 'p1',
			packSha256: 'hash',
			revision: 1,
			packSize: 1,
			installedSize: 1,
			fileCount: 1,
			scormVersion: '1.2',
			items: [],
			withdrawn: false
		};
		const record = { code: 'C1', topics: ['digital skills'] };
		const answers = [
			{ v: 1, now: 1, cursor: 'c1', courses: [{ ...card, record }] },
			{ v: 1, now: 2, cursor: 'c2', courses: [card] }
		];
		const own = parts(received, () => json(answers.shift()));
		await pullAll(own);
		expect(await db.courses.toArray()).toEqual([card]);
		expect(await db.records.toArray()).toEqual([{ courseId: 'c1', record }]);
		await pullAll(own);
		expect(await db.courses.toArray()).toEqual([card]);
		expect(await db.records.toArray()).toEqual([]);
	});

	test('a database from before records is pulled anew, once, and keeps its work', async () => {
		const old = new Dexie('sync-test-old');
		old.version(1).stores({ meta: 'key', events: '[epoch+seq], waiting, ackedAt', courses: 'courseId' });
		await old.table('meta').bulkPut([
			{ key: 'cursor', value: 'c9' },
			{ key: 'writer', value: { device: 'd' } }
		]);
		await old.table('events').put({ epoch: 'e', seq: 1, event: {}, waiting: 1, ackedAt: null });
		old.close();
		const opened = new ProfileDb('sync-test-old');
		expect(await readMeta(opened, 'cursor')).toBeUndefined();
		expect(await readMeta(opened, 'writer')).toEqual({ device: 'd' });
		expect(await opened.events.count()).toBe(1);
		opened.close();
	});
});
