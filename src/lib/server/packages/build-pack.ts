/**
 * An accepted package becomes a course pack (contracts/pack-manifest.ts): one immutable ZIP in reading order, named by its SHA-256.
 * The files are written first, since the manifest that goes before them needs their sizes; then both are joined, hashed, flushed and renamed.
 * The same input gives the same bytes with the same zlib.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { crc32, createDeflateRaw, deflateRaw } from 'node:zlib';
import { PACK_FORMAT, PACK_MANIFEST_NAME } from '#lib/contracts/pack-manifest.ts';
import type { PackFile, PackManifest } from '#lib/contracts/pack-manifest.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { contentTypeOf, isAlreadyCompressed } from './content-type.ts';
import { PackageRefusal } from './import-result.ts';
import type { Archive, ArchiveEntry } from './open-archive.ts';
import { withWorkspace } from './pack-workspace.ts';
import { throughZlib } from './through-zlib.ts';
import { directoryRecord, endOfDirectory, localHeader } from './zip-records.ts';
import type { ZipRecord } from './zip-records.ts';

export type BuiltPack = {
	/** Hex SHA-256 of the whole file; also its name, `<sha256>.zip`. */
	readonly sha256: string;
	/** Absolute. */
	readonly path: string;
	readonly size: number;
	readonly manifest: PackManifest;
};

export type PackProgress = { readonly files: number; readonly bytes: number };
export type BuildOptions = {
	readonly signal?: AbortSignal | undefined;
	/** Called after each file with what is done so far (uncompressed bytes). */
	readonly onProgress?: ((done: PackProgress) => void) | undefined;
};

const deflateWhole = promisify(deflateRaw);
const LEVEL = { level: 9, memLevel: 9 } as const;
/** Up to here a file is compressed in one go, which spares thousands of small streams. */
const WHOLE_BYTES = 256 * 1024;
const COPY_BYTES = 256 * 1024;
const MOST_BYTES = 0xffffffff;
const MOST_ENTRIES = 0xfffe;

/** Writes `<sha256>.zip` into `outDir`, or nothing. Throws PackageRefusal when the archive's bytes are not what its headers promised. */
export async function buildPack(
	archive: Pick<Archive, 'entries' | 'read'>,
	structure: CourseStructure,
	outDir: string,
	options: BuildOptions = {}
): Promise<BuiltPack> {
	const entries = inReadingOrder(archive.entries.filter(isPackable), structure);
	if (entries.length > MOST_ENTRIES) throw new PackageRefusal('pack-too-large');
	return withWorkspace(outDir, async (folder) => {
		const body = await open(join(folder, 'body'), 'wx+');
		try {
			const written = await writeBody(body, archive, entries, options);
			const manifest: PackManifest = {
				format: PACK_FORMAT,
				dataLength: written.end,
				course: structure,
				files: written.files.map(({ file }) => file)
			};
			const temporary = join(folder, 'pack');
			const { sha256, size } = await writePack(temporary, body, manifest, written, options.signal);
			const path = resolve(outDir, `${sha256}.zip`);
			await publish(temporary, path, outDir);
			return { sha256, path, size, manifest };
		} finally {
			await body.close();
		}
	});
}

/** The package may bring a file of our manifest's name, of whatever case: it is left out, since names in a pack are unique. */
export function isPackable({ path }: { readonly path: string }): boolean {
	return path.toLowerCase() !== PACK_MANIFEST_NAME;
}

/** For each item its page, then what lies beside it, then what lies deeper; last what no item is near to. */
export function inReadingOrder<E extends { readonly path: string }>(
	entries: readonly E[],
	structure: CourseStructure
): readonly E[] {
	const byPath = new Map(entries.map((entry) => [entry.path, entry]));
	const inFolder = new Map<string, string[]>();
	for (const path of [...byPath.keys()].sort()) {
		const folder = folderOf(path);
		inFolder.set(folder, [...(inFolder.get(folder) ?? []), path]);
	}
	const folders = [...inFolder.keys()].sort();
	const order = new Set<string>();
	const pages = launchableItems(structure.items).map(({ launch }) => launch.path);
	const visited = new Set<string>();
	for (const page of pages) {
		order.add(page);
		const folder = folderOf(page);
		if (visited.has(folder)) continue;
		visited.add(folder);
		for (const path of inFolder.get(folder) ?? []) if (!pages.includes(path)) order.add(path);
		// Everything is deeper than the root, which says nothing.
		const deeper = folder === '' ? [] : folders.filter((other) => other.startsWith(folder) && other !== folder);
		for (const other of deeper)
			for (const path of inFolder.get(other) ?? []) if (!pages.includes(path)) order.add(path);
	}
	for (const folder of folders) for (const path of inFolder.get(folder) ?? []) order.add(path);
	return [...order].flatMap((path) => byPath.get(path) ?? []);
}

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/') + 1);
}

type WrittenFile = { readonly file: PackFile; readonly record: ZipRecord; readonly headerStart: number };
type WrittenBody = { readonly files: readonly WrittenFile[]; readonly end: number };

async function writeBody(
	body: FileHandle,
	archive: Pick<Archive, 'read'>,
	entries: readonly ArchiveEntry[],
	{ signal, onProgress }: BuildOptions
): Promise<WrittenBody> {
	const files: WrittenFile[] = [];
	let end = 0;
	let bytes = 0;
	for (const entry of entries) {
		signal?.throwIfAborted();
		const written = await writeFile(body, archive, entry, end, signal);
		end = written.file.offset + written.file.compressedSize;
		if (end > MOST_BYTES) throw new PackageRefusal('pack-too-large');
		files.push(written);
		bytes += entry.size;
		onProgress?.({ files: files.length, bytes });
	}
	await body.truncate(end);
	return { files, end };
}

