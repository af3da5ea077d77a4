import { describe, expect, test } from 'vitest';
import type { LessonState } from './lesson-state.ts';
import {
	answerQuiz,
	goTo,
	isQuizOpen,
	newState,
	objectiveResults,
	placeAfter,
	placeBefore,
	rightToPass,
	standingOf,
	startQuiz
} from './lesson-state.ts';
import { aLesson } from './lesson-builder.ts';

const lesson = aLesson({ screens: 3, checks: 1, pool: 6, draw: 4 });

function allSeen(): LessonState {
	return lesson.screens.reduce<LessonState>((state, _, index) => goTo(state, { kind: 'screen', index }), newState());
}

function run(state: LessonState, seed: number, answers: string): LessonState {
	return [...answers].reduce((before, answer) => answerQuiz(lesson, before, [answer]), startQuiz(state, seed));
}

describe('the way through', () => {
	test('forwards from the start to the quiz, and back again', () => {
		expect(placeAfter(lesson, { kind: 'start' })).toEqual({ kind: 'screen', index: 0 });
		expect(placeAfter(lesson, { kind: 'screen', index: 2 })).toEqual({ kind: 'quiz-intro' });
		expect(placeBefore(lesson, { kind: 'quiz-intro' })).toEqual({ kind: 'screen', index: 2 });
		expect(placeBefore(lesson, { kind: 'screen', index: 0 })).toEqual({ kind: 'start' });
	});

	test('the quiz opens when every screen was seen, and stays open', () => {
		expect(isQuizOpen(lesson, newState())).toBe(false);
		expect(isQuizOpen(lesson, allSeen())).toBe(true);
		expect(isQuizOpen(lesson, { ...newState(), best: 0 })).toBe(true);
		expect(isQuizOpen(aLesson({ opens: 'always' }), newState())).toBe(true);
	});
});

describe('standing', () => {
	test('nothing done: not completed, no score, progress 0', () => {
		expect(standingOf(lesson, newState())).toEqual({ completed: false, score: null, passed: null, progress: 0 });
	});

	test('progress grows with screens and answers, and reaches 1 only with the end of the quiz', () => {
		const half = run(allSeen(), 1, 'aab');
		expect(standingOf(lesson, allSeen()).progress).toBeCloseTo(3 / 7, 1);
		expect(standingOf(lesson, half)).toMatchObject({ completed: false, score: null });
		expect(standingOf(lesson, half).progress).toBeLessThan(1);
		expect(standingOf(lesson, run(allSeen(), 1, 'aaba')).progress).toBe(1);
	});

	test('three of four right is 75: completed, not passed', () => {
		expect(standingOf(lesson, run(allSeen(), 1, 'aaba'))).toMatchObject({ completed: true, score: 75, passed: false });
	});

	test('the best run counts; a worse one afterwards takes nothing away', () => {
		const passed = run(run(allSeen(), 1, 'aaba'), 2, 'aaaa');
		expect(standingOf(lesson, passed)).toMatchObject({ score: 100, passed: true });
		expect(standingOf(lesson, run(passed, 3, 'bbbb'))).toMatchObject({ completed: true, score: 100, passed: true });
		expect(run(passed, 3, 'bb').quiz?.round).toBe(3);
	});

	test('an answer after the last one changes nothing', () => {
		const done = run(allSeen(), 1, 'aaaa');
		expect(answerQuiz(lesson, done, ['b'])).toBe(done);
	});

	test('each objective gets its own count', () => {
		const { quiz } = run(allSeen(), 1, 'aaaa');
		if (quiz === null) throw new Error('the run has a quiz');
		expect(objectiveResults(lesson, quiz)).toEqual([
			{ id: 'o0', right: 2, asked: 2 },
			{ id: 'o1', right: 2, asked: 2 }
		]);
	});

	test('a question for two objectives counts for both', () => {
		const both = { ...lesson, quiz: { ...lesson.quiz, pool: lesson.quiz.pool.map((q) => ({ ...q, also: ['o2'] })) } };
		const three = { ...both, objectives: [...lesson.objectives, { id: 'o2', text: 'o2' }] };
		const { quiz } = run(allSeen(), 1, 'aaaa');
		if (quiz === null) throw new Error('the run has a quiz');
		expect(objectiveResults(three, quiz).map(({ asked }) => asked)).toEqual([2, 2, 4]);
	});

	test('how many right answers it takes agrees with the percentage', () => {
		expect(rightToPass(aLesson({ pool: 26, draw: 14 }))).toBe(12);
		expect(rightToPass(aLesson({ pool: 20, draw: 10 }))).toBe(8);
	});
});
