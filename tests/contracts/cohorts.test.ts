// Commands on cohorts: who is enrolled, who is counted, and that commands at the same time leave both right.
import { expect, describe, test } from 'vitest';
import { EMPTY_SPLIT, SEXES } from '#lib/domain/statistics/sex-split.ts';
import type { Database } from '#lib/server/db/database.ts';
import { touchPerson } from '#lib/server/projections/touch-person.ts';
import {
	addMember,
	addMembers,
	changeCohort,
	createCohort,
	enrolCohortInCourse,
	findCohort,
	removeMember
} from '#lib/server/repositories/cohorts.ts';
import { enrolLearner } from '#lib/server/repositories/enrolments.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { onBothEngines } from './both-engines.ts';
import { buildProgramme, certify, study } from './programme.ts';
import { addPerson, finishItem, T0 } from './world.ts';

onBothEngines('cohorts', (engine) => {
	const programme = async (learners?: readonly string[]): Promise<Database> =>
		buildProgramme(await engine.newDatabase(), learners);

	const enrolments = async (db: Database, learnerId: string) =>
		db.all('SELECT course_id, cohort_id, due_at, ended_at FROM enrolments WHERE learner_id = ? ORDER BY course_id', [
			learnerId
		]);

	const funnel = async (db: Database, cohortId = 'h', courseId = 'c1') =>
		(await cohortStatistics(db, cohortId)).find((one) => one.courseId === courseId)?.funnel;

	describe('enrolment', () => {
		test('[EN1] members are enrolled in what the cohort takes, those who come later too', async () => {
			const db = await programme(['amina']);
			await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c2', enrol: true, dueAt: null, now: T0 });
			await addPerson(db, 'zoe');
			await addMember(db, { cohortId: 'h', learnerId: 'zoe', now: T0 });
			for (const learner of ['amina', 'zoe']) {
				expect(await enrolments(db, learner)).toEqual([
					{ course_id: 'c1', cohort_id: 'h', due_at: T0 + 9, ended_at: null },
					{ course_id: 'c2', cohort_id: 'h', due_at: null, ended_at: null }
				]);
			}
		});

		test('[EN1] enrolling again moves the date', async () => {
			const db = await programme(['amina']);
			await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: true, dueAt: T0 + 99, now: T0 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ due_at: T0 + 99 }]);
		});

		test('[EN2] the cohort that gave it goes on; when it stops, the other takes over; then it ends', async () => {
			const db = await programme(['amina']);
			await enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: true, dueAt: T0 + 50, now: T0 });
			await addMember(db, { cohortId: 'k', learnerId: 'amina', now: T0 - 1 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ cohort_id: 'h', due_at: T0 + 9 }]);
			await removeMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 + 1 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ cohort_id: 'k', due_at: T0 + 50, ended_at: null }]);
			await enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: false, dueAt: null, now: T0 + 2 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ ended_at: T0 + 2 }]);
			await addMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 + 3 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ cohort_id: 'h', ended_at: null }]);
		});

		test('[EN1] a direct enrolment outlives the cohort', async () => {
			const db = await programme(['amina']);
			await enrolLearner(db, { learnerId: 'amina', courseId: 'c1', dueAt: null, now: T0 });
			await removeMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 });
			expect(await enrolments(db, 'amina')).toMatchObject([{ cohort_id: null, ended_at: null }]);
		});

		test('[EN3] leaving takes no work away', async () => {
			const db = await programme(['amina']);
			await study(db, 'amina', 'phone');
			await removeMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 });
			expect(await db.all('SELECT items_done FROM registrations')).toEqual([{ items_done: 1 }]);
			await addMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 });
			expect(await funnel(db)).toMatchObject({ started: { female: 1 } });
		});
	});

	describe('counting', () => {
		test('[ST4] by the sex she states now, in the cohort she is in now', async () => {
			const db = await programme();
			await study(db, 'amina', 'phone');
			expect(await funnel(db)).toMatchObject({ enrolled: { female: 2 }, started: { female: 1 } });
			await touchPerson(db, 'amina', { sex: 'not_stated' });
			expect(await funnel(db)).toMatchObject({
				enrolled: { female: 1, not_stated: 1 },
				started: { female: 0, not_stated: 1 }
			});
			await removeMember(db, { cohortId: 'h', learnerId: 'amina', now: T0 });
			expect(await funnel(db)).toMatchObject({ enrolled: { ...EMPTY_SPLIT, female: 1 }, started: EMPTY_SPLIT });
			await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: false, dueAt: null, now: T0 });
			expect(await cohortStatistics(db, 'h')).toEqual([]);
			expect(await db.all('SELECT * FROM cohort_rollups')).toEqual([]);
		});

		test('[ST3] work done before the cohort took the course counts, and a certificate once', async () => {
			const db = await programme(['amina']);
			await study(db, 'amina', 'phone', finishItem, { courseId: 'c2', packId: 'p2' });
			expect(await certify(db, 'amina', 'c2')).toBe('issued');
			await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c2', enrol: true, dueAt: null, now: T0 });
			await study(db, 'amina', 'tablet', finishItem, { courseId: 'c2', packId: 'p2' });
			const counted = { ...EMPTY_SPLIT, female: 1 };
			expect(await funnel(db, 'h', 'c2')).toEqual({
				enrolled: counted,
				started: counted,
				completed: counted,
				certified: counted
			});
		});

		test('[ST5] someone in two cohorts is counted in each', async () => {
			const db = await programme(['amina']);
			await enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
			await addMember(db, { cohortId: 'k', learnerId: 'amina', now: T0 });
			await study(db, 'amina', 'phone');
			for (const cohort of ['h', 'k'])
				expect(await cohortStatistics(db, cohort)).toEqual(await recountCohort(db, cohort));
			expect(await funnel(db, 'k')).toMatchObject({ started: { female: 1 } });
		});

		test('[ST5] commands, pushes and certificates at the same time leave the figures right', async () => {
			const learners = Array.from({ length: 10 }, (_, index) => `learner-${index}`);
			const db = await programme(learners);
			await Promise.all([
				...learners.map((learner) => study(db, learner, 'phone')),
				...learners.map((learner) =>
					study(db, learner, 'tablet', finishItem, { scoId: 'i2', attemptId: `b-${learner}` })
				),
				...learners.map((learner, index) => touchPerson(db, learner, { sex: SEXES[index % 4] })),
				...learners.slice(0, 5).map((learner) => removeMember(db, { cohortId: 'h', learnerId: learner, now: T0 })),
				...learners.slice(3, 8).map((learner) => addMember(db, { cohortId: 'k', learnerId: learner, now: T0 })),
				addMembers(db, { cohortId: 'k', learnerIds: learners, now: T0 }),
				enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: true, dueAt: null, now: T0 }),
				enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c2', enrol: true, dueAt: null, now: T0 }),
				...learners.map((learner) => certify(db, learner, 'c1')),
				changeCohort(db, { cohortId: 'h', name: 'Another', now: T0 })
			]);
			for (const learner of learners) await certify(db, learner, 'c1');
			for (const cohort of ['h', 'k'])
				expect(await cohortStatistics(db, cohort)).toEqual(await recountCohort(db, cohort));
			expect((await funnel(db, 'k'))?.completed).toEqual({ female: 3, male: 3, other: 2, not_stated: 2 });
			expect(await db.all('SELECT count(*) AS many FROM certificates')).toEqual([{ many: 10 }]);
		});
	});

	test('a cohort changes in what is given and keeps the rest', async () => {
		const db = await programme();
		expect(await changeCohort(db, { cohortId: 'h', name: 'New', endsAt: 5, now: T0 })).toBe(true);
		expect(await findCohort(db, 'h')).toEqual({
			cohortId: 'h',
			centreId: 'centre',
			name: 'New',
			startsAt: null,
			endsAt: 5,
			archived: false
		});
		await changeCohort(db, { cohortId: 'h', endsAt: null, archived: true, now: T0 });
		expect(await findCohort(db, 'h')).toMatchObject({ name: 'New', endsAt: null, archived: true });
		await changeCohort(db, { cohortId: 'h', archived: false, now: T0 });
		expect(await findCohort(db, 'h')).toMatchObject({ archived: false });
		expect(await changeCohort(db, { cohortId: 'nowhere', name: 'x', now: T0 })).toBe(false);
		expect(await findCohort(db, 'nowhere')).toBeNull();
	});

	test('commands join the transaction they are given, and go with it', async () => {
		const db = await programme(['amina']);
		const failed = db.tx(async (queries) => {
			await createCohort(queries, {
				cohortId: 'new',
				centreId: 'centre',
				name: 'New',
				startsAt: null,
				endsAt: null,
				now: T0
			});
			await addMember(queries, { cohortId: 'new', learnerId: 'amina', now: T0 });
			throw new Error('changed my mind');
		});
		await expect(failed).rejects.toThrow('changed my mind');
		expect(await findCohort(db, 'new')).toBeNull();
		expect(await db.all(`SELECT * FROM cohort_members WHERE cohort_id = 'new'`)).toEqual([]);
	});
});
