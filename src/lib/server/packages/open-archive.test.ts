import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manifest12 } from '#tests/fixtures/packages/manifests.ts';
import { makeZip } from '#tests/fixtures/packages/zip-writer.ts';
import type { ZipEntry } from '#tests/fixtures/packages/zip-writer.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archive-limits.ts';
import { openArchive } from './open-archive.ts';

let room: string;
beforeAll(async () => {
	room = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterAll(() => rm(room, { recursive: true }));

async function archiveWith(entry: ZipEntry) {
	const path = join(room, 'archive.zip');
	await writeFile(path, makeZip([{ name: 'imsmanifest.xml', data: manifest12() }, entry]));
	const opened = await openArchive(path, DEFAULT_ARCHIVE_LIMITS);
	if (opened.type === 'refused') throw new Error(opened.reason);
	const found = opened.archive.entries.find(({ path: name }) => name === entry.name);
	if (found === undefined) throw new Error('not listed');
	return { archive: opened.archive, entry: found };
}

test('a bomb behind a small header gives no byte more than the header promised', async () => {
	const { archive, entry } = await archiveWith({
		name: 'bomb.bin',
		data: Buffer.alloc(32 * 1024 * 1024),
		lies: { size: 100_000 }
	});
	let given = 0;
	const readAll = async () => {
		for await (const chunk of archive.read(entry)) given += chunk.length;
	};
	await expect(readAll()).rejects.toMatchObject({ reason: 'lying-sizes' });
	expect(given).toBeLessThanOrEqual(100_000);
	await archive.close();
});

test('a reader may leave in the middle of a file, and read it again', async () => {
	const data = Buffer.alloc(5_000_000, 'some text ');
	const { archive, entry } = await archiveWith({ name: 'long.txt', data });
	for await (const chunk of archive.read(entry)) {
		expect(chunk.length).toBeGreaterThan(0);
		break;
	}
	const chunks: Buffer[] = [];
	for await (const chunk of archive.read(entry)) chunks.push(chunk);
	expect(Buffer.concat(chunks).equals(data)).toBe(true);
	await archive.close();
});

test('a reader that is cancelled stops', async () => {
	const { archive, entry } = await archiveWith({ name: 'long.txt', data: Buffer.alloc(5_000_000, 'text '), method: 0 });
	const controller = new AbortController();
	const readAll = async () => {
		for await (const chunk of archive.read(entry, controller.signal)) {
			if (chunk.length > 0) controller.abort(new Error('enough'));
		}
	};
	await expect(readAll()).rejects.toThrow('enough');
	await archive.close();
});
