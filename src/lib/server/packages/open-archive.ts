/**
 * A ZIP file from a stranger, opened for reading (PKWARE APPNOTE 6.3). The central directory is read through yauzl and checked whole before
 * any file is touched; file bytes are then streamed and checked again, since headers lie. Nothing is ever written by name.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { RandomAccessReader, fromRandomAccessReaderPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { ArchiveLimits } from './archive-limits.ts';
import { readArchiveName } from './archive-name.ts';
import { PackageRefusal, WarningList, megabytes, refusedOrThrow, shorten } from './import-result.ts';
import type { ImportWarning, Refused } from './import-result.ts';
import { recogniseContents } from './recognise-contents.ts';
import { isZlibError, throughZlib } from './through-zlib.ts';

export type ArchiveEntry = {
	/** NFC, forward slashes, relative; unique in the archive. */
	readonly path: string;
	/** Uncompressed bytes, as the header says; reading fails when that is not so. */
	readonly size: number;
	readonly compressedSize: number;
	readonly method: 0 | 8;
	readonly crc32: number;
	/** Where the entry's compressed bytes start in the archive. */
	readonly dataStart: number;
	/** The name's bytes when they were in no Unicode encoding, so that `path` is a guess (CP437, as the format says). */
	readonly legacyName: Buffer | null;
};

