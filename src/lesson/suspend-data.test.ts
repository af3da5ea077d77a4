import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Question } from '#lib/domain/authoring/question.ts';
import type { LessonData } from './lesson-data.ts';
import type { LessonState } from './lesson-state.ts';
import {
	answerCheck,
	answerQuiz,
	answerSteps,
	goTo,
	newState,
	questionsOf,
	resultsOf,
	startQuiz,
	tick
} from './lesson-state.ts';
import { aLesson } from './lesson-builder.ts';
import { decodeState, encodeState, placeName, stateFromLocation, SUSPEND_LIMIT, taskKeys } from './suspend-data.ts';

/** Everything a learner can do, as one step. */
type Step =
	| { readonly do: 'go'; readonly index: number }
	| { readonly do: 'tick'; readonly index: number }
	| { readonly do: 'check'; readonly index: number; readonly answer: string }
	| { readonly do: 'begin'; readonly index: number }
	| { readonly do: 'look'; readonly size: number; readonly simple: boolean }
	| { readonly do: 'start-quiz'; readonly seed: number }
	| { readonly do: 'answer'; readonly answer: string };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ do: fc.constant('go' as const), index: fc.nat(600) }),
	fc.record({ do: fc.constant('tick' as const), index: fc.nat(600) }),
	fc.record({
		do: fc.constant('check' as const),
		index: fc.nat(600),
		answer: fc.string({ maxLength: 100, unit: 'grapheme' })
	}),
	fc.record({ do: fc.constant('begin' as const), index: fc.nat(600) }),
	fc.record({ do: fc.constant('look' as const), size: fc.nat(3), simple: fc.boolean() }),
	fc.record({ do: fc.constant('start-quiz' as const), seed: fc.integer({ min: 0, max: 0xffffffff }) }),
	fc.record({ do: fc.constant('answer' as const), answer: fc.string({ maxLength: 100, unit: 'grapheme' }) })
);

function take(lesson: LessonData, state: LessonState, step: Step): LessonState {
	const questions = lesson.screens.flatMap(({ parts }) =>
		parts.flatMap((part) => (part.kind === 'question' ? [part.question] : []))
	);
	switch (step.do) {
		case 'go':
			return goTo(state, { kind: 'screen', index: step.index % lesson.screens.length });
		case 'tick':
			return tick(state, taskKeys(lesson)[step.index % taskKeys(lesson).length] ?? '', true);
		case 'check': {
			const question = questions[step.index % questions.length];
			return question === undefined ? state : answerCheck(state, question.id, responseTo(question, step.answer));
		}
		case 'look':
			return { ...state, size: step.size, simple: step.simple };
		case 'begin':
			return answerSteps(state, questions[step.index % questions.length]?.id ?? '', ['a']);
		case 'start-quiz':
			return startQuiz(state, step.seed);
		case 'answer': {
			const question = state.quiz === null ? undefined : questionsOf(lesson, state.quiz)[state.quiz.answers.length];
			return question === undefined ? state : answerQuiz(lesson, state, responseTo(question, step.answer));
		}
	}
}

function responseTo(question: Question, typed: string): readonly string[] {
	const letter = typed.length % 2 === 0 ? 'a' : 'b';
	switch (question.type) {
		case 'single':
			return [letter];
		case 'scenario':
			return question.steps.map(() => letter);
		case 'hot-spot':
			return letter === 'a' ? ['a', 'b'] : ['c'];
		default:
			return [typed];
	}
}

/** State that only the whole lesson gives back. */
function plain(state: LessonState): unknown {
	return { ...state, seen: [...state.seen].sort(), ticks: [...state.ticks].sort(), checks: [...state.checks].sort() };
}

