// What the server promises a device that pushes, on both engines.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { PushResponse } from '#lib/contracts/sync.ts';
import type { Database } from '#lib/server/db/database.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { createPushQueue } from '#lib/server/sync/push-queue.ts';
import { histories, shuffledWithRepeats } from '#tests/builders/arbitrary-events.ts';
import { onBothEngines } from './both-engines.ts';
import {
	addCourse,
	addPack,
	addPerson,
	anEvent,
	buildWorld,
	EPOCH,
	eventsOf,
	finishItem,
	projectionsOf,
	T0
} from './world.ts';

async function push(
	db: Database,
	events: readonly LearningEvent[],
	now = T0,
	personId = 'amina'
): Promise<PushResponse> {
	const [first] = events;
	return acceptPush(db, {
		person: { id: personId },
		now,
		batch: { device: first?.device ?? 'phone', epoch: first?.epoch ?? EPOCH, events }
	});
}

onBothEngines('push', (engine) => {
	async function programme(): Promise<Database> {
		const db = await engine.newDatabase();
		await buildWorld(db);
		await addCourse(db, { id: 'c1', packs: { p1: ['i1', 'i2'] }, passMark: 0.7 });
		await addPerson(db, 'amina', 'female');
		await createCohort(db, { cohortId: 'h', centreId: 'centre', name: 'H', startsAt: null, endsAt: null, now: T0 });
		await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
		await addMembers(db, { cohortId: 'h', learnerIds: ['amina'], now: T0 });
		return db;
	}

	const registration = async (db: Database, courseId = 'c1') =>
		(await db.all('SELECT * FROM registrations WHERE learner_id = ? AND course_id = ?', ['amina', courseId]))[0];

	describe('what is kept', () => {
		test('[SY1] a batch is stored, acknowledged and counted', async () => {
			const db = await programme();
			expect(await push(db, eventsOf({}, finishItem))).toEqual({
				v: 1,
				now: T0,
				epoch: EPOCH,
				frontier: { upto: 5, beyond: [] }
			});
			expect(await registration(db)).toMatchObject({
				state: 'going-on',
				items_done: 1,
				items_total: 2,
				progress: 0.5,
				score: 0.8,
				seconds: 1800,
				sessions: 1,
				answers: 1,
				certificate: 'none',
				finished_at: null
			});
			await push(db, eventsOf({ attemptId: 'a2', scoId: 'i2' }, finishItem, 6), T0 + 60_000);
			expect(await registration(db)).toMatchObject({
				state: 'done',
				certificate: 'due',
				finished_at: T0 + 60_000,
				changed_at: T0 + 60_000
			});
			expect((await cohortStatistics(db, 'h'))[0]?.funnel).toMatchObject({
				enrolled: { female: 1 },
				started: { female: 1 },
				completed: { female: 1 },
				certified: { female: 0 }
			});
		});

		test('[EV6] an event of a newer version is kept and acknowledged', async () => {
			const db = await programme();
			const answer = await push(db, [anEvent({ seq: 1, body: { type: 'unknown', original: '{"type":"x"}' } })]);
			expect(answer.frontier.upto).toBe(1);
			expect(await db.all('SELECT type, body FROM learning_events')).toEqual([
				{ type: 'unknown', body: '{"original":"{\\"type\\":\\"x\\"}","type":"unknown"}' }
			]);
		});

		test('[SY2] nothing odd in a text fails a batch, and everything comes back as it was', async () => {
			const db = await programme();
			const odd = ['\u0000', '\ud800', '\udc00x', '\u001a0000', '🙂 ?', "'; DROP TABLE people; --"];
			const events = odd.map((text, index) =>
				anEvent({
					seq: index + 1,
					attemptId: `a${text}`,
					scoId: text,
					body: { type: 'attempt.updated', location: text, progress: 0.1 }
				})
			);
			expect((await push(db, events)).frontier.upto).toBe(odd.length);
			expect((await push(db, events)).quarantined).toBeUndefined();
			const branches = await db.all<{ state: string }>('SELECT state FROM branches');
			const states = branches.map(({ state }) => JSON.parse(state) as { location: string; scoId: string });
			expect(new Set(states.map(({ location }) => location))).toEqual(new Set(odd));
			expect(new Set(states.map(({ scoId }) => scoId))).toEqual(new Set(odd));
		});

		test('[SY2] a batch of thousands is one push', async () => {
			const db = await programme();
			const events = Array.from({ length: 5000 }, (_, index) =>
				anEvent({
					seq: index + 1,
					attemptId: `a${index % 50}`,
					body: { type: 'attempt.updated', progress: index / 5000, seconds: index }
				})
			);
			expect((await push(db, events)).frontier).toEqual({ upto: 5000, beyond: [] });
			expect(await db.all('SELECT count(*) AS many FROM branches')).toEqual([{ many: 50 }]);
		});

		test('[EV7] clocks of 1970 and of the far future are stored and decide nothing', async () => {
			const db = await programme();
			await push(db, [
				anEvent({ seq: 1, at: -1 }),
				anEvent({ seq: 2, at: 8.6e15, body: { type: 'attempt.updated', completion: 'completed' } })
			]);
			expect(await registration(db)).toMatchObject({
				items_done: 1,
				device_started_at: -1,
				device_last_at: 8.6e15,
				changed_at: T0
			});
		});
	});

	describe('what is set aside', () => {
		test('[EV5] the same number with other content waits for a person; the first counts', async () => {
			const db = await programme();
			await push(db, [anEvent({ seq: 1 })]);
			const other = anEvent({ seq: 1, body: { type: 'attempt.updated', completion: 'completed' } });
			const before = await projectionsOf(db);
			for (let time = 0; time < 2; time++) {
				expect(await push(db, [other])).toMatchObject({
					frontier: { upto: 1, beyond: [] },
					quarantined: [{ seq: 1, reason: 'same-id-other-content' }]
				});
			}
			expect(await projectionsOf(db)).toEqual(before);
			expect(await db.all('SELECT seq, reason FROM quarantined_events')).toEqual([
				{ seq: 1, reason: 'same-id-other-content' }
			]);
		});

		test('[EV5] two contents of one number in one batch: the first counts', async () => {
			const db = await programme();
			const answer = await push(db, [anEvent({ seq: 1 }), anEvent({ seq: 1, at: 5 }), anEvent({ seq: 1 })]);
			expect(answer.quarantined).toEqual([{ seq: 1, reason: 'same-id-other-content' }]);
			expect(await db.all('SELECT count(*) AS many FROM learning_events')).toEqual([{ many: 1 }]);
		});

		test("[SY2] another person's record is not counted, for nobody", async () => {
			const db = await programme();
			await addPerson(db, 'bo');
			const answer = await push(db, [anEvent({ seq: 1 }), anEvent({ seq: 2, learnerId: 'bo' })]);
			expect(answer).toMatchObject({
				frontier: { upto: 2, beyond: [] },
				quarantined: [{ seq: 2, reason: 'not-own-record' }]
			});
			expect(await db.all('SELECT learner_id FROM registrations')).toEqual([{ learner_id: 'amina' }]);
			expect(await db.all('SELECT bucket, learner_id FROM quarantined_events')).toEqual([
				{ bucket: bucketOf('amina'), learner_id: 'amina' }
			]);
		});

		test('[SY2] what the codec could not read is kept and acknowledged', async () => {
			const db = await programme();
			const batch = {
				device: 'phone',
				epoch: EPOCH,
				events: [anEvent({ seq: 1 })],
				malformed: [{ seq: 2, raw: { strange: '\u0000' }, reason: 'type' }]
			};
			for (let time = 0; time < 2; time++) {
				const answer = await acceptPush(db, { person: { id: 'amina' }, now: T0, batch });
				expect(answer).toMatchObject({
					frontier: { upto: 2, beyond: [] },
					quarantined: [{ seq: 2, reason: 'malformed' }]
				});
			}
			expect(await db.all('SELECT event FROM quarantined_events')).toEqual([{ event: '{"strange":"\\u0000"}' }]);
		});

		test('[SY2] a number that was unreadable once is taken when it comes readable', async () => {
			const db = await programme();
			await acceptPush(db, {
				person: { id: 'amina' },
				now: T0,
				batch: { device: 'phone', epoch: EPOCH, events: [], malformed: [{ seq: 1, raw: 1 }] }
			});
			expect(await push(db, [anEvent({ seq: 1 })])).toEqual({
				v: 1,
				now: T0,
				epoch: EPOCH,
				frontier: { upto: 1, beyond: [] }
			});
			expect(await registration(db)).toMatchObject({ state: 'going-on' });
		});

		test.each<[string, Partial<LearningEvent>]>([
			['an id of ten thousand characters', { attemptId: 'x'.repeat(10_000) }],
			['no item', { scoId: '' }],
			['a time that is no number', { at: Number.NaN }],
			['half a millisecond', { at: 0.5 }],
			['another device', { device: 'tablet' }],
			['another epoch', { epoch: '0009-zzzzzz' }]
		])('[SY2] %s does not hold up the rest', async (_, change) => {
			const db = await programme();
			const answer = await push(db, [
				anEvent({ seq: 1 }),
				{ ...anEvent({ seq: 2 }), ...change },
				anEvent({ seq: 3, attemptId: 'a3' })
			]);
			expect(answer).toMatchObject({
				frontier: { upto: 3, beyond: [] },
				quarantined: [{ seq: 2, reason: 'malformed' }]
			});
		});

		test('[SY2] a batch that does not say whose it is was not made by us', async () => {
			const db = await programme();
			const nameless = acceptPush(db, {
				person: { id: 'amina' },
				now: T0,
				batch: { device: '', epoch: EPOCH, events: [] }
			});
			await expect(nameless).rejects.toMatchObject({ code: 'push-malformed' });
		});
	});

	describe('laws', () => {
		const runs = engine.name === 'SQLite' ? 40 : 12;

		test('[SY3] any order, repetition and partition of batches ends in the same projections', async () => {
			const db = await programme();
			let learner = 0;
			await fc.assert(
				fc.asyncProperty(
					histories({
						courses: { c1: { packs: ['p1', 'p9'], items: ['i1', 'i2', '*'] }, c2: { packs: ['p2'], items: ['i1'] } }
					}).chain((events) =>
						fc.tuple(
							fc.constant(events),
							shuffledWithRepeats(events),
							fc.infiniteStream(fc.integer({ min: 1, max: 7 }))
						)
					),
					async ([events, mixed, sizes]) => {
						const [plain, other] = [`plain-${++learner}`, `mixed-${learner}`];
						for (const batch of Object.values(Object.groupBy(events, ({ device, epoch }) => `${device}/${epoch}`))) {
							await push(db, as(plain, batch ?? []), T0, plain);
						}
						let now = T0;
						for (const batch of partition(as(other, mixed), sizes)) await push(db, batch, (now += 1), other);
						expect(await learnerProjections(db, other)).toEqual(await learnerProjections(db, plain));
					}
				),
				{ numRuns: runs, endOnFailure: true }
			);
		});

		test('[ST5] roll-ups equal a recount whatever arrives in whatever order', async () => {
			const db = await programme();
			const learners = ['l1', 'l2', 'l3', 'l4'];
			for (const [index, id] of learners.entries()) await addPerson(db, id, index % 2 === 0 ? 'male' : 'not_stated');
			await addMembers(db, { cohortId: 'h', learnerIds: learners, now: T0 });
			await fc.assert(
				fc.asyncProperty(
					fc.constantFrom(...learners),
					histories({ courses: { c1: { packs: ['p1'], items: ['i1', 'i2', '*'] } }, maxLength: 10 }),
					async (learner, events) => {
						// A device of its own for each run, so that numbers never meet.
						const device = `device-${++deviceCount}`;
						const own = events.map((event) => ({ ...event, learnerId: learner, device: `${device}-${event.device}` }));
						for (const batch of partition(own, [3, 2, 4][Symbol.iterator]())) await push(db, batch, T0, learner);
						expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
					}
				),
				{ numRuns: runs, endOnFailure: true }
			);
		});
		let deviceCount = 0;
	});

	describe('out of the ordinary', () => {
		test('[AT3] a batch that was lost and comes after the next is put where it belongs', async () => {
			const db = await programme();
			const events = eventsOf({}, [...finishItem, ...finishItem]);
			await push(db, events.slice(0, 3));
			expect((await push(db, events.slice(6))).frontier).toEqual({ upto: 3, beyond: [7, 8, 9, 10] });
			await push(db, events.slice(3, 6));
			const late = await projectionsOf(db, false);
			const straight = await programme();
			await push(straight, events);
			expect(late).toEqual(await projectionsOf(straight, false));
		});

		test('[RG6] work on a pack that is not known counts when it becomes known, from the day it arrived', async () => {
			const db = await programme();
			const whole = [
				...eventsOf({ packId: 'p7' }, finishItem),
				...eventsOf({ packId: 'p7', attemptId: 'a2', scoId: 'i2' }, finishItem, 6)
			];
			await push(db, whole, T0);
			expect(await registration(db)).toMatchObject({ state: 'going-on', items_total: 0, certificate: 'none' });
			await addPack(db, 'c1', 'p7', ['i1', 'i2']);
			await courseFeedBump(db, 'c1');
			expect(await registration(db)).toMatchObject({
				state: 'done',
				items_total: 2,
				certificate: 'due',
				finished_at: T0
			});
			expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
		});

		test('[RG6] and also when nobody said that it became known', async () => {
			const db = await programme();
			await push(db, eventsOf({ packId: 'p7' }, finishItem), T0);
			await addPack(db, 'c1', 'p7', ['i1']);
			await push(
				db,
				[anEvent({ seq: 6, packId: 'p7', body: { type: 'session.ended', exit: 'normal', seconds: 1 } })],
				T0 + 5
			);
			expect(await registration(db)).toMatchObject({ state: 'done', finished_at: T0, changed_at: T0 + 5 });
		});

		test('another pass mark makes other certificates due', async () => {
			const db = await programme();
			await push(db, [...eventsOf({}, finishItem), ...eventsOf({ attemptId: 'a2', scoId: 'i2' }, finishItem, 6)]);
			await db.run('UPDATE courses SET pass_mark = 0.9, rule_version = 2');
			await courseFeedBump(db, 'c1');
			expect(await registration(db)).toMatchObject({ certificate: 'none' });
			await db.run('UPDATE courses SET pass_mark = 0.5, rule_version = 3');
			await courseFeedBump(db, 'c1');
			expect(await registration(db)).toMatchObject({ certificate: 'due' });
		});

		test('an attempt that names two courses is counted in one, the same whatever the order', async () => {
			const events = [anEvent({ seq: 1, courseId: 'c2' }), ...eventsOf({}, finishItem, 2)];
			const [straight, late] = [await programme(), await programme()];
			await push(straight, events);
			await push(late, events.slice(1));
			await push(late, events.slice(0, 1));
			expect(await projectionsOf(late, false)).toEqual(await projectionsOf(straight, false));
			expect(await straight.all('SELECT course_id FROM registrations')).toEqual([{ course_id: 'c2' }]);
			expect(await cohortStatistics(late, 'h')).toEqual(await recountCohort(late, 'h'));
		});

		test('a server clock that was set back loses nothing', async () => {
			const db = await programme();
			await push(db, [anEvent({ seq: 1 })], T0 + 1000);
			await push(db, [anEvent({ seq: 2, body: { type: 'attempt.updated', progress: 0.4 } })], T0 - 1000);
			expect(await registration(db)).toMatchObject({ progress: 0.2, changed_at: T0 + 1000 });
		});
	});

	describe('the queue', () => {
		test('[SY1] pushes that wait together each get their own answer', async () => {
			const db = await programme();
			const queue = createPushQueue(db);
			const answers = await Promise.all(
				Array.from({ length: 30 }, (_, index) =>
					queue.push({
						person: { id: 'amina' },
						now: T0 + index,
						batch: {
							device: `device-${index % 6}`,
							epoch: EPOCH,
							events: [
								anEvent({ device: `device-${index % 6}`, seq: Math.floor(index / 6) + 1, attemptId: `a${index}` })
							]
						}
					})
				)
			);
			await queue.idle();
			expect(answers.map(({ frontier }) => frontier.upto)).toEqual(
				Array.from({ length: 30 }, (_, index) => Math.floor(index / 6) + 1)
			);
			expect(await db.all('SELECT count(*) AS many FROM learning_events')).toEqual([{ many: 30 }]);
			expect(await db.all('SELECT DISTINCT upto FROM frontiers')).toEqual([{ upto: 5 }]);
		});

		test('[SY2] one that fails does not take the others with it', async () => {
			const db = await programme();
			const queue = createPushQueue(db);
			// Only the storage itself can refuse a push; here a trigger stands for a fault of one learner's rows.
			await breakFor(db, 'broken');
			const answers = await Promise.allSettled(
				['amina', 'broken', 'bo'].map((learnerId) =>
					queue.push({
						person: { id: learnerId },
						now: T0,
						batch: { device: 'phone', epoch: EPOCH, events: [anEvent({ seq: 1, learnerId })] }
					})
				)
			);
			expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
			const stored = await db.all<{ learner_id: string }>('SELECT learner_id FROM learning_events ORDER BY learner_id');
			expect(stored.map((row) => row.learner_id)).toEqual(['amina', 'bo']);
		});
	});
});

