/**
 * Texts as a search sees them, in every script: folded, cut into terms, each with its place in the text so that it can be marked.
 * Folding follows Unicode (UAX 15: NFKD) and drops what people leave out when they type: accents, Arabic vowel signs and tatweel,
 * the forms of alef, and so on. Scripts without spaces are cut by Intl.Segmenter (UAX 29, with its dictionaries) and also into pairs
 * of characters, since a person may type what no dictionary cuts that way; where a browser has no Segmenter, the pairs alone do.
 */

/** Marks that may be left out. Vowel signs of Devanagari, Thai and others are letters to those who read them, and stay. */
const marks =
	/\u0640|\u00ad|[\u200c-\u200f]|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u1dc0-\u1dff]/gu;

/** What Unicode does not take apart and people still take for each other. */
const sameLetters: Readonly<Record<string, string>> = {
	ٱ: 'ا',
	ة: 'ه',
	ى: 'ي',
	ی: 'ي',
	ې: 'ي',
	ک: 'ك',
	ھ: 'ه',
	ہ: 'ه',
	ۀ: 'ه',
	ۃ: 'ه',
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	đ: 'd',
	ð: 'd',
	ħ: 'h',
	ı: 'i',
	ł: 'l',
	ŋ: 'n',
	þ: 'th',
	ŧ: 't',
	ɓ: 'b',
	ɗ: 'd',
	ƙ: 'k',
	ƴ: 'y',
	ɛ: 'e',
	ɔ: 'o',
	ς: 'σ'
};
const anySameLetter = new RegExp(`[${Object.keys(sameLetters).join('')}]`, 'gu');

/** CA4: folding twice is folding once; two ways to write the same letters fold to one. */
export function fold(text: string): string {
	return text
		.normalize('NFKD')
		.toLowerCase()
		.normalize('NFKD')
		.replace(marks, '')
		.replace(anySameLetter, (letter) => sameLetters[letter] ?? letter)
		.replace(/\p{Nd}/gu, digit)
		.normalize('NFC');
}

/** Digits of any script as the digit they are: blocks of decimal digits are ten long and begin with zero. */
function digit(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	if (code < 0x80) return character;
	let zero = code;
	while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
	return String((code - zero) % 10);
}

export type Token = {
	readonly term: string;
	/** UTF-16 offsets in the text it came from. */
	readonly start: number;
	readonly end: number;
};

const word = /(?:[\p{L}\p{M}\p{N}]|\u200c|\u200d|\u00ad)+/gu;
const unspaced =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}ー々]/u;
const letter = /\P{M}\p{M}*/gu;

/** Everything under which a text is found. One place may have several terms. */
export function tokensOf(text: string): Token[] {
	return [...runsOf(text), ...joinedOf(text)].flatMap(({ start, part, spaced }) => {
		const place = (term: string, from: number, to: number): Token[] =>
			term === '' ? [] : [{ term, start: from, end: to }];
		if (spaced) return formsOf(fold(part)).flatMap((term) => place(term, start, start + part.length));
		return [...wordsOf(part), ...pairsOf(part)].flatMap(({ text: piece, at }) =>
			place(fold(piece), start + at, start + at + piece.length)
		);
	});
}

/** One word of a question: any of `words` may begin a term, or all `pairs` must be terms. */
export type Wanted = { readonly words: readonly string[]; readonly pairs: readonly string[] };

/** What a person asks for; everything of it must be found. At most eight words: nobody types more, and a paste should not stall. */
export function wantedOf(question: string): Wanted[] {
	return runsOf(question.slice(0, 200))
		.flatMap(({ part, spaced }): Wanted[] => {
			if (spaced) return [{ words: formsOf(fold(part)), pairs: [] }];
			return wordsOf(part).map(({ text }) => ({
				words: [fold(text)],
				pairs: pairsOf(text)
					.map((pair) => fold(pair.text))
					.filter((pair) => [...pair].length > 1)
			}));
		})
		.map(({ words, pairs }) => ({ words: words.filter((one) => one !== ''), pairs }))
		.filter(({ words }) => words.length > 0)
		.slice(0, 8);
}

