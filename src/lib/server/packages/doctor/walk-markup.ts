/**
 * The tags of a page, as browsers find them in the wild: unclosed, unquoted, in any case. Only tags, attributes and where
 * text stands; no tree (HTML standard, 13.2.5, as far as that needs). Time grows with the length and nothing else: what is
 * never closed is looked for once.
 */

export type Tag = {
	/** Lower case. */
	readonly name: string;
	/** Names in lower case, values decoded; the first of two counts. */
	readonly attributes: ReadonlyMap<string, string>;
	/** Where its "<" stands. */
	readonly at: number;
	/** Of script, style, textarea and title: what stands in it, which is no markup. */
	readonly content: string | null;
	readonly contentAt: number;
};

export type MarkupVisitor = {
	readonly open: (tag: Tag) => void;
	readonly close?: ((name: string, at: number) => void) | undefined;
	readonly text?: ((from: number, to: number) => void) | undefined;
};

const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed']);
const MOST_ATTRIBUTES = 100;

export function walkMarkup(source: string, visitor: MarkupVisitor): void {
	const find = finder(source);
	let at = 0;
	while (at < source.length) {
		const start = source.indexOf('<', at);
		if (start === -1) break;
		if (start > at) visitor.text?.(at, start);
		const next = source.charAt(start + 1);
		if (next === '!' && source.startsWith('<!--', start)) at = after(find('-->', start + 4), 3, source);
		else if (next === '!' || next === '?') at = after(find('>', start + 2), 1, source);
		else if (next === '/') {
			const end = after(find('>', start + 2), 1, source);
			const name = /^[a-z][a-z0-9:-]*/i.exec(source.slice(start + 2, start + 60))?.[0];
			if (name !== undefined) visitor.close?.(name.toLowerCase(), start);
			at = end;
		} else if (/[a-z]/i.test(next)) at = readTag(source, start, find, visitor);
		else at = start + 1;
	}
	if (at < source.length) visitor.text?.(at, source.length);
}

type Find = (needle: string, from: number) => number;

function readTag(source: string, start: number, find: Find, visitor: MarkupVisitor): number {
	let at = start + 1;
	while (at < source.length && !/[\s/>]/.test(source.charAt(at))) at += 1;
	const name = source.slice(start + 1, Math.min(at, start + 60)).toLowerCase();
	const attributes = new Map<string, string>();
	for (let count = 0; at < source.length && count < MOST_ATTRIBUTES; count += 1) {
		while (at < source.length && /[\s/]/.test(source.charAt(at))) at += 1;
		if (at >= source.length || source.charAt(at) === '>') break;
		const from = at;
		// "=" may begin a name, and nothing else of a name's end may.
		at += 1;
		while (at < source.length && !/[\s/>=]/.test(source.charAt(at))) at += 1;
		const attribute = source.slice(from, at).toLowerCase();
		while (at < source.length && /\s/.test(source.charAt(at))) at += 1;
		let value = '';
		if (source.charAt(at) === '=') {
			at += 1;
			while (at < source.length && /\s/.test(source.charAt(at))) at += 1;
			const quote = source.charAt(at);
			if (quote === '"' || quote === "'") {
				const end = find(quote, at + 1);
				value = source.slice(at + 1, end === -1 ? at + 1 : end);
				at = end === -1 ? at + 1 : end + 1;
			} else {
				const begin = at;
				while (at < source.length && !/[\s>]/.test(source.charAt(at))) at += 1;
				value = source.slice(begin, at);
			}
		}
		if (!attributes.has(attribute)) attributes.set(attribute, decodeEntities(value));
	}
	const closed = source.charAt(at) === '>' ? at : find('>', at);
	const contentAt = after(closed, 1, source);
	if (!RAW.has(name)) {
		visitor.open({ name, attributes, at: start, content: null, contentAt });
		return contentAt;
	}
	const end = findEndTag(source, name, contentAt, find);
	// Never closed: in a fragment the rest is not its content.
	visitor.open({ name, attributes, at: start, content: source.slice(contentAt, end ?? contentAt), contentAt });
	return end ?? contentAt;
}

function findEndTag(source: string, name: string, from: number, find: Find): number | null {
	for (let at = find('</', from); at !== -1; at = find('</', at + 2)) {
		if (source.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
		if (name !== 'script' && name !== 'style' && at - from > 100_000) return null;
	}
	return null;
}

/** As `indexOf`, but what is not there any more is not looked for again. */
function finder(source: string): Find {
	const gone = new Set<string>();
	return (needle, from) => {
		if (gone.has(needle)) return -1;
		const at = source.indexOf(needle, from);
		if (at === -1) gone.add(needle);
		return at;
	};
}

function after(at: number, length: number, source: string): number {
	return at === -1 ? source.length : at + length;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(
		/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));?/gi,
		(whole, decimal?: string, hex?: string, name?: string) => {
			if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
			const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
			return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
		}
	);
}
