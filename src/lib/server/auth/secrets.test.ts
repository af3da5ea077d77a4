import { describe, expect, test } from 'vitest';
import { hashSecret, isEasyPin, newPassword, newPin, normaliseSecret, verifySecret } from './secrets.ts';

describe('stored secrets', () => {
	test('say their parameters, which are at least what is asked of argon2id', async () => {
		expect(await hashSecret('open sesame')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
	});

	test.each(['argon2id', 'scrypt'] as const)(
		'%s: the right secret verifies, another does not, and no two hashes are alike',
		async (algorithm) => {
			const stored = await hashSecret('open sesame', algorithm);
			expect(await verifySecret(stored, 'open sesame')).toBe(true);
			expect(await verifySecret(stored, 'open sesam')).toBe(false);
			expect(await hashSecret('open sesame', algorithm)).not.toBe(stored);
		}
	);

	test('nobody, and a damaged hash, are simply wrong', async () => {
		expect(await verifySecret(null, 'x')).toBe(false);
		expect(await verifySecret('$md5$abc', 'x')).toBe(false);
	});
});

describe('made secrets', () => {
	test('digits of any script are the same digits', () => {
		expect(normaliseSecret('٤٨٢٩١٥')).toBe('482915');
		expect(normaliseSecret('४८२९१५')).toBe('482915');
		expect(normaliseSecret('４８２９１５')).toBe('482915');
		expect(normaliseSecret('𝟘𝟡')).toBe('09');
	});

	test('PINs are six digits and never an easy row', () => {
		for (let time = 0; time < 500; time++) {
			const pin = newPin();
			expect(pin).toMatch(/^\d{6}$/);
			expect(isEasyPin(pin)).toBe(false);
		}
		for (const pin of ['111111', '123456', '654321', '121212', '000001']) expect(isEasyPin(pin), pin).toBe(true);
	});

	test('passwords can be read aloud', () => {
		expect(newPassword()).toMatch(/^([b-z][aeiou]){3}-([b-z][aeiou]){3}-([b-z][aeiou]){3}-\d\d$/);
	});
});
