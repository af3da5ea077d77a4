import { describe, expect, test } from 'vitest';
import { AppError } from './app-error.ts';
import { classify } from './classify.ts';

describe('trouble', () => {
	test.each([
		['unreachable', 'retry', true],
		['needs-sign-in', 'sign-in', false],
		['device-full', 'free-space', false],
		['app-too-old', 'update', false]
	])('%s', (code, remedy, quiet) => {
		expect(classify(code)).toEqual({ code, remedy, quiet });
		expect(classify(new AppError(code))).toEqual({ code, remedy, quiet });
	});

	test('a full disk is recognised behind Dexie’s aborted transaction', () => {
		expect(classify(new DOMException('no room', 'QuotaExceededError')).code).toBe('device-full');
		const aborted = new Error('QuotaExceededError: the quota has been exceeded');
		aborted.name = 'AbortError';
		expect(classify(aborted).code).toBe('device-full');
	});

	test('a store that cannot be opened is named, and what nobody knows asks for help', () => {
		const failed = new Error('x');
		failed.name = 'OpenFailedError';
		expect(classify(failed)).toMatchObject({ code: 'storage-broken', remedy: 'help' });
		expect(classify(new Error('?'))).toEqual({ code: 'unknown', remedy: 'help', quiet: false });
		expect(classify(undefined).code).toBe('unknown');
	});
});
