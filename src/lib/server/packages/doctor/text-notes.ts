/** Collects what the scanners find in one file: bounded, whatever the file holds. */
import type { Reference, Sign, SignName, TextFacts, Use } from '#lib/domain/doctor/package-facts.ts';
import { shorten } from '../import-result.ts';

const MOST_REFERENCES = 2_000;
const MOST_MENTIONS = 5_000;
const MOST_SPOTS = 3;
const MOST_CHARACTERS = 100;

type Found = { count: number; readonly spots: { line: number; what: string }[] };

export class TextNotes {
	readonly #references = new Map<string, Reference>();
	readonly #mentions = new Set<string>();
	readonly #signs = new Map<SignName, Found>();
	base: string | null = null;

	refer(use: Use, address: string, line: number, isPlain: boolean): void {
		const trimmed = address.trim();
		if (trimmed === '' || trimmed.length > 2_000) return;
		const key = `${use} ${trimmed}`;
		if (this.#references.has(key) || this.#references.size >= MOST_REFERENCES) return;
		this.#references.set(key, { use, address: trimmed.slice(0, 300), line, isPlain });
	}

	mention(name: string): void {
		if (this.#mentions.size < MOST_MENTIONS) this.#mentions.add(name.toLowerCase());
	}

	sign(sign: SignName, line: number, what: string): void {
		const found = this.#signs.get(sign) ?? { count: 0, spots: [] };
		found.count += 1;
		if (found.spots.length < MOST_SPOTS) found.spots.push({ line, what: shorten(what, MOST_CHARACTERS) });
		this.#signs.set(sign, found);
	}

	has(sign: SignName): boolean {
		return this.#signs.has(sign);
	}

	facts(kind: TextFacts['kind'], isWhole: boolean, isGenerated: boolean): TextFacts {
		return {
			kind,
			isWhole,
			isGenerated,
			base: this.base,
			references: [...this.#references.values()],
			mentions: [...this.#mentions],
			signs: [...this.#signs].map(([sign, { count, spots }]): Sign => ({ sign, count, spots }))
		};
	}
}

/** Line numbers of places that come roughly in order. */
export function lineCounter(source: string, first = 1): (at: number) => number {
	let line = first;
	/** Where the line begins, and where the next line break stands. */
	let known = 0;
	let end = nextBreak(source, 0);
	return (at) => {
		if (at < known) [line, known, end] = [first, 0, nextBreak(source, 0)];
		while (end < at) {
			line += 1;
			known = end + 1;
			end = nextBreak(source, known);
		}
		return line;
	};
}

function nextBreak(source: string, from: number): number {
	const at = source.indexOf('\n', from);
	return at === -1 ? source.length : at;
}
