import { describe, expect, test } from 'vitest';
import type { Question } from './question.ts';
import { feedbackFor, isAnswered, isRight, rightResponse, scoreOf, wrongResponse } from './score-question.ts';

const asked = { id: 'q', objective: 'o', prompt: '?' };
const judged = { feedback: { right: 'yes', wrong: 'no' } };
const options = ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n < 2, feedback: `because ${id}` }));

const questions: Record<Question['type'], Question> = {
	single: { ...asked, type: 'single', options: options.map((option, n) => ({ ...option, correct: n === 1 })) },
	multiple: { ...asked, type: 'multiple', options },
	'true-false': {
		...asked,
		type: 'true-false',
		options: options.slice(1).map((option, n) => ({ ...option, correct: n === 0 }))
	},
	match: {
		...asked,
		...judged,
		type: 'match',
		pairs: [
			{ id: 'a', left: '1', right: 'one' },
			{ id: 'b', left: '2', right: 'two' },
			{ id: 'c', left: 'zwei', right: 'two' }
		]
	},
	order: { ...asked, ...judged, type: 'order', items: ['a', 'b', 'c'].map((id) => ({ id, text: id })) },
	numeric: { ...asked, ...judged, type: 'numeric', answer: 20, tolerance: 0.5, unit: 'MB' },
	'fill-in': { ...asked, ...judged, type: 'fill-in', accepted: ['hot spot', 'hotspot'] },
	'hot-spot': {
		...asked,
		type: 'hot-spot',
		picture: { file: 'p.svg', alt: 'A phone' },
		options: options.map((option, n) => ({ ...option, region: { shape: 'circle', x: 50 * n, y: 20, radius: 22 } }))
	},
	scenario: {
		...asked,
		type: 'scenario',
		steps: [
			{ prompt: 'First?', options: options.slice(1).map((option, n) => ({ ...option, correct: n === 0 })) },
			{ prompt: 'Then?', options: options.map((option, n) => ({ ...option, correct: n === 2 })) }
		]
	}
};

describe('scoring', () => {
	test.each(Object.values(questions))('$type: the key is right and its twin is wrong', (question) => {
		expect(isRight(question, rightResponse(question))).toBe(true);
		expect(isRight(question, wrongResponse(question))).toBe(false);
		expect(isAnswered(question, rightResponse(question))).toBe(true);
		expect(isAnswered(question, wrongResponse(question))).toBe(true);
	});

	test('several answers: one too few and one too many are both wrong', () => {
		expect(isRight(questions.multiple, ['a'])).toBe(false);
		expect(isRight(questions.multiple, ['a', 'b', 'c'])).toBe(false);
		expect(isRight(questions.multiple, ['b', 'a'])).toBe(true);
	});

	test('a match is right when the words are, whichever of two equal right sides was taken', () => {
		expect(isRight(questions.match, ['a', 'c', 'b'])).toBe(true);
		expect(isRight(questions.match, ['b', 'a', 'c'])).toBe(false);
	});

	test('a gap is not an answer', () => {
		expect(isAnswered(questions.match, ['a', '', 'c'])).toBe(false);
		expect(isAnswered(questions.single, [])).toBe(false);
		expect(isAnswered(questions.numeric, ['many'])).toBe(false);
		expect(isAnswered(questions['fill-in'], ['  '])).toBe(false);
	});

	test('a scenario is right when every step is, and speaks for each step', () => {
		expect(isRight(questions.scenario, ['b', 'c'])).toBe(true);
		expect(isRight(questions.scenario, ['b', 'a'])).toBe(false);
		expect(isRight(questions.scenario, ['c', 'c'])).toBe(false);
		expect(isAnswered(questions.scenario, ['b'])).toBe(false);
		expect(feedbackFor(questions.scenario, ['c', 'a'])).toEqual(['because c', 'because a']);
	});

	test('a hot spot is right when exactly the right places are chosen', () => {
		expect(isRight(questions['hot-spot'], ['a', 'b'])).toBe(true);
		expect(isRight(questions['hot-spot'], ['a'])).toBe(false);
		expect(isRight(questions['hot-spot'], ['a', 'b', 'c'])).toBe(false);
	});

	test('every chosen option speaks, in the order of the source', () => {
		expect(feedbackFor(questions.multiple, ['c', 'a'])).toEqual(['because a', 'because c']);
		expect(feedbackFor(questions.order, ['c', 'b', 'a'])).toEqual(['no']);
	});

	test('the score is a whole percentage', () => {
		expect(scoreOf([])).toBe(0);
		expect(scoreOf([true, true, false])).toBe(67);
		expect(scoreOf(Array.from({ length: 14 }, (_, n) => n < 11))).toBe(79);
	});
});
