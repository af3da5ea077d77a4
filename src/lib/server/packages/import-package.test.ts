import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { HOSTILE_PACKAGES } from '#tests/fixtures/packages/hostile-packages.ts';
import { ONE_RESOURCE_12, manifest12, manifest2004 } from '#tests/fixtures/packages/manifests.ts';
import { PAGE, largePackage, packageOf } from '#tests/fixtures/packages/odd-packages.ts';
import { makeZip } from '#tests/fixtures/packages/zip-writer.ts';
import { importPackage } from './import-package.ts';
import type { AcceptedPackage, ImportOptions } from './import-package.ts';
import { REFUSAL_REASONS } from './import-result.ts';
import { readPackManifest, verifyPack } from './read-pack.ts';

let room: string;
let packsDir: string;
beforeAll(async () => {
	room = await mkdtemp(join(tmpdir(), 'import-'));
	packsDir = join(room, 'packs');
});
afterAll(() => rm(room, { recursive: true }));

async function importBytes(bytes: Buffer, options: Partial<ImportOptions> = {}) {
	const path = join(room, 'upload.zip');
	await writeFile(path, bytes);
	return importPackage(path, { packsDir, ...options });
}

async function accepted(bytes: Buffer, options: Partial<ImportOptions> = {}): Promise<AcceptedPackage> {
	const result = await importBytes(bytes, options);
	if (result.type !== 'accepted') throw new Error(`refused: ${result.reason} ${JSON.stringify(result.detail)}`);
	return result;
}

const everything = async () => (await readdir(room, { recursive: true })).sort();

describe('hostile packages', () => {
	test('there are enough of them', () => expect(HOSTILE_PACKAGES.length).toBeGreaterThanOrEqual(60));

	test.each(HOSTILE_PACKAGES)(
		'$name: $reason',
		async ({ bytes, reason }) => {
			await writeFile(join(room, 'upload.zip'), '');
			const before = await everything();
			const result = await importBytes(bytes());
			expect(result).toMatchObject({ type: 'refused', reason });
			expect((await everything()).filter((name) => name !== 'packs')).toEqual(
				before.filter((name) => name !== 'packs')
			);
		},
		30_000
	);
});

