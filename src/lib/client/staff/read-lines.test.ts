import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { jsonLines } from './read-lines.ts';

const schema = v.object({ n: v.number(), text: v.string() });

test('the same values, wherever the network cuts', () => {
	const value = fc.record({ n: fc.integer(), text: fc.string() });
	fc.assert(
		fc.property(fc.array(value), fc.array(fc.nat(200)), fc.boolean(), (values, cuts, lastEnd) => {
			const text = values.map((one) => JSON.stringify(one)).join('\n') + (lastEnd ? '\n' : '');
			const at = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
			const lines = jsonLines(schema);
			const read = at.slice(1).flatMap((end, index) => lines.push(text.slice(at[index], end)));
			expect([...read, ...lines.end()]).toEqual(values);
		})
	);
});

test('a last line that was cut is no value', () => {
	const lines = jsonLines(schema);
	expect(lines.push('{"n":1,"text":"a"}\n{"n":2,"te')).toHaveLength(1);
	expect(() => lines.end()).toThrow(SyntaxError);
});
