/**
 * The catalogue as people see it: one entry a course, with a choice of languages. Every language (and every media edition) is a
 * course of its own with its own package; what they have in common is the code that their packages name.
 */
import type { CourseRecord, Level } from './course-record.ts';

/** A course as a list shows it; callers add what they know besides. */
export type Listed = {
	readonly card: {
		readonly courseId: string;
		readonly code: string;
		readonly title: string;
		readonly description: string;
		/** BCP 47 */
		readonly language: string;
		readonly level: Level | null;
		readonly hours: number | null;
		readonly objectives: readonly string[];
		/** Bytes to fetch. */
		readonly packSize: number;
	};
	readonly record: CourseRecord | null;
};

export type Entry<C extends Listed> = {
	readonly code: string;
	/** The one to show first; never empty. */
	readonly versions: readonly [C, ...C[]];
};

export function entryCodeOf({ card, record }: Listed): string {
	return record?.code ?? card.code;
}

/**
 * CA1: versions with the same code are one entry.
 * CA2: first in it is what she takes already (`rankOf`, smaller first), then her language, then the language it was written in.
 */
export function entriesOf<C extends Listed>(
	courses: readonly C[],
	languages: readonly string[],
	rankOf: (course: C) => number = () => 0
): Entry<C>[] {
	const compare = (left: C, right: C): number =>
		rankOf(left) - rankOf(right) ||
		wishOf(left, languages) - wishOf(right, languages) ||
		Number(left.record?.translationOf !== undefined) - Number(right.record?.translationOf !== undefined) ||
		byText(left.card.language, right.card.language) ||
		left.card.packSize - right.card.packSize ||
		byText(left.card.courseId, right.card.courseId);
	return [...Map.groupBy(courses, entryCodeOf)].map(([code, versions]) => ({
		code,
		versions: versions.toSorted(compare) as [C, ...C[]]
	}));
}

/** What a search found: entries with a score, the best first; the version to show is found itself, or else the best that was. */
export function foundEntries<C extends Listed>(
	entries: readonly Entry<C>[],
	scoreOf: (course: C) => number | null
): Entry<C>[] {
	return entries
		.flatMap((entry) => {
			const scores = new Map(entry.versions.map((course) => [course, scoreOf(course)]));
			const best = entry.versions.reduce<C | null>((known, course) => {
				const [own, other] = [scores.get(course) ?? null, known === null ? null : (scores.get(known) ?? null)];
				return own !== null && (other === null || own > other) ? course : known;
			}, null);
			if (best === null) return [];
			const [first, ...rest] = entry.versions;
			const shown = (scores.get(first) ?? null) === null ? best : first;
			const versions: [C, ...C[]] = [shown, ...[first, ...rest].filter((course) => course !== shown)];
			return [{ entry: { ...entry, versions }, score: scores.get(best) ?? 0 }];
		})
		.toSorted((left, right) => right.score - left.score)
		.map(({ entry }) => entry);
}

/** The base of a language tag decides: "fr" wishes for "fr-CI" too. */
function wishOf({ card }: Listed, languages: readonly string[]): number {
	const place = languages.findIndex((wish) => baseOf(wish) === baseOf(card.language));
	return place === -1 ? languages.length : place;
}

export function baseOf(language: string): string {
	return language.toLowerCase().split('-')[0] ?? '';
}

function byText(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}
