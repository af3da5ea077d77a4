/**
 * Every text of one language version under a stable key, to follow what a translation was made from:
 * `course/title`, `unit-2/voice/3` (third block of that screen), `quiz/q-lock`, `glossary/hotspot`.
 */
import type { Block, LanguageVersion, Ledger, ReviewState } from './course-source.ts';
import { seedOf } from './draw-questions.ts';

export function stringsOf(version: LanguageVersion): ReadonlyMap<string, string> {
	return new Map([
		['course/title', version.title],
		['course/description', version.description],
		['course/audience', version.audience],
		['course/entry', version.entry],
		...[...version.objectives].map(([id, text]) => [`course/objective/${id}`, text] as const),
		...version.units.flatMap((unit) => [
			[`${unit.id}/title`, unit.title] as const,
			...unit.screens.flatMap((screen) => [
				[`${unit.id}/${screen.id}/title`, screen.title] as const,
				...screen.blocks.map(
					(block, n) =>
						[`${unit.id}/${screen.id}/${block.kind === 'question' ? block.question.id : n + 1}`, textOf(block)] as const
				)
			])
		]),
		...version.quiz.map((question) => [`quiz/${question.id}`, JSON.stringify(question)] as const),
		...version.glossary.map((term) => [`glossary/${term.id}`, `${term.term}: ${term.meaning}`] as const)
	]);
}

/** Eight hexadecimal digits; changes when the text does. Spaces at line ends and line breaks do not count. */
export function fingerprint(text: string): string {
	return seedOf(text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()).toString(16).padStart(8, '0');
}

/** A translation is stale when its source text has changed since it was made; unrecorded means draft. */
export function stateOf(
	sourceText: string,
	entry: { of: string; state: 'draft' | 'reviewed' } | undefined
): ReviewState {
	if (entry === undefined) return 'draft';
	return entry.of === fingerprint(sourceText) ? entry.state : 'stale';
}

export type LanguageState = {
	/** The weakest state of any text: stale, then draft, then reviewed. */
	readonly state: ReviewState;
	readonly counts: Readonly<Record<ReviewState, number>>;
	readonly staleKeys: readonly string[];
};

/** The state of a whole translation, as the cover of the lesson and the build tell it. */
export function languageState(
	source: LanguageVersion,
	version: LanguageVersion,
	ledger: Ledger | undefined
): LanguageState {
	const counts = { source: 0, draft: 0, reviewed: 0, stale: 0 };
	const staleKeys: string[] = [];
	if (source.language === version.language) {
		return { state: 'source', counts: { ...counts, source: stringsOf(source).size }, staleKeys };
	}
	for (const [key, text] of stringsOf(source)) {
		const state = stateOf(text, ledger?.get(key));
		counts[state] += 1;
		if (state === 'stale') staleKeys.push(key);
	}
	return { state: counts.stale > 0 ? 'stale' : counts.draft > 0 ? 'draft' : 'reviewed', counts, staleKeys };
}

function textOf(block: Block): string {
	return JSON.stringify(block);
}