export type Archive = {
	readonly size: number;
	/** Files only, sorted by path; what an operating system left behind is not among them. */
	readonly entries: readonly ArchiveEntry[];
	/** imsmanifest.xml at the root, whatever its case. */
	readonly manifest: ArchiveEntry;
	readonly warnings: readonly ImportWarning[];
	/** The file's bytes, uncompressed and verified. Throws PackageRefusal at the first byte too many. */
	read(entry: ArchiveEntry, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined>;
	close(): Promise<void>;
};

export type OpenedArchive = { readonly type: 'opened'; readonly archive: Archive } | Refused;

/** Opens and checks the whole directory. The caller closes the archive. IO errors (no such file) are thrown. */
export async function openArchive(path: string, limits: ArchiveLimits, signal?: AbortSignal): Promise<OpenedArchive> {
	const handle = await open(path, 'r');
	try {
		const { size } = await handle.stat();
		if (size > limits.archiveBytes) {
			throw new PackageRefusal('archive-too-large', {
				megabytes: megabytes(size),
				limit: megabytes(limits.archiveBytes)
			});
		}
		const warnings = new WarningList();
		const found = await readDirectory(handle, size, limits, warnings, signal);
		checkSums(found, limits);
		checkOverlap(found);
		const unique = checkNames(found, warnings);
		const { entries, manifest } = recogniseContents(unique, warnings);
		const archive: Archive = {
			size,
			entries,
			manifest,
			warnings: warnings.list(),
			read: (entry, readSignal) => readEntry(handle, entry, readSignal),
			close: () => handle.close()
		};
		return { type: 'opened', archive };
	} catch (error) {
		await handle.close();
		return refusedOrThrow(error);
	}
}

type FoundEntry = ArchiveEntry & { readonly headerStart: number };

async function readDirectory(
	handle: FileHandle,
	size: number,
	limits: ArchiveLimits,
	warnings: WarningList,
	signal: AbortSignal | undefined
): Promise<readonly FoundEntry[]> {
	const zip = await openDirectory(handle, size);
	if (zip.entryCount > limits.entries) {
		throw new PackageRefusal('too-many-files', { number: zip.entryCount, limit: limits.entries });
	}
	const directoryStart = zip.readEntryCursor as unknown as number;
	const found: FoundEntry[] = [];
	let declaredBytes = 0;
	for (;;) {
		signal?.throwIfAborted();
		const entry = await nextEntry(zip);
		if (entry === null) break;
		refuseSpecialFile(entry);
		const { path, isDirectory, hadBackslashes, isLegacy } = nameOf(entry, limits);
		if (isDirectory || isBareDirectory(entry)) continue;
		if (hadBackslashes && !isLegacy) warnings.addExample('names-with-backslashes', path);
		if (isLegacy) warnings.addExample('names-legacy-encoding', path);

		const name = shorten(path);
		if ((entry.generalPurposeBitFlag & 0x2041) !== 0) throw new PackageRefusal('encrypted', { name });
		const method = entry.compressionMethod;
		if (method === 99) throw new PackageRefusal('encrypted', { name });
		if (method !== 0 && method !== 8) throw new PackageRefusal('unsupported-compression', { name, method });
		if (entry.uncompressedSize > limits.fileBytes) {
			throw new PackageRefusal('file-too-large', {
				name,
				megabytes: megabytes(entry.uncompressedSize),
				limit: megabytes(limits.fileBytes)
			});
		}
		declaredBytes += entry.uncompressedSize;
		if (declaredBytes > limits.totalBytes) {
			throw new PackageRefusal('total-too-large', {
				megabytes: megabytes(declaredBytes),
				limit: megabytes(limits.totalBytes)
			});
		}
		const dataStart = await checkLocalHeader(handle, entry, size, directoryStart, name);
		found.push({
			path,
			size: entry.uncompressedSize,
			compressedSize: entry.compressedSize,
			method,
			crc32: entry.crc32,
			headerStart: entry.relativeOffsetOfLocalHeader,
			dataStart,
			legacyName: isLegacy ? Buffer.from(entry.fileNameRaw) : null
		});
	}
	await checkDirectoryEnd(handle, zip.readEntryCursor as unknown as number);
	return found;
}

async function openDirectory(handle: FileHandle, size: number): Promise<ZipFile> {
	const start = Buffer.alloc(4);
	await handle.read(start, 0, 4, 0);
	// A later volume, or only the last of several, says so in its first bytes.
	if (start.readUInt32LE(0) === 0x08074b50) throw new PackageRefusal('archive-multi-part');
	const looksLikeZip = [0x04034b50, 0x06054b50].includes(start.readUInt32LE(0));
	try {
		return await fromRandomAccessReaderPromise(new HandleReader(handle), size, {
			autoClose: false,
			decodeStrings: false
		});
	} catch (error) {
		const message = messageOf(error);
		if (message.includes('multi-disk')) throw new PackageRefusal('archive-multi-part', {}, { cause: error });
		if (!looksLikeZip) throw new PackageRefusal('not-a-zip', {}, { cause: error });
		if (message.startsWith('End of central directory')) {
			throw new PackageRefusal('archive-truncated', {}, { cause: error });
		}
		throw new PackageRefusal('archive-damaged', {}, { cause: error });
	}
}

/**
 * yauzl passes offsets from the file straight to fs.read, which throws on absurd ones inside yauzl's own callbacks, where nobody can catch
 * it. A FileHandle rejects instead, and that reaches yauzl as an error.
 */
class HandleReader extends RandomAccessReader {
	readonly #handle: FileHandle;

	constructor(handle: FileHandle) {
		super();
		this.#handle = handle;
	}

	override read(
		buffer: Buffer,
		offset: number,
		length: number,
		position: number,
		callback: (error: Error | null, bytesRead?: number) => void
	): void {
		this.#handle.read(buffer, offset, length, position).then(
			({ bytesRead }) => callback(null, bytesRead),
			(error: Error) => callback(error)
		);
	}
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
	return new Promise((resolve, reject) => {
		const settle = (act: () => void) => {
			zip.removeAllListeners();
			act();
		};
		zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
		zip.once('end', () => settle(() => resolve(null)));
		zip.once('error', (error: Error) => {
			const reason = messageOf(error).includes('encryption') ? 'encrypted' : 'archive-damaged';
			settle(() => reject(new PackageRefusal(reason, {}, { cause: error })));
		});
		zip.readEntry();
	});
}

