/**
 * What a course says about itself beyond its title: what it is about, for whom, what it counts for, its units and its words.
 * Our own courses say all of it (courses/FORMAT.md); a package by strangers says little or nothing, so everything is
 * optional. It travels from the package to the card of the course on every device.
 */
export const MODALITIES = ['face-to-face', 'online-instructor-led', 'online-self-paced', 'blended'] as const;
export type Modality = (typeof MODALITIES)[number];

export const LEVELS = ['introductory', 'intermediate', 'advanced'] as const;
export type Level = (typeof LEVELS)[number];

export const MEDIA_EDITIONS = ['text', 'standard', 'rich'] as const;
export type MediaEdition = (typeof MEDIA_EDITIONS)[number];

/** What an administrator may change: how the course is found, and what should come before it. */
export type CoursePlace = {
	readonly modality?: Modality | undefined;
	/** Data, not an enumeration: "digital inclusion", "spectrum management". */
	readonly topics?: readonly string[] | undefined;
	/** "adult", "minor", "trainer", "official", or any other word. */
	readonly audience?: readonly string[] | undefined;
	/** Codes of courses to have taken before. */
	readonly prerequisites?: readonly string[] | undefined;
};

/** What only the package can say. */
export type CourseContents = {
	/** The same in every language: versions with one code are one entry of the catalogue. */
	readonly code?: string | undefined;
	readonly edition?: number | undefined;
	readonly mediaEdition?: MediaEdition | undefined;
	readonly licence?: string | undefined;
	/** In words: for whom it is, and what one needs before starting. */
	readonly audienceText?: string | undefined;
	readonly entry?: string | undefined;
	readonly digcomp?: readonly FrameworkLevel[] | undefined;
	/** A target counts with the sentence of the course that justifies it. */
	readonly sdg?: readonly { readonly target: string; readonly sentence: string }[] | undefined;
	/** The final quiz: asked in one run, written in all, and when it opens. */
	readonly quiz?:
		{ readonly draw: number; readonly pool: number; readonly opens: 'always' | 'after-units' } | undefined;
	/** BCP 47; absent for the language the course was written in. */
	readonly translationOf?: string | undefined;
	/** True while nobody has reviewed all of the translation. */
	readonly draft?: boolean | undefined;
	/** Plays without a network once it is on the device, as the package doctor or else the package says; absent when nobody knows. */
	readonly offline?: boolean | undefined;
	readonly units?: readonly { readonly title: string }[] | undefined;
	readonly glossary?: readonly GlossaryTerm[] | undefined;
};

export type CourseRecord = CoursePlace & CourseContents;

export type FrameworkLevel = {
	/** "DigComp" */
	readonly framework: string;
	/** "2.2" */
	readonly version: string;
	/** "1.2": area 1, competence 2. */
	readonly code: string;
	/** "3-4" */
	readonly level: string;
};

/** The id is the same in every language of a course. */
export type GlossaryTerm = { readonly id: string; readonly term: string; readonly meaning: string };

/** A glossary travels to every device, so it has bounds: terms, and characters of a term and of its meaning. */
export const GLOSSARY_LIMITS = { terms: 40, term: 80, meaning: 300 } as const;

/** Where a new revision says more than is known, that is taken; what stands there already was perhaps chosen by a person. */
export function fillPlace(known: CoursePlace, suggested: CoursePlace): CoursePlace {
	return {
		modality: known.modality ?? suggested.modality,
		topics: known.topics ?? suggested.topics,
		audience: known.audience ?? suggested.audience,
		prerequisites: known.prerequisites ?? suggested.prerequisites
	};
}

/** The units as the package tells them; a package of several items tells them by its contents. One that bears the course's own name tells nothing. */
export function unitTitles({
	card,
	record
}: {
	readonly card: { readonly title: string; readonly items: readonly { readonly title: string }[] };
	readonly record: CourseRecord | null;
}): readonly string[] {
	return (record?.units ?? card.items).map(({ title }) => title).filter((title) => title !== card.title);
}
