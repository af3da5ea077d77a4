import { expect, test } from 'vitest';
import { isMatch } from './values.ts';

test('a search finds names however they are typed', () => {
	expect(isMatch('amelie', 'Amélie Koné')).toBe(true);
	expect(isMatch('kone am', 'Amélie Koné')).toBe(true);
	expect(isMatch('محمد', 'مُحَمَّد علي')).toBe(true);
	expect(isMatch('', 'anyone')).toBe(true);
	expect(isMatch('zz', 'Amélie Koné', 'amelie.kone')).toBe(false);
});