describe('suspend data', () => {
	test('an ordinary lesson comes back exactly, whatever was done', () => {
		const lesson = aLesson({
			screens: 60,
			checks: 12,
			pool: 20,
			draw: 10,
			kinds: ['choice', 'typed', 'scenario', 'hot-spot']
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
				const state = steps.reduce((before, next) => take(lesson, before, next), newState());
				const text = encodeState(lesson, state);
				const back = decodeState(lesson, text);
				expect(back).not.toBeNull();
				if (back === null) return;
				expect(plain(back)).toEqual(plain(state));
				expect(encodeState(lesson, back)).toBe(text);
			})
		);
	});

	test('never more than 4,096 printable characters, even for a lesson of 600 screens with typed answers everywhere', () => {
		const lesson = aLesson({ screens: 600, checks: 300, pool: 120, draw: 80, kinds: ['typed'] });
		const longest = 'ع'.repeat(100);
		const answered = lesson.screens.reduce<LessonState>(
			(state, screen, index) =>
				screen.parts.reduce(
					(before, part) =>
						part.kind === 'question'
							? answerCheck(before, part.question.id, [longest])
							: tick(before, `${index}.0`, true),
					goTo(state, { kind: 'screen', index })
				),
			startQuiz(newState(), 4294967295)
		);
		const full = Array.from({ length: 80 }).reduce<LessonState>(
			(state) => answerQuiz(lesson, state, [longest]),
			answered
		);
		const text = encodeState(lesson, full);
		expect(text.length).toBeLessThanOrEqual(SUSPEND_LIMIT);
		expect(text).toMatch(/^[\x20-\x7e]*$/);
		const back = decodeState(lesson, text);
		expect(back?.at).toEqual(full.at);
		expect(back?.seen.size).toBe(600);
		expect(back?.ticks.size).toBe(300);
		expect(back?.best).toBe(full.best);
		expect(back?.quiz?.answers.length).toBe(80);
	});

	test('never more than 4,096 characters with every kind of question, and no kind loses whether it was right', () => {
		const lesson = aLesson({
			screens: 500,
			checks: 260,
			pool: 120,
			draw: 80,
			kinds: ['scenario', 'hot-spot', 'typed', 'choice']
		});
		fc.assert(
			fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), fc.nat(0xffffffff), (steps, seed) => {
				const begun = lesson.screens.reduce<LessonState>(
					(state, screen, index) =>
						screen.parts.reduce(
							(before, part) =>
								part.kind === 'question'
									? answerCheck(before, part.question.id, responseTo(part.question, 'é'.repeat(90)))
									: tick(before, `${index}.0`, true),
							goTo(state, { kind: 'screen', index })
						),
					startQuiz(newState(), seed)
				);
				const state = steps.reduce((before, next) => take(lesson, before, next), begun);
				const text = encodeState(lesson, state);
				expect(text.length).toBeLessThanOrEqual(SUSPEND_LIMIT);
				const back = decodeState(lesson, text);
				expect(back?.best).toBe(state.best);
				expect(back?.begun).toEqual(state.begun);
				expect(back?.quiz === null || back === null ? null : resultsOf(lesson, back.quiz)).toEqual(
					state.quiz === null ? null : resultsOf(lesson, state.quiz)
				);
			}),
			{ numRuns: 30 }
		);
	});

	test('what is left out first is typed answers to checks, and never whether a quiz answer was right', () => {
		const lesson = aLesson({ screens: 200, checks: 150, pool: 60, draw: 40, kinds: ['typed'] });
		const state = Array.from({ length: 40 }).reduce<LessonState>(
			(before, _, n) => answerQuiz(lesson, before, [n % 2 === 0 ? 'right' : 'é'.repeat(80)]),
			lesson.screens.reduce<LessonState>(
				(before, screen) => {
					const [part] = screen.parts;
					return part?.kind === 'question' ? answerCheck(before, part.question.id, ['é'.repeat(39)]) : before;
				},
				startQuiz(newState(), 7)
			)
		);
		const back = decodeState(lesson, encodeState(lesson, state));
		expect(back?.best).toBe(50);
		expect(back?.quiz?.answers.map(([typed]) => typed === 'right')).toEqual(
			state.quiz?.answers.map(([typed]) => typed === 'right')
		);
		expect(back?.checks.size).toBe(0);
	});

	test('data of other content, of another maker, or damaged, is not read', () => {
		const lesson = aLesson({});
		const text = encodeState(lesson, newState());
		expect(decodeState({ ...lesson, fingerprint: 'ffffffff' }, text)).toBeNull();
		for (const strange of ['', '{}', 'viewed=1', text.slice(0, -3), '["w1"]', '[null]', 'null']) {
			expect(decodeState(lesson, strange)).toBeNull();
		}
		fc.assert(fc.property(fc.string(), (strange) => void decodeState(lesson, strange)));
	});

	test('a location alone gives back the place, and what lies before it', () => {
		const lesson = aLesson({});
		const state = goTo(newState(), { kind: 'screen', index: 2 });
		const back = stateFromLocation(lesson, placeName(lesson, state));
		expect(back?.at).toEqual(state.at);
		expect([...(back?.seen ?? [])]).toEqual([0, 1, 2]);
		expect(stateFromLocation(lesson, 'page7.html')).toBeNull();
	});
});
