// What a device that pulls may rely on, on both engines.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from '#lib/server/db/database.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { addMembers, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { enrolLearner } from '#lib/server/repositories/enrolments.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { liftFeeds } from '#lib/server/repositories/feed.ts';
import { onBothEngines } from './both-engines.ts';
import { aPerformer, buildProgramme, certify, commands, neighbourOf, PEOPLE, study } from './programme.ts';
import { aPullingDevice } from './pulling-device.ts';
import { addCourse, addPerson, anEvent, EPOCH, finishItem, T0 } from './world.ts';

onBothEngines('pull', (engine) => {
	const programme = async (learners?: readonly string[]): Promise<Database> =>
		buildProgramme(await engine.newDatabase(), learners);

	describe('a learner', () => {
		test('gets her profile, her courses, the catalogue, and nobody else', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'amina');
			const [answer, ...rest] = await device.pull();
			expect(rest).toEqual([]);
			expect(answer?.profile).toMatchObject({
				personId: 'amina',
				roles: ['learner'],
				organisationName: 'The Academy',
				centreName: 'Riverside'
			});
			expect(answer?.enrolments).toEqual([
				{ courseId: 'c1', cohortId: 'h', cohortName: 'H', enrolledAt: T0, dueAt: T0 + 9, ended: false }
			]);
			expect(answer?.courses?.map(({ courseId }) => courseId)).toEqual(['c1', 'c2']);
			expect(answer).not.toHaveProperty('cohorts');
			expect(answer).not.toHaveProperty('learners');
			expect(answer).not.toHaveProperty('registrations');
		});

		test('gets what a course says about itself with its card: what the centre decided before what the package says', async () => {
			const db = await programme();
			await db.run(`UPDATE packages SET record = ? WHERE pack_id = 'p1'`, [
				JSON.stringify({ code: 'C1', glossary: [{ id: 'app', term: 'app', meaning: 'A tool.' }] })
			]);
			await db.run(`UPDATE courses SET record = ? WHERE id = 'c1'`, [JSON.stringify({ topics: ['health'] })]);
			const [answer] = await aPullingDevice(db, 'amina').pull();
			const [c1, c2] = answer?.courses ?? [];
			expect(c1?.record).toEqual({
				code: 'C1',
				topics: ['health'],
				glossary: [{ id: 'app', term: 'app', meaning: 'A tool.' }]
			});
			expect(c2).not.toHaveProperty('record');
		});

		test('large records come in several answers', async () => {
			const db = await programme();
			const glossary = Array.from({ length: 40 }, (_, n) => ({ id: `t${n}`, term: 'word', meaning: 'x'.repeat(300) }));
			for (let n = 0; n < 12; n++) await addCourse(db, { id: `big-${n}`, packs: { [`big-pack-${n}`]: ['i1'] } });
			await db.run('UPDATE packages SET record = ?', [JSON.stringify({ glossary })]);
			const answers = await aPullingDevice(db, 'amina').pull();
			expect(answers.length).toBeGreaterThan(1);
			for (const answer of answers) expect(JSON.stringify(answer).length).toBeLessThan(100_000);
			expect(answers.flatMap(({ courses }) => courses ?? [])).toHaveLength(14);
		});

		test('gets the card of a course of another organisation with her enrolment', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'amina');
			await device.pull();
			await enrolLearner(db, { learnerId: 'amina', courseId: 'other', dueAt: null, now: T0 });
			const [answer] = await device.pull();
			expect(answer?.enrolments).toMatchObject([{ courseId: 'other', cohortId: null, ended: false }]);
			expect(answer?.courses).toMatchObject([{ courseId: 'other', packId: 'p3', items: [{ id: 'i1' }] }]);
		});

		test('gets the work of her other devices, with the state to go on from, and not her own back', async () => {
			const db = await programme();
			const [phone, tablet] = [aPullingDevice(db, 'amina', 'phone'), aPullingDevice(db, 'amina', 'tablet')];
			await phone.pull();
			await tablet.pull();
			await study(db, 'amina', 'phone');
			expect((await phone.once([])).branches).toBeUndefined();
			expect((await tablet.once([])).branches).toMatchObject([
				{
					device: 'phone',
					completion: 'completed',
					saved: { cmi: '{"cmi.suspend_data":"x"}', sequencing: null },
					seq: 5
				}
			]);
		});

		test('a device that holds nothing gets its own work back too', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone');
			expect((await aPullingDevice(db, 'amina', 'phone').once([])).branches).toHaveLength(1);
		});

		test('gets her certificate as it was signed', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'amina');
			await study(db, 'amina', 'phone');
			await study(db, 'amina', 'tablet', finishItem, { scoId: 'i2', attemptId: 'a2' });
			await device.pull();
			expect(await certify(db, 'amina', 'c1')).toBe('issued');
			expect(await certify(db, 'amina', 'c1')).toBe('already-issued');
			expect(await certify(db, 'bo', 'c1')).toBe('not-earned');
			expect((await device.once([])).certificates).toEqual([
				{
					certificateId: 'cert-amina-c1',
					code: 'WP-cert-amina-c1',
					courseId: 'c1',
					learnerName: 'Amina',
					courseTitle: 'Course',
					issuerName: 'The Academy',
					issuedAt: T0,
					hours: 2,
					score: 0.8,
					verifyUrl: 'https://learn.example.org/verify/WP-cert-amina-c1',
					revoked: false
				}
			]);
		});

		test('hears of a course that is withdrawn or becomes a new revision; a newcomer hears nothing of the withdrawn', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'amina');
			await device.pull();
			await db.run(`UPDATE courses SET status = 'withdrawn' WHERE id = 'c2'`);
			await courseFeedBump(db, 'c2');
			expect((await device.once([])).courses).toMatchObject([{ courseId: 'c2', withdrawn: true }]);
			expect((await aPullingDevice(db, 'bo').once([])).courses?.map(({ courseId }) => courseId)).toEqual(['c1']);
		});

		test('her own pushes do not send her profile again', async () => {
			const db = await programme();
			const phone = aPullingDevice(db, 'amina', 'phone');
			await phone.pull();
			await study(db, 'amina', 'phone');
			expect(Object.keys(await phone.once([]))).toEqual(['v', 'now', 'cursor']);
		});
	});

	describe('a trainer', () => {
		test('[SY6] gets her cohorts, their learners, and what these do in the cohorts’ courses', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone');
			await study(db, 'bo', 'phone', finishItem, { courseId: 'c2', packId: 'p2' });
			const [answer] = await aPullingDevice(db, 'trainer').pull(['h']);
			expect(answer?.cohorts).toEqual([
				{
					cohortId: 'h',
					name: 'H',
					centreName: 'Riverside',
					startsAt: null,
					endsAt: null,
					archived: false,
					courseIds: ['c1'],
					dueAt: { c1: T0 + 9 },
					learnerIds: ['amina', 'bo']
				}
			]);
			expect(answer?.learners?.map(({ learnerId }) => learnerId).toSorted()).toEqual(['amina', 'bo']);
			expect(answer?.registrations).toMatchObject([
				{ learnerId: 'amina', courseId: 'c1', state: 'going-on', changedAt: T0 }
			]);
			expect(JSON.stringify(answer)).not.toContain('suspend_data');
		});

		test('sees when a learner was last heard of', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'trainer');
			await device.pull(['h']);
			await study(db, 'amina', 'phone');
			const answer = await device.once(['h']);
			expect(answer.learners).toMatchObject([{ learnerId: 'amina', lastSeenAt: T0 }]);
			expect(answer.cohorts).toBeUndefined();
		});

		test('gets someone who joins with all she did before, whatever bucket she is in', async () => {
			const db = await programme(['amina']);
			const newcomers = [neighbourOf('amina', 'zoe'), 'ada'];
			for (const id of newcomers) {
				await addPerson(db, id, 'male');
				await study(db, id, 'phone');
			}
			const device = aPullingDevice(db, 'trainer');
			await device.pull(['h']);
			for (const id of newcomers) {
				await addMembers(db, { cohortId: 'h', learnerIds: [id], now: T0 });
				const answer = await device.once(['h']);
				expect(answer.cohorts?.[0]?.learnerIds).toContain(id);
				expect(answer.learners).toMatchObject([{ learnerId: id }]);
				expect(answer.registrations).toMatchObject([{ learnerId: id, courseId: 'c1' }]);
			}
		});

		test('gets earlier work when the cohort takes up the course', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone', finishItem, { courseId: 'c2', packId: 'p2' });
			const device = aPullingDevice(db, 'trainer');
			await device.pull(['h']);
			await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c2', enrol: true, dueAt: null, now: T0 });
			expect((await device.once(['h'])).registrations).toMatchObject([
				{ learnerId: 'amina', courseId: 'c2', state: 'done' }
			]);
		});

		test('gets a cohort that comes into her care whole, and hears when one goes', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone');
			const device = aPullingDevice(db, 'trainer');
			await device.pull([]);
			expect((await device.once(['h'])).registrations).toHaveLength(1);
			expect((await device.once([])).cohorts).toBeUndefined();
			expect((await device.once(['h'])).cohorts).toHaveLength(1);
		});

		test('gets the learners of a cohort that comes into her care, also from a bucket she follows already', async () => {
			const db = await programme(['amina']);
			const neighbour = neighbourOf('amina', 'zoe');
			await addPerson(db, neighbour);
			await enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
			await addMembers(db, { cohortId: 'k', learnerIds: [neighbour], now: T0 });
			await study(db, neighbour, 'phone');
			const device = aPullingDevice(db, 'trainer');
			await device.pull(['h']);
			const answer = await device.once(['h', 'k']);
			expect(answer.learners?.map(({ learnerId }) => learnerId)).toContain(neighbour);
			expect(answer.registrations).toMatchObject([{ learnerId: neighbour }]);
		});
	});

	describe('sizes', () => {
		test('an idle pull of a trainer with forty learners is under 300 bytes; her first one under 1 MB', async () => {
			const learners = Array.from(
				{ length: 40 },
				(_, index) => `01980000-0000-7000-8000-${(index * 7919).toString(16).padStart(12, '0')}`
			);
			const db = await programme(learners);
			for (const courseId of ['c2'])
				await enrolCohortInCourse(db, { cohortId: 'h', courseId, enrol: true, dueAt: null, now: T0 });
			for (const [index, learner] of learners.entries()) {
				await study(db, learner, 'phone', [
					{ type: 'attempt.saved', cmi: 'x'.repeat(60_000), sequencing: null },
					...finishItem.slice(2)
				]);
				if (index % 2 === 0)
					await study(db, learner, 'tablet', finishItem, { courseId: 'c2', packId: 'p2', attemptId: `b-${learner}` });
			}
			const device = aPullingDevice(db, 'trainer');
			const bytes = (await device.pull(['h'])).reduce(
				(sum, answer) => sum + Buffer.byteLength(JSON.stringify(answer)),
				0
			);
			expect(bytes).toBeLessThan(40_000);
			// As after a restart and a busy week since.
			await liftFeeds(db, T0);
			await db.run('UPDATE bucket_heads SET head = head + (bucket + 1) * 997');
			await device.pull(['h']);
			const idle = await device.once(['h']);
			expect(Object.keys(idle)).toEqual(['v', 'now', 'cursor']);
			expect(Buffer.byteLength(JSON.stringify(idle))).toBeLessThan(300);
		});

		test('a long answer comes in pages of bounded size, each row once', async () => {
			const db = await programme();
			const many = Array.from({ length: 60 }, (_, index) => `a${index}`);
			for (const attemptId of many) {
				await study(
					db,
					'amina',
					`d-${attemptId}`,
					[{ type: 'attempt.saved', cmi: attemptId.padEnd(9_000, 'x'), sequencing: null }],
					{ attemptId }
				);
			}
			const answers = await aPullingDevice(db, 'amina').pull();
			const branches = answers.flatMap((answer) => answer.branches ?? []);
			expect(answers.length).toBeGreaterThan(5);
			expect(new Set(branches.map(({ attemptId }) => attemptId)).size).toBe(60);
			expect(branches).toHaveLength(60);
			for (const answer of answers) expect(JSON.stringify(answer).length).toBeLessThan(80_000);
		});

		test('more rows under one number than a page has room for still come through', async () => {
			const db = await programme();
			const saved = { type: 'attempt.saved', cmi: 'x'.repeat(2000), sequencing: null } as const;
			const events = Array.from({ length: 120 }, (_, index) =>
				anEvent({ seq: index + 1, attemptId: `a${index}`, body: saved })
			);
			await acceptPush(db, { person: { id: 'amina' }, now: T0, batch: { device: 'phone', epoch: EPOCH, events } });
			const answers = await aPullingDevice(db, 'amina', 'tablet').pull();
			expect(answers.flatMap((answer) => answer.branches ?? [])).toHaveLength(120);
		});
	});

	describe('after a loss', () => {
		test('[SY7] a server that has less than the device knows asks for it, and sends all of its own', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone');
			const device = aPullingDevice(db, 'amina', 'phone');
			await device.pull();
			const answer = await device.once([], { [EPOCH]: 9, '0002-zzzzzz': 3, '0003-zzzzzz': 0 });
			expect(answer.resend).toEqual({ [EPOCH]: { upto: 5, beyond: [] }, '0002-zzzzzz': { upto: 0, beyond: [] } });
			expect(answer.branches).toHaveLength(1);
			expect(answer.profile).toBeDefined();
			expect((await device.once([], { [EPOCH]: 5 })).resend).toBeUndefined();
		});

		test.each(['', 'AAAA', 'not a cursor', 'AQ', '_____________________', null])(
			'a cursor like %s gets everything again',
			async (cursor) => {
				const db = await programme();
				const device = aPullingDevice(db, 'amina');
				device.cursor = cursor;
				expect((await device.once([])).profile).toBeDefined();
			}
		);

		test('a cursor from the future of a restored server gets everything again', async () => {
			const db = await programme();
			const device = aPullingDevice(db, 'amina');
			await device.pull();
			await db.run('UPDATE bucket_heads SET head = head - 1');
			expect((await device.once([])).profile).toBeDefined();
		});
	});

	test('someone who does not exist gets no answer', async () => {
		const db = await programme();
		await expect(aPullingDevice(db, 'nobody').once([])).rejects.toMatchObject({ code: 'person-unknown' });
	});

	test('[SY5] whatever happens between pulls, a device ends with what a new device gets', async () => {
		const db = await engine.newDatabase();
		const command = fc.oneof(
			{ weight: 9, arbitrary: commands },
			fc.record({ do: fc.constant('scope' as const), cohorts: fc.subarray(['h', 'k']) }),
			{
				weight: 3,
				arbitrary: fc.record({
					do: fc.constant('pull' as const),
					person: fc.constantFrom('trainer', 'amina'),
					whole: fc.boolean()
				})
			}
		);
		await fc.assert(
			fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (story) => {
				await buildProgramme(await engine.reset(db), PEOPLE);
				const devices = { trainer: aPullingDevice(db, 'trainer'), amina: aPullingDevice(db, 'amina') };
				const perform = aPerformer(db);
				let scope = ['h'];
				for (const one of story) {
					if (one.do === 'scope') scope = one.cohorts;
					else if (one.do === 'pull')
						await devices[one.person][one.whole ? 'pull' : 'once'](one.person === 'trainer' ? scope : []);
					else await perform(one);
				}
				for (const name of ['trainer', 'amina'] as const) {
					const cohorts = name === 'trainer' ? scope : [];
					await devices[name].pull(cohorts);
					const fresh = aPullingDevice(db, name);
					await fresh.pull(cohorts);
					const [known, right] = [devices[name].state(), fresh.state()];
					// What a new device gets, the old one has, to the last field; it may still hold what was once its business.
					if (cohorts.length === 0) {
						delete known['cohorts'];
						delete right['cohorts'];
					}
					expect(known).toMatchObject(right);
					const more = Object.keys(known).filter((key) => !(key in right));
					expect(more.filter((key) => !key.startsWith('course/'))).toEqual(
						cohorts.length === 0 ? more.filter((key) => /^(learner|registration)\//.test(key)) : []
					);
				}
			}),
			{ numRuns: engine.name === 'SQLite' ? 60 : 8, endOnFailure: true }
		);
	});
});
