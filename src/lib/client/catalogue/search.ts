/**
 * Full-text search on the device, without a network: MiniSearch over the terms of domain/catalogue/search-text.ts. Import this file
 * dynamically: most visits search nothing. The index is made in slices, so that a slow phone goes on answering taps.
 */
import MiniSearch, { type Query, type SearchResult } from 'minisearch';
import { slipsAllowed, tokensOf, wantedOf, type Wanted } from '#lib/domain/catalogue/search-text.ts';

/** A document: an id, and texts by field. */
export type Searchable = { readonly id: string; readonly texts: Readonly<Record<string, string>> };

export type Hit = {
	readonly id: string;
	readonly score: number;
	/** What was found, as it stands in the texts: for `markedBy`. */
	readonly terms: ReadonlySet<string>;
};

export type Search = { readonly find: (question: string) => readonly Hit[] };

/** @param boosts the fields, and how much a hit in each counts */
export async function createSearch(
	documents: readonly Searchable[],
	boosts: Readonly<Record<string, number>>
): Promise<Search> {
	const index = new MiniSearch<Searchable>({
		fields: Object.keys(boosts),
		extractField: (document, field) => (field === 'id' ? document.id : (document.texts[field] ?? '')),
		tokenize: (text) => tokensOf(text).map(({ term }) => term),
		processTerm: (term) => term
	});
	await index.addAllAsync(documents, { chunkSize: 4 });
	return {
		find(question) {
			const wanted = wantedOf(question);
			if (wanted.length === 0) return [];
			return index
				.search({ combineWith: 'AND', queries: wanted.map(queryOf) }, { boost: { ...boosts } })
				.map(hitOf)
				.toSorted((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
		}
	};
}

/** Terms are cut and folded already. */
const asItIs = { tokenize: (term: string) => [term], processTerm: (term: string) => term };

function queryOf({ words, pairs }: Wanted): Query {
	return {
		combineWith: 'OR',
		queries: [
			...words.map((word) => ({ queries: [word], ...asItIs, prefix: true, fuzzy: slipsAllowed(word) })),
			...(pairs.length === 0
				? []
				: [{ combineWith: 'AND' as const, queries: [...pairs], ...asItIs, prefix: false, fuzzy: false }])
		]
	};
}

/** Rounded: sums of the same numbers in another order differ in their last digits, and the order of hits must not. */
function hitOf({ id, score, match }: SearchResult): Hit {
	return { id: String(id), score: Math.round(score * 1e6) / 1e6, terms: new Set(Object.keys(match)) };
}
