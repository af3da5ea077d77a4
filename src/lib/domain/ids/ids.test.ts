import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, BUCKETS } from './bucket.ts';
import { packIdOf } from './pack-id.ts';
import { uuidV7 } from './uuid-v7.ts';

const randomBytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('UUIDv7', () => {
	test('[ID1] the example of RFC 9562, appendix A.6', () => {
		const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
		expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
	});

	test('[ID1] version and variant stand in every id, and later ids sort later', () => {
		fc.assert(
			fc.property(fc.nat({ max: 0xffff_ffff_fffe }), randomBytes, randomBytes, (now, left, right) => {
				const id = uuidV7(now, left);
				expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
				expect(id < uuidV7(now + 1, right)).toBe(true);
			})
		);
	});

	test('[ID1] a clock before 1970 or beyond the year 10889 still gives an id of the right form', () => {
		for (const now of [-1, Number.MAX_SAFE_INTEGER, 0.5]) {
			expect(uuidV7(now, new Uint8Array(10))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
		}
		expect(uuidV7(-1, new Uint8Array(10)).startsWith('00000000-0000')).toBe(true);
	});
});

describe('buckets', () => {
	// Part of the data contract: these may never change. The hashes behind them are the published test vectors of FNV-1a.
	test.each([
		['', 0x811c9dc5],
		['a', 0xe40c292c],
		['foobar', 0xbf9cf968]
	])('[ID2] "%s" lies where FNV-1a says', (id, hash) => expect(bucketOf(id)).toBe(hash % BUCKETS));

	test('[ID2] ids are hashed as UTF-8, and spread over all buckets', () => {
		expect(bucketOf('é')).toBe(bucketOf(new TextDecoder().decode(Uint8Array.of(0xc3, 0xa9))));
		const sizes = Array.from({ length: BUCKETS }, () => 0);
		for (let index = 0; index < 25_600; index++) {
			const bucket = bucketOf(
				uuidV7(
					1_780_000_000_000 + index,
					Uint8Array.from({ length: 10 }, (_, at) => (index * 31 + at * 7) & 0xff)
				)
			);
			sizes[bucket] = (sizes[bucket] ?? 0) + 1;
		}
		expect(Math.min(...sizes)).toBeGreaterThan(50);
		expect(Math.max(...sizes)).toBeLessThan(170);
	});
});

test('[ID3] a pack is named by the first 80 bits of its hash', () => {
	expect(packIdOf('0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef')).toBe('0123456789abcdef0123');
});