function as(learnerId: string, events: readonly LearningEvent[]): LearningEvent[] {
	return events.map((event) => ({ ...event, learnerId }));
}

/** Batches as a device makes them: of one writer each; sizes as given, then the rest. */
function partition(events: readonly LearningEvent[], sizes: Iterator<number>): LearningEvent[][] {
	const batches: LearningEvent[][] = [];
	for (let rest = [...events]; rest.length > 0;) {
		const [first] = rest;
		const size = sizes.next().value ?? 1000;
		const end = rest.findIndex(
			(event, index) => index >= size || event.device !== first?.device || event.epoch !== first?.epoch
		);
		batches.push(rest.slice(0, end === -1 ? rest.length : end));
		rest = end === -1 ? [] : rest.slice(end);
	}
	return batches;
}

/** The learner's projections, without who and when. */
async function learnerProjections(db: Database, learnerId: string): Promise<unknown> {
	const { cohort_rollups: _, ...tables } = await projectionsOf(db, false);
	const own = Object.values(tables)
		.flat()
		.filter((row) => (row as { learner_id: string }).learner_id === learnerId);
	return JSON.parse(
		JSON.stringify(own, (key, value: unknown) =>
			['bucket', 'changed_at', 'finished_at'].includes(key) ? undefined : value
		).replaceAll(learnerId, 'L')
	);
}

async function breakFor(db: Database, learnerId: string): Promise<void> {
	if (db.engine === 'sqlite') {
		await db.run(
			`CREATE TRIGGER broken BEFORE INSERT ON learning_events WHEN NEW.learner_id = '${learnerId}' BEGIN SELECT RAISE(ABORT, 'broken'); END`
		);
	} else {
		await db.run(`ALTER TABLE learning_events ADD CONSTRAINT broken CHECK (learner_id <> '${learnerId}')`);
	}
}
