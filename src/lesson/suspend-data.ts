/**
 * The lesson's state as `cmi.suspend_data`: printable ASCII, at most 4,096 characters (SCORM 1.2 CMIString4096), JSON
 *   ["w1","3fa9c2d1","12","_w8","4Q",{"0":"b","7":"=25"},[1,482913,["a","bc"]],null,0,["q7","a"],0]
 * format, content fingerprint, place, screens seen (bits), tasks ticked (bits), answers to checks, quiz run, best, text
 * size, steps of a begun scenario, simple mode. When a lesson is so long that it would not fit, what matters least is left out first: answers to checks.
 */
import type { Question, Response } from '#lib/domain/authoring/question.ts';
import { isRight, rightResponse } from '#lib/domain/authoring/score-question.ts';
import type { LessonData } from './lesson-data.ts';
import type { LessonState, Place } from './lesson-state.ts';
import { newState, questionsOf } from './lesson-state.ts';

export const SUSPEND_LIMIT = 4096;
const FORMAT = 'w1';
const LONGEST_TYPED = 40;

/** 0 everything; 1 no typed answers to checks; 2 no answers to checks; 3 typed quiz answers only as right or wrong. */
type Thrift = 0 | 1 | 2 | 3;

export function encodeState(lesson: LessonData, state: LessonState): string {
	for (const thrift of [0, 1, 2] as const) {
		const text = encodeWith(lesson, state, thrift);
		if (text.length <= SUSPEND_LIMIT) return text;
	}
	return encodeWith(lesson, state, 3);
}

/** null when the text is not ours, is damaged, or belongs to other content. */
export function decodeState(lesson: LessonData, text: string): LessonState | null {
	try {
		const [format, fingerprint, at, seen, ticks, checks, quiz, best, size, begun, simple] = JSON.parse(text) as [
			string,
			string,
			string,
			string,
			string,
			Record<string, string>,
			[number, number, string[]] | null,
			number | null,
			number,
			[string, string] | null | undefined,
			number | undefined
		];
		if (format !== FORMAT || fingerprint !== lesson.fingerprint) return null;
		const asked = checkQuestions(lesson);
		const tasks = taskKeys(lesson);
		const state: LessonState = {
			at: { kind: 'start' },
			seen: new Set(bitsOf(seen).filter((index) => index < lesson.screens.length)),
			ticks: new Set(bitsOf(ticks).flatMap((index) => tasks[index] ?? [])),
			checks: new Map(
				Object.entries(checks).flatMap(([index, packed]) => {
					const question = asked[Number(index)];
					return question === undefined ? [] : [[question.id, unpack(question, packed)] as const];
				})
			),
			quiz: null,
			begun: Array.isArray(begun) ? { questionId: String(begun[0]), steps: [...String(begun[1])] } : null,
			best: typeof best === 'number' ? best : null,
			simple: simple === 1,
			size: typeof size === 'number' ? Math.min(3, Math.max(0, Math.trunc(size))) : 0
		};
		const run = quiz === null ? null : { round: Number(quiz[0]), seed: Number(quiz[1]), answers: [] };
		const questions = run === null ? [] : questionsOf(lesson, run);
		const answers = (quiz?.[2] ?? [])
			.slice(0, questions.length)
			.map((packed, n) => unpack(questions[n] as Question, packed));
		return { ...state, at: placeOf(lesson, at), quiz: run === null ? null : { ...run, answers } };
	} catch {
		return null;
	}
}

/** The place in words, for `cmi.location` (at most 255 characters) and `data-lesson-screen`. */
export function placeName(lesson: LessonData, state: LessonState): string {
	const { at } = state;
	if (at.kind === 'screen') return lesson.screens[at.index]?.id ?? 'start';
	return at.kind === 'quiz' ? `quiz/${(state.quiz?.answers.length ?? 0) + 1}` : at.kind;
}

/** All that can be saved of a place when the LMS kept only the location. */
export function stateFromLocation(lesson: LessonData, location: string): LessonState | null {
	const index = lesson.screens.findIndex((screen) => screen.id === location);
	return index < 0
		? null
		: {
				...newState(),
				at: { kind: 'screen', index },
				seen: new Set(Array.from({ length: index + 1 }, (_, n) => n))
			};
}

