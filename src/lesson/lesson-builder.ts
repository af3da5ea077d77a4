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
	/** Questions ask for a typed word instead of a choice. */
	readonly typed?: boolean;
	readonly opens?: LessonData['quiz']['opens'];
};

export function aLesson({
	screens = 6,
	checks = 2,
	pool = 6,
	draw = 4,
	typed = false,
	opens = 'after-units'
}: LessonSize): LessonData {
	const ask = typed ? aTyped : aChoice;
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

/** `right` is right. */
export function aTyped(id: string, objective = 'o0'): Question {
	return { id, objective, prompt: '?', type: 'fill-in', accepted: ['right'], feedback: { right: 'yes', wrong: 'no' } };
}
