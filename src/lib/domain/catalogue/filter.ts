/** Choosing from the catalogue: a filter as values and as an address (`?topic=health&level=introductory&where=here`), and what is left of it. */
import { baseOf, type Entry, type Listed } from './entry.ts';

/** Of one kind any is enough; of several kinds all must hold. */
export type CatalogueFilter = {
	readonly topic: readonly string[];
	readonly level: readonly string[];
	readonly language: readonly string[];
	readonly audience: readonly string[];
	readonly modality: readonly string[];
	/** At most so many bytes to fetch. */
	readonly size: number | null;
	/** `offline`: plays without a network once it is here; `here`: is on this device. */
	readonly where: 'offline' | 'here' | null;
};

export const NO_FILTER: CatalogueFilter = {
	topic: [],
	level: [],
	language: [],
	audience: [],
	modality: [],
	size: null,
	where: null
};

export const FACETS = ['topic', 'level', 'language', 'audience', 'modality'] as const;
export type Facet = (typeof FACETS)[number];

/** Bytes; what costs about as much as a page of pictures, a song, a short film. */
export const SIZES = [1_000_000, 5_000_000, 20_000_000] as const;

const mostValues = 20;

/** Anything may stand in an address: what is no filter of ours is left out. */
export function readFilter(params: URLSearchParams): CatalogueFilter {
	const values = (name: string): string[] =>
		[
			...new Set(
				params
					.getAll(name)
					.map((value) => value.trim().slice(0, 80))
					.filter((value) => value !== '')
			)
		].slice(0, mostValues);
	const size = Number(params.get('size'));
	const where = params.get('where');
	return {
		topic: values('topic'),
		level: values('level'),
		language: values('language'),
		audience: values('audience'),
		modality: values('modality'),
		size: SIZES.find((known) => known === size) ?? null,
		where: where === 'offline' || where === 'here' ? where : null
	};
}

export function writeFilter(filter: CatalogueFilter): URLSearchParams {
	return new URLSearchParams([
		...FACETS.flatMap((facet) => filter[facet].map((value) => [facet, value])),
		...(filter.size === null ? [] : [['size', String(filter.size)]]),
		...(filter.where === null ? [] : [['where', filter.where]])
	]);
}

/** How many things are asked for. */
export function countChosen(filter: CatalogueFilter): number {
	return (
		FACETS.reduce((sum, facet) => sum + filter[facet].length, 0) +
		Number(filter.size !== null) +
		Number(filter.where !== null)
	);
}

/** The filter with this value of a facet chosen, or no longer. */
export function toggled(filter: CatalogueFilter, facet: Facet, value: string): CatalogueFilter {
	const chosen = filter[facet];
	return {
		...filter,
		[facet]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
	};
}

/** CA3: an entry stays when one of its versions is all that is asked; that version then comes first. */
export function filterEntries<C extends Listed>(
	entries: readonly Entry<C>[],
	filter: CatalogueFilter,
	isHere: (course: C) => boolean
): Entry<C>[] {
	if (countChosen(filter) === 0) return [...entries];
	return entries.flatMap((entry) => {
		const fits = (course: C): boolean => passes(course, filter, isHere);
		const fitting = entry.versions.filter(fits);
		const rest = entry.versions.filter((course) => !fits(course));
		return fitting.length === 0 ? [] : [{ ...entry, versions: [...fitting, ...rest] as unknown as [C, ...C[]] }];
	});
}

function passes<C extends Listed>(course: C, filter: CatalogueFilter, isHere: (course: C) => boolean): boolean {
	const isAny = (facet: Facet): boolean =>
		filter[facet].length === 0 || valuesOf(course, facet).some((value) => filter[facet].includes(value));
	if (!FACETS.every(isAny)) return false;
	if (filter.size !== null && course.card.packSize > filter.size) return false;
	if (filter.where === 'here') return isHere(course);
	return filter.where === null || course.record?.offline === true || isHere(course);
}

/** Languages by their base, so that "fr-CI" is found under French. */
export function valuesOf({ card, record }: Listed, facet: Facet): readonly string[] {
	switch (facet) {
		case 'topic':
			return record?.topics ?? [];
		case 'level':
			return card.level === null ? [] : [card.level];
		case 'language':
			return [baseOf(card.language)];
		case 'audience':
			return record?.audience ?? [];
		case 'modality':
			return record?.modality === undefined ? [] : [record.modality];
	}
}

export type FacetValue = {
	readonly value: string;
	/** Entries that would be left with this value, all other kinds as they are chosen. */
	readonly count: number;
	readonly chosen: boolean;
};

/** What can be asked for: every value that occurs, the most frequent first, and every value that is chosen. */
export function facetValues<C extends Listed>(
	entries: readonly Entry<C>[],
	filter: CatalogueFilter,
	facet: Facet,
	isHere: (course: C) => boolean
): FacetValue[] {
	const others = { ...filter, [facet]: [] };
	const counts = new Map<string, number>();
	for (const { versions } of entries) {
		for (const value of versions.flatMap((course) => valuesOf(course, facet)))
			counts.set(value, counts.get(value) ?? 0);
		const fitting = versions.filter((course) => passes(course, others, isHere));
		for (const value of new Set(fitting.flatMap((course) => valuesOf(course, facet))))
			counts.set(value, (counts.get(value) ?? 0) + 1);
	}
	for (const value of filter[facet]) counts.set(value, counts.get(value) ?? 0);
	return [...counts]
		.map(([value, count]) => ({ value, count, chosen: filter[facet].includes(value) }))
		.toSorted((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
}
