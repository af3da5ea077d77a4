import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aTone } from '#tests/builders/tiny-media.ts';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { buildCourse, CourseNotFit } from './build-course.ts';
import { newCourseFiles } from './new-course.ts';
import { previewCourse } from './preview-server.ts';
import { readCourse } from './read-course.ts';
import { stampTranslation } from './stamp-translation.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'waypost-course-'));
	for (const [name, text] of newCourseFiles('T1', 'Keeping bees', 'en')) write(name, text);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
	mkdirSync(dirname(join(folder, name)), { recursive: true });
	writeFileSync(join(folder, name), text);
}

function change(name: string, from: string | RegExp, to: string): void {
	write(name, readFileSync(join(folder, name), 'utf8').replace(from, to));
}

/** A French twin made by copying: every structure is right. */
function translate(): void {
	for (const name of ['course', 'glossary'])
		write(`${name}.fr.yaml`, readFileSync(join(folder, `${name}.en.yaml`), 'utf8'));
	for (const name of ['unit-1', 'quiz']) write(`${name}.fr.md`, readFileSync(join(folder, `${name}.en.md`), 'utf8'));
	change('course.yaml', 'languages: [en]', 'languages: [en, fr]');
}

test('a new course has no findings and can be built', async () => {
	expect(lintCourse(readCourse(folder))).toEqual([]);
	const built = await buildCourse({
		sourceDir: folder,
		language: 'en',
		scorm: '2004',
		outFile: join(folder, 'out', 'course.zip')
	});
	expect(built).toMatchObject({ code: 'T1', title: 'Keeping bees', translation: { state: 'source' } });
	expect(readFileSync(built.outFile).length).toBe(built.size);
});

test('a course with errors is not built, and the message says how to mend it', async () => {
	change('course.yaml', 'passMark: 80', 'passMark: 50');
	const attempt = buildCourse({ sourceDir: folder, language: 'en', scorm: '1.2', outFile: join(folder, 'x.zip') });
	await expect(attempt).rejects.toThrow(CourseNotFit);
	await expect(attempt).rejects.toThrow(/CL3 course\.yaml: .*ask for at least 70/);
});

test.each([
	['course.yaml', 'edition: 1', 'edition: soon', /^course\.yaml:4: edition/],
	['course.yaml', 'licence:', 'license:', /^course\.yaml:\d+: lic/],
	['unit-1.en.md', 'minutes=10', '', /^unit-1\.en\.md:39: needs \{minutes=/]
])('%s: %s is refused with its line', (name, from, to, message) => {
	change(name, from, to);
	expect(() => readCourse(folder)).toThrow(message);
});

test('a translation is a draft until stamped as reviewed, and stale once its source changes', async () => {
	translate();
	const state = async (): Promise<string> =>
		(await buildCourse({ sourceDir: folder, language: 'fr', scorm: '1.2', outFile: join(folder, 'x.zip') })).translation
			.state;
	expect(await state()).toBe('draft');
	expect(stampTranslation(folder, 'fr', 'reviewed')).toBeGreaterThan(10);
	expect(await state()).toBe('reviewed');
	change('unit-1.en.md', 'Then do that.', 'Then do something else.');
	expect(await state()).toBe('stale');
	expect(lintCourse(readCourse(folder))).toMatchObject([
		{ rule: 'CL17', what: expect.stringContaining('unit-1/steps/1') }
	]);
	expect(stampTranslation(folder, 'fr', 'draft')).toBe(1);
	expect(await state()).toBe('draft');
	expect(stampTranslation(folder, 'fr', 'draft')).toBe(0);
});

test('local notes of a country stand in their slot', async () => {
	change('unit-1.en.md', ':::tip\nA tip that saves trouble.\n:::', ':::local-notes {#help}\nAsk your trainer.\n:::');
	write('local/zm.en.md', '## Zambia {#help}\n\nAsk at the district office.\n');
	expect(JSON.stringify(readCourse(folder).versions[0])).toContain('Ask your trainer.');
	const local = JSON.stringify(readCourse(folder, 'zm').versions[0]);
	expect(local).toContain('Ask at the district office.');
	expect(local).not.toContain('Ask your trainer.');
});

test('the preview tells an open page when a file changes, and plays parts of a recording', async () => {
	mkdirSync(join(folder, 'media'));
	writeFileSync(join(folder, 'media/tone.wav'), aTone(0.1));
	change(
		'unit-1.en.md',
		':::tip\nA tip that saves trouble.\n:::',
		':::audio {file=media/tone.wav}\n### A tone\n\nOne hears a tone.\n:::'
	);
	const preview = await previewCourse(folder, 0);
	try {
		const part = await fetch(`${preview.address}en/media/tone.wav`, { headers: { range: 'bytes=8-11' } });
		expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
			206,
			'bytes 8-11/1644',
			'WAVE'
		]);
		const changes = (await fetch(`${preview.address}changes`)).body?.getReader();
		const told = changes?.read();
		change('unit-1.en.md', 'One hears a tone.', 'One hears another tone.');
		expect(new TextDecoder().decode((await told)?.value)).toBe('data: changed\n\n');
	} finally {
		await preview.close();
	}
});

test('the preview shows the course as it is now, and what is wrong with it', async () => {
	const preview = await previewCourse(folder, 0);
	try {
		const get = async (path: string): Promise<string> => (await fetch(`${preview.address}${path}`)).text();
		expect(await get('')).toContain('Findings: 0');
		expect(await get('en/index.html')).toContain('<div id="lesson">');
		expect(await get('en/course.js')).toContain('A tip that saves trouble.');
		change('unit-1.en.md', 'A tip that saves trouble.', 'Another tip.');
		expect(await get('en/course.js')).toContain('Another tip.');
		expect(await get('en.text/course.js')).toContain('Another tip.');
		change('unit-1.en.md', ':::tip', ':::dance');
		expect(await get('')).toContain('there is no block');
	} finally {
		await preview.close();
	}
});
