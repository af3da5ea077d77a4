import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromStoredText, toStoredText } from './stored-text.ts';

const anything = fc
	.array(
		fc.oneof(
			fc.constantFrom('\u0000', '\u001a', '\ud800', '\udc00', '0000', '001a', '🙂'),
			fc.string({ unit: 'binary' })
		)
	)
	.map((parts) => parts.join(''));

test('every text comes back, and what is stored fits into any text column', () => {
	fc.assert(
		fc.property(anything, (text) => {
			const stored = toStoredText(text);
			expect(fromStoredText(stored)).toBe(text);
			expect(stored.isWellFormed()).toBe(true);
			expect(stored).not.toContain('\u0000');
		}),
		{ numRuns: 1000 }
	);
});

test('two texts are two when stored', () => {
	fc.assert(
		fc.property(anything, anything, (left, right) => {
			expect(toStoredText(left) === toStoredText(right)).toBe(left === right);
		})
	);
});

test('ordinary ids are stored as they are', () => {
	expect(toStoredText('01980000-0000-7000-8000-000000000000')).toBe('01980000-0000-7000-8000-000000000000');
});
