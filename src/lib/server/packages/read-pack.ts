/** Reading course packs back: the manifest alone, or everything with all hashes (CLI, tests, a stick from elsewhere). */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { PACK_MANIFEST_NAME, packManifestSchema } from '#lib/contracts/pack-manifest.ts';
import type { PackFile, PackManifest } from '#lib/contracts/pack-manifest.ts';
import { isZlibError, throughZlib } from './through-zlib.ts';
import { LOCAL_HEADER_BYTES, directoryRecord, endOfDirectory, localHeader } from './zip-records.ts';

export type PackProblem =
	| 'pack-not-a-zip'
	| 'pack-manifest-invalid'
	| 'pack-truncated'
	| 'pack-name-wrong'
	| 'pack-file-wrong'
	| 'pack-layout-wrong';

export type ReadPack =
	| { readonly type: 'read'; readonly manifest: PackManifest; readonly dataStart: number; readonly size: number }
	| { readonly type: 'invalid'; readonly problem: PackProblem; readonly detail: string };
export type VerifiedPack =
	| { readonly type: 'valid'; readonly manifest: PackManifest; readonly dataStart: number; readonly sha256: string }
	| { readonly type: 'invalid'; readonly problem: PackProblem; readonly detail: string };

const MOST_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Reads only the first entry. IO errors are thrown. */
export async function readPackManifest(path: string): Promise<ReadPack> {
	const file = await open(path, 'r');
	try {
		return await readManifest(file);
	} finally {
		await file.close();
	}
}

/** Reads everything: every file's hash, the layout byte by byte, the hash of the whole, and the name when it is one. */
export async function verifyPack(path: string): Promise<VerifiedPack> {
	const file = await open(path, 'r');
	try {
		const read = await readManifest(file);
		if (read.type === 'invalid') return read;
		const { manifest, dataStart, size } = read;
		const layout = await checkLayout(file, read);
		if (layout !== null) return layout;
		for (const entry of manifest.files) {
			const actual = await hashFile(file, entry, dataStart);
			if (actual === null || actual.size !== entry.size || actual.sha256 !== entry.sha256) {
				return invalid('pack-file-wrong', entry.path);
			}
		}
		const hash = createHash('sha256');
		for await (const chunk of bytesOf(file, 0, size)) hash.update(chunk);
		const sha256 = hash.digest('hex');
		const named = /^([0-9a-f]{64})\.zip$/.exec(basename(path))?.[1];
		if (named !== undefined && named !== sha256) return invalid('pack-name-wrong', sha256);
		return { type: 'valid', manifest, dataStart, sha256 };
	} finally {
		await file.close();
	}
}

async function readManifest(file: FileHandle): Promise<ReadPack> {
	const { size } = await file.stat();
	const nameBytes = Buffer.byteLength(PACK_MANIFEST_NAME);
	const header = await readExactly(file, 0, LOCAL_HEADER_BYTES + nameBytes);
	if (header === null || header.readUInt32LE(0) !== 0x04034b50) return invalid('pack-not-a-zip', '');
	const method = header.readUInt16LE(8);
	const isOurs =
		(method === 0 || method === 8) &&
		header.readUInt16LE(26) === nameBytes &&
		header.readUInt16LE(28) === 0 &&
		header.subarray(LOCAL_HEADER_BYTES).toString() === PACK_MANIFEST_NAME;
	const length = header.readUInt32LE(18);
	if (!isOurs || length > MOST_MANIFEST_BYTES) return invalid('pack-manifest-invalid', '');
	const stored = await readExactly(file, header.length, length);
	if (stored === null) return invalid('pack-truncated', '');
	const json = method === 8 ? inflated(stored) : stored.toString();
	const parsed = v.safeParse(packManifestSchema, parseJson(json));
	if (!parsed.success) return invalid('pack-manifest-invalid', v.getDotPath(parsed.issues[0]) ?? '');
	const dataStart = header.length + length;
	if (dataStart + parsed.output.dataLength > size) return invalid('pack-truncated', '');
	return { type: 'read', manifest: parsed.output, dataStart, size };
}

/** Headers and directory hold nothing but what the manifest says, with no gap where something could hide. */
async function checkLayout(file: FileHandle, read: Extract<ReadPack, { type: 'read' }>): Promise<VerifiedPack | null> {
	const { manifest, dataStart, size } = read;
	const first = await readExactly(file, 0, LOCAL_HEADER_BYTES);
	if (first === null) return invalid('pack-truncated', '');
	const ownRecord = {
		path: PACK_MANIFEST_NAME,
		method: first.readUInt16LE(8) === 8 ? 8 : 0,
		crc32: first.readUInt32LE(14),
		compressedSize: first.readUInt32LE(18),
		size: first.readUInt32LE(22)
	} as const;
	const directory = [directoryRecord(ownRecord, 0)];
	const names = new Set([PACK_MANIFEST_NAME]);
	let position = 0;
	for (const entry of manifest.files) {
		if (names.has(entry.path)) return invalid('pack-layout-wrong', entry.path);
		names.add(entry.path);
		const header = await readExactly(file, dataStart + position, LOCAL_HEADER_BYTES + Buffer.byteLength(entry.path));
		const record = { ...entry, crc32: header?.readUInt32LE(14) ?? 0 };
		const expected = localHeader(record);
		if (header === null || !header.equals(expected) || entry.offset !== position + expected.length) {
			return invalid('pack-layout-wrong', entry.path);
		}
		directory.push(directoryRecord(record, dataStart + position));
		position = entry.offset + entry.compressedSize;
	}
	if (position !== manifest.dataLength) return invalid('pack-layout-wrong', '');
	const directoryStart = dataStart + position;
	const records = Buffer.concat(directory);
	const tail = Buffer.concat([records, endOfDirectory(directory.length, records.length, directoryStart)]);
	const actual = await readExactly(file, directoryStart, size - directoryStart);
	return actual?.equals(tail) === true ? null : invalid('pack-layout-wrong', '');
}

async function hashFile(
	file: FileHandle,
	entry: PackFile,
	dataStart: number
): Promise<{ readonly size: number; readonly sha256: string } | null> {
	const hash = createHash('sha256');
	let size = 0;
	const raw = bytesOf(file, dataStart + entry.offset, entry.compressedSize);
	try {
		for await (const chunk of entry.method === 8 ? throughZlib(raw, createInflateRaw()) : raw) {
			hash.update(chunk);
			size += chunk.length;
			if (size > entry.size) return null;
		}
	} catch (error) {
		if (isZlibError(error)) return null;
		throw error;
	}
	return { size, sha256: hash.digest('hex') };
}

async function* bytesOf(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer, void, undefined> {
	for (let done = 0; done < length;) {
		const want = Math.min(256 * 1024, length - done);
		const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(want), 0, want, start + done);
		if (bytesRead === 0) return;
		done += bytesRead;
		yield buffer.subarray(0, bytesRead);
	}
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
	const bytes = Buffer.alloc(length);
	for (let done = 0; done < length;) {
		const { bytesRead } = await file.read(bytes, done, length - done, position + done);
		if (bytesRead === 0) return null;
		done += bytesRead;
	}
	return bytes;
}

/** Empty, which is no manifest, when these bytes are not deflated or hold too much. */
function inflated(bytes: Buffer): string {
	try {
		return inflateRawSync(bytes, { maxOutputLength: MOST_MANIFEST_BYTES }).toString();
	} catch {
		return '';
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function invalid(problem: PackProblem, detail: string) {
	return { type: 'invalid', problem, detail } as const;
}
