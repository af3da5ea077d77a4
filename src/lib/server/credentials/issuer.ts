/**
 * The issuer's Ed25519 keys (RFC 8032): files beside the database, never in it. DATA_DIR/keys/issuer-<kid>.pem is a private key
 * (PKCS 8), issuer-<kid>.pub.pem its public half, issuer-current names the one that signs. Old public halves stay, so
 * that old certificates verify after a rotation. kid: first 16 hex digits of the SHA-256 of the raw public key.
 */
import {
	createHash,
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	sign,
	verify,
	type KeyObject
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#lib/errors/app-error.ts';
import { readOrMakeKey } from '#lib/server/keys/key-file.ts';

export type Signed = { readonly signature: string; readonly keyId: string };

export interface Issuer {
	readonly keyId: string;
	/** base64url Ed25519 over the UTF-8 bytes. */
	sign(text: string): Signed;
	/** False for a wrong signature and for a key nobody knows here. */
	verify(text: string, signed: Signed): boolean;
}

/** Opens the keys, or makes the first one. @throws AppError issuer-key-unreadable */
export async function openIssuer(keysDir: string): Promise<Issuer> {
	const kid = await currentKid(keysDir);
	const privateKey = await readPrivateKey(join(keysDir, `issuer-${kid}.pem`));
	const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
	if (kidOf(createPublicKey(privateKey)) !== kid) throw new AppError('issuer-key-unreadable');
	await readOrMakeKey(join(keysDir, `issuer-${kid}.pub.pem`), () => Buffer.from(publicPem));
	const known = await readPublicKeys(keysDir);

	return {
		keyId: kid,
		sign: (text) => ({
			signature: sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url'),
			keyId: kid
		}),
		verify: (text, signed) => {
			const key = known.get(signed.keyId);
			const signature = Buffer.from(signed.signature, 'base64url');
			return key !== undefined && signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature);
		}
	};
}

/** The key is written before the file that names it, so that a crash between the two leaves no name without a key. */
async function currentKid(keysDir: string): Promise<string> {
	const currentFile = join(keysDir, 'issuer-current');
	if (existsSync(currentFile)) return (await readFile(currentFile, 'utf8')).trim();
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	const kid = kidOf(publicKey);
	await readOrMakeKey(join(keysDir, `issuer-${kid}.pem`), () =>
		Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }))
	);
	return (await readOrMakeKey(currentFile, () => Buffer.from(`${kid}\n`))).toString('utf8').trim();
}

/** Never a new key in silence when one is missing: the operator should put the file back from where it is kept. */
async function readPrivateKey(path: string): Promise<KeyObject> {
	try {
		return createPrivateKey(await readFile(path));
	} catch (cause) {
		throw new AppError('issuer-key-unreadable', { cause });
	}
}

/** The raw key is the last 32 bytes of its SPKI form (RFC 8410, section 4). */
function kidOf(publicKey: KeyObject): string {
	const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
	return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

async function readPublicKeys(keysDir: string): Promise<Map<string, KeyObject>> {
	const keys = new Map<string, KeyObject>();
	for (const name of await readdir(keysDir)) {
		if (!/^issuer-[0-9a-f]{16}\.pub\.pem$/.test(name)) continue;
		const key = createPublicKey(await readFile(join(keysDir, name)));
		keys.set(kidOf(key), key);
	}
	return keys;
}
