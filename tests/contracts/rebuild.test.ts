// [SY8] Projections can be made again from the events, and what stood there was right.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from '#lib/server/db/database.ts';
import { rebuild } from '#lib/server/projections/rebuild.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { histories } from '#tests/builders/arbitrary-events.ts';
import { onBothEngines } from './both-engines.ts';
import { aPerformer, buildProgramme, commands, PEOPLE, study } from './programme.ts';
import { aPullingDevice } from './pulling-device.ts';
import { anEvent, EPOCH, finishItem, projectionsOf, T0 } from './world.ts';

onBothEngines('rebuild', (engine) => {
	const runs = engine.name === 'SQLite' ? 40 : 6;

	test('[SY8] after anything at all, a rebuild changes not one byte, and roll-ups equal a recount', async () => {
		const db = await engine.newDatabase();
		await fc.assert(
			fc.asyncProperty(fc.array(commands, { minLength: 10, maxLength: 40 }), async (story) => {
				await buildProgramme(await engine.reset(db), PEOPLE);
				const perform = aPerformer(db);
				for (const command of story) await perform(command);
				for (const cohort of ['h', 'k'])
					expect(await cohortStatistics(db, cohort)).toEqual(await recountCohort(db, cohort));
				await expectUnchanged(db);
			}),
			{ numRuns: runs, endOnFailure: true }
		);
	});

	test('[SY8] after odd events in odd order too', async () => {
		const db = await engine.newDatabase();
		const courses = { c1: { packs: ['p1', 'p9'], items: ['i1', 'i2', '*'] }, c2: { packs: ['p2'], items: ['i1'] } };
		await fc.assert(
			fc.asyncProperty(
				histories({ courses, maxLength: 40 }).chain((events) =>
					fc.tuple(fc.shuffledSubarray(events), fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }))
				),
				async ([events, days]) => {
					await buildProgramme(await engine.reset(db));
					for (const [index, event] of events.entries()) {
						// Clocks of a server go back too.
						const now = T0 + (days[index] ?? 0) * 1000;
						await acceptPush(db, {
							person: { id: 'amina' },
							now,
							batch: { device: event.device, epoch: event.epoch, events: [event] }
						});
					}
					expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
					await expectUnchanged(db);
				}
			),
			{ numRuns: runs, endOnFailure: true }
		);
	});

	describe('what was damaged', () => {
		async function programme(): Promise<Database> {
			const db = await buildProgramme(await engine.newDatabase());
			for (const learner of ['amina', 'bo']) await study(db, learner, 'phone');
			await study(db, 'amina', 'tablet', finishItem, { scoId: 'i2', attemptId: 'a2' });
			await acceptPush(db, {
				person: { id: 'amina' },
				now: T0,
				batch: {
					device: 'phone',
					epoch: EPOCH,
					events: [anEvent({ seq: 9 }), anEvent({ seq: 1, at: 3 })],
					malformed: [{ seq: 7, raw: '?' }]
				}
			});
			return db;
		}

		test('[SY8] everything lost is made again, except the numbers that say when', async () => {
			const db = await programme();
			const before = await projectionsOf(db, false);
			for (const table of ['frontiers', 'branches', 'registrations', 'cohort_rollups'])
				await db.run(`DELETE FROM ${table}`);
			await rebuild(db);
			expect(await projectionsOf(db, false)).toEqual(before);
			await expectUnchanged(db);
		});

		test.each([
			`UPDATE registrations SET score = 0.1, state = 'going-on'`,
			`UPDATE branches SET state = replace(state, 'completed', 'incomplete')`,
			`UPDATE branches SET saved = '{"cmi":"wrong","sequencing":null}'`,
			`UPDATE branches SET saved = NULL`,
			`UPDATE cohort_rollups SET completed = completed + 1, enrolled = 7`,
			`UPDATE frontiers SET upto = upto + 3, beyond = '[]'`,
			`DELETE FROM registrations WHERE learner_id = 'bo'`,
			`INSERT INTO cohort_rollups VALUES (3, 'h', 'c1', 'male', 1, 1, 1, 1)`,
			`INSERT INTO frontiers VALUES (3, 'ghost', 'd', 'e', 9, '[]')`,
			`UPDATE registrations SET learner_id = 'ghost' WHERE learner_id = 'bo'`
		])('[SY8] %s', async (damage) => {
			const db = await programme();
			const before = await projectionsOf(db, false);
			await db.run(damage);
			await rebuild(db);
			expect(await projectionsOf(db, false)).toEqual(before);
		});

		test('[SY8] a correction reaches the devices that had it wrong', async () => {
			const db = await programme();
			await db.run(`UPDATE registrations SET score = 0.1 WHERE learner_id = 'bo'`);
			const trainer = aPullingDevice(db, 'trainer');
			await trainer.pull(['h']);
			await rebuild(db);
			expect((await trainer.once(['h'])).registrations).toMatchObject([{ learnerId: 'bo', score: 0.8 }]);
		});
	});

	test('[SY8] people may go on while it runs', async () => {
		const db = await buildProgramme(await engine.newDatabase());
		await study(db, 'amina', 'phone');
		await Promise.all([
			rebuild(db),
			study(db, 'bo', 'phone'),
			study(db, 'amina', 'tablet', finishItem, { scoId: 'i2', attemptId: 'a2' })
		]);
		expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
		await expectUnchanged(db);
	});
});

async function expectUnchanged(db: Database): Promise<void> {
	const before = await projectionsOf(db);
	await rebuild(db);
	expect(await projectionsOf(db)).toEqual(before);
}
