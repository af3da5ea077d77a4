/** The words of all courses in one list, in one language at a time: the same word with the same meaning stands there once. */
import { baseOf } from './entry.ts';
import type { CourseRecord } from './course-record.ts';

export type GlossaryCourse = {
	readonly card: { readonly courseId: string; readonly title: string; readonly language: string };
	readonly record: CourseRecord | null;
};

export type GlossaryWord = {
	/** Unique in a list. */
	readonly key: string;
	readonly term: string;
	readonly meaning: string;
	/** BCP 47 */
	readonly language: string;
	/** Those that explain it with the same words. */
	readonly courses: readonly { readonly courseId: string; readonly title: string }[];
};

/** Bases of languages in which there are words, those with most words first. */
export function glossaryLanguages(courses: readonly GlossaryCourse[]): string[] {
	const counts = new Map<string, number>();
	for (const { card, record } of courses) {
		const count = record?.glossary?.length ?? 0;
		if (count > 0) counts.set(baseOf(card.language), (counts.get(baseOf(card.language)) ?? 0) + count);
	}
	return [...counts]
		.toSorted((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
		.map(([language]) => language);
}

/** In the order of the language's alphabet. */
export function glossaryOf(courses: readonly GlossaryCourse[], language: string): GlossaryWord[] {
	const all = courses
		.filter(({ card }) => baseOf(card.language) === language)
		.flatMap(({ card, record }) =>
			(record?.glossary ?? []).map(({ term, meaning }) => ({ term, meaning, language: card.language, course: card }))
		);
	const collator = new Intl.Collator(language);
	return [...Map.groupBy(all, ({ term, meaning }) => JSON.stringify([term, meaning]))]
		.map(([key, same]): GlossaryWord => {
			const [first] = same;
			return {
				key,
				term: first?.term ?? '',
				meaning: first?.meaning ?? '',
				language: first?.language ?? language,
				courses: same.map(({ course: { courseId, title } }) => ({ courseId, title }))
			};
		})
		.toSorted(
			(left, right) =>
				collator.compare(bare(left.term), bare(right.term)) || collator.compare(left.meaning, right.meaning)
		);
}

/**
 * The words by the letter they begin with, for a list to jump in. Unicode's first letter, without its accent and in capitals;
 * ideographs have too many, and come as one part without a letter.
 */
export function byLetter(words: readonly GlossaryWord[]): [letter: string, words: readonly GlossaryWord[]][] {
	return [...Map.groupBy(words, ({ term }) => letterOf(term))];
}

function letterOf(term: string): string {
	const letter = /[\p{L}\p{N}]/u.exec(bare(term))?.[0] ?? '';
	if (/[\p{Script=Han}]/u.test(letter)) return '';
	if (/\p{N}/u.test(letter)) return '1';
	const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
	return [...plain][0] ?? '';
}

/** Arabic dictionaries pass over the article. */
function bare(term: string): string {
	return term.replace(/^ال(?=.{2})/u, '');
}
