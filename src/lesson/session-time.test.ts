import { expect, test } from 'vitest';
import { clockTime12, duration2004, timespan12, timestamp2004 } from './session-time.ts';

test.each([
	[0, '0000:00:00.00', 'PT0H0M0S'],
	[1_234, '0000:00:01.23', 'PT0H0M1.23S'],
	[59_999, '0000:01:00.00', 'PT0H1M0S'],
	[3_723_450, '0001:02:03.45', 'PT1H2M3.45S'],
	[360_000_000, '0100:00:00.00', 'PT100H0M0S'],
	[-5, '0000:00:00.00', 'PT0H0M0S']
])('%d ms', (milliseconds, timespan, duration) => {
	expect(timespan12(milliseconds)).toBe(timespan);
	expect(duration2004(milliseconds)).toBe(duration);
});

test('times of day', () => {
	expect(timestamp2004(new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05.0Z');
	expect(clockTime12(new Date(2026, 0, 2, 3, 4, 5))).toBe('03:04:05');
});
