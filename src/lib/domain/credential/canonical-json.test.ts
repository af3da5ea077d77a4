import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

test('[CR6] keys in order, no spaces, numbers as JavaScript writes them', () => {
	expect(canonicalJson({ b: [1, 1e21, 0.1], a: { z: null, y: 'é"\n' }, '€': true })).toBe(
		'{"a":{"y":"é\\"\\n","z":null},"b":[1,1e+21,0.1],"€":true}'
	);
});

test('[CR6] the order in which a value was made does not matter, and nothing is lost', () => {
	fc.assert(
		fc.property(fc.jsonValue({ noUnicodeString: false } as never), (value) => {
			const text = canonicalJson(value as Json);
			expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
			expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
			const turned = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
				one !== null && typeof one === 'object' && !Array.isArray(one)
					? Object.fromEntries(Object.entries(one).toReversed())
					: one
			) as Json;
			expect(canonicalJson(turned)).toBe(text);
		})
	);
});

test('[CR6] a number without a JSON form is refused', () => {
	expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError);
});
