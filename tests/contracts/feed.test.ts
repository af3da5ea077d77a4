// [SY5] The feed under eight writers at once: a reader that follows it ends with everything, and never sees half a change.
import { expect, test } from 'vitest';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { createPushQueue } from '#lib/server/sync/push-queue.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { touchPerson } from '#lib/server/projections/touch-person.ts';
import { onBothEngines } from './both-engines.ts';
import { aPullingDevice } from './pulling-device.ts';
import { addCourse, addPerson, anEvent, buildWorld, EPOCH, T0 } from './world.ts';

const writers = 8;
const learners = Array.from({ length: 12 }, (_, index) => `learner-${index}`);

onBothEngines('feed', (engine) => {
	test('[SY5] a reader beside eight writers skips nothing', async () => {
		const db = await engine.newDatabase();
		await buildWorld(db);
		await addCourse(db, { id: 'c1', packs: { p1: ['i1', 'i2'] } });
		for (const [index, id] of [...learners, 'trainer'].entries())
			await addPerson(db, id, index % 3 === 0 ? 'male' : 'female');
		await createCohort(db, { cohortId: 'h', centreId: 'centre', name: 'H', startsAt: null, endsAt: null, now: T0 });
		await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
		await addMembers(db, { cohortId: 'h', learnerIds: learners.slice(0, 8), now: T0 });
		const queue = createPushQueue(db);
		const pushes = engine.name === 'SQLite' ? 60 : 25;

		let writing = true;
		const reader = aPullingDevice(db, 'trainer');
		const follow = (async () => {
			let pulls = 0;
			for (; writing; pulls++) {
				await reader.pull(['h']);
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
			return pulls;
		})();
		const acknowledged = new Map<string, number>();
		await Promise.all(
			Array.from({ length: writers }, async (_, writer) => {
				const random = seeded(writer + 1);
				for (let turn = 0; turn < pushes; turn++) {
					const learnerId = learners[Math.floor(random() * learners.length)] ?? '';
					const device = `device-${writer}-${learnerId}`;
					const from = (acknowledged.get(device) ?? 0) + 1;
					const events = Array.from({ length: 1 + Math.floor(random() * 20) }, (_, index) =>
						anEvent({
							learnerId,
							device,
							seq: from + index,
							attemptId: `${device}-${index % 2}`,
							scoId: `i${1 + (index % 2)}`,
							body:
								random() < 0.05
									? { type: 'attempt.updated', completion: 'completed' }
									: { type: 'attempt.updated', seconds: (from + index) * 2 }
						})
					);
					const push = { person: { id: learnerId }, now: T0 + turn, batch: { device, epoch: EPOCH, events } };
					const answer = random() < 0.5 ? await queue.push(push) : await acceptPush(db, push);
					acknowledged.set(device, answer.frontier.upto);
					if (random() < 0.1) await acceptPush(db, push);
					if (random() < 0.05) await addMembers(db, { cohortId: 'h', learnerIds: [learnerId], now: T0 });
					if (random() < 0.05) await touchPerson(db, learnerId, { sex: random() < 0.5 ? 'other' : 'female' });
				}
			})
		);
		writing = false;
		const pulls = await follow;
		await reader.pull(['h']);
		const fresh = aPullingDevice(db, 'trainer');
		await fresh.pull(['h']);
		expect(reader.state()).toEqual(fresh.state());
		expect(pulls).toBeGreaterThan(3);

		const frontiers = await db.all<{ device_id: string; upto: number; beyond: string }>(
			'SELECT device_id, upto, beyond FROM frontiers'
		);
		expect(Object.fromEntries(frontiers.map((row) => [row.device_id, row.upto]))).toEqual(
			Object.fromEntries(acknowledged)
		);
		const [stored] = await db.all<{ many: number }>('SELECT count(*) AS many FROM learning_events');
		expect(stored?.many).toBe([...acknowledged.values()].reduce((sum, upto) => sum + upto, 0));
		expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
	});

	test('[SY5] numbers of a bucket become visible in order, without holes that are filled later', async () => {
		const db = await engine.newDatabase();
		await buildWorld(db);
		await addPerson(db, 'amina');
		const seen: number[] = [];
		let writing = true;
		const follow = (async () => {
			for (let last = 0; writing;) {
				const rows = await db.all<{ feed: number }>(
					'SELECT DISTINCT feed FROM learning_events WHERE feed > ? ORDER BY feed',
					[last]
				);
				seen.push(...rows.map(({ feed }) => feed));
				last = seen.at(-1) ?? 0;
				await new Promise((resolve) => setTimeout(resolve, 0));
			}
		})();
		await Promise.all(
			Array.from({ length: writers }, async (_, writer) => {
				for (let seq = 1; seq <= 15; seq++) {
					const events = [anEvent({ device: `device-${writer}`, seq, attemptId: `a${writer}` })];
					await acceptPush(db, {
						person: { id: 'amina' },
						now: T0,
						batch: { device: `device-${writer}`, epoch: EPOCH, events }
					});
				}
			})
		);
		writing = false;
		await follow;
		const rows = await db.all<{ feed: number }>('SELECT DISTINCT feed FROM learning_events ORDER BY feed');
		const all = rows.map(({ feed }) => feed);
		expect(all).toHaveLength(writers * 15);
		expect(seen).toEqual(all.slice(0, seen.length));
	});
});

/** A small generator (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