function nameOf(entry: Entry, limits: ArchiveLimits) {
	const raw = entry.fileNameRaw;
	if (raw.length > limits.nameBytes) {
		throw new PackageRefusal('name-too-long', { name: shorten(raw.toString('latin1')), limit: limits.nameBytes });
	}
	return readArchiveName(raw, (entry.generalPurposeBitFlag & 0x800) !== 0, entry.extraFields);
}

/** Unix modes live in the upper half of the external attributes (Info-ZIP); 3 and 19 are the systems that mean them. */
function refuseSpecialFile(entry: Entry): void {
	const fileType = (entry.externalFileAttributes >>> 16) & 0xf000;
	const name = shorten(entry.fileNameRaw.toString('utf8'));
	if (fileType === 0xa000) throw new PackageRefusal('symlink', { name });
	const isUnix = [3, 19].includes(entry.versionMadeBy >>> 8);
	if (isUnix && ![0, 0x4000, 0x8000].includes(fileType)) throw new PackageRefusal('special-file', { name });
}

/** A folder whose name lacks the trailing slash, told by its Unix mode or DOS attribute. */
function isBareDirectory(entry: Entry): boolean {
	const attributes = entry.externalFileAttributes;
	return entry.uncompressedSize === 0 && (((attributes >>> 16) & 0xf000) === 0x4000 || (attributes & 0x10) !== 0);
}

/** The same entry's other header: it must be there, agree with the directory, and leave room for the bytes. */
async function checkLocalHeader(
	handle: FileHandle,
	entry: Entry,
	size: number,
	directoryStart: number,
	name: string
): Promise<number> {
	const at = entry.relativeOffsetOfLocalHeader;
	const header = Buffer.alloc(30 + entry.fileNameRaw.length);
	if (!Number.isSafeInteger(at) || at + header.length > size) throw new PackageRefusal('archive-damaged', { name });
	await handle.read(header, 0, header.length, at);
	if (header.readUInt32LE(0) !== 0x04034b50) throw new PackageRefusal('archive-damaged', { name });
	if ((header.readUInt16LE(6) & 0x2041) !== 0) throw new PackageRefusal('encrypted', { name });

	const slashes = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\\', '/');
	const sameName =
		header.readUInt16LE(26) === entry.fileNameRaw.length && slashes(header.subarray(30)) === slashes(entry.fileNameRaw);
	if (!sameName || header.readUInt16LE(8) !== entry.compressionMethod) {
		throw new PackageRefusal('archive-inconsistent', { name });
	}
	// Bit 3: sizes follow the data, so the local ones are zero. Otherwise both headers must say the same.
	const hasDescriptor = (header.readUInt16LE(6) & 8) !== 0;
	for (const [offset, expected] of [
		[18, entry.compressedSize],
		[22, entry.uncompressedSize]
	] as const) {
		const local = header.readUInt32LE(offset);
		const isUnknown = local === 0xffffffff || (hasDescriptor && local === 0);
		if (!isUnknown && local !== expected) throw new PackageRefusal('lying-sizes', { name });
	}
	const dataStart = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
	const dataEnd = dataStart + entry.compressedSize;
	if (dataEnd > size) throw new PackageRefusal('archive-truncated', { name });
	if (dataEnd > directoryStart) throw new PackageRefusal('overlapping-entries', { name });
	return dataStart;
}

/** After the last counted entry the directory must end, or some tools would see files that we did not check. */
async function checkDirectoryEnd(handle: FileHandle, position: number): Promise<void> {
	const next = Buffer.alloc(4);
	await handle.read(next, 0, 4, position);
	const isEnd = [0x06054b50, 0x06064b50, 0x05054b50].includes(next.readUInt32LE(0));
	if (!isEnd) throw new PackageRefusal('archive-inconsistent', { name: '…' });
}

