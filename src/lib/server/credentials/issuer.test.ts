import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openIssuer } from './issuer.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'waypost-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('[CR6] what was signed verifies after a restart; anything else does not', async () => {
	const text = '{"a":1}';
	const signed = (await openIssuer(folder)).sign(text);
	const again = await openIssuer(folder);
	expect(again.keyId).toBe(signed.keyId);
	expect(again.verify(text, signed)).toBe(true);
	expect(again.verify('{"a":2}', signed)).toBe(false);
	expect(again.verify(text, { ...signed, keyId: '0000000000000000' })).toBe(false);
	expect(again.verify(text, { ...signed, signature: 'AAAA' })).toBe(false);
});

test('[CR6] after a rotation, old certificates still verify and new ones bear the new key', async () => {
	const text = '{"a":1}';
	const old = (await openIssuer(folder)).sign(text);
	await rm(join(folder, 'issuer-current'));
	const next = await openIssuer(folder);
	expect(next.keyId).not.toBe(old.keyId);
	expect(next.verify(text, old)).toBe(true);
});

test('keys are for their owner only, and a lost one is told, not replaced in silence', async () => {
	const { keyId } = await openIssuer(folder);
	for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
	const path = join(folder, `issuer-${keyId}.pem`);
	const kept = await readFile(path);
	await rm(path);
	await expect(openIssuer(folder)).rejects.toMatchObject({ code: 'issuer-key-unreadable' });
	await writeFile(path, kept);
	expect((await openIssuer(folder)).keyId).toBe(keyId);
});

test('two processes that start at once sign with one key', async () => {
	const issuers = await Promise.all(Array.from({ length: 5 }, () => openIssuer(folder)));
	expect(new Set(issuers.map((issuer) => issuer.keyId)).size).toBe(1);
});
