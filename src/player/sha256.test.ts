import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256 } from './sha256.ts';

async function reference(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

test('[PK3] the hash of any bytes in any portions is that of WebCrypto', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), async (portions) => {
			const hash = new Sha256();
			for (const portion of portions) hash.update(portion);
			expect(hash.hex()).toBe(await reference(new Uint8Array(portions.flatMap((portion) => [...portion]))));
		})
	);
});

test.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000_003])('[PK3] %d bytes', async (length) => {
	const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
	expect(new Sha256().update(bytes).hex()).toBe(await reference(bytes));
});

test('[PK3] the example of FIPS 180', () => {
	expect(new Sha256().update(new TextEncoder().encode('abc')).hex()).toBe(
		'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
	);
});