/** Without an index: is all that is wanted among the terms of a text? No slips of the finger are forgiven. */
export function isFound(wanted: readonly Wanted[], terms: ReadonlySet<string>): boolean {
	const list = [...terms];
	return wanted.every(
		({ words, pairs }) =>
			words.some((one) => list.some((term) => term.startsWith(one))) ||
			(pairs.length > 0 && pairs.every((pair) => terms.has(pair)))
	);
}

/** How many changed, missing or added letters are forgiven: none in short words, where everything is near everything. */
export function slipsAllowed(term: string): number {
	const length = [...term].length;
	if (unspaced.test(term) || /^\d+$/.test(term) || length < 4) return 0;
	return length < 8 ? 1 : 2;
}

export type Marked = { readonly text: string; readonly marked: boolean };

/** The text in pieces, those under the given terms marked. Joined again it is the text. */
export function markedBy(text: string, terms: ReadonlySet<string>): Marked[] {
	const places = tokensOf(text)
		.filter(({ term }) => terms.has(term))
		.toSorted((left, right) => left.start - right.start);
	const pieces: Marked[] = [];
	let done = 0;
	for (const { start, end } of places) {
		if (end <= done) continue;
		const from = Math.max(start, done);
		const last = pieces.at(-1);
		if (from > done) pieces.push({ text: text.slice(done, from), marked: false });
		if (from === done && last?.marked === true)
			pieces[pieces.length - 1] = { text: last.text + text.slice(from, end), marked: true };
		else pieces.push({ text: text.slice(from, end), marked: true });
		done = end;
	}
	if (done < text.length) pieces.push({ text: text.slice(done), marked: false });
	return pieces;
}

/** As `markedBy`; nothing is marked while nothing is asked. */
export function piecesOf(text: string, terms: ReadonlySet<string> | undefined): readonly Marked[] {
	return terms === undefined ? [{ text, marked: false }] : markedBy(text, terms);
}

type Run = { readonly start: number; readonly part: string; readonly spaced: boolean };

/** Runs of letters and digits; where a script without spaces begins or ends, so does a run. */
function runsOf(text: string): Run[] {
	return [...text.matchAll(word)].flatMap((match) => {
		const runs: { start: number; part: string; spaced: boolean }[] = [];
		let at = match.index;
		for (const [piece] of match[0].matchAll(letter)) {
			const spaced = !unspaced.test(piece);
			const last = runs.at(-1);
			if (last?.spaced === spaced) last.part += piece;
			else runs.push({ start: at, part: piece, spaced });
			at += piece.length;
		}
		return runs;
	});
}

/** "e-mail" is found as "email" too. */
function joinedOf(text: string): Run[] {
	return [...text.matchAll(/\p{L}[\p{L}\p{M}\p{N}]*(?:[-\u2010\u2011]\p{L}[\p{L}\p{M}\p{N}]*)+/gu)].map((match) => ({
		start: match.index,
		part: match[0].replaceAll(/[-\u2010\u2011]/g, '\u00ad'),
		spaced: true
	}));
}

/** Arabic: with and without the article, which is written together with its word. */
function formsOf(term: string): string[] {
	const bare = /^(?:وال|بال|كال|فال|لل|ال)(?=.{3})(.+)$/u.exec(term)?.[1];
	return bare === undefined ? [term] : [term, bare];
}

type Piece = { readonly text: string; readonly at: number };

let segmenter: Intl.Segmenter | null | undefined;

function wordsOf(part: string): Piece[] {
	segmenter ??= 'Segmenter' in Intl ? new Intl.Segmenter('und', { granularity: 'word' }) : null;
	if (segmenter === null) return [{ text: part, at: 0 }];
	return [...segmenter.segment(part)].map(({ segment, index }) => ({ text: segment, at: index }));
}

/** Two neighbouring letters each, and the last alone, so that every letter begins a term. */
function pairsOf(part: string): Piece[] {
	const letters = [...part.matchAll(letter)].map((match) => ({ text: match[0], at: match.index }));
	return letters.map(({ text, at }, n) => ({ text: text + (letters[n + 1]?.text ?? ''), at }));
}