async function writeFile(
	body: FileHandle,
	archive: Pick<Archive, 'read'>,
	entry: ArchiveEntry,
	headerStart: number,
	signal: AbortSignal | undefined
): Promise<WrittenFile> {
	const offset = headerStart + localHeader({ ...entry, method: 0 }).length;
	const tryDeflate = entry.size > 0 && !isAlreadyCompressed(entry.path);
	const deflated = tryDeflate ? await writeDeflated(body, archive, entry, offset, signal) : null;
	// Not smaller: the bytes are read once more and written over the attempt as they are.
	const isSmaller = deflated !== null && deflated.compressedSize < entry.size;
	const done = isSmaller ? deflated : await writeStored(body, archive, entry, offset, signal);
	const method = isSmaller ? 8 : 0;
	const record = {
		path: entry.path,
		method,
		crc32: entry.crc32,
		compressedSize: done.compressedSize,
		size: entry.size
	} as const;
	await writeAll(body, localHeader(record), headerStart);
	const file: PackFile = {
		path: entry.path,
		sha256: done.sha256,
		size: entry.size,
		offset,
		compressedSize: done.compressedSize,
		method,
		type: contentTypeOf(entry.path)
	};
	return { file, record, headerStart };
}

type WrittenBytes = { readonly compressedSize: number; readonly sha256: string };

async function writeDeflated(
	body: FileHandle,
	archive: Pick<Archive, 'read'>,
	entry: ArchiveEntry,
	offset: number,
	signal: AbortSignal | undefined
): Promise<WrittenBytes> {
	const hash = createHash('sha256');
	if (entry.size <= WHOLE_BYTES) {
		const chunks: Buffer[] = [];
		for await (const chunk of archive.read(entry, signal)) chunks.push(chunk);
		const whole = Buffer.concat(chunks);
		const compressed = await deflateWhole(whole, LEVEL);
		await writeAll(body, compressed, offset);
		return { compressedSize: compressed.length, sha256: hash.update(whole).digest('hex') };
	}
	let position = offset;
	const hashed = async function* () {
		for await (const chunk of archive.read(entry, signal)) {
			hash.update(chunk);
			yield chunk;
		}
	};
	for await (const chunk of throughZlib(hashed(), createDeflateRaw(LEVEL))) {
		await writeAll(body, chunk, position);
		position += chunk.length;
	}
	return { compressedSize: position - offset, sha256: hash.digest('hex') };
}

async function writeStored(
	body: FileHandle,
	archive: Pick<Archive, 'read'>,
	entry: ArchiveEntry,
	offset: number,
	signal: AbortSignal | undefined
): Promise<WrittenBytes> {
	const hash = createHash('sha256');
	let position = offset;
	for await (const chunk of archive.read(entry, signal)) {
		hash.update(chunk);
		await writeAll(body, chunk, position);
		position += chunk.length;
	}
	return { compressedSize: entry.size, sha256: hash.digest('hex') };
}

async function writePack(
	path: string,
	body: FileHandle,
	manifest: PackManifest,
	{ files, end }: WrittenBody,
	signal: AbortSignal | undefined
): Promise<{ readonly sha256: string; readonly size: number }> {
	const json = Buffer.from(JSON.stringify(manifest));
	// It is most of what an update of a small course costs.
	const deflated = await deflateWhole(json, LEVEL);
	const record: ZipRecord = {
		path: PACK_MANIFEST_NAME,
		method: 8,
		crc32: crc32(json),
		compressedSize: deflated.length,
		size: json.length
	};
	const hash = createHash('sha256');
	const pack = await open(path, 'wx');
	let size = 0;
	const append = async (bytes: Buffer) => {
		hash.update(bytes);
		await writeAll(pack, bytes, size);
		size += bytes.length;
	};
	try {
		await append(Buffer.concat([localHeader(record), deflated]));
		const dataStart = size;
		for (let done = 0; done < end;) {
			signal?.throwIfAborted();
			const length = Math.min(COPY_BYTES, end - done);
			const { bytesRead, buffer } = await body.read(Buffer.allocUnsafe(length), 0, length, done);
			if (bytesRead === 0) throw new Error('The pack body ended early');
			await append(buffer.subarray(0, bytesRead));
			done += bytesRead;
		}
		const directoryStart = size;
		const directory = Buffer.concat([
			directoryRecord(record, 0),
			...files.map((file) => directoryRecord(file.record, dataStart + file.headerStart))
		]);
		if (directoryStart + directory.length + 22 > MOST_BYTES) throw new PackageRefusal('pack-too-large');
		await append(Buffer.concat([directory, endOfDirectory(files.length + 1, directory.length, directoryStart)]));
		await pack.sync();
	} finally {
		await pack.close();
	}
	return { sha256: hash.digest('hex'), size };
}

/** The name is the content: a pack that is already there is this one. */
async function publish(temporary: string, path: string, outDir: string): Promise<void> {
	const exists = await access(path, constants.F_OK).then(
		() => true,
		() => false
	);
	if (exists) return;
	await rename(temporary, path);
	const folder = await open(outDir, 'r');
	try {
		// The rename itself must survive a power cut (not possible on Windows, where opening a folder to flush it fails).
		await folder.sync().catch(() => undefined);
	} finally {
		await folder.close();
	}
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
	for (let done = 0; done < bytes.length;) {
		const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
		done += bytesWritten;
	}
}
