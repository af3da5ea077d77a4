/** The demo goes the way of everyone, and doing it again (a start that was cut off) changes nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoSignIns, demoState, seedDemo } from '#lib/server/demo/seed.ts';
import { listCourses } from '#lib/server/repositories/courses.ts';
import { withdrawCourse } from '#lib/server/requests/change-course.ts';
import { overviewFigures } from '#lib/server/reports/overview.ts';
import { buildCourse } from '../../src/cli/course/build-course.ts';
import { ensureDemo } from '../../src/cli/demo.ts';
import { demoMark, demoPackages } from '../../src/cli/demo-packages.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { Server } from './api-harness.ts';

test('seeding is quick, complete, and the same when it is done again', async () => {
	const server = await Server.start();
	const folder = await mkdtemp(join(tmpdir(), 'waypost-demo-'));
	try {
		const [sourceDir = ''] = courseDirs('c1');
		const { outFile } = await buildCourse({ sourceDir, language: 'en', scorm: '1.2', outFile: join(folder, 'c1.zip') });
		const packages = [{ zipPath: outFile, fileName: 'c1.en.zip', enrol: true }];
		expect(await demoState(server.app)).toBe('empty');
		const started = Date.now();
		await seedDemo(server.app, packages);
		expect(Date.now() - started).toBeLessThan(10_000);
		expect(await demoState(server.app)).toBe('seeded');
		const figures = () => overviewFigures(server.app.db, { kind: 'everything' });
		const first = await figures();
		expect(first).toMatchObject({ learners: 12, cohorts: 1, courses: 1, due: 3, certificates: 2, quarantined: 0 });
		expect(first.funnel.enrolled).toEqual({ female: 6, male: 4, other: 1, not_stated: 1 });

		await server.app.db.run(`DELETE FROM settings WHERE name = 'demo-seeded'`);
		server.clock += 3 * 86_400_000;
		await seedDemo(server.app, packages);
		expect(await figures()).toEqual(first);

		for (const { userName, secret } of demoSignIns) {
			expect((await server.post('/api/auth/sign-in', { userName, secret })).status, userName).toBe(200);
		}
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
});

test('a demo that was made before takes what is new, enrols nobody, and leaves what was withdrawn', async () => {
	const server = await Server.start({ DEMO_COURSES: 'few' });
	try {
		const say = () => undefined;
		const [english, french, ...more] = await demoPackages(
			server.app.config,
			demoMark(server.app.config.demoCourses),
			say
		);
		expect(more).toEqual([]);
		if (english === undefined || french === undefined) throw new Error('no packages');
		await seedDemo(server.app, [english]);
		const enrolled = (await overviewFigures(server.app.db, { kind: 'everything' })).funnel.enrolled;
		await ensureDemo(server.app, say);
		const courses = await listCourses(server.app.db, null);
		expect(courses.map(({ code, status }) => [code, status])).toEqual([
			['C1-EN', 'published'],
			['C1-FR', 'published']
		]);
		expect((await overviewFigures(server.app.db, { kind: 'everything' })).funnel.enrolled).toEqual(enrolled);

		const [withdrawn] = courses;
		await server.app.db.tx((queries) => withdrawCourse(queries, withdrawn?.id ?? ''));
		await server.app.db.run(`DELETE FROM settings WHERE name = 'demo-courses'`);
		await ensureDemo(server.app, say);
		expect((await listCourses(server.app.db, null)).map(({ status }) => status)).toEqual(['withdrawn', 'published']);
	} finally {
		await server.stop();
	}
});

test("the demo keeps away from somebody's own data", async () => {
	const server = await Server.start();
	await server.organisation('A real centre');
	expect(await demoState(server.app)).toBe('other');
	await server.stop();
});
