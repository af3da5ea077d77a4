import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { importPackage } from '#lib/server/packages/import-package.ts';
import { readCourseRecord } from '#lib/server/requests/read-course-record.ts';
import { buildCourse } from './build-course.ts';
import { courseDirs } from './course-dirs.ts';
import { readCourse } from './read-course.ts';

const folder = mkdtempSync(join(tmpdir(), 'waypost-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packages = courseDirs().flatMap((dir) =>
	readCourse(dir).record.languages.flatMap((language, n) =>
		// The two versions of one language differ in the manifest alone, so one language shows it.
		(n === 0 ? (['1.2', '2004'] as const) : (['1.2'] as const)).map((scorm) => ({ dir, language, scorm }))
	)
);

test.each(packages)(
	'$dir in $language for SCORM $scorm passes the importer without a warning',
	async ({ dir, language, scorm }) => {
		const { record, versions } = readCourse(dir);
		const outFile = join(folder, 'course.zip');
		await buildCourse({ sourceDir: dir, language, scorm, outFile });
		const imported = await importPackage(outFile, { packsDir: join(folder, 'packs') });
		expect(imported).toMatchObject({ type: 'accepted', warnings: [] });
		if (imported.type !== 'accepted') return;
		expect(imported.title).toBe(versions.find((version) => version.language === language)?.title);
		expect(imported.structure).toMatchObject({ scormVersion: scorm, language });
		const told = await readCourseRecord(imported.pack.path);
		const version = versions.find((one) => one.language === language);
		expect(told).toMatchObject({ title: version?.title, termsLeftOut: 0, place: { topics: record.topics } });
		expect(told?.contents.glossary?.map(({ id }) => id)).toEqual(version?.glossary.map(({ id }) => id));
		expect(told?.contents.units?.map(({ title }) => title)).toEqual(version?.units.map(({ title }) => title));
		expect(told?.contents).toMatchObject({
			code: record.code,
			offline: true,
			digcomp: record.digcomp,
			sdg: record.sdg.map(({ target, sentence }) => ({ target, sentence }))
		});
		const [item, ...more] = launchableItems(imported.structure.items);
		expect(more).toEqual([]);
		const { passMark } = record.certificate;
		expect(item?.launch).toMatchObject({
			kind: 'sco',
			path: 'index.html',
			masteryScore: scorm === '1.2' ? passMark : null,
			scaledPassingScore: scorm === '1.2' ? null : passMark / 100,
			completionThreshold: scorm === '1.2' ? null : 1
		});
		if (scorm === '2004')
			expect(item?.launch.objectiveIds).toEqual([
				expect.stringContaining('passed'),
				...record.objectives.map(({ id }) => id)
			]);
	}
);
