/** The package report over the API: made at import, read before publishing, and truer once learners have worked. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminCourseSchema, importStepSchema, type AdminCourse } from '#lib/contracts/api.ts';
import { packageReportAnswerSchema, type PackageReport } from '#lib/contracts/package-report.ts';
import { encodeBatch } from '#lib/contracts/push-codec.ts';
import {
	measureSuspendData,
	savePackageReport,
	findPackageReport,
	findReportSummaries
} from '#lib/server/repositories/package-reports.ts';
import { examine } from '#lib/domain/doctor/doctor-report.ts';
import { oversizeTwin } from '#tests/fixtures/packages/negative-twins.ts';
import { aStructure, anItem } from '#tests/fixtures/make-pack.ts';
import { manifest12 } from '#tests/fixtures/packages/manifests.ts';
import { packageOf } from '#tests/fixtures/packages/odd-packages.ts';
import { Server } from './api-harness.ts';
import { onBothEngines } from './both-engines.ts';

let server: Server;
let admin: string;
let trainer: string;

beforeAll(async () => {
	server = await Server.start();
	const organisationId = await server.organisation('Riverside');
	const centreId = await server.centre(organisationId, 'Mongu');
	const scope = { kind: 'centre', id: centreId } as const;
	admin = await server.person({ userName: 'admin', organisationId, centreId, role: 'centre_admin', scope });
	trainer = await server.person({ userName: 'trainer', organisationId, centreId, role: 'trainer', scope });
});
afterAll(() => server.stop());

async function imported(bytes: Uint8Array, courseId?: string): Promise<AdminCourse> {
	const answer = await server.call(
		`/api/courses/import?name=x.zip${courseId === undefined ? '' : `&courseId=${courseId}`}`,
		{
			method: 'POST',
			body: bytes,
			as: admin,
			headers: { 'content-type': 'application/zip' }
		}
	);
	const last = v.parse(importStepSchema, JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? ''));
	if (last.step !== 'done') throw new Error(JSON.stringify(last));
	return last.course;
}

const askFor = (courseId: string, revision: number, as: string): Promise<Response> =>
	server.call(`/api/courses/${courseId}/revisions/${revision}/report`, { as });
async function reportOf(courseId: string, revision = 1): Promise<PackageReport | null> {
	return v.parse(packageReportAnswerSchema, await (await askFor(courseId, revision, admin)).json()).report;
}
const codesOf = (report: PackageReport | null): readonly string[] | undefined =>
	report?.findings.map(({ code }) => code);

describe('the report of a revision', () => {
	const broken = packageOf(manifest12({ title: 'Needs the network' }), [
		{
			name: 'index.html',
			data: '<!doctype html><html><title>x</title><script src="https://cdn.example.net/a.js"></script>'
		}
	]);

	test('is counted in the answer of the import, and read in full by who may publish', async () => {
		const course = await imported(broken);
		expect(course.status).toBe('draft');
		expect(course.revisions[0]?.doctor).toEqual({ offline: 'blocked', blocks: 1, mend: 1, know: 2 });
		expect(codesOf(await reportOf(course.courseId))).toEqual([
			'loads-elsewhere',
			'page-without-language',
			'no-scorm',
			'drawn-by-script'
		]);
		expect((await askFor(course.courseId, 1, trainer)).status).toBe(403);
		expect((await askFor(course.courseId, 2, admin)).status).toBe(404);
	});

	test('is made again for a revision that has none, and is none when the file is gone', async () => {
		const course = await imported(packageOf(manifest12({ title: 'Older' })));
		const sha256 = course.card.packSha256;
		await server.app.db.run('DELETE FROM package_reports WHERE pack_id = ?', [course.card.packId]);
		const listed = async () =>
			v
				.parse(
					v.object({ courses: v.array(adminCourseSchema) }),
					await (await server.call('/api/courses', { as: admin })).json()
				)
				.courses.find(({ courseId }) => courseId === course.courseId)?.revisions[0]?.doctor;
		expect(await listed()).toBeNull();
		expect(codesOf(await reportOf(course.courseId))).toContain('no-scorm');
		expect(await listed()).toMatchObject({ blocks: 0 });
		await server.app.db.run('DELETE FROM package_reports WHERE pack_id = ?', [course.card.packId]);
		await rm(join(server.folder, 'packs', `${sha256}.zip`));
		expect(await reportOf(course.courseId)).toBeNull();
	});

	test('[DR30] guesses until learners have saved, and knows then', async () => {
		const course = await imported(await oversizeTwin());
		expect(codesOf(await reportOf(course.courseId))).toContain('suspend-long');

		const learner = await server.person({ userName: 'amina', organisationId: await server.organisation('Other') });
		const item = course.card.items[0]?.id ?? '';
		const cmi = JSON.stringify({ 'cmi.core.lesson_status': 'incomplete', 'cmi.suspend_data': 'x'.repeat(20_123) });
		const body = await encodeBatch(
			[{ type: 'attempt.started' } as const, { type: 'attempt.saved', cmi, sequencing: null } as const].map(
				(one, index) => ({
					device: '00112233445566ff',
					epoch: '0001-abcdef',
					seq: index + 1,
					learnerId: learner,
					courseId: course.courseId,
					packId: course.card.packId,
					attemptId: '019aa8a4-9a80-7abc-8def-0123456789ab',
					scoId: item,
					at: server.clock,
					body: one
				})
			),
			learner
		);
		expect((await server.call('/api/sync/push', { method: 'POST', body, as: learner })).status).toBe(200);
		const report = await reportOf(course.courseId);
		expect(codesOf(report)).not.toContain('suspend-long');
		expect(report?.findings.find(({ code }) => code === 'suspend-over')).toMatchObject({
			severity: 'mend',
			isSure: true,
			count: 1,
			params: { longest: 20_123, limit: 4_096, kept: 64_000 }
		});
	}, 60_000);
});

onBothEngines('package reports', (engine) => {
	const report = examine({ structure: aStructure([anItem('one', {})]), files: [] });

	test('the newest report of a pack replaces the one before, and one of another doctor is none', async () => {
		const db = await engine.newDatabase();
		await db.tx((queries) => savePackageReport(queries, 'p1', { ...report, offline: 'gaps' }, 1));
		await db.tx((queries) => savePackageReport(queries, 'p1', report, 2));
		expect(await findPackageReport(db, 'p1', report.doctor)).toEqual(report);
		expect(await findPackageReport(db, 'p1', report.doctor + 1)).toBeNull();
		expect([...(await findReportSummaries(db, ['p1', 'p2']))]).toEqual([
			['p1', { offline: 'works', blocks: 0, mend: 0, know: report.findings.length }]
		]);
		expect(await measureSuspendData(db, 'nothing')).toEqual({ attempts: 0, longest: 0 });
	});
});
