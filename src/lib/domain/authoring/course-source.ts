/**
 * A course as its authors wrote it (courses/FORMAT.md): the record, and one version per language. Texts are inline
 * Markdown. Read from disk by `src/cli/course/read-course.ts`; judged by `lint-course.ts`.
 */
import type { Picture, Question } from './question.ts';

export type CourseSource = {
	readonly record: CourseRecord;
	/** First the source language, then the translations, in the order of the record. */
	readonly versions: readonly LanguageVersion[];
	/** File name in `pictures/` to its SVG text. */
	readonly pictures: ReadonlyMap<string, string>;
	/** File name in `pictures/` to its bytes: png, jpg and webp. */
	readonly photos: ReadonlyMap<string, Uint8Array>;
	/** File name in `media/` to its bytes: recordings, films and captions. */
	readonly media: ReadonlyMap<string, Uint8Array>;
	/** Language, then key of a text (see `strings.ts`), to what the translator recorded. */
	readonly ledgers: ReadonlyMap<string, Ledger>;
};

/** DOMAIN "course record"; what is the same in every language. */
export type CourseRecord = {
	readonly format: 1;
	readonly code: string;
	readonly edition: number;
	readonly level: 'introductory' | 'intermediate' | 'advanced';
	readonly modality: 'face-to-face' | 'online-instructor-led' | 'online-self-paced' | 'blended';
	readonly topics: readonly string[];
	readonly audience: readonly string[];
	/** As announced; the linter compares it with reading time and practice. */
	readonly hours: number;
	readonly licence: string;
	/** BCP 47; the first is the language the course was written in. */
	readonly languages: readonly string[];
	readonly objectives: readonly { readonly id: string; readonly digcomp: readonly string[] }[];
	/** Codes of courses to have taken before. */
	readonly prerequisites: readonly string[];
	readonly digcomp: readonly {
		readonly framework: string;
		readonly version: string;
		readonly code: string;
		readonly level: string;
	}[];
	/** `screen` says where the sentence that justifies the tag stands: `unit-3/plan`. */
	readonly sdg: readonly { readonly target: string; readonly screen: string; readonly sentence: string }[];
	readonly certificate: CertificateRule;
};

export type CertificateRule = {
	/** Percent. */
	readonly passMark: number;
	/** Questions asked in one run of the quiz. */
	readonly draw: number;
	/** Questions written. */
	readonly pool: number;
	/** `after-units`: the quiz opens once every screen has been seen. */
	readonly opens: 'always' | 'after-units';
};

export type ReviewState = 'source' | 'draft' | 'reviewed' | 'stale';

/** What a translator recorded for each text: the fingerprint of the source text it was made from, and its state. */
export type Ledger = ReadonlyMap<string, { readonly of: string; readonly state: 'draft' | 'reviewed' }>;

export type LanguageVersion = {
	readonly language: string;
	readonly title: string;
	readonly description: string;
	readonly audience: string;
	/** What the learner needs before starting. */
	readonly entry: string;
	/** Objective id to its sentence, opening with a verb one can observe. */
	readonly objectives: ReadonlyMap<string, string>;
	readonly units: readonly Unit[];
	readonly quiz: readonly Question[];
	readonly glossary: readonly Term[];
};

export type Term = { readonly id: string; readonly term: string; readonly meaning: string };

export type Unit = {
	/** `unit-1` */
	readonly id: string;
	readonly title: string;
	/** Where the text stands, for findings: `unit-1.fr.md`. */
	readonly file: string;
	readonly screens: readonly Screen[];
};

export type Screen = {
	readonly id: string;
	readonly title: string;
	readonly line: number;
	readonly blocks: readonly Block[];
};

/** Blocks that say something. */
export type TextBlock =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
	| { readonly kind: 'heading'; readonly text: string }
	| ({ readonly kind: 'picture'; readonly caption: string } & Picture);

/** A recording or a film, and everything it says as text: for who cannot hear or see it, and for the text edition. */
export type Medium = {
	readonly title: string;
	/** In `media/`. */
	readonly file: string;
	/** Eight hexadecimal digits of the file's hash, so that a new recording makes its translations stale; '' without a file. */
	readonly recording: string;
	readonly transcript: readonly TextBlock[];
};

export type Block =
	| TextBlock
	| { readonly kind: 'steps'; readonly items: readonly string[] }
	| { readonly kind: 'tip'; readonly blocks: readonly TextBlock[] }
	| { readonly kind: 'compare'; readonly sides: readonly ComparedSide[] }
	| {
			readonly kind: 'story';
			readonly blocks: readonly TextBlock[];
			readonly choices: readonly { readonly text: string; readonly outcome: string }[];
	  }
	| {
			readonly kind: 'practice';
			readonly minutes: number;
			readonly blocks: readonly TextBlock[];
			readonly tasks: readonly string[];
	  }
	| ({ readonly kind: 'audio' } & Medium)
	| ({
			readonly kind: 'video';
			/** WebVTT: its name in `media/`, and what it says ('' when the file is missing). */
			readonly captions: { readonly file: string; readonly text: string };
			/** In `pictures/`: stands there until the film is started, and in editions without films. */
			readonly poster: string;
	  } & Medium)
	| { readonly kind: 'question'; readonly question: Question }
	| { readonly kind: 'card'; readonly blocks: readonly TextBlock[] }
	/** For the trainer: printed in the tutor notes, never shown to the learner. */
	| { readonly kind: 'tutor'; readonly blocks: readonly TextBlock[] }
	/** A place that a centre fills for its country; `blocks` stand there until it does. */
	| { readonly kind: 'local-notes'; readonly id: string; readonly blocks: readonly TextBlock[] };

export type ComparedSide = {
	readonly title: string;
	readonly tone: 'plain' | 'good' | 'careful';
	readonly blocks: readonly TextBlock[];
};

/** The media editions of a package: words and drawings; also sound and small photos; also films and larger photos. */
export const EDITIONS = ['text', 'standard', 'rich'] as const;
export type Edition = (typeof EDITIONS)[number];

/** Every question asked inside the units, in reading order. */
export function checkQuestions(version: LanguageVersion): readonly Question[] {
	return version.units.flatMap((unit) =>
		unit.screens.flatMap((screen) =>
			screen.blocks.flatMap((block) => (block.kind === 'question' ? [block.question] : []))
		)
	);
}
