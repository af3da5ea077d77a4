/**
 * How much text is too much, by language. The same thought takes more words in Spanish than in English and fewer in
 * Russian; Chinese has no spaces, so words are counted as Unicode parts them (Intl.Segmenter).
 */
import { countWords, plain } from './reading-time.ts';

export type LanguageLimits = {
	readonly wordsPerScreen: number;
	/** On average, on one screen. */
	readonly wordsPerSentence: number;
	readonly altCharacters: number;
};

const ENGLISH: LanguageLimits = { wordsPerScreen: 110, wordsPerSentence: 14, altCharacters: 200 };

/** Romance languages use articles and prepositions where English joins nouns: about a sixth more words. */
const ROMANCE: LanguageLimits = { wordsPerScreen: 130, wordsPerSentence: 16, altCharacters: 240 };

/** Words of one or two characters, and commas where English has full stops. */
const UNSPACED: LanguageLimits = { wordsPerScreen: 140, wordsPerSentence: 20, altCharacters: 120 };

const BY_LANGUAGE: Readonly<Record<string, LanguageLimits>> = {
	es: ROMANCE,
	fr: ROMANCE,
	pt: ROMANCE,
	// Long words, few of them; a sentence of fourteen is as long as elsewhere.
	ru: { ...ENGLISH, altCharacters: 240 },
	sw: { ...ENGLISH, altCharacters: 240 },
	zh: UNSPACED,
	ja: UNSPACED,
	th: UNSPACED,
	km: UNSPACED,
	lo: UNSPACED,
	my: UNSPACED
};

/** @param language BCP 47 */
export function limitsFor(language: string): LanguageLimits {
	return BY_LANGUAGE[language.toLowerCase().split('-')[0] ?? ''] ?? ENGLISH;
}

/**
 * Words of each sentence. A full stop ends one when a space or the end follows it, so that 2.5 and example.org do not;
 * the stops of Chinese, Hindi and their neighbours need none.
 */
export function sentenceLengths(text: string, language: string): readonly number[] {
	return plain(text)
		.split(/[.!?؟۔…]+["'”’»)\]]*(?:\s|$)|[。！？；।॥။។]+["”’」』）]*/)
		.map((sentence) => countWords(sentence, language))
		.filter((words) => words > 0);
}
