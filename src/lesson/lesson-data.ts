/**
 * What the builder puts beside this runtime, as `globalThis.waypostLesson` in course.js. All texts are HTML made by the
 * builder from escaped source, or plain words (`title`, `alt`). Read once, never changed.
 */
import type { Question } from '#lib/domain/authoring/question.ts';
import type { Words } from './words.ts';

export type LessonData = {
	readonly format: 1;
	/** What the package was built for; the runtime still tries the other API if only that one is there. */
	readonly scorm: '1.2' | '2004';
	readonly code: string;
	readonly edition: number;
	/** Changes with the content: suspend data of another content is not read. */
	readonly fingerprint: string;
	readonly language: string;
	readonly direction: 'ltr' | 'rtl';
	/** SVG for the first screen; decoration. */
	readonly cover: string;
	readonly title: string;
	readonly description: string;
	readonly audience: string;
	readonly entry: string;
	/** Whole hours or halves, as announced. */
	readonly hours: number;
	/** True while no person has reviewed this translation. */
	readonly draft: boolean;
	readonly objectives: readonly { readonly id: string; readonly text: string }[];
	readonly units: readonly { readonly id: string; readonly title: string }[];
	readonly screens: readonly LessonScreen[];
	/** Pictures of question options and prompts: file name to SVG. */
	readonly pictures: Readonly<Record<string, string>>;
	readonly quiz: {
		readonly pool: readonly Question[];
		readonly draw: number;
		/** Percent. */
		readonly passMark: number;
		readonly opens: 'always' | 'after-units';
	};
	readonly glossary: Readonly<Record<string, { readonly term: string; readonly meaning: string }>>;
	readonly words: Words;
};

export type LessonScreen = {
	/** `unit-1/charge`; unique in the course. */
	readonly id: string;
	/** Position in `units`. */
	readonly unit: number;
	readonly title: string;
	readonly parts: readonly LessonPart[];
};

export type LessonPart =
	| { readonly kind: 'html'; readonly html: string }
	| { readonly kind: 'question'; readonly question: Question }
	| {
			readonly kind: 'story';
			readonly html: string;
			readonly choices: readonly { readonly text: string; readonly outcome: string }[];
	  }
	| { readonly kind: 'practice'; readonly html: string; readonly minutes: number; readonly tasks: readonly string[] }
	| { readonly kind: 'card'; readonly html: string };
