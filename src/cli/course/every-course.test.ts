/**
 * Every course in every language: fit by the linter, built for both SCORM versions in every media edition, small enough,
 * and taken by the importer as it is, with nothing for the package doctor to mend. Playing them is tests/courses.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Edition, LanguageVersion } from '#lib/domain/authoring/course-source.ts';
import { EDITIONS } from '#lib/domain/authoring/course-source.ts';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { lintPackageSize } from '#lib/domain/authoring/lint-media.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { examinePack } from '#lib/server/packages/doctor/examine-pack.ts';
import { importPackage } from '#lib/server/packages/import-package.ts';
import { readCourseRecord } from '#lib/server/requests/read-course-record.ts';
import { packageFiles } from './build-course.ts';
import { courseDirs } from './course-dirs.ts';
import { readCourse } from './read-course.ts';
import { zip } from './zip.ts';

/** Warnings of the linter that we looked at and live with: `c3 CL9 unit-2.fr.md:14` to the reason. */
const explained: Readonly<Record<string, string>> = {};

/** What we promise of a package in one language; recordings have a limit of their own (CL27). */
const mostBytes: Readonly<Record<Edition, number>> = { text: 250_000, standard: 1_000_000, rich: 30_000_000 };

const folder = mkdtempSync(join(tmpdir(), 'waypost-every-course-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const courses = courseDirs().map((dir) => readCourse(dir));

test('every folder of courses/ is looked at', () => {
	expect(courses.map(({ record }) => record.code).toSorted()).toEqual(
		courseDirs()
			.map((dir) => basename(dir).split('-')[0]?.toUpperCase())
			.toSorted()
	);
	expect(courses.length).toBeGreaterThanOrEqual(10);
});

describe.each(courses.map((course) => ({ code: course.record.code, course })))('$code', ({ code, course }) => {
	const { record, versions } = course;

	test('the linter has no error, and no warning that nobody explained', () => {
		const findings = lintCourse(course).map(({ level, rule, where, what, mend }) => ({
			key: `${code.toLowerCase()} ${rule} ${where}`,
			level,
			says: `${level} ${rule} ${where}: ${what}; ${mend}`
		}));
		expect(
			findings.filter(({ level, key }) => level === 'error' || explained[key] === undefined).map(({ says }) => says)
		).toEqual([]);
		const stale = Object.keys(explained).filter(
			(key) => key.startsWith(`${code.toLowerCase()} `) && !findings.some((finding) => finding.key === key)
		);
		expect(stale).toEqual([]);
	});

	test.each(versions.map((version) => ({ language: version.language, version })))(
		'$language: six packages, small enough, taken by the importer without a warning and found sound by the doctor',
		async ({ version }) => {
			for (const edition of EDITIONS) {
				for (const scorm of ['1.2', '2004'] as const) await isGood(version, scorm, edition);
			}
		}
	);

	async function isGood(version: LanguageVersion, scorm: '1.2' | '2004', edition: Edition): Promise<void> {
		const { language } = version;
		const named = `${code} ${language} ${edition} SCORM ${scorm}`;
		const files = await packageFiles(course, version, scorm, edition);
		const bytes = zip(files);
		const hasAudio = files.some(({ name }) => name.startsWith('media/'));
		expect(lintPackageSize(edition, bytes.length, hasAudio, named)).toEqual([]);
		if (!hasAudio) expect(bytes.length, named).toBeLessThanOrEqual(mostBytes[edition]);

		const outFile = join(folder, 'course.zip');
		writeFileSync(outFile, bytes);
		const imported = await importPackage(outFile, { packsDir: join(folder, 'packs') });
		expect(imported, named).toMatchObject({ type: 'accepted', warnings: [], title: version.title });
		if (imported.type !== 'accepted') return;
		expect(imported.structure, named).toMatchObject({ scormVersion: scorm, language });
		const [item, ...more] = launchableItems(imported.structure.items);
		expect(more, named).toEqual([]);
		const { passMark } = record.certificate;
		expect(item?.launch, named).toMatchObject({
			kind: 'sco',
			path: 'index.html',
			masteryScore: scorm === '1.2' ? passMark : null,
			scaledPassingScore: scorm === '1.2' ? null : passMark / 100,
			completionThreshold: scorm === '1.2' ? null : 1
		});
		if (scorm === '2004')
			expect(item?.launch.objectiveIds, named).toEqual([
				expect.stringContaining('passed'),
				...record.objectives.map(({ id }) => id)
			]);

		// What the catalogue, the glossary and the course page show is the same in every edition and for both versions.
		const told = await readCourseRecord(imported.pack.path);
		expect(told, named).toMatchObject({
			title: version.title,
			termsLeftOut: 0,
			place: { topics: record.topics },
			contents: {
				code: record.code,
				offline: true,
				digcomp: record.digcomp,
				sdg: record.sdg.map(({ target, sentence }) => ({ target, sentence }))
			}
		});
		expect(told?.contents.glossary?.map(({ id }) => id)).toEqual(version.glossary.map(({ id }) => id));
		expect(told?.contents.units?.map(({ title }) => title)).toEqual(version.units.map(({ title }) => title));

		// Our own packages get no other treatment than a stranger's.
		const report = await examinePack(imported.pack.path);
		expect(report?.offline, named).toBe('works');
		expect(
			report?.findings.filter(({ severity }) => severity !== 'know'),
			named
		).toEqual([]);
		rmSync(imported.pack.path);
	}
});
