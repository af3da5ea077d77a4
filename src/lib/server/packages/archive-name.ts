/**
 * From the bytes of a ZIP entry's name to a path we are willing to keep: NFC, forward slashes, relative, inside.
 * ZIP APPNOTE 4.4.17 and appendix D: UTF-8 when bit 11 is set or in extra field 0x7075, else CP437; many tools write UTF-8 without
 * saying so, therefore bytes that are valid UTF-8 are read as such.
 */
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel } from 'yauzl';
import type { ExtraField } from 'yauzl';
import { PackageRefusal, shorten } from './import-result.ts';

export type ArchiveName = {
	/** Without trailing slash. */
	readonly path: string;
	readonly isDirectory: boolean;
	readonly hadBackslashes: boolean;
	/** True when the bytes were in no Unicode encoding, so that the name is a guess. */
	readonly isLegacy: boolean;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/**
 * ".." between slashes where a dot or slash is written with more bytes than it needs, to slip past a filter. Single overlong pairs
 * are let be: C0 AE is an everyday character in GBK, and undeclared names may be GBK.
 */
const OVERLONG_PARENT =
	/(?:^|[/\\]|\xc0\xaf|\xc1\x9c|\xe0\x80\xaf)(?:\.|\xc0\xae|\xe0\x80\xae|\xf0\x80\x80\xae){2}(?:$|[/\\]|\xc0\xaf|\xc1\x9c|\xe0\x80\xaf)/;
const DOS_DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

export function readArchiveName(raw: Buffer, isUtf8: boolean, extraFields: readonly ExtraField[]): ArchiveName {
	const { text, isLegacy } = decodeName(raw, isUtf8, extraFields);
	return { ...safePath(text), isLegacy };
}

/** Throws PackageRefusal for a name that leads out of the package or that some system gives another meaning. */
export function safePath(text: string): Omit<ArchiveName, 'isLegacy'> {
	const unsafe = () => new PackageRefusal('name-unsafe', { name: shorten(text) });

	if (/[\x00-\x1f\x7f]/.test(text)) throw unsafe();
	const hadBackslashes = text.includes('\\');
	const slashed = text.replaceAll('\\', '/');
	if (slashed.startsWith('/')) throw unsafe();

	const segments = slashed.split('/');
	const isDirectory = slashed.endsWith('/');
	const kept = segments.filter((segment) => segment !== '' && segment !== '.');
	for (const segment of kept) {
		// "C:" anywhere starts over on Windows, and Windows drops trailing dots and spaces: ". ." and ".. " are "..".
		if (/^[A-Za-z]:/.test(segment) || /^[. ]*$/.test(segment.normalize('NFKC'))) throw unsafe();
		if (DOS_DEVICE.test(segment.trim())) throw new PackageRefusal('name-reserved', { name: shorten(text) });
	}
	if (kept.length === 0 && !isDirectory) throw unsafe();
	return { path: kept.join('/').normalize('NFC'), isDirectory, hadBackslashes };
}

function decodeName(raw: Buffer, isUtf8: boolean, extraFields: readonly ExtraField[]) {
	const latin1 = raw.toString('latin1');
	const fail = () => new PackageRefusal('name-not-utf8', { name: shorten(latin1) });
	// A plain ".." goes on and is refused below under its own name.
	if (!/(?:^|[/\\])\.\.(?:$|[/\\])/.test(latin1) && OVERLONG_PARENT.test(latin1)) throw fail();

	const declared = isUtf8 ? raw : unicodePathOf(raw, extraFields);
	const decoded = tryUtf8(declared ?? raw);
	if (decoded !== null) return { text: decoded, isLegacy: false };
	if (declared !== null) throw fail();
	return { text: getFileNameLowLevel(0, raw, [], true), isLegacy: true };
}

/** Info-ZIP Unicode Path (0x7075) when it is version 1 and belongs to this very name; its bytes, not yet trusted. */
function unicodePathOf(raw: Buffer, extraFields: readonly ExtraField[]): Buffer | null {
	const applies = extraFields.find(
		({ id, data }) => id === 0x7075 && data.length >= 6 && data[0] === 1 && data.readUInt32LE(1) === crc32(raw)
	);
	return applies?.data.subarray(5) ?? null;
}

function tryUtf8(bytes: Buffer): string | null {
	try {
		return utf8.decode(bytes);
	} catch {
		return null;
	}
}
