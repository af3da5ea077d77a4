// What trainers and administrators read, on both engines.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { dueCertificateSchema, overviewSchema } from '#lib/contracts/api.ts';
import type { Database } from '#lib/server/db/database.ts';
import { findCertificate, findCertificateByCode } from '#lib/server/repositories/certificates-store.ts';
import { enrolCohortInCourse, addMembers } from '#lib/server/repositories/cohorts.ts';
import { enrolLearner } from '#lib/server/repositories/enrolments.ts';
import { listDueCertificates, listIssued } from '#lib/server/reports/certificates.ts';
import { cohortExportRows } from '#lib/server/reports/cohort-export.ts';
import { overviewFigures } from '#lib/server/reports/overview.ts';
import { onBothEngines } from './both-engines.ts';
import { buildProgramme, certify, study } from './programme.ts';
import { addPerson, finishItem, T0 } from './world.ts';

onBothEngines('reports', (engine) => {
	/** Amina has finished c1, bo has begun it, zoe of the other organisation has finished hers. */
	async function programme(): Promise<Database> {
		const db = await buildProgramme(await engine.newDatabase());
		await addPerson(db, 'zoe', 'male', 'org-2');
		await enrolLearner(db, { learnerId: 'zoe', courseId: 'other', dueAt: null, now: T0 });
		await study(db, 'amina', 'phone');
		await study(db, 'amina', 'tablet', finishItem, { scoId: 'i2', attemptId: 'a2' });
		await study(db, 'bo', 'phone');
		await study(db, 'zoe', 'phone', finishItem, { courseId: 'other', packId: 'p3' });
		return db;
	}

	describe('certificates', () => {
		test('what is due comes with its evidence, to those whose learner it is', async () => {
			const db = await programme();
			const due = await listDueCertificates(db, ['centre']);
			expect(due).toEqual([
				{
					learnerId: 'amina',
					displayName: 'Person amina',
					userName: 'amina',
					sex: 'female',
					courseId: 'c1',
					courseTitle: 'Course c1',
					cohortName: 'H',
					score: 0.8,
					seconds: 3600,
					sessions: 2,
					answers: 2,
					startedAt: T0 + 60_000,
					finishedAt: T0,
					rule: { version: 1, passMark: 0.7 },
					anomalies: []
				}
			]);
			expect((await listDueCertificates(db, null)).map(({ learnerId }) => learnerId).toSorted()).toEqual([
				'amina',
				'zoe'
			]);
			expect(await listDueCertificates(db, [])).toEqual([]);
			for (const one of await listDueCertificates(db, null)) v.parse(dueCertificateSchema, one);
		});

		test('work in a twentieth of the hours is seen', async () => {
			const db = await programme();
			await db.run(`UPDATE courses SET hours = 20 WHERE id = 'c1'`);
			expect((await listDueCertificates(db, ['centre']))[0]?.anomalies).toEqual(['fast']);
		});

		test('a centre sees the learners of its cohorts, wherever they are at home', async () => {
			const db = await programme();
			await addMembers(db, { cohortId: 'h', learnerIds: ['zoe'], now: T0 });
			expect((await listDueCertificates(db, ['centre'])).map(({ learnerId }) => learnerId).toSorted()).toEqual([
				'amina',
				'zoe'
			]);
		});

		test('what was issued is found by its code, by its id, and in the list', async () => {
			const db = await programme();
			await certify(db, 'amina', 'c1');
			const byCode = await findCertificateByCode(db, 'WP-cert-amina-c1');
			expect(byCode).toMatchObject({
				certificateId: 'cert-amina-c1',
				learnerId: 'amina',
				signature: 's',
				revokedAt: null
			});
			expect(await findCertificate(db, 'cert-amina-c1')).toEqual(byCode);
			expect(await findCertificate(db, 'cert-amina-c1', 'amina')).toEqual(byCode);
			expect(await findCertificate(db, 'cert-amina-c1', 'bo')).toBeNull();
			expect(await findCertificateByCode(db, 'WP-other')).toBeNull();
			expect(await listIssued(db, ['centre'])).toEqual([
				{ ...byCode, displayName: 'Person amina', courseTitle: 'Course c1' }
			]);
			expect(await listIssued(db, ['centre-2'])).toEqual([]);
			expect(await listDueCertificates(db, ['centre'])).toEqual([]);
		});
	});

	test('the export has a row for every member and course, begun or not', async () => {
		const db = await programme();
		await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c2', enrol: true, dueAt: null, now: T0 });
		const rows = await cohortExportRows(db, 'h');
		expect(
			rows.map(({ userName, courseCode, state, itemsDone, certificate }) => [
				userName,
				courseCode,
				state,
				itemsDone,
				certificate
			])
		).toEqual([
			['amina', 'C1', 'done', 2, 'due'],
			['amina', 'C2', 'not-begun', 0, 'none'],
			['bo', 'C1', 'going-on', 1, 'none'],
			['bo', 'C2', 'not-begun', 0, 'none']
		]);
		expect(rows[0]).toMatchObject({
			displayName: 'Person amina',
			sex: 'female',
			lastSeenAt: T0,
			finishedAt: T0,
			score: 0.8
		});
		expect(rows[1]).toMatchObject({ score: null, seconds: 0, finishedAt: null });
	});

	describe('the overview', () => {
		test('counts different people and things, each in their place', async () => {
			const db = await programme();
			await certify(db, 'amina', 'c1');
			await enrolCohortInCourse(db, { cohortId: 'k', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
			await addMembers(db, { cohortId: 'k', learnerIds: ['amina'], now: T0 });
			const centre = await overviewFigures(db, { kind: 'centres', centreIds: ['centre'] });
			expect(centre).toMatchObject({ due: 0, learners: 3, cohorts: 2, courses: 2, certificates: 1, quarantined: 0 });
			expect(centre.funnel).toMatchObject({
				enrolled: { female: 2, male: 0 },
				started: { female: 2 },
				completed: { female: 1 },
				certified: { female: 1 }
			});
			expect(await overviewFigures(db, { kind: 'organisations', organisationIds: ['org'] })).toEqual(centre);
			const all = await overviewFigures(db, { kind: 'everything' });
			expect(all).toMatchObject({ due: 1, learners: 4, courses: 3, funnel: { enrolled: { female: 2, male: 1 } } });
			v.parse(overviewSchema, all);
			const nothing = await overviewFigures(db, { kind: 'centres', centreIds: [] });
			expect(nothing).toMatchObject({ due: 0, learners: 0, cohorts: 0, courses: 0 });
		});
	});
});
