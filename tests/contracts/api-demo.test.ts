/** The demo goes the way of everyone, and doing it again (a start that was cut off) changes nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoSignIns, demoState, seedDemo } from '#lib/server/demo/seed.ts';
import { overviewFigures } from '#lib/server/reports/overview.ts';
import { buildCourse } from '../../src/cli/course/build-course.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { Server } from './api-harness.ts';

test('seeding is quick, complete, and the same when it is done again', async () => {
	const server = await Server.start();
	const folder = await mkdtemp(join(tmpdir(), 'waypost-demo-'));
	try {
		const [sourceDir = ''] = courseDirs('c1');
		const { outFile } = await buildCourse({ sourceDir, language: 'en', scorm: '1.2', outFile: join(folder, 'c1.zip') });
		const packages = [{ zipPath: outFile, fileName: 'c1.zip' }];
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

test("the demo keeps away from somebody's own data", async () => {
	const server = await Server.start();
	await server.organisation('A real centre');
	expect(await demoState(server.app)).toBe('other');
	await server.stop();
});