describe('accepted packages', () => {
	test('become a pack whose every byte can be checked', async () => {
		const result = await accepted(
			packageOf(manifest12({ resources: ONE_RESOURCE_12 }), [
				{ name: 'img/b.png', data: Buffer.from([0x89, 0x50, 1, 2, 3]), method: 0 },
				{ name: 'index.html', data: PAGE.repeat(50) },
				{ name: 'empty.txt' },
				{ name: 'a.css', data: 'p{}' }
			])
		);
		expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid', sha256: result.pack.sha256 });
		const { manifest } = result.pack;
		expect(manifest.files.map(({ path }) => path)).toEqual([
			'index.html',
			'a.css',
			'empty.txt',
			'imsmanifest.xml',
			'img/b.png'
		]);
		expect(manifest.files.map(({ method }) => method)).toEqual([8, 0, 0, 8, 0]);
		expect(manifest.files[0]?.type).toBe('text/html');
		expect(result.sizes).toMatchObject({ files: 5, pack: result.pack.size });
		expect((await stat(result.pack.path)).size).toBe(result.pack.size);
		expect(await readPackManifest(result.pack.path)).toMatchObject({ type: 'read', manifest });
	});

	test('give the same pack every time, whatever the order and dates in the upload', async () => {
		const files = [
			{ name: 'index.html', data: PAGE },
			{ name: 'b.js', data: 'let b;'.repeat(90_000) },
			{ name: 'a.js', data: 'let a;'.repeat(100) }
		];
		const first = await accepted(packageOf(manifest12(), files));
		const again = await accepted(packageOf(manifest12(), files.toReversed()));
		expect(again.pack.sha256).toBe(first.pack.sha256);
		expect(await verifyPack(first.pack.path)).toMatchObject({ type: 'valid' });
		const other = await accepted(packageOf(manifest12({ title: 'Other' }), files));
		expect(other.pack.sha256).not.toBe(first.pack.sha256);
	});

	test('may bring a waypost.json of their own, which stays out', async () => {
		const result = await accepted(
			packageOf(manifest12(), [
				{ name: 'index.html', data: PAGE },
				{ name: 'Waypost.JSON', data: '{"format":1}' }
			])
		);
		expect(result.warnings).toContainEqual({ code: 'reserved-file-left-out', detail: {} });
		expect(result.pack.manifest.files.map(({ path }) => path)).toEqual(['index.html', 'imsmanifest.xml']);
		expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid' });
	});

	test('may have odd archives: folders, backslashes, system files, case, legacy and unmarked names', async () => {
		const result = await accepted(
			makeZip(
				[
					{
						name: './imsManifest.XML',
						data: manifest12({ resources: ONE_RESOURCE_12.replace('index', 'pages/index') })
					},
					{ name: 'pages/' },
					{ name: 'bare', mode: 0o040755 },
					{ name: 'pages\\index.html', data: PAGE },
					{ name: '__MACOSX/._x', data: 'x' },
					{ name: 'pages/.DS_Store', data: 'x' },
					{ name: 'A.png', data: '1' },
					{ name: 'a.png', data: '2' },
					{ name: Buffer.from('caf\x82.html', 'latin1'), data: 'cp437' },
					{ name: Buffer.from('\u8bfe\u7a0b.html'), flags: 0, data: 'utf-8 without saying so' },
					{ name: 'a b.html', mode: 0o100644, data: 'x' }
				],
				{ comment: 'made by hand' }
			)
		);
		expect(result.pack.manifest.files.map(({ path }) => path).sort()).toEqual(
			['A.png', 'a b.html', 'a.png', 'café.html', 'imsManifest.XML', 'pages/index.html', '课程.html'].sort()
		);
		expect(result.warnings.map(({ code }) => code).sort()).toEqual(
			[
				'files-not-listed',
				'manifest-name-case',
				'names-differ-only-in-case',
				'names-legacy-encoding',
				'names-with-backslashes',
				'system-files-left-out'
			].sort()
		);
		expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid' });
	});

	test.each([
		['GBK', [0xbf, 0xce, 0xb3, 0xcc], '\u8bfe\u7a0b'],
		['Shift_JIS with a backslash byte', [0x95, 0x5c, 0x8e, 0xa6], '\u8868\u793a'],
		['Windows-1252', [0x63, 0x61, 0x66, 0xe9], 'caf\u00e9'],
		['Windows-1251', [0xca, 0xf3, 0xf0, 0xf1], '\u041a\u0443\u0440\u0441'],
		['CP437', [0x63, 0x61, 0x66, 0x82], 'caf\u00e9']
	])('may have names in %s: the manifest tells how to read them', async (_, letters, word) => {
		const result = await accepted(
			packageOf(manifest12({ resources: ONE_RESOURCE_12.replace('index', encodeURI(word)) }), [
				{ name: Buffer.concat([Buffer.from(letters), Buffer.from('.html')]), data: PAGE }
			])
		);
		expect(result.pack.manifest.files[0]?.path).toBe(`${word}.html`);
		expect(result.warnings.map(({ code }) => code)).toEqual(['names-legacy-encoding']);
		expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid' });
	});

	test('may have bytes before the archive, as a self-extracting one', async () => {
		await accepted(
			makeZip(
				[
					{ name: 'imsmanifest.xml', data: manifest12() },
					{ name: 'index.html', data: PAGE }
				],
				{
					prefix: Buffer.from('MZ and a program')
				}
			)
		);
	});

	test('may be small and very compressible', async () => {
		await accepted(
			packageOf(manifest12(), [
				{ name: 'index.html', data: PAGE },
				{ name: 'blank.bmp', data: Buffer.alloc(8_000_000) }
			])
		);
	});

	test('tell a 2004 course its activity tree', async () => {
		const result = await accepted(packageOf(manifest2004()));
		expect(result.structure.sequencing).toMatchObject({ activityTree: { id: 'ORG', children: [{ id: 'I1' }] } });
	});
});

describe('limits', () => {
	test.each([
		['archiveBytes', 100, 'archive-too-large'],
		['entries', 1, 'too-many-files'],
		['totalBytes', 100, 'total-too-large'],
		['fileBytes', 100, 'file-too-large'],
		['nameBytes', 5, 'name-too-long'],
		['manifestBytes', 50, 'manifest-too-large']
	] as const)('%s is configuration', async (limit, value, reason) => {
		expect(await importBytes(packageOf(manifest12()), { limits: { [limit]: value } })).toMatchObject({
			type: 'refused',
			reason
		});
	});
});

describe('nothing is left behind', () => {
	test('when the import is cancelled half way', async () => {
		const bytes = largePackage(200, 2_000_000);
		const before = (await readdir(packsDir)).sort();
		const controller = new AbortController();
		const run = importBytes(bytes, {
			signal: controller.signal,
			onProgress: ({ filesDone }) => {
				if (filesDone === 50) controller.abort(new Error('stop'));
			}
		});
		await expect(run).rejects.toThrow('stop');
		expect((await readdir(packsDir)).sort()).toEqual(before);
	});

	test('by imports that died, while those at work are let be', async () => {
		const { hostname } = await import('node:os');
		const { createHash } = await import('node:crypto');
		const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
		const folder = (name: string) => join(packsDir, `.importing-${name}`);
		const dead = folder(`${host}-999999999-abc`);
		const alive = folder(`${host}-1-abc`);
		const elsewhere = folder('00000000-1-abc');
		const elsewhereOld = folder('00000000-1-old');
		for (const path of [dead, alive, elsewhere, elsewhereOld]) await mkdir(path, { recursive: true });
		await utimes(elsewhereOld, 0, 0);
		await accepted(packageOf(manifest12()));
		const names = (await readdir(packsDir)).filter((name) => name.startsWith('.'));
		expect(names.sort()).toEqual([`.importing-00000000-1-abc`, `.importing-${host}-1-abc`].sort());
		for (const path of [alive, elsewhere]) await rm(path, { recursive: true });
	});
});

