/**
 * The code that people type to check a certificate (SPEC CR5): "WP-7K3M-9QXA-2". Eight characters of Crockford's base 32
 * (no I, L, O, U) drawn at random, and a check character: the number modulo 37. Numbers whose remainder has no character of
 * the 32 are drawn again, so that every single wrong character and every swap of neighbours is noticed.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;

/** @param random at least five random bytes a try; called until the draw fits (9 of 10 tries do on the second) */
export function newCertificateCode(random: () => Uint8Array): string {
	for (;;) {
		const body = bodyOf(random());
		const check = checkOf(body);
		if (check !== null) return format(body + check);
	}
}

/**
 * What a person typed, as it is stored; null when it cannot be a code. Forgives case, spaces, dashes of every kind, a missing
 * "WP", the letters O, I and L, and digits of other scripts.
 */
export function readCertificateCode(typed: string): string | null {
	const plain = typed
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
		.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
		.replace(/[\s\p{Pd}\p{Cf}_.]/gu, '')
		.replace(/O/g, '0')
		.replace(/[IL]/g, '1');
	const body = plain.length === length + 3 && plain.startsWith('WP') ? plain.slice(2) : plain;
	if (body.length !== length + 1 || [...body].some((letter) => !alphabet.includes(letter))) return null;
	return checkOf(body.slice(0, length)) === body[length] ? format(body) : null;
}

function bodyOf(bytes: Uint8Array): string {
	let bits = 0n;
	for (const byte of bytes.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
	let body = '';
	for (let index = 0; index < length; index++)
		body = (alphabet[Number((bits >> BigInt(5 * index)) & 31n)] ?? '0') + body;
	return body;
}

function checkOf(body: string): string | null {
	let remainder = 0;
	for (const letter of body) remainder = (remainder * 32 + alphabet.indexOf(letter)) % 37;
	return alphabet[remainder] ?? null;
}

function format(code: string): string {
	return `WP-${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}
