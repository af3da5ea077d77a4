import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprints, readCursor, writeCursor } from './pull-cursor.ts';

const head = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());

test('a cursor comes back as it was written', () => {
	fc.assert(
		fc.property(
			fc.boolean(),
			fc.string(),
			fc.array(fc.string()),
			head,
			head,
			fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 255 }), head), { selector: ([bucket]) => bucket }),
			(fresh, organisation, cohorts, reference, own, heads) => {
				const cursor = { fresh, ...fingerprints(organisation, cohorts), reference, own, heads: new Map(heads) };
				expect(readCursor(writeCursor(cursor))).toEqual(cursor);
			}
		)
	);
});

test('no text at all makes it fail', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.base64String(),
				fc.uint8Array().map((bytes) => Buffer.from([2, ...bytes]).toString('base64url'))
			),
			(text) => {
				const cursor = readCursor(text);
				if (cursor !== null)
					expect([cursor.reference, cursor.own, ...cursor.heads.values()].every(Number.isSafeInteger)).toBe(true);
			}
		)
	);
	expect(readCursor(null)).toBeNull();
});

test('[SY6] the order of cohorts makes no other scope, another cohort does', () => {
	expect(fingerprints('o', ['a', 'b'])).toEqual(fingerprints('o', ['b', 'a']));
	expect(fingerprints('o', ['a', 'b']).scope).not.toBe(fingerprints('o', ['a']).scope);
	expect(fingerprints('o', []).organisation).not.toBe(fingerprints('p', []).organisation);
});
