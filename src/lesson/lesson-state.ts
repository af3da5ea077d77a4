/**
 * Where the learner is and what she did: pure. One value, changed only by the functions here, kept whole in suspend
 * data, so that a lesson resumes at the exact place.
 */
import { drawQuestions } from '#lib/domain/authoring/draw-questions.ts';
import type { Question, Response } from '#lib/domain/authoring/question.ts';
import { objectivesOf } from '#lib/domain/authoring/question.ts';
import { isRight, scoreOf } from '#lib/domain/authoring/score-question.ts';
import type { LessonData } from './lesson-data.ts';

export type Place =
	| { readonly kind: 'start' }
	| { readonly kind: 'screen'; readonly index: number }
	| { readonly kind: 'quiz-intro' }
	| { readonly kind: 'quiz' }
	| { readonly kind: 'results' };

export type QuizRun = {
	/** Counts from 1. */
	readonly round: number;
	readonly seed: number;
	/** As many as have been answered, in the order of the draw. */
	readonly answers: readonly Response[];
};

export type LessonState = {
	readonly at: Place;
	/** Positions of screens that were shown. */
	readonly seen: ReadonlySet<number>;
	/** `screen.task` of practice tasks ticked off. */
	readonly ticks: ReadonlySet<string>;
	/** Last answer to each question inside the units, by question id. */
	readonly checks: ReadonlyMap<string, Response>;
	readonly quiz: QuizRun | null;
	/** The scenario that was left between two of its steps: those answered are not asked again. */
	readonly begun: { readonly questionId: string; readonly steps: Response } | null;
	/** Best percentage of a finished quiz; null until one is finished. */
	readonly best: number | null;
	/** Step of the text size, 0 to 3. */
	readonly size: number;
	/** Large letters, one thing at a time, no decoration. */
	readonly simple: boolean;
};

export function newState(): LessonState {
	return {
		at: { kind: 'start' },
		seen: new Set(),
		ticks: new Set(),
		checks: new Map(),
		quiz: null,
		begun: null,
		best: null,
		size: 0,
		simple: false
	};
}

export function goTo(state: LessonState, at: Place): LessonState {
	return { ...state, at, seen: at.kind === 'screen' ? new Set([...state.seen, at.index]) : state.seen };
}

/** Where "Next" leads, outside the quiz. */
export function placeAfter(lesson: LessonData, at: Place): Place {
	const index = at.kind === 'start' ? 0 : at.kind === 'screen' ? at.index + 1 : lesson.screens.length;
	return index < lesson.screens.length ? { kind: 'screen', index } : { kind: 'quiz-intro' };
}

export function placeBefore(lesson: LessonData, at: Place): Place {
	const index = at.kind === 'screen' ? at.index - 1 : lesson.screens.length - 1;
	return at.kind === 'start' || index < 0 ? { kind: 'start' } : { kind: 'screen', index };
}

export function tick(state: LessonState, key: string, on: boolean): LessonState {
	const ticks = new Set(state.ticks);
	if (on) ticks.add(key);
	else ticks.delete(key);
	return { ...state, ticks };
}

export function answerSteps(state: LessonState, questionId: string, steps: Response): LessonState {
	return { ...state, begun: { questionId, steps } };
}

export function answerCheck(state: LessonState, questionId: string, response: Response): LessonState {
	return { ...state, begun: null, checks: new Map([...state.checks, [questionId, response]]) };
}

/** A new run of the quiz; the seed decides its questions. */
export function startQuiz(state: LessonState, seed: number): LessonState {
	return {
		...state,
		at: { kind: 'quiz' },
		begun: null,
		quiz: { round: (state.quiz?.round ?? 0) + 1, seed, answers: [] }
	};
}

/** The last answer of a run finishes it and may better the best result. */
export function answerQuiz(lesson: LessonData, state: LessonState, response: Response): LessonState {
	if (state.quiz === null || isQuizFinished(lesson, state.quiz)) return state;
	const quiz = { ...state.quiz, answers: [...state.quiz.answers, response] };
	if (!isQuizFinished(lesson, quiz)) return { ...state, begun: null, quiz };
	return { ...state, begun: null, quiz, best: Math.max(state.best ?? 0, scoreOf(resultsOf(lesson, quiz))) };
}

export function isQuizFinished(lesson: LessonData, quiz: QuizRun): boolean {
	return quiz.answers.length >= questionsOf(lesson, quiz).length;
}

export function questionsOf(lesson: LessonData, quiz: QuizRun): readonly Question[] {
	const byId = new Map(lesson.quiz.pool.map((question) => [question.id, question]));
	return drawQuestions(lesson.quiz.pool, lesson.quiz.draw, quiz.seed).map((id) => byId.get(id) as Question);
}

/** Right or wrong, for each question answered. */
export function resultsOf(lesson: LessonData, quiz: QuizRun): readonly boolean[] {
	const questions = questionsOf(lesson, quiz);
	return quiz.answers.map((answer, n) => isRight(questions[n] as Question, answer));
}

/** How many right answers a run needs: said in words instead of a percentage. */
export function rightToPass({ quiz }: LessonData): number {
	let right = 0;
	while (right < quiz.draw && Math.round((100 * right) / quiz.draw) < quiz.passMark) right += 1;
	return right;
}

export function screensLeft(lesson: LessonData, state: LessonState): readonly number[] {
	return lesson.screens.flatMap((_, index) => (state.seen.has(index) ? [] : [index]));
}

export function isQuizOpen(lesson: LessonData, state: LessonState): boolean {
	return lesson.quiz.opens === 'always' || state.best !== null || screensLeft(lesson, state).length === 0;
}

export type ObjectiveResult = { readonly id: string; readonly right: number; readonly asked: number };

export function objectiveResults(lesson: LessonData, quiz: QuizRun): readonly ObjectiveResult[] {
	const questions = questionsOf(lesson, quiz);
	const results = resultsOf(lesson, quiz);
	return lesson.objectives.flatMap(({ id }) => {
		const mine = results.filter((_, n) => objectivesOf(questions[n] as Question).includes(id));
		return mine.length === 0 ? [] : [{ id, right: mine.filter(Boolean).length, asked: mine.length }];
	});
}

export type Standing = {
	/** Completed once a quiz has been finished; it stays so. */
	readonly completed: boolean;
	/** Best result, 0 to 100. */
	readonly score: number | null;
	readonly passed: boolean | null;
	/** 0 to 1; exactly 1 when completed. */
	readonly progress: number;
};

export function standingOf(lesson: LessonData, state: LessonState): Standing {
	const completed = state.best !== null;
	const steps = lesson.screens.length + lesson.quiz.draw;
	const taken = state.seen.size + Math.min(lesson.quiz.draw, state.quiz?.answers.length ?? 0);
	return {
		completed,
		score: state.best,
		passed: state.best === null ? null : state.best >= lesson.quiz.passMark,
		progress: completed ? 1 : Math.min(0.99, Math.floor((100 * taken) / steps) / 100)
	};
}
