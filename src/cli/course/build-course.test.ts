import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { answerKey } from './answer-key.ts';
import { packageFiles, readWords } from './build-course.ts';
import { lessonRuntime } from './bundle-runtime.ts';
import { courseDirs } from './course-dirs.ts';
import { readCourse } from './read-course.ts';
import { zip } from './zip.ts';

const dirs = courseDirs();
type Files = ReadonlyMap<string, string>;

async function built(dir: string, language: string, scorm: '1.2' | '2004'): Promise<Files> {
	const course = readCourse(dir);
	const version = course.versions.find((candidate) => candidate.language === language);
	if (version === undefined) throw new Error(`no ${language}`);
	return new Map(
		(await packageFiles(course, version, scorm)).map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])
	);
}

describe('the lesson runtime', () => {
	test('is at most 40 kB compressed, style included', async () => {
		const { script, style } = await lessonRuntime();
		for (const compress of [gzipSync, brotliCompressSync]) {
			expect(compress(script).length + compress(style).length).toBeLessThan(40_000);
		}
		// What it weighs today, with a little room: a dependency that slips in should be noticed.
		expect(gzipSync(script).length).toBeLessThan(16_000);
	});

	test('asks nobody for anything', async () => {
		const { script, style } = await lessonRuntime();
		expect(script).not.toMatch(/\b(fetch|XMLHttpRequest|sendBeacon|import)\s*\(/);
		expect(`${script}${style}`.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
	});
});

describe.each(dirs)('%s', (dir) => {
	const course = readCourse(dir);
	const languages = course.record.languages;
	let files: Files;
	beforeAll(async () => {
		files = await built(dir, languages[0] ?? 'en', '1.2');
	});

	test('has no finding of the linter', () => {
		expect(lintCourse(course)).toEqual([]);
	});

	test('the same source makes the same bytes', async () => {
		const version = course.versions[0];
		if (version === undefined) throw new Error('no version');
		expect(zip(await packageFiles(course, version, '1.2'))).toEqual(
			zip(await packageFiles(readCourse(dir), version, '1.2'))
		);
	});

	test.each(languages.flatMap((language) => (['1.2', '2004'] as const).map((scorm) => [language, scorm] as const)))(
		'%s for SCORM %s: the manifest names every file, and nothing else',
		async (language, scorm) => {
			const package_ = await built(dir, language, scorm);
			const manifest = package_.get('imsmanifest.xml') ?? '';
			const named: string[] = [];
			const texts: Record<string, string> = {};
			let open = '';
			const parser = new SaxesParser({ xmlns: true });
			parser.on('opentag', (tag) => {
				open = tag.local;
				if (tag.local === 'file') named.push(String(tag.attributes['href']?.value));
			});
			parser.on('text', (text) => {
				if (text.trim() !== '') texts[open] ??= text;
			});
			parser.write(manifest).close();
			expect(named).toEqual([...package_.keys()].filter((name) => name !== 'imsmanifest.xml'));
			expect(named[0]).toBe('index.html');
			expect(texts['schemaversion']).toBe(scorm === '1.2' ? '1.2' : '2004 4th Edition');
			const { passMark } = course.record.certificate;
			if (scorm === '1.2') expect(texts['masteryscore']).toBe(String(passMark));
			else expect(texts['minNormalizedMeasure']).toBe(String(passMark / 100));
		}
	);

	test.each(languages)('%s: 250 kB as text, 1 MB as standard, and no outside address', async (language) => {
		const package_ = await built(dir, language, '1.2');
		const version = course.versions.find((candidate) => candidate.language === language);
		if (version === undefined) throw new Error('no version');
		expect(zip(await packageFiles(course, version, '1.2', 'text')).length).toBeLessThan(250_000);
		expect(zip(await packageFiles(course, version, '1.2')).length).toBeLessThan(1_000_000);
		for (const [name, text] of package_) {
			if (name === 'imsmanifest.xml' || name === 'lesson.js') continue;
			expect(text.match(/https?:\/\/[^\s"]+/g) ?? [], name).toEqual([]);
		}
	});

	test('the runtime speaks every language of the course', () => {
		const english = readWords('en');
		for (const language of languages.filter((one) => !one.startsWith('en')))
			expect(readWords(language).next, language).not.toBe(english.next);
	});

	test('the page carries its language and direction', async () => {
		expect(files.get('index.html')).toContain('<html lang="en" dir="ltr">');
		if (languages.includes('ar'))
			expect((await built(dir, 'ar', '1.2')).get('index.html')).toContain('<html lang="ar" dir="rtl">');
	});

	test('tutor notes are for the trainer only', () => {
		const note = course.versions[0]?.units.flatMap((unit) =>
			unit.screens.flatMap((screen) => screen.blocks.flatMap((block) => (block.kind === 'tutor' ? block.blocks : [])))
		)[0];
		const text = note?.kind === 'text' ? note.text.slice(0, 40) : '';
		expect(text).not.toBe('');
		expect(files.get('tutor-notes.html')).toContain(text);
		expect(files.get('course.js')).not.toContain(text);
	});

	test('the answer key covers every question once, the same in each language', () => {
		const key = answerKey(dir);
		const asked = course.versions[0]?.quiz.map(({ id }) => id) ?? [];
		expect(asked.every((id) => key[id] !== undefined)).toBe(true);
		for (const language of languages.slice(1)) expect(Object.keys(answerKey(dir, language))).toEqual(Object.keys(key));
	});
});

test('[zip] another reader finds the same names and bytes', async () => {
	const files = [
		{ name: 'imsmanifest.xml', bytes: new TextEncoder().encode('<a/>') },
		{ name: 'données/é.txt', bytes: new TextEncoder().encode('x'.repeat(5000)) },
		{ name: 'empty', bytes: new Uint8Array() }
	];
	const bytes = zip(files);
	const archive = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(Buffer.from(bytes), {
		lazyEntries: false,
		validateEntrySizes: true
	});
	const names: string[] = [];
	const contents: Promise<Buffer>[] = [];
	archive.on('entry', (entry: yauzl.Entry) => {
		names.push(entry.fileName);
		contents.push(
			new Promise((resolve, reject) => {
				archive.openReadStream(entry, (error, stream) => {
					if (error) return reject(error);
					const chunks: Buffer[] = [];
					stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
				});
			})
		);
	});
	await new Promise((resolve) => archive.on('end', resolve));
	expect(names).toEqual(files.map(({ name }) => name));
	expect((await Promise.all(contents)).map((content) => content.toString())).toEqual(
		files.map((file) => new TextDecoder().decode(file.bytes))
	);
});

test('the colours of the pictures are the same for a single file as in the lesson', () => {
	const colours = (css: string): readonly string[] => css.match(/--pic-[\w-]+: #[0-9a-f]+/g) ?? [];
	const palette = readFileSync(new URL('../../../courses/pictures.css', import.meta.url), 'utf8');
	const lesson = readFileSync(new URL('../../lesson/lesson.css', import.meta.url), 'utf8');
	expect(colours(palette)).toEqual(colours(lesson));
	expect(colours(palette).length).toBeGreaterThan(10);
});
