/** A lesson for tests of this room: as many screens and questions as asked for. */
import type { Question } from '#lib/domain/authoring/question.ts';
import type { LessonData } from './lesson-data.ts';
import type { Words } from './words.ts';

export type LessonSize = {
	readonly screens?: number;
	/** Screens with a question; every other screen has a practice task. */
	readonly checks?: number;
	readonly pool?: number;
	readonly draw?: number;
	/** What the questions ask for; one after the other when several are given. A choice if not said. */
	readonly kinds?: readonly ('choice' | 'typed' | 'scenario' | 'hot-spot')[];
	readonly opens?: LessonData['quiz']['opens'];
};

export function aLesson({
	screens = 6,
	checks = 2,
	pool = 6,
	draw = 4,
	kinds = ['choice'],
	opens = 'after-units'
}: LessonSize): LessonData {
	const makers = { choice: aChoice, typed: aTyped, scenario: aScenario, 'hot-spot': aHotSpot };
	const ask = (id: string, objective = 'o0'): Question =>
		makers[kinds[Number(id.slice(1)) % kinds.length] ?? 'choice'](id, objective);
	return {
		format: 1,
		scorm: '1.2',
		code: 'T1',
		edition: 1,
		fingerprint: '01234567',
		language: 'en',
		direction: 'ltr',
		cover: '',
		title: 'Test',
		description: '',
		audience: '',
		entry: '',
		hours: 1,
		draft: false,
		objectives: ['o0', 'o1'].map((id) => ({ id, text: id })),
		units: [{ id: 'unit-1', title: 'One' }],
		screens: Array.from({ length: screens }, (_, n) => ({
			id: `unit-1/s${n}`,
			unit: 0,
			title: `Screen ${n}`,
			parts: [
				n < checks
					? { kind: 'question', question: ask(`c${n}`) }
					: { kind: 'practice', html: '', minutes: 1, tasks: ['Try it.'] }
			]
		})),
		pictures: {},
		quiz: { pool: Array.from({ length: pool }, (_, n) => ask(`q${n}`, `o${n % 2}`)), draw, passMark: 80, opens },
		glossary: {},
		words: {} as Words
	};
}

/** `a` is right. */
export function aChoice(id: string, objective = 'o0'): Question {
	const options = ['a', 'b'].map((letter) => ({ id: letter, text: letter, correct: letter === 'a', feedback: letter }));
	return { id, objective, prompt: '?', type: 'single', options };
}

/** `a`, then `b` is right. */
export function aScenario(id: string, objective = 'o0'): Question {
	const steps = [0, 1].map((right) => ({
		prompt: '?',
		options: ['a', 'b'].map((letter, n) => ({ id: letter, text: letter, correct: n === right, feedback: letter }))
	}));
	return { id, objective, prompt: '?', type: 'scenario', steps };
}

/** `a` and `b` are right. */
export function aHotSpot(id: string, objective = 'o0'): Question {
	const options = ['a', 'b', 'c'].map((letter, n) => ({
		id: letter,
		text: letter,
		correct: n < 2,
		feedback: letter,
		region: { shape: 'circle' as const, x: 60 * n, y: 30, radius: 22 }
	}));
	return { id, objective, prompt: '?', type: 'hot-spot', picture: { file: 'p.svg', alt: '' }, options };
}

/** `right` is right. */
export function aTyped(id: string, objective = 'o0'): Question {
	return { id, objective, prompt: '?', type: 'fill-in', accepted: ['right'], feedback: { right: 'yes', wrong: 'no' } };
}
