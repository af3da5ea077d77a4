/** What an address in a package means: somewhere else, a file of the package, or nothing to look for. */

export type Meaning =
	| { readonly kind: 'elsewhere'; readonly host: string; readonly isPlainHttp: boolean }
	/** Path in the package, decoded, as the browser would ask for it. */
	| { readonly kind: 'inside'; readonly path: string }
	/** On the author's own machine, or above the package: nobody has it. */
	| { readonly kind: 'nowhere' }
	/** A fragment, an inline picture, a template that a script fills. */
	| { readonly kind: 'nothing' };

const NOTHING = { kind: 'nothing' } as const;
const NOWHERE = { kind: 'nowhere' } as const;

/**
 * @param from path of the file it stands in
 * @param base `href` of that page's <base>, if any
 */
export function meaningOf(address: string, from: string, base: string | null = null): Meaning {
	const text = address.trim().replaceAll('\\', '/');
	if (text === '' || text.startsWith('#') || /\{\{|\$\{|<%|\{%|\[\[|^\{|["'+<>]/.test(text)) return NOTHING;
	const elsewhere = /^(?:(https?|wss?|ftp):)?\/\/([^/?#]*)/i.exec(text);
	if (elsewhere !== null) {
		const [, scheme = '', place = ''] = elsewhere;
		const host = place.replace(/^.*@|:\d*$/g, '').toLowerCase();
		return host === ''
			? NOTHING
			: { kind: 'elsewhere', host, isPlainHttp: ['http', 'ws', 'ftp'].includes(scheme.toLowerCase()) };
	}
	if (/^(?:file:|[a-z]:\/)/i.test(text)) return NOWHERE;
	if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return NOTHING;
	if (base !== null && base !== '') {
		// "img/" is as good as any file in it.
		const place = meaningOf(/[\\/]$/.test(base) ? `${base}index` : base, from);
		if (place.kind === 'elsewhere') return place;
		if (place.kind === 'inside') return inside(text, place.path);
	}
	return inside(text, from);
}

function inside(text: string, from: string): Meaning {
	// The root of the content's address is not the package's.
	if (text.startsWith('/')) return NOWHERE;
	const plain = decoded(text.replace(/[?#].*$/s, ''));
	if (plain === '') return NOTHING;
	const parts = from.split('/').slice(0, -1);
	for (const part of plain.split('/')) {
		if (part === '' || part === '.') continue;
		if (part !== '..') parts.push(part);
		else if (parts.pop() === undefined) return NOWHERE;
	}
	return plain.endsWith('/') || parts.length === 0
		? NOTHING
		: { kind: 'inside', path: parts.join('/').normalize('NFC') };
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

export type Found = 'as-written' | 'other-spelling' | 'missing';

/** Files of a package by name; also by another spelling, which our player forgives and others do not. */
export class FileNames {
	readonly #exact = new Set<string>();
	readonly #folded = new Map<string, string>();
	readonly #byName = new Map<string, string[]>();
	readonly #byFolder = new Map<string, string[]>();

	constructor(paths: readonly string[]) {
		for (const path of paths) {
			this.#exact.add(path);
			const lower = path.toLowerCase();
			if (!this.#folded.has(lower)) this.#folded.set(lower, path);
			push(this.#byName, lower.slice(lower.lastIndexOf('/') + 1), path);
			const folders = lower.split('/').slice(0, -1);
			for (let depth = 0; depth < folders.length; depth++) push(this.#byFolder, `${folders[depth]}/`, path);
		}
	}

	/** The file as it is called in the package. */
	find(path: string): { readonly found: Found; readonly path: string } {
		if (this.#exact.has(path)) return { found: 'as-written', path };
		const other = this.#folded.get(path.toLowerCase());
		return other === undefined ? { found: 'missing', path } : { found: 'other-spelling', path: other };
	}

	/** Every file that a name in a script ("images/a.png", "questions.js", "slides/") may mean. */
	meantBy(mention: string): readonly string[] {
		const parts = mention.split('/');
		if (mention.endsWith('/')) return this.#byFolder.get(`${parts.at(-2) ?? ''}/`) ?? [];
		return this.#byName.get(parts.at(-1) ?? '') ?? [];
	}
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
	const list = lists.get(key);
	if (list === undefined) lists.set(key, [value]);
	else list.push(value);
}