function checkSums(found: readonly FoundEntry[], limits: ArchiveLimits): void {
	const exceeds = (size: number, compressed: number) =>
		size > limits.ratioFloorBytes && size > limits.ratio * Math.max(compressed, 1);
	for (const { path, size, compressedSize } of found) {
		if (exceeds(size, compressedSize)) {
			throw new PackageRefusal('compression-ratio', { name: shorten(path), limit: limits.ratio });
		}
	}
	const sum = (pick: (entry: FoundEntry) => number) => found.reduce((total, entry) => total + pick(entry), 0);
	if (
		exceeds(
			sum((entry) => entry.size),
			sum((entry) => entry.compressedSize)
		)
	) {
		throw new PackageRefusal('compression-ratio', { name: '…', limit: limits.ratio });
	}
}

/** Entries that share bytes make a bomb out of a small file (Fifield, "A better zip bomb"). */
function checkOverlap(found: readonly FoundEntry[]): void {
	const byPosition = [...found].sort((a, b) => a.headerStart - b.headerStart);
	byPosition.forEach((entry, index) => {
		const previous = byPosition[index - 1];
		if (previous !== undefined && entry.headerStart < previous.dataStart + previous.compressedSize) {
			throw new PackageRefusal('overlapping-entries', { name: shorten(entry.path) });
		}
	});
}

/** The same name twice is hostile or broken. Names apart only in case are two files here and one on Windows: told, not refused. */
function checkNames(found: readonly FoundEntry[], warnings: WarningList): readonly ArchiveEntry[] {
	const exact = new Set<string>();
	const folded = new Set<string>();
	for (const { path } of found) {
		if (exact.has(path)) throw new PackageRefusal('duplicate-names', { name: shorten(path) });
		exact.add(path);
		const lower = path.toLowerCase();
		if (folded.has(lower)) warnings.addExample('names-differ-only-in-case', path);
		folded.add(lower);
	}
	for (const { path } of found) {
		// "a" as a file and "a/b" beside it cannot both be: no unzip tool could write them.
		for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
			const parent = path.slice(0, at);
			if (exact.has(parent)) throw new PackageRefusal('duplicate-names', { name: shorten(parent) });
		}
	}
	return found
		.map(({ headerStart: _, ...entry }) => entry)
		.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function* readEntry(
	handle: FileHandle,
	entry: ArchiveEntry,
	signal: AbortSignal | undefined
): AsyncGenerator<Buffer, void, undefined> {
	const name = shorten(entry.path);
	const raw = rawBytes(handle, entry, signal);
	let size = 0;
	let sum = 0;
	for await (const chunk of entry.method === 8 ? inflate(raw, name) : raw) {
		size += chunk.length;
		if (size > entry.size) throw new PackageRefusal('lying-sizes', { name });
		sum = crc32(chunk, sum);
		yield chunk;
	}
	if (size !== entry.size) throw new PackageRefusal('lying-sizes', { name });
	if (sum !== entry.crc32) throw new PackageRefusal('archive-damaged', { name });
}

const READ_BYTES = 64 * 1024;

async function* rawBytes(
	handle: FileHandle,
	{ dataStart, compressedSize }: ArchiveEntry,
	signal: AbortSignal | undefined
): AsyncGenerator<Buffer, void, undefined> {
	for (let done = 0; done < compressedSize;) {
		signal?.throwIfAborted();
		const length = Math.min(READ_BYTES, compressedSize - done);
		const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, dataStart + done);
		if (bytesRead === 0) throw new PackageRefusal('archive-truncated');
		done += bytesRead;
		yield buffer.subarray(0, bytesRead);
	}
}

async function* inflate(raw: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer, void, undefined> {
	try {
		yield* throughZlib(raw, createInflateRaw());
	} catch (error) {
		throw isZlibError(error) ? new PackageRefusal('archive-damaged', { name }, { cause: error }) : error;
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
