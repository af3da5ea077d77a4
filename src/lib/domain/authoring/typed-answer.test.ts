import { expect, test } from 'vitest';
import { normaliseText, parseNumber, readingsOf } from './typed-answer.ts';

test.each([
	['20', 20],
	[' 20 MB ', 20],
	['٢٠', 20],
	['۲۰', 20],
	['２０', 20],
	['12,5', 12.5],
	['12.5', 12.5],
	['١٢٫٥', 12.5],
	['1 000', 1000],
	['1\u202f000', 1000],
	['1,000', 1000],
	['-3', -3],
	['1.234,5', 1234.5],
	['1,234.5', 1234.5],
	['1.000.000', 1_000_000]
])('"%s" means %d', (typed, number) => {
	expect(parseNumber(typed)).toBe(number);
});

test.each(['', 'many', 'MB', '2x3', '1.2.3.4.5 and 6'])('"%s" is no number', (typed) => {
	expect(parseNumber(typed)).toBeNull();
});

test.each([
	['4.540', [4.54, 4540]],
	['4,540', [4540, 4.54]],
	['90.000', [90, 90_000]],
	['12,5', [12.5]]
])('"%s" may be any of %j', (typed, numbers) => {
	expect(readingsOf(typed)).toEqual(numbers);
});

test.each([
	['2001:db8::1', '2001:db8:1'],
	['1.5', '15']
])('"%s" and "%s" are two answers', (typed, accepted) => {
	expect(normaliseText(typed)).not.toBe(normaliseText(accepted));
});

test.each([
	['Hot-Spot', 'hot spot'],
	['  HOT   SPOT. ', 'hot spot'],
	['Économiseur', 'economiseur'],
	['وَضْعُ الطَّيَرَان', 'وضع الطيران'],
	['¿Avión?', 'avion'],
	['飞行模式。', '飞行模式'],
	['Самолёт', 'самолет']
])('"%s" and "%s" are the same word', (typed, accepted) => {
	expect(normaliseText(typed)).toBe(normaliseText(accepted));
});