function encodeWith(lesson: LessonData, state: LessonState, thrift: Thrift): string {
	const asked = checkQuestions(lesson);
	const checks: Record<string, string> = {};
	asked.forEach((question, n) => {
		const response = state.checks.get(question.id);
		if (response === undefined || thrift >= 2 || (thrift === 1 && isTyped(question))) return;
		checks[n] = pack(question, response, false);
	});
	const questions = state.quiz === null ? [] : questionsOf(lesson, state.quiz);
	const quiz =
		state.quiz === null
			? null
			: [
					state.quiz.round,
					state.quiz.seed,
					state.quiz.answers.map((answer, n) => pack(questions[n] as Question, answer, thrift === 3))
				];
	const tasks = taskKeys(lesson);
	const ticked = tasks.flatMap((key, n) => (state.ticks.has(key) ? [n] : []));
	return ascii(
		JSON.stringify([
			FORMAT,
			lesson.fingerprint,
			placeCode(state.at),
			bitsFrom([...state.seen]),
			bitsFrom(ticked),
			checks,
			quiz,
			state.best,
			state.size,
			state.begun === null ? null : [state.begun.questionId, state.begun.steps.join('')],
			state.simple ? 1 : 0
		])
	);
}

function pack(question: Question, response: Response, onlyResult: boolean): string {
	if (!isTyped(question)) return response.join('');
	if (onlyResult) return isRight(question, response) ? '+' : '-';
	const typed = response[0] ?? '';
	// A cut answer must not change from right to wrong or back.
	return typed.length <= LONGEST_TYPED
		? `=${typed}`
		: isRight(question, response)
			? '+'
			: `=${typed.slice(0, LONGEST_TYPED)}`;
}

function unpack(question: Question, packed: string): Response {
	if (!isTyped(question)) return [...packed];
	if (packed === '+') return rightResponse(question);
	return [packed.slice(1)];
}

function isTyped(question: Question): boolean {
	return question.type === 'numeric' || question.type === 'fill-in';
}

function checkQuestions(lesson: LessonData): readonly Question[] {
	return lesson.screens.flatMap((screen) =>
		screen.parts.flatMap((part) => (part.kind === 'question' ? [part.question] : []))
	);
}

/** Keys of all practice tasks, in reading order. */
export function taskKeys(lesson: LessonData): readonly string[] {
	return lesson.screens.flatMap((screen, index) =>
		screen.parts.flatMap((part) => (part.kind === 'practice' ? part.tasks.map((_, n) => `${index}.${n}`) : []))
	);
}

function placeCode(at: Place): string {
	return at.kind === 'screen'
		? String(at.index)
		: at.kind[0] === 'q'
			? at.kind === 'quiz'
				? 'q'
				: 'i'
			: (at.kind[0] as string);
}

function placeOf(lesson: LessonData, code: string): Place {
	if (code === 'i') return { kind: 'quiz-intro' };
	if (code === 'q') return { kind: 'quiz' };
	if (code === 'r') return { kind: 'results' };
	const index = Number.parseInt(code, 10);
	return Number.isInteger(index) && index >= 0 && index < lesson.screens.length
		? { kind: 'screen', index }
		: { kind: 'start' };
}

/** Positions as base64url of a bit string, six positions a character. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function bitsFrom(positions: readonly number[]): string {
	const sixes: number[] = [];
	for (const position of positions) {
		const at = Math.floor(position / 6);
		while (sixes.length <= at) sixes.push(0);
		sixes[at] = (sixes[at] as number) | (1 << (position % 6));
	}
	return sixes.map((six) => DIGITS[six]).join('');
}

function bitsOf(text: string): readonly number[] {
	return [...text].flatMap((digit, at) => {
		const six = DIGITS.indexOf(digit);
		return six < 0 ? [] : [0, 1, 2, 3, 4, 5].filter((bit) => (six >> bit) & 1).map((bit) => at * 6 + bit);
	});
}

/** Some systems keep suspend data in Latin-1 columns; JSON escapes survive them. */
function ascii(json: string): string {
	return json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
