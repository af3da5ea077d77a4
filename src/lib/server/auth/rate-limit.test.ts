import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimit, networkOf } from './rate-limit.ts';

test('never more than the bucket and what came back since, however the tries are spread', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 300 }), (pauses) => {
			let now = 0;
			const limit = createRateLimit(
				() => ({ capacity: 5, refillMs: 1_000 }),
				() => now
			);
			let went = 0;
			for (const pause of pauses) {
				now += pause;
				if (limit.take(['a']).type === 'go') went += 1;
			}
			return went <= 5 + now / 1_000;
		})
	);
});

test('a wait says how long, and after that it goes', () => {
	let now = 0;
	const limit = createRateLimit(
		() => ({ capacity: 1, refillMs: 10_000 }),
		() => now
	);
	expect(limit.take(['a'])).toEqual({ type: 'go' });
	expect(limit.take(['a'])).toEqual({ type: 'wait', seconds: 10 });
	now = 10_000;
	expect(limit.take(['a'])).toEqual({ type: 'go' });
});

test('an empty bucket takes nothing from the other', () => {
	const limit = createRateLimit(
		(key) => ({ capacity: key === 'few' ? 1 : 3, refillMs: 1e9 }),
		() => 0
	);
	for (let time = 0; time < 5; time++) limit.take(['few', 'many']);
	expect(limit.take(['many'])).toEqual({ type: 'go' });
	expect(limit.take(['many'])).toEqual({ type: 'go' });
	expect(limit.take(['many']).type).toBe('wait');
});

test('a flood of new keys does not free the one that is held back', () => {
	const limit = createRateLimit(
		() => ({ capacity: 1, refillMs: 1e9 }),
		() => 0
	);
	limit.take(['target']);
	for (let index = 0; index < 49_000; index++) limit.take([`flood-${index}`]);
	expect(limit.take(['target']).type).toBe('wait');
});

test('networks', () => {
	expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
	expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
	expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:0db8:0001:2::9'));
	expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
	expect(networkOf('::1')).toBe('0:0:0:0::/64');
});
