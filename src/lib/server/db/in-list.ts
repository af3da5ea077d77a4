import type { SqlValue } from './database.ts';

/**
 * `IN (...)` for a list of any length: `{ sql: '(?, ?, ?, ?)', params }`. Filled up to a power of two with its last value, so
 * that few different statements exist and the prepared ones are found again. An empty list matches nothing.
 */
export function inList(values: readonly SqlValue[]): { readonly sql: string; readonly params: readonly SqlValue[] } {
	const last = values.at(-1) ?? null;
	const length = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
	const params = [...values, ...Array.from({ length: length - values.length }, () => last)];
	return { sql: `(${params.map(() => '?').join(', ')})`, params };
}
