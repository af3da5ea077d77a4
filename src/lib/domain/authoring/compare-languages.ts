/** Does a translation say everything the source says, screen by screen, with the same right answers? */
import type { Block, LanguageVersion, Screen } from './course-source.ts';
import type { Option, Question } from './question.ts';
import { objectivesOf } from './question.ts';
import { regionText } from './region.ts';

export type Difference = { readonly where: string; readonly what: string };

export function differencesBetween(source: LanguageVersion, other: LanguageVersion): readonly Difference[] {
	const found: Difference[] = [];
	const say = (where: string, what: string): void => void found.push({ where, what });

	for (const field of ['title', 'description', 'audience', 'entry'] as const) {
		if (other[field].trim() === '') say(`course.${other.language}.yaml`, `"${field}" is empty`);
	}
	sameIds(
		'objective',
		`course.${other.language}.yaml`,
		[...source.objectives.keys()],
		[...other.objectives.keys()],
		say
	);
	sameIds('term', `glossary.${other.language}.yaml`, ids(source.glossary), ids(other.glossary), say);
	sameIds('question', `quiz.${other.language}.md`, ids(source.quiz), ids(other.quiz), say);
	sameIds('unit', other.language, ids(source.units), ids(other.units), say);

	for (const question of source.quiz) {
		const twin = other.quiz.find(({ id }) => id === question.id);
		if (twin !== undefined) compareQuestions(question, twin, `quiz.${other.language}.md, question ${question.id}`, say);
	}
	for (const unit of source.units) {
		const twin = other.units.find(({ id }) => id === unit.id);
		if (twin === undefined) continue;
		sameIds('screen', twin.file, ids(unit.screens), ids(twin.screens), say);
		for (const screen of unit.screens) {
			const other = twin.screens.find(({ id }) => id === screen.id);
			if (other !== undefined) compareScreens(screen, other, twin.file, say);
		}
	}
	return found;
}

type Say = (where: string, what: string) => void;

function compareScreens(source: Screen, other: Screen, file: string, say: Say): void {
	const where = `${file}:${other.line}, screen ${source.id}`;
	const shapes = source.blocks.map(shapeOf);
	const otherShapes = other.blocks.map(shapeOf);
	if (shapes.join() !== otherShapes.join()) {
		say(where, `the source has the blocks [${shapes.join(', ')}], the translation [${otherShapes.join(', ')}]`);
		return;
	}
	source.blocks.forEach((block, n) => {
		const twin = other.blocks[n];
		if (block.kind === 'question' && twin?.kind === 'question')
			compareQuestions(block.question, twin.question, where, say);
	});
}

function compareQuestions(source: Question, other: Question, where: string, say: Say): void {
	const key = keyOf(source);
	if (key !== keyOf(other)) say(where, `the answers differ from the source: ${key} there, ${keyOf(other)} here`);
}

/** All that has to agree between two languages of one block, as a word. */
function shapeOf(block: Block): string {
	switch (block.kind) {
		case 'list':
		case 'steps':
			return `${block.kind} of ${block.items.length}`;
		case 'picture':
			return `picture ${block.file}`;
		case 'compare':
			return `compare ${block.sides.map((side) => side.tone).join(' and ')}`;
		case 'story':
			return `story with ${block.choices.length} choices`;
		case 'practice':
			return `practice of ${block.minutes} minutes with ${block.tasks.length} tasks`;
		case 'question':
			return `question ${block.question.id}`;
		case 'local-notes':
			return `local-notes ${block.id}`;
		default:
			return block.kind;
	}
}

function keyOf(question: Question): string {
	const head = `${question.type} for ${objectivesOf(question).join(' and ')}`;
	const letters = (options: readonly Option[]): string =>
		options.map(({ id, correct }) => (correct ? id.toUpperCase() : id)).join('');
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
			return `${head}, ${letters(question.options)}`;
		case 'hot-spot':
			return `${head}, ${letters(question.options)} at ${question.options.map(({ region }) => regionText(region)).join(', ')} of ${question.picture.file}`;
		case 'scenario':
			return `${head}, ${question.steps.map(({ options }) => letters(options)).join(' then ')}`;
		case 'match':
			return `${head}, ${question.pairs.length} pairs`;
		case 'order':
			return `${head}, ${question.items.length} items`;
		case 'numeric':
			return `${head}, ${question.answer} within ${question.tolerance}`;
		case 'fill-in':
			return head;
	}
}

function sameIds(noun: string, where: string, source: readonly string[], other: readonly string[], say: Say): void {
	const missing = source.filter((id) => !other.includes(id));
	const surplus = other.filter((id) => !source.includes(id));
	if (missing.length > 0) say(where, `missing ${noun}: ${missing.join(', ')}`);
	if (surplus.length > 0) say(where, `${noun} that the source does not have: ${surplus.join(', ')}`);
	if (missing.length + surplus.length === 0 && source.join() !== other.join()) {
		say(where, `the order of each ${noun} differs from the source`);
	}
}

function ids(things: readonly { readonly id: string }[]): readonly string[] {
	return things.map(({ id }) => id);
}
