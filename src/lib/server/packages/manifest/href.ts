/**
 * From what a manifest writes in href (a URI reference, XML Base applied) to a file of the archive.
 * Tools write backslashes, unescaped spaces, literal "#" in names, wrong case; each reading is tried, the strict one first.
 */
import { PackageRefusal, shorten } from '../import-result.ts';

export type HrefTarget =
	| { readonly type: 'file'; readonly path: string; readonly suffix: string; readonly oddities: readonly HrefOddity[] }
	/** Not in the archive; `path` is where it should be. */
	| { readonly type: 'missing'; readonly path: string }
	| { readonly type: 'refused'; readonly reason: 'href-absolute' | 'href-script' | 'href-outside' };
export type HrefOddity = 'href-backslashes' | 'href-leading-slash' | 'file-name-case';

export type FileIndex = { readonly exact: ReadonlySet<string>; readonly folded: ReadonlyMap<string, string> };

export function indexFiles(paths: Iterable<string>): FileIndex {
	const exact = new Set(paths);
	const folded = new Map<string, string>();
	for (const path of exact) if (!folded.has(fold(path))) folded.set(fold(path), path);
	return { exact, folded };
}

/** `bases` are the xml:base values from outside in. */
export function resolveHref(bases: readonly (string | null)[], href: string, files: FileIndex): HrefTarget {
	// Browsers drop tabs and line breaks anywhere in a URL and control characters around it: so must the check for schemes.
	const parts = [...bases, href].map((part) =>
		(part ?? '').replace(/[\t\n\r]+/g, '').replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '')
	);
	const oddities = new Set<HrefOddity>();
	const slashed = parts.map((part) => {
		const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(part) ?? [];
		if (path.includes('\\')) oddities.add('href-backslashes');
		return path.replaceAll('\\', '/') + rest;
	});
	for (const part of slashed) {
		const refusal = refuseScheme(part);
		if (refusal !== null) return refusal;
	}
	let joined = '';
	for (const part of slashed) {
		if (part === '') continue;
		joined = part.startsWith('/') ? part : joined.slice(0, joined.lastIndexOf('/') + 1) + part;
	}
	if (joined.startsWith('/')) oddities.add('href-leading-slash');

	const [, written = '', suffix = ''] = /^([^?#]*)(.*)$/s.exec(joined) ?? [];
	let outside = false;
	const candidates: { path: string; suffix: string }[] = [];
	for (const [text, rest] of [
		[decodePercent(written), suffix],
		[written, suffix],
		// A "?" or "#" that is part of the file's name.
		[joined, '']
	] as const) {
		const path = normalise(text);
		if (path === null) outside ||= text !== joined || suffix === '';
		else if (path !== '') candidates.push({ path, suffix: rest });
	}
	if (outside) return { type: 'refused', reason: 'href-outside' };

	for (const candidate of candidates) {
		if (files.exact.has(candidate.path)) return { type: 'file', ...candidate, oddities: [...oddities] };
	}
	for (const candidate of candidates) {
		const path = files.folded.get(fold(candidate.path));
		if (path !== undefined) {
			return { type: 'file', path, suffix: candidate.suffix, oddities: [...oddities, 'file-name-case'] };
		}
	}
	return { type: 'missing', path: candidates[0]?.path ?? '' };
}

/** Throws what the target was refused for. */
export function refuseHref(
	target: HrefTarget,
	href: string
): asserts target is Exclude<HrefTarget, { type: 'refused' }> {
	if (target.type === 'refused') throw new PackageRefusal(target.reason, { href: shorten(href) });
}

/**
 * Query and fragment of the launch address with the item's `parameters` added (SCORM 2004 CAM 3.4, `parameters`;
 * SCORM 1.2 CAM 2.3 likewise): a fragment stays last.
 */
export function addParameters(suffix: string, parameters: string | null): string {
	const given = (parameters ?? '').trim().replace(/^[?&]+/, '');
	const [, query = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(suffix) ?? [];
	if (given === '') return query === '?' ? fragment : suffix;
	if (given.startsWith('#')) return fragment === '' ? query + given : suffix;
	const [, addedQuery = '', addedFragment = ''] = /^([^#]*)(.*)$/s.exec(given) ?? [];
	const joint = query === '' ? '?' : query === '?' ? '' : '&';
	return query + joint + addedQuery + (fragment === '' ? addedFragment : fragment);
}

function refuseScheme(part: string): HrefTarget | null {
	if (part.startsWith('//')) return { type: 'refused', reason: 'href-absolute' };
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(part)?.[1]?.toLowerCase();
	if (scheme === undefined) return null;
	const isScript = ['javascript', 'vbscript', 'data', 'blob'].includes(scheme);
	return { type: 'refused', reason: isScript ? 'href-script' : 'href-absolute' };
}

/** A path inside the package, or null when it leads out. */
function normalise(path: string): string | null {
	const kept: string[] = [];
	for (const segment of path.replaceAll('\\', '/').split('/')) {
		if (segment === '' || segment === '.') continue;
		if (segment !== '..') kept.push(segment);
		else if (kept.pop() === undefined) return null;
	}
	return kept.join('/').normalize('NFC');
}

function decodePercent(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function fold(path: string): string {
	return path.toLowerCase().normalize('NFC');
}
