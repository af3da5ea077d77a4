/**
 * Checks a PIN or password without network, against PBKDF2-SHA256 of the secret that the server last accepted.
 * It keeps out the people one shares a phone with. It does not resist somebody who copies the storage: a PIN of four
 * digits falls in seconds then, whatever the hash.
 */
import type { KnownProfile } from '#lib/client/db/device-db.ts';

export type Verifier = KnownProfile['verifier'];

/** OWASP's figure for PBKDF2-HMAC-SHA256; 0.24 s on a CPU six times slower than a desktop's (measured). */
export const ITERATIONS = 600_000;

export async function makeVerifier(secret: string, iterations: number = ITERATIONS): Promise<Verifier> {
	const salt = crypto.getRandomValues(new Uint8Array(16));
	return { salt: hex(salt), hash: hex(await derive(secret, salt, iterations)), iterations };
}

export async function verifySecret(secret: string, verifier: Verifier): Promise<boolean> {
	const hash = hex(await derive(secret, bytesOf(verifier.salt), verifier.iterations));
	let difference = hash.length ^ verifier.hash.length;
	for (let index = 0; index < hash.length; index++)
		difference |= hash.charCodeAt(index) ^ verifier.hash.charCodeAt(index);
	return difference === 0;
}

/** NFKC, so that the same keys on another keyboard give the same secret (Arabic digits stay different: they are other keys). */
async function derive(secret: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array> {
	const key = await crypto.subtle.importKey(
		'raw',
		new TextEncoder().encode(secret.normalize('NFKC')),
		'PBKDF2',
		false,
		['deriveBits']
	);
	return new Uint8Array(
		await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)
	);
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
