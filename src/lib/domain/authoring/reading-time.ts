/** How long does a course take? Reading aloud pace for people new to reading screens, plus the practice on their own phone. */
import type { Block, LanguageVersion, Screen, TextBlock } from './course-source.ts';
import type { Question } from './question.ts';

export const WORDS_PER_MINUTE = 130;
/** Thinking and tapping, beyond reading the words of a question. */
const MINUTES_PER_QUESTION = 0.5;

/** Honest minutes: reading, questions (one run of the quiz) and practice tasks. */
export function minutesOf(version: LanguageVersion, draw: number): number {
	const screens = version.units.flatMap((unit) => unit.screens);
	const blocks = screens.flatMap((screen) => screen.blocks);
	const practice = blocks.reduce((sum, block) => sum + (block.kind === 'practice' ? block.minutes : 0), 0);
	const checks = blocks.filter((block) => block.kind === 'question').length;
	const share = version.quiz.length === 0 ? 0 : draw / version.quiz.length;
	const words =
		screens.reduce((sum, screen) => sum + wordsOfScreen(screen, version.language), 0) +
		share *
			version.quiz.reduce(
				(sum, question) => sum + countWords(textsOfQuestion(question).join(' '), version.language),
				0
			);
	return words / WORDS_PER_MINUTE + practice + MINUTES_PER_QUESTION * (checks + draw);
}

export function wordsOfScreen(screen: Screen, language: string): number {
	return countWords([screen.title, ...screen.blocks.flatMap(textsOfBlock)].join(' '), language);
}

/** Words by Unicode rules, so that Chinese and Thai count too. */
export function countWords(text: string, language: string): number {
	let words = 0;
	for (const { isWordLike } of segmenterFor(language).segment(plain(text))) {
		if (isWordLike === true) words += 1;
	}
	return words;
}

/** Making one takes longer than using it. */
const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string): Intl.Segmenter {
	const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: 'word' });
	segmenters.set(language, segmenter);
	return segmenter;
}

/** Inline Markdown without its marks. */
export function plain(text: string): string {
	return text.replaceAll(/\[([^\]]*)\]\(term:[^)]*\)/g, '$1').replaceAll(/[*`]/g, '');
}

/** What a learner reads on a screen; tutor notes are not for the learner. */
export function textsOfBlock(block: Block): readonly string[] {
	switch (block.kind) {
		case 'text':
		case 'heading':
			return [block.text];
		case 'list':
		case 'steps':
			return block.items;
		case 'picture':
			return block.caption === '' ? [] : [block.caption];
		case 'tip':
		case 'card':
		case 'local-notes':
			return block.blocks.flatMap((inner) => textsOfBlock(inner));
		case 'compare':
			return block.sides.flatMap((side) => [side.title, ...side.blocks.flatMap((inner) => textsOfBlock(inner))]);
		case 'story':
			return [
				...block.blocks.flatMap((inner) => textsOfBlock(inner)),
				...block.choices.flatMap((choice) => [choice.text, choice.outcome])
			];
		case 'practice':
			return [...block.blocks.flatMap((inner) => textsOfBlock(inner)), ...block.tasks];
		case 'audio':
		case 'video':
			return [block.title, ...block.transcript.flatMap((inner) => textsOfBlock(inner))];
		case 'question':
			return textsOfQuestion(block.question);
		case 'tutor':
			return [];
	}
}

export function textsOfQuestion(question: Question): readonly string[] {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			return [question.prompt, ...question.options.flatMap((option) => [option.text, option.feedback])];
		case 'scenario':
			return [
				question.prompt,
				...question.steps.flatMap((step) => [
					step.prompt,
					...step.options.flatMap((option) => [option.text, option.feedback])
				])
			];
		case 'match':
			return [question.prompt, ...question.pairs.flatMap((pair) => [pair.left, pair.right]), ...judged(question)];
		case 'order':
			return [question.prompt, ...question.items.map((item) => item.text), ...judged(question)];
		default:
			return [question.prompt, ...judged(question)];
	}
}

/** Every picture of a block, inside questions and comparisons too. */
export function picturesOfBlock(block: Block): readonly { readonly file: string; readonly alt: string }[] {
	switch (block.kind) {
		case 'picture':
			return [block];
		case 'question':
			return picturesOfQuestion(block.question);
		case 'compare':
			return block.sides.flatMap((side) => pictures(side.blocks));
		case 'audio':
		case 'video':
			return pictures(block.transcript);
		case 'tip':
		case 'card':
		case 'tutor':
		case 'local-notes':
		case 'story':
		case 'practice':
			return pictures(block.blocks);
		default:
			return [];
	}
}

export function picturesOfQuestion(question: Question): readonly { readonly file: string; readonly alt: string }[] {
	const options =
		'options' in question
			? question.options
			: 'steps' in question
				? question.steps.flatMap((step) => step.options)
				: [];
	return [
		...(question.picture ? [question.picture] : []),
		...options.flatMap((option) => (option.picture ? [option.picture] : []))
	];
}

function pictures(blocks: readonly TextBlock[]): readonly { readonly file: string; readonly alt: string }[] {
	return blocks.flatMap((block) => (block.kind === 'picture' ? [block] : []));
}

function judged(question: {
	readonly feedback: { readonly right: string; readonly wrong: string };
}): readonly string[] {
	return [question.feedback.right, question.feedback.wrong];
}
