/** Where in a course something was found, so that a person sees why it is in the list. */
import { markedBy, type Marked } from './search-text.ts';

export type FoundIn = {
	readonly field: 'units' | 'glossary' | 'objectives' | 'description';
	readonly pieces: readonly Marked[];
};

/** The first line with a mark, in the order given; null when the title says it all. */
export function foundIn(
	title: string,
	lines: readonly (readonly [FoundIn['field'], readonly string[]])[],
	terms: ReadonlySet<string>
): FoundIn | null {
	if (markedBy(title, terms).some(({ marked }) => marked)) return null;
	for (const [field, texts] of lines) {
		for (const text of texts) {
			const pieces = markedBy(text, terms);
			if (pieces.some(({ marked }) => marked)) return { field, pieces: shortened(pieces) };
		}
	}
	return null;
}

const mostBefore = 40;
const mostAfter = 80;

/** A long text around its first mark. */
function shortened(pieces: readonly Marked[]): readonly Marked[] {
	const first = pieces.findIndex(({ marked }) => marked);
	const before = pieces
		.slice(0, first)
		.map(({ text }) => text)
		.join('');
	const after = pieces
		.slice(first + 1)
		.map(({ text }) => text)
		.join('');
	if (before.length <= mostBefore && after.length <= mostAfter) return pieces;
	const mark = pieces[first];
	const begin = before.length > mostBefore ? `… ${before.slice(-mostBefore).replace(/^\S*\s/, '')}` : before;
	const end = after.length > mostAfter ? `${after.slice(0, mostAfter).replace(/\s\S*$/, '')} …` : after;
	return [{ text: begin, marked: false }, ...(mark === undefined ? [] : [mark]), { text: end, marked: false }];
}
