/** What the catalogue's screens are given; the client's own values (client/state/catalogue-views.ts) fit as they are. */
import type { CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import type { CourseValues } from '../learner/values.ts';

export type CatalogueValues = CourseValues & {
	readonly record: CourseRecord | null;
	/** The server lets her have it. */
	readonly mayTake: boolean;
};

export type AboutValues = {
	/** The course in all its languages and media editions, itself included. */
	readonly versions: readonly CatalogueValues[];
	readonly before: readonly { readonly code: string; readonly courses: readonly CatalogueValues[] }[];
};

export type HitValues = { readonly score: number; readonly terms: ReadonlySet<string> };
