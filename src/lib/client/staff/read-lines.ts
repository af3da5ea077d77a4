/**
 * JSON lines (application/x-ndjson) as they arrive: a value as soon as its line is complete, wherever the network cuts.
 *
 *     const lines = jsonLines(schema);
 *     lines.push('{"n":1}\n{"n"')  // [{ n: 1 }]
 *     lines.push(':2}\n')          // [{ n: 2 }]
 */
import * as v from 'valibot';

export type JsonLines<T> = {
	/** @throws SyntaxError or ValiError for a line that is not of the agreed form */
	readonly push: (text: string) => readonly T[];
	/** What is left at the end counts when it is whole. */
	readonly end: () => readonly T[];
};

export function jsonLines<T>(schema: v.GenericSchema<unknown, T>): JsonLines<T> {
	let rest = '';
	const parse = (lines: readonly string[]): T[] =>
		lines.filter((line) => line.trim() !== '').map((line) => v.parse(schema, JSON.parse(line)));
	return {
		push: (text) => {
			const lines = (rest + text).split('\n');
			rest = lines.pop() ?? '';
			return parse(lines);
		},
		end: () => {
			const last = rest;
			rest = '';
			return parse([last]);
		}
	};
}
