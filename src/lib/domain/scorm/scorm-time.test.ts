import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatTimespan, parseDuration, parseTimespan } from './scorm-time.ts';

describe('CMITimespan (SCORM 1.2)', () => {
	test.each([
		['0000:00:00.00', 0],
		['00:00:07', 7],
		['0001:30:05.25', 5405.25],
		['9999:59:59.99', 35_999_999.99],
		[' 01:00:00 ', 3600],
		['1:2:3', 3723]
	])('%s is %d seconds', (text, seconds) => expect(parseTimespan(text)).toBe(seconds));

	test.each(['', 'PT1H', '10:00', '-01:00:00', 'aa:bb:cc', '1:2:3:4'])('"%s" is refused', (text) =>
		expect(parseTimespan(text)).toBeNull()
	);

	test('what is written has the strict form and reads back the same', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 3_599_999_999 }), (hundredths) => {
				const text = formatTimespan(hundredths / 100);
				expect(text).toMatch(/^\d{4}:[0-5]\d:[0-5]\d\.\d\d$/);
				expect(Math.round((parseTimespan(text) ?? -1) * 100)).toBe(hundredths);
			})
		);
	});

	test('nonsense becomes a time that content can read', () => {
		expect(formatTimespan(Number.NaN)).toBe('0000:00:00.00');
		expect(formatTimespan(-5)).toBe('0000:00:00.00');
		expect(formatTimespan(Number.POSITIVE_INFINITY)).toBe('9999:59:59.99');
	});
});

describe('duration (SCORM 2004)', () => {
	test.each([
		['PT0S', 0],
		['PT1H30M5.25S', 5405.25],
		['P1D', 86_400],
		['P1DT2H', 93_600],
		['P1Y', 31_557_600],
		['P2M', 5_259_600],
		['P1W', 604_800],
		['PT90M', 5400],
		['PT0.5S', 0.5]
	])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

	test.each(['', 'P', 'PT', '1H', 'PT1', 'P1H', 'PT-1S', '00:10:00', 'PT1S1H'])('"%s" is refused', (text) =>
		expect(parseDuration(text)).toBeNull()
	);

	test('what is written has at most two decimals and reads back the same', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (hundredths) => {
				const text = formatDuration(hundredths / 100);
				expect(text).toMatch(/^PT(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,2})?S)?$/);
				expect(Math.round((parseDuration(text) ?? -1) * 100)).toBe(hundredths);
			})
		);
	});
});
