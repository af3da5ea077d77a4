import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Registration } from '../registration/registration.ts';
import { eligibilityOf } from './certificate-rule.ts';

const registration = (change: Partial<Registration>): Registration => ({
	learnerId: 'l',
	courseId: 'c',
	packId: 'p',
	state: 'done',
	success: 'unknown',
	score: null,
	progress: 1,
	itemsDone: 1,
	itemsTotal: 1,
	seconds: 60,
	startedAt: 0,
	lastAt: 0,
	...change
});

test('[CR2] a course without a pass mark asks for completion only', () => {
	expect(eligibilityOf({ version: 1, passMark: null }, registration({}))).toEqual({ type: 'earned' });
	expect(eligibilityOf({ version: 1, passMark: null }, registration({ state: 'going-on' }))).toEqual({
		type: 'not-yet',
		missing: ['completion']
	});
});

test('[CR2] the mark itself is enough, a hair less is not, and no score is no pass', () => {
	const rule = { version: 1, passMark: 0.8 };
	expect(eligibilityOf(rule, registration({ score: 0.8 })).type).toBe('earned');
	// 0.1 + 0.7 is 0.7999999999999999: a score made of parts must not fail by a rounding.
	expect(eligibilityOf(rule, registration({ score: 0.1 + 0.7 })).type).toBe('earned');
	expect(eligibilityOf(rule, registration({ score: 0.79 }))).toEqual({ type: 'not-yet', missing: ['score'] });
	expect(eligibilityOf(rule, registration({ score: null }))).toEqual({ type: 'not-yet', missing: ['score'] });
});

test('[CR3] content that says failed outweighs its own score', () => {
	expect(eligibilityOf({ version: 1, passMark: 0.5 }, registration({ score: 0.9, success: 'failed' }))).toEqual({
		type: 'not-yet',
		missing: ['success']
	});
});

test('[CR2] a better score never takes a certificate away', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 1, noNaN: true }),
			fc.double({ min: 0, max: 1, noNaN: true }),
			fc.double({ min: 0, max: 1, noNaN: true }),
			(mark, score, more) => {
				const rule = { version: 1, passMark: mark };
				const before = eligibilityOf(rule, registration({ score }));
				const after = eligibilityOf(rule, registration({ score: Math.min(1, score + more) }));
				return before.type !== 'earned' || after.type === 'earned';
			}
		)
	);
});
