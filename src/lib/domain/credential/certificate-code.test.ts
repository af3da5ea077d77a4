import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newCertificateCode, readCertificateCode } from './certificate-code.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Codes from seeded bytes; a draw that does not fit takes the next bytes. */
const codes = fc.array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 3 }).map((draws) => {
	let draw = 0;
	return newCertificateCode(() => {
		const bytes = draws[draw % draws.length] ?? new Uint8Array(5);
		const moved = Uint8Array.from(bytes, (byte) => (byte + Math.floor(draw / draws.length)) & 0xff);
		draw += 1;
		return moved;
	});
});

test('[CR5] a code reads back as itself, however it is typed', () => {
	fc.assert(
		fc.property(codes, (code) => {
			expect(code).toMatch(/^WP-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
			const plain = code.replaceAll('-', '');
			for (const typed of [
				code,
				code.toLowerCase(),
				plain,
				plain.slice(2),
				` ${code.replaceAll('-', ' ')} `,
				code.replaceAll('-', '–'),
				code.replace(/0/g, 'o').replace(/(?<!W)1/g, 'l')
			]) {
				expect(readCertificateCode(typed)).toBe(code);
			}
		})
	);
});

test('[CR5] every single wrong character is noticed', () => {
	fc.assert(
		fc.property(codes, fc.nat(8), fc.constantFrom(...alphabet), (code, place, letter) => {
			const plain = code.replaceAll('-', '').slice(2);
			fc.pre(plain[place] !== letter);
			expect(readCertificateCode(plain.slice(0, place) + letter + plain.slice(place + 1))).toBeNull();
		}),
		{ numRuns: 1000 }
	);
});

test('[CR5] every swap of two neighbours is noticed', () => {
	fc.assert(
		fc.property(codes, fc.nat(7), (code, place) => {
			const letters = Array.from(code.replaceAll('-', '').slice(2));
			const [left = '', right = ''] = [letters[place], letters[place + 1]];
			fc.pre(left !== right);
			letters.splice(place, 2, right, left);
			expect(readCertificateCode(letters.join(''))).toBeNull();
		}),
		{ numRuns: 1000 }
	);
});

test('[CR5] what is no code is told so, never thrown', () => {
	fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void readCertificateCode(text)));
	for (const text of ['', 'WP-', 'hello', 'WP-7K3M-9QXA', 'WP-7K3M-9QXU-7'])
		expect(readCertificateCode(text)).toBeNull();
	expect(readCertificateCode('WP-7K3M-9QXA-٧')).toBe('WP-7K3M-9QXA-7');
});
