/**
 * The package doctor's eyes: reads a stored course pack and gathers what domain/doctor judges. Nothing of the package is
 * run, no file is written, and memory stays small: of each text the first two megabytes, of each picture its header.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import type { PackFile } from '#lib/contracts/pack-manifest.ts';
import { examine, type DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import type { FileFacts, PackageFacts, TextFacts } from '#lib/domain/doctor/package-facts.ts';
import { readPackManifest } from '../read-pack.ts';
import { throughZlib } from '../through-zlib.ts';
import { pixelsOf, secondsOfMp4 } from './media-headers.ts';
import { scanData, scanMarkup, scanPage } from './scan-page.ts';
import { isDataScript, isGeneratedScript, scanScript } from './scan-script.ts';
import { scanStyle } from './scan-style.ts';
import { TextNotes } from './text-notes.ts';

export type ReadingLimits = {
	/** Of one text, uncompressed. */
	readonly textBytes: number;
	/** Of all texts together. */
	readonly allTextBytes: number;
};
export const READING_LIMITS: ReadingLimits = { textBytes: 2 * 1024 * 1024, allTextBytes: 64 * 1024 * 1024 };

const PICTURE_BYTES = 128 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** null: this is no pack (any more). IO errors are thrown. */
export async function examinePack(
	packPath: string,
	limits: ReadingLimits = READING_LIMITS
): Promise<DoctorReport | null> {
	const facts = await gatherFacts(packPath, limits);
	return facts === null ? null : examine(facts);
}

export async function gatherFacts(
	packPath: string,
	limits: ReadingLimits = READING_LIMITS
): Promise<PackageFacts | null> {
	const pack = await readPackManifest(packPath);
	if (pack.type === 'invalid') return null;
	const file = await open(packPath, 'r');
	try {
		const files: FileFacts[] = [];
		let left = limits.allTextBytes;
		for (const entry of pack.manifest.files) {
			const facts = await factsOf(file, pack.dataStart, entry, Math.min(limits.textBytes, left));
			if (facts.text !== null) left -= Math.min(entry.size, limits.textBytes, left);
			files.push(facts);
		}
		return { structure: pack.manifest.course, files };
	} finally {
		await file.close();
	}
}

async function factsOf(pack: FileHandle, dataStart: number, entry: PackFile, mostText: number): Promise<FileFacts> {
	const { path, size, compressedSize: packed } = entry;
	const type = entry.type.split(';', 1)[0] ?? '';
	const facts: FileFacts = { path, size, packed, type, text: null, picture: null, seconds: null };
	const kind = kindOfText(path, type);
	if (kind !== null) {
		if (mostText === 0) return { ...facts, text: new TextNotes().facts(kind, false, false) };
		const bytes = await readHead(pack, dataStart, entry, mostText);
		return { ...facts, text: scanText(path, kind, decodeText(bytes), bytes.length >= size) };
	}
	if (type.startsWith('image/'))
		return { ...facts, picture: pixelsOf(await readHead(pack, dataStart, entry, PICTURE_BYTES)) };
	if (type === 'video/mp4' && entry.method === 0) {
		const read = (position: number, length: number) =>
			readExactly(pack, dataStart + entry.offset + position, Math.min(length, Math.max(0, size - position)));
		return { ...facts, seconds: await secondsOfMp4(read, size) };
	}
	return facts;
}

function kindOfText(path: string, type: string): TextFacts['kind'] | null {
	// What the importer has read, and what only machines read.
	if (/(?:^|\/)(?:imsmanifest\.xml|waypost-course\.json)$|\.(?:xsd|dtd|map|vtt|srt|txt|md|csv)$/i.test(path))
		return null;
	if (/^(?:text\/html|application\/xhtml)/.test(type)) return 'page';
	if (type === 'text/javascript') return 'script';
	if (type === 'text/css') return 'style';
	if (type === 'image/svg+xml' && /\.svg$/i.test(path)) return 'picture';
	return /^application\/(?:json|xml|manifest)/.test(type) ? 'data' : null;
}

function scanText(path: string, kind: TextFacts['kind'], source: string, isWhole: boolean): TextFacts {
	const notes = new TextNotes();
	switch (kind) {
		case 'page':
			scanPage(source, notes);
			return notes.facts(kind, isWhole, false);
		case 'style':
			scanStyle(source, notes);
			return notes.facts(kind, isWhole, false);
		case 'picture': {
			// A drawing loads pictures and style sheets of its own; its words are judged where it is shown.
			const own = new TextNotes();
			scanMarkup(source, own, { isFragment: false });
			const { references } = own.facts(kind, isWhole, false);
			return { ...notes.facts(kind, isWhole, false), references };
		}
		case 'data':
			scanData(source, notes, { hasMarkup: !/\.xml$/i.test(path) });
			return notes.facts(kind, isWhole, false);
		case 'script': {
			if (isDataScript(source)) {
				scanData(source, notes);
				return notes.facts('data', isWhole, false);
			}
			const isGenerated = isGeneratedScript(path, source);
			scanScript(source, notes, { isGenerated });
			return notes.facts(kind, isWhole, isGenerated);
		}
		default:
			return unreachable(kind);
	}
}

/** UTF-16 and UTF-8 by their marks, UTF-8 when it is; else Windows-1252, which every byte is. */
function decodeText(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	const text = new TextDecoder('utf-8').decode(bytes);
	return text.includes('\ufffd') ? new TextDecoder('windows-1252').decode(bytes) : text;
}

/** The first `most` bytes of a file, uncompressed. A file that is damaged gives what came before the damage. */
async function readHead(pack: FileHandle, dataStart: number, entry: PackFile, most: number): Promise<Buffer> {
	const start = dataStart + entry.offset;
	if (entry.method === 0) return readExactly(pack, start, Math.min(most, entry.size));
	if (entry.compressedSize <= CHUNK_BYTES && entry.size <= most) {
		const compressed = await readExactly(pack, start, entry.compressedSize);
		try {
			return inflateRawSync(compressed, { maxOutputLength: Math.max(1, entry.size) });
		} catch {
			return Buffer.alloc(0);
		}
	}
	const parts: Buffer[] = [];
	let length = 0;
	try {
		for await (const part of throughZlib(chunksOf(pack, start, entry.compressedSize), createInflateRaw())) {
			parts.push(part.subarray(0, most - length));
			length += part.length;
			if (length >= most) break;
		}
	} catch {
		// The importer wrote this pack itself: a damaged one is found when it is verified, not here.
	}
	return Buffer.concat(parts);
}

async function* chunksOf(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer, void, undefined> {
	for (let done = 0; done < length;) {
		const part = await readExactly(file, start + done, Math.min(CHUNK_BYTES, length - done));
		if (part.length === 0) return;
		done += part.length;
		yield part;
	}
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const bytes = Buffer.alloc(length);
	let done = 0;
	while (done < length) {
		const { bytesRead } = await file.read(bytes, done, length - done, position + done);
		if (bytesRead === 0) break;
		done += bytesRead;
	}
	return bytes.subarray(0, done);
}

function unreachable(kind: never): never {
	throw new Error(`unreachable: ${String(kind)}`);
}