describe('size', () => {
	test('2,000 files and 40 MB pass through in little memory', async () => {
		await writeFile(join(room, 'large.zip'), largePackage(2000, 40_000_000));
		const { rss: before } = process.memoryUsage();
		let most = before;
		const seen: number[] = [];
		const result = await importPackage(join(room, 'large.zip'), {
			packsDir,
			onProgress: ({ bytesDone }) => {
				seen.push(bytesDone);
				most = Math.max(most, process.memoryUsage().rss);
			}
		});
		expect(result).toMatchObject({ type: 'accepted', sizes: { files: 2001 } });
		expect(seen).toEqual(seen.toSorted((a, b) => a - b));
		// What it keeps is names and hashes; the rest is chunks that wait for the collector.
		expect((most - before) / 1_000_000).toBeLessThan(120);
	}, 120_000);
});

describe('reading packs back', () => {
	test('finds every changed byte', async () => {
		const { pack } = await accepted(
			packageOf(manifest12(), [
				{ name: 'index.html', data: PAGE },
				{ name: 'b.mp3', data: 'abc' }
			])
		);
		const bytes = await readFile(pack.path);
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: bytes.length - 1 }),
				fc.integer({ min: 1, max: 255 }),
				async (at, flip) => {
					const changed = Buffer.from(bytes);
					changed[at] = (changed[at] ?? 0) ^ flip;
					const named = join(room, `${pack.sha256}.zip`);
					await writeFile(named, changed);
					expect(await verifyPack(named)).toMatchObject({ type: 'invalid' });
				}
			),
			{ numRuns: 150 }
		);
		await writeFile(join(room, 'cut.zip'), bytes.subarray(0, bytes.length - 30));
		expect(await verifyPack(join(room, 'cut.zip'))).toMatchObject({ type: 'invalid' });
		await writeFile(join(room, 'renamed.zip'), bytes);
		expect(await verifyPack(join(room, 'renamed.zip'))).toMatchObject({ type: 'valid', sha256: pack.sha256 });
	});
});

describe('damage', () => {
	const valid = packageOf(manifest2004(), [
		{ name: 'index.html', data: PAGE },
		{ name: 'stored.png', data: 'abcdef', method: 0 },
		{ name: 'd\u00e9j\u00e0.html', data: PAGE.repeat(40) }
	]);

	test('random changes to an archive never cause anything but an answer', async () => {
		const change = fc.record({ at: fc.nat(valid.length - 1), value: fc.nat(255) });
		await fc.assert(
			fc.asyncProperty(
				fc.array(change, { minLength: 1, maxLength: 12 }),
				fc.option(fc.nat(valid.length)),
				async (changes, cut) => {
					const bytes = Buffer.from(valid);
					for (const { at, value } of changes) bytes[at] = value;
					const result = await importBytes(cut === null ? bytes : bytes.subarray(0, cut));
					if (result.type === 'refused') expect(REFUSAL_REASONS).toContain(result.reason);
					else expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid' });
				}
			),
			{ numRuns: 400 }
		);
		expect((await readdir(packsDir)).filter((name) => name.startsWith('.'))).toEqual([]);
	}, 60_000);

	test('changes aimed at the directory likewise', async () => {
		const start = valid.readUInt32LE(valid.length - 6);
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: start, max: valid.length - 4 }),
				fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0xffffffff),
				async (at, value) => {
					const bytes = Buffer.from(valid);
					bytes.writeUInt32LE(value, at);
					const result = await importBytes(bytes);
					if (result.type === 'refused') expect(REFUSAL_REASONS).toContain(result.reason);
				}
			),
			{ numRuns: 300 }
		);
	}, 60_000);
});

const shared = join(import.meta.dirname, '../../../../../shared/packages');
const realPackages = await readdir(shared).catch(() => [] as string[]);
describe.skipIf(realPackages.length === 0)('real packages (skipped when ../shared/packages is absent)', () => {
	test.each([
		['RuntimeBasicCalls_SCORM12.zip', '1.2', 1, 44],
		['RuntimeBasicCalls_SCORM20043rdEdition.zip', '2004', 1, 69],
		['RuntimeMinimumCalls_SCORM12.zip', '1.2', 18, 44]
	] as const)('%s', async (name, version, scos, files) => {
		const result = await importPackage(join(shared, name), { packsDir });
		if (result.type !== 'accepted') throw new Error(result.reason);
		expect(result.structure.scormVersion).toBe(version);
		expect(launchableItems(result.structure.items)).toHaveLength(scos);
		expect(result.sizes.files).toBe(files);
		expect(result.warnings).toEqual([]);
		expect(await verifyPack(result.pack.path)).toMatchObject({ type: 'valid' });
	});
});
