import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EDITIONS } from '#lib/domain/authoring/course-source.ts';
import type { Edition } from '#lib/domain/authoring/course-source.ts';
import { importPackage } from '#lib/server/packages/import-package.ts';
import { writeEveryBlockCourse } from '#tests/builders/every-block-course.ts';
import { aPhoto } from '#tests/builders/tiny-media.ts';
import { buildCourse, packageFiles } from './build-course.ts';
import { courseDirs, COURSES_DIR } from './course-dirs.ts';
import { encodePhoto } from './encode-photo.ts';
import { readCourse } from './read-course.ts';
import { readSizeTable, sizeTable, withSizeTable } from './size-table.ts';
import type { SizeRow } from './size-table.ts';
import { zip } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'waypost-editions-'));
let courseDir = '';
beforeAll(async () => {
	courseDir = await writeEveryBlockCourse(join(folder, 'course'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Built = {
	readonly names: readonly string[];
	readonly lesson: string;
	readonly fingerprint: string;
	readonly bytes: Uint8Array;
	file(name: string): Uint8Array;
};

async function built(edition: Edition, language = 'en'): Promise<Built> {
	const course = readCourse(courseDir);
	const version = course.versions.find((candidate) => candidate.language === language);
	if (version === undefined) throw new Error(`no ${language}`);
	const files = await packageFiles(course, version, '1.2', edition);
	const file = (name: string): Uint8Array => files.find((one) => one.name === name)?.bytes ?? new Uint8Array();
	const lesson = new TextDecoder().decode(file('course.js'));
	return {
		names: files.map(({ name }) => name),
		lesson,
		fingerprint: /"fingerprint":"(\w+)"/.exec(lesson)?.[1] ?? '',
		bytes: zip(files),
		file
	};
}

/** `width` and `height` as a lossy WebP says them (VP8 key frame, RFC 6386 section 9.1). */
function sizeOfWebp(webp: Uint8Array): readonly [number, number] {
	const data = Buffer.from(webp);
	return [data.readUInt16LE(26) & 0x3fff, data.readUInt16LE(28) & 0x3fff];
}

describe('editions', () => {
	test('text: words and drawings; what is said stands open, and a photo is told', async () => {
		const { names, lesson } = await built('text');
		expect(names.filter((name) => /^(media|pictures)\//.test(name))).toEqual([]);
		expect(lesson).not.toMatch(/\\u003c(audio|video|img)\b/);
		expect(lesson).toContain('Asha: Good morning. Is your battery full?');
		expect(lesson).toContain('Green hills under a blue sky.');
		expect(lesson).toContain('\\u003csvg');
	});

	test('standard: recordings as supplied, photos of at most 640 px, a film as its poster and words', async () => {
		const { names, lesson, file } = await built('standard');
		expect(names.filter((name) => /^(media|pictures)\//.test(name))).toEqual([
			'pictures/hills.png.webp',
			'media/hello.en.wav'
		]);
		expect(sizeOfWebp(file('pictures/hills.png.webp'))).toEqual([640, 360]);
		expect(Buffer.from(file('media/hello.en.wav'))).toEqual(readFileSync(join(courseDir, 'media/hello.en.wav')));
		expect(lesson).toContain('\\u003caudio controls preload=\\"none\\" src=\\"media/hello.en.wav\\"');
		expect(lesson).not.toContain('\\u003cvideo');
		expect(lesson).toContain('A ball begins to roll. It comes to the other side.');
	});

	test('rich: films with captions and poster, photos of at most 1280 px', async () => {
		const { names, lesson, file } = await built('rich', 'ar');
		expect(names.filter((name) => /^(media|pictures)\//.test(name))).toEqual([
			'pictures/hills.png.webp',
			'media/hello.ar.wav',
			'media/ball.webm',
			'media/ball.ar.vtt',
			'pictures/cover.svg'
		]);
		expect(sizeOfWebp(file('pictures/hills.png.webp'))).toEqual([1280, 720]);
		expect(lesson).toMatch(/\\u003ctrack kind=\\"captions\\" default srclang=\\"ar\\"/);
		expect(new TextDecoder().decode(file('pictures/cover.svg'))).toContain('--pic-sun');
	});

	test('all of them are one lesson: who changes the edition stays where she is', async () => {
		const fingerprints = await Promise.all(EDITIONS.map(async (edition) => (await built(edition)).fingerprint));
		expect(fingerprints[0]).toMatch(/^[0-9a-f]{8}$/);
		expect(new Set(fingerprints).size).toBe(1);
	});

	test.each(EDITIONS)('%s: the same source makes the same bytes, and the importer takes it', async (edition) => {
		const { bytes } = await built(edition);
		expect((await built(edition)).bytes).toEqual(bytes);
		const outFile = join(folder, `${edition}.zip`);
		const made = await buildCourse({ sourceDir: courseDir, language: 'en', scorm: '2004', edition, outFile });
		expect(made).toMatchObject({ edition, findings: [] });
		expect(await importPackage(outFile, { packsDir: join(folder, 'packs') })).toMatchObject({
			type: 'accepted',
			warnings: []
		});
	});
});

describe('photos', () => {
	test('the encoder gives the same bytes each time, without asking its memory', async () => {
		const photo = aPhoto(900, 600);
		const first = await encodePhoto('a.png', photo, 'standard');
		const { default: sharp } = await import('sharp');
		const again = await sharp(photo)
			.autoOrient()
			.resize(640, 640, { fit: 'inside' })
			.webp({ quality: 62, effort: 6 })
			.toBuffer();
		expect(Buffer.from(first.bytes)).toEqual(again);
		expect(first).toMatchObject({ width: 640, height: 427 });
	});

	test('a small photo is not blown up', async () => {
		expect(await encodePhoto('b.png', aPhoto(200, 100), 'rich')).toMatchObject({ width: 200, height: 100 });
	});

	test('a file that is no picture is named', async () => {
		await expect(encodePhoto('c.png', new TextEncoder().encode('nothing'), 'rich')).rejects.toThrow(
			/^pictures\/c\.png:1: cannot be read as a picture/
		);
	});
});

describe('the table of sizes', () => {
	const rows: readonly SizeRow[] = [
		{ code: 'C1', title: 'One', language: 'en', state: 'source', hours: 4, sizes: { text: 52_400, rich: 1_260_000 } },
		{ code: 'C1', title: 'Un', language: 'fr', state: 'draft', hours: 4, sizes: { text: 55_000 } }
	];

	test('one row a language, one column an edition that was built', () => {
		expect(sizeTable(rows).split('\n')).toEqual([
			'| course | language | state | hours | text | rich |',
			'| --- | --- | --- | ---: | ---: | ---: |',
			'| C1 One | en | source | 4 | 52 kB | 1.3 MB |',
			'| C1 Un | fr | draft | 4 | 55 kB |  |'
		]);
	});

	test('is written between its marks and nowhere else, again and again', () => {
		const readme = readFileSync(join(COURSES_DIR, 'README.md'), 'utf8');
		const once = withSizeTable(readme, rows);
		expect(withSizeTable(once, rows)).toBe(once);
		expect(readSizeTable(once).rows.map(([course]) => course)).toEqual(['C1 One', 'C1 Un']);
		expect(once.split('<!-- sizes')[0]).toBe(readme.split('<!-- sizes')[0]);
		expect(() => withSizeTable('no marks', rows)).toThrow('no place for the table');
	});

	test('in courses/README.md it has every course in every language: course build --all --sizes courses/README.md', () => {
		const { head, rows: kept } = readSizeTable(readFileSync(join(COURSES_DIR, 'README.md'), 'utf8'));
		expect(head).toEqual(['course', 'language', 'state', 'hours', ...EDITIONS]);
		const there = courseDirs().flatMap((dir) => {
			const { record, versions } = readCourse(dir);
			return versions.map(({ language, title }) => `${record.code} ${title} ${language}`);
		});
		const named = kept.map(([course, language]) => `${course} ${language}`);
		expect(named.toSorted()).toEqual(there.toSorted());
		for (const row of kept) for (const size of row.slice(4)) expect(size).toMatch(/^[\d.]+ [kM]B$/);
	});
});

test('a course that needs the encoder says what to do where there is none', async () => {
	vi.resetModules();
	vi.doMock('sharp', () => {
		throw new Error('no binding');
	});
	try {
		const { encodePhoto: withoutTool } = await import('./encode-photo.ts');
		await expect(withoutTool('a.png', aPhoto(8, 8), 'rich')).rejects.toThrow(
			/pictures\/a\.png .*sharp.*npm ci --include=optional.*--edition text.*SVG/
		);
	} finally {
		vi.doUnmock('sharp');
		vi.resetModules();
	}
});

test('a caption that cannot be read stops the build', async () => {
	const captions = join(courseDir, 'media/ball.en.vtt');
	const before = readFileSync(captions);
	writeFileSync(captions, 'not captions');
	await expect(
		buildCourse({ sourceDir: courseDir, language: 'en', scorm: '1.2', outFile: join(folder, 'x.zip') })
	).rejects.toThrow(/CL24 unit-1\.en\.md:\d+, screen video: media\/ball\.en\.vtt has no captions/);
	writeFileSync(captions, before);
});
