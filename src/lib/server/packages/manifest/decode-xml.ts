/**
 * Bytes of an XML document to text (XML 1.0 appendix F): byte order mark first, then the shape of the first characters, then the
 * declared encoding, and Windows-1252 when bytes that should be UTF-8 are not (hand-edited manifests).
 */
import { PackageRefusal } from '../import-result.ts';
import type { WarningList } from '../import-result.ts';

export function decodeXml(bytes: Buffer, warnings: WarningList): string {
	const { label, isCertain } = guessEncoding(bytes);
	const declared = label ?? declaredEncoding(bytes);
	const text = tryDecode(bytes, declared ?? 'utf-8');
	if (text !== null) return clean(text);
	if (isCertain) throw new PackageRefusal('manifest-encoding', { encoding: declared ?? 'utf-8' });

	warnings.add('manifest-encoding-wrong', { encoding: declared ?? 'utf-8' });
	const fallback = tryDecode(bytes, 'utf-8') ?? tryDecode(bytes, 'windows-1252');
	if (fallback === null) throw new PackageRefusal('manifest-encoding', { encoding: declared ?? 'utf-8' });
	return clean(fallback);
}

function guessEncoding(bytes: Buffer): { readonly label: string | null; readonly isCertain: boolean } {
	const [a, b, c, d] = bytes;
	const certainly = (label: string) => ({ label, isCertain: true });
	if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
		throw new PackageRefusal('manifest-encoding', { encoding: 'utf-32' });
	}
	if (a === 0xff && b === 0xfe) return certainly('utf-16le');
	if (a === 0xfe && b === 0xff) return certainly('utf-16be');
	if (a === 0xef && b === 0xbb && c === 0xbf) return { label: 'utf-8', isCertain: false };
	if (a === 0x3c && b === 0 && c !== 0) return certainly('utf-16le');
	if (a === 0 && b === 0x3c && c === 0) return certainly('utf-16be');
	return { label: null, isCertain: false };
}

function declaredEncoding(bytes: Buffer): string | null {
	const start = bytes.subarray(0, 256).toString('latin1');
	const label = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1]?.toLowerCase() ?? null;
	// These bytes are 8 bits wide, or guessEncoding had seen it: a "UTF-16" that some editor saved as UTF-8.
	return label?.startsWith('utf-16') || label?.startsWith('ucs-2') || label === 'unicode' ? 'utf-8' : label;
}

function tryDecode(bytes: Buffer, label: string): string | null {
	try {
		return new TextDecoder(label, { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** Blank lines before the declaration and a NUL or Ctrl-Z after the end are everyday oddities, and no XML. */
function clean(text: string): string {
	return text.replace(/^[\s\ufeff]+/, '').replace(/[\s\0\x1a]+$/, '');
}
