/**
 * One text for one value, so that it can be signed: RFC 8785 (JSON Canonicalization Scheme) for the values a certificate
 * has. Keys in order of their UTF-16 units, no spaces, numbers as JavaScript writes them.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export function canonicalJson(value: Json): string {
	if (typeof value === 'number' && !Number.isFinite(value))
		throw new RangeError('A number without a JSON form cannot be signed.');
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
	const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
	return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonicalJson(one)}`).join(',')}}`;
}

function isList(value: readonly Json[] | { readonly [name: string]: Json }): value is readonly Json[] {
	return Array.isArray(value);
}
