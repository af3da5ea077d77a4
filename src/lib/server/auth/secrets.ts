/**
 * Secrets (PINs and passwords) as they are stored: argon2id (RFC 9106; m = 19 MiB, t = 2, p = 1), in the PHC string format
 * "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>", so that parameters can change while old hashes still verify. Where the
 * runtime lacks argon2: scrypt, "$scrypt$ln=15,r=8,p=1$<salt>$<hash>". Both run on the thread pool, few at a time, so that a
 * school signing in does not stop the pushes of the others.
 */
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '#lib/errors/app-error.ts';

const argon2Parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const scryptParameters = { ln: 15, r: 8, p: 1 } as const;
const hashLength = 32;
const concurrent = 2;
const longestQueue = 500;

const scrypt = promisify<crypto.BinaryLike, crypto.BinaryLike, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

let running = 0;
const waiting: (() => void)[] = [];

/** @throws AppError busy when hundreds wait already: better a clear answer than a minute of silence */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	if (running >= concurrent) {
		if (waiting.length >= longestQueue) throw new AppError('busy');
		await new Promise<void>((resume) => waiting.push(resume));
	} else {
		running += 1;
	}
	try {
		return await work();
	} finally {
		const next = waiting.shift();
		if (next === undefined) running -= 1;
		else next();
	}
}

const hasArgon2 = 'argon2' in crypto && typeof crypto.argon2 === 'function';

export async function hashSecret(
	secret: string,
	algorithm: 'argon2id' | 'scrypt' = hasArgon2 ? 'argon2id' : 'scrypt'
): Promise<string> {
	const salt = crypto.randomBytes(16);
	if (algorithm === 'argon2id') {
		const { memory, passes, parallelism } = argon2Parameters;
		const hash = await argon2id(normaliseSecret(secret), salt, memory, passes, parallelism, hashLength);
		return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
	}
	const { ln, r, p } = scryptParameters;
	const hash = await scryptHash(normaliseSecret(secret), salt, ln, r, p, hashLength);
	return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

/** @param stored null takes as long as a real one, so that the time of the answer does not tell who exists */
export async function verifySecret(stored: string | null, secret: string): Promise<boolean> {
	const parsed = parse(stored ?? (await decoy()));
	if (parsed === null) return false;
	const { salt, expected } = parsed;
	const actual =
		parsed.algorithm === 'argon2id'
			? await argon2id(normaliseSecret(secret), salt, parsed.memory, parsed.passes, parsed.parallelism, expected.length)
			: await scryptHash(normaliseSecret(secret), salt, parsed.ln, parsed.r, parsed.p, expected.length);
	return crypto.timingSafeEqual(actual, expected) && stored !== null;
}

let decoyHash: Promise<string> | undefined;
function decoy(): Promise<string> {
	decoyHash ??= hashSecret(crypto.randomBytes(12).toString('hex'));
	return decoyHash;
}

/** NFKC, and digits of every script as 0 to 9: a PIN typed on an Arabic keyboard is the same PIN. */
export function normaliseSecret(secret: string): string {
	return secret.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Decimal digits stand in runs of ten in Unicode (chapter 4.6): walk back to the run's zero. */
function digitValue(digit: string): number {
	const code = digit.codePointAt(0) ?? 0;
	if (code <= 0x39) return code - 0x30;
	let start = code;
	while (code - start < 9 && /\p{Nd}/u.test(String.fromCodePoint(start - 1))) start -= 1;
	// Runs may touch (mathematical digits): the distance modulo ten is the value either way.
	return (code - start) % 10;
}

/** Six digits, never an easy row such as 111111 or 123456. */
export function newPin(): string {
	for (;;) {
		const pin = String(crypto.randomInt(0, 1_000_000)).padStart(6, '0');
		if (!isEasyPin(pin)) return pin;
	}
}

export function isEasyPin(pin: string): boolean {
	const digits = [...pin].map(Number);
	const steps = new Set(digits.slice(1).map((digit, index) => digit - (digits[index] ?? 0)));
	return new Set(digits).size <= 2 || (steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 9));
}

const consonants = 'bdfghjkmnprstvz';
const vowels = 'aeiou';

/** Something a person can read aloud and type: "bimato-kesuda-47". About 57 bits. */
export function newPassword(): string {
	const syllable = (): string => `${pick(consonants)}${pick(vowels)}`;
	const word = (): string => `${syllable()}${syllable()}${syllable()}`;
	return `${word()}-${word()}-${word()}-${crypto.randomInt(10, 100)}`;
}

function pick(letters: string): string {
	return letters[crypto.randomInt(0, letters.length)] ?? '';
}

function argon2id(
	secret: string,
	nonce: Buffer,
	memory: number,
	passes: number,
	parallelism: number,
	tagLength: number
): Promise<Buffer> {
	return inTurn(
		() =>
			new Promise((done, fail) => {
				crypto.argon2('argon2id', { message: secret, nonce, memory, passes, parallelism, tagLength }, (error, hash) =>
					error === null ? done(hash) : fail(error)
				);
			})
	);
}

function scryptHash(secret: string, salt: Buffer, ln: number, r: number, p: number, length: number): Promise<Buffer> {
	const N = 2 ** ln;
	return inTurn(() => scrypt(secret, salt, length, { N, r, p, maxmem: 256 * N * r }));
}

type Stored =
	| { algorithm: 'argon2id'; memory: number; passes: number; parallelism: number; salt: Buffer; expected: Buffer }
	| { algorithm: 'scrypt'; ln: number; r: number; p: number; salt: Buffer; expected: Buffer };

function parse(stored: string): Stored | null {
	const argon = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored);
	if (argon !== null) {
		const [, memory, passes, parallelism, salt = '', hash = ''] = argon;
		return {
			algorithm: 'argon2id',
			memory: Number(memory),
			passes: Number(passes),
			parallelism: Number(parallelism),
			salt: Buffer.from(salt, 'base64'),
			expected: Buffer.from(hash, 'base64')
		};
	}
	const old = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored);
	if (old === null) return null;
	const [, ln, r, p, salt = '', hash = ''] = old;
	return {
		algorithm: 'scrypt',
		ln: Number(ln),
		r: Number(r),
		p: Number(p),
		salt: Buffer.from(salt, 'base64'),
		expected: Buffer.from(hash, 'base64')
	};
}

function base64(bytes: Buffer): string {
	return bytes.toString('base64').replace(/=+$/, '');
}
