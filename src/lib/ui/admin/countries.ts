/** Countries by their ISO 3166-1 code, named by Intl in the person's language. */

/** Regions that Intl names but that are no places to have a centre in, and codes it only keeps for old data. */
const NONE = new Set(['EU', 'EZ', 'UN', 'ZZ', 'XA', 'XB', 'QO', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA']);

export type Country = { readonly code: string; readonly name: string };

const known = new Map<string, readonly Country[]>();

/** Sorted as the language sorts. */
export function countries(language: string): readonly Country[] {
	const before = known.get(language);
	if (before) return before;
	const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
	const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
	const byName = new Map<string, string>();
	for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
		const name = NONE.has(code) ? undefined : names.of(code);
		// An old code is named like the one that took its place; the current one is its own canonical form.
		if (name !== undefined && new Intl.Locale(`und-${code}`).region === code)
			byName.set(name, byName.get(name) ?? code);
	}
	const compare = new Intl.Collator(language).compare;
	const list = [...byName]
		.map(([name, code]) => ({ code, name }))
		.toSorted((left, right) => compare(left.name, right.name));
	known.set(language, list);
	return list;
}

/** "–" for a centre without a country. */
export function countryName(code: string, language: string): string {
	if (code === '') return '–';
	return countries(language).find((country) => country.code === code)?.name ?? code;
}
