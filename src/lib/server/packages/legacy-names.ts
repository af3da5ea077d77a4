/**
 * File names that an old tool wrote in the encoding of its own computer, such as GBK in China or Shift_JIS in Japan, while the format says
 * CP437. The manifest names the same files in Unicode: the encoding in which most names are found there is the right one.
 */
import { safePath } from './archive-name.ts';
import { PackageRefusal } from './import-result.ts';

type Named = { readonly path: string; readonly legacyName: Buffer | null };

const ENCODINGS = ['gbk', 'shift_jis', 'windows-1252', 'windows-1251', 'ibm866', 'windows-1256', 'euc-kr', 'big5'];

/** The entries under better names, or the same entries when no encoding explains more of the manifest than CP437. */
export function settleLegacyNames<E extends Named>(entries: readonly E[], manifestText: string): readonly E[] {
	if (entries.every(({ legacyName }) => legacyName === null)) return entries;
	const mentioned = manifestText.normalize('NFC');
	const score = (named: readonly Named[]) =>
		named.filter((entry) => entry.legacyName && isMentioned(entry.path, mentioned)).length;

	let best = entries;
	for (const encoding of ENCODINGS) {
		const renamed = rename(entries, encoding);
		if (renamed !== null && score(renamed) > score(best)) best = renamed;
	}
	return best;
}

function isMentioned(path: string, text: string): boolean {
	const file = path.slice(path.lastIndexOf('/') + 1);
	return text.includes(file) || text.includes(encodeURI(file)) || text.includes(encodeURIComponent(file));
}

/** null when the names make no sense in this encoding, or collide. */
function rename<E extends Named>(entries: readonly E[], encoding: string): readonly E[] | null {
	const decoder = new TextDecoder(encoding, { fatal: true });
	try {
		const renamed = entries.map((entry) =>
			entry.legacyName === null ? entry : { ...entry, path: safePath(decoder.decode(entry.legacyName)).path }
		);
		return new Set(renamed.map(({ path }) => path)).size === renamed.length ? renamed : null;
	} catch (error) {
		if (error instanceof TypeError || error instanceof PackageRefusal) return null;
		throw error;
	}
}
