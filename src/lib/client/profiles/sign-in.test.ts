import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Profile } from '#lib/contracts/sync.ts';
import { Api } from '#lib/client/api.ts';
import { DeviceDb } from '#lib/client/db/device-db.ts';
import { makeVerifier, verifySecret } from './secret-verifier.ts';
import { signIn, unlock, type SignInParts } from './sign-in.ts';
import { afterFailure, NO_TRIES, waitOf, type Tries } from './try-limits.ts';

const amina: Profile = {
	personId: 'p-amina',
	userName: 'Amina',
	displayName: 'Amina Diallo',
	sex: 'female',
	ageBand: '25_34',
	language: 'fr',
	roles: ['learner'],
	organisationName: 'O',
	centreName: null,
	mustChangeSecret: false
};

let count = 0;
let device: DeviceDb;
let now: number;
let secret: string | null;

beforeEach(() => {
	device = new DeviceDb(`sign-in-test-${++count}`);
	now = 1_000_000;
	secret = '2049';
});

/** A server that knows one secret; null = there is no network. */
function parts(): SignInParts {
	const fetch: typeof globalThis.fetch = async (_, init) => {
		if (secret === null) throw new TypeError('no network');
		const asked = JSON.parse(String(init?.body)) as { secret: string };
		return asked.secret === secret
			? new Response(JSON.stringify({ profile: amina }))
			: new Response('{"code":"wrong-name-or-secret"}', { status: 401 });
	};
	return { api: new Api({ fetch, profile: () => null, count: () => {} }), device, now: () => now, iterations: 1_000 };
}

describe('[SY32] signing in', () => {
	test('online the server decides, and the device remembers', async () => {
		expect(await signIn(parts(), 'amina', '2049')).toMatchObject({
			type: 'signed-in',
			online: true,
			profile: { personId: 'p-amina' }
		});
		expect(await device.profiles.get('p-amina')).toMatchObject({ userName: 'Amina', language: 'fr', picture: 0 });
		expect(JSON.stringify(await device.profiles.toArray())).not.toContain('2049');
	});

	test('a wrong secret online is refused in the server’s words', async () => {
		expect(await signIn(parts(), 'amina', '1111')).toMatchObject({ type: 'refused', code: 'wrong-name-or-secret' });
		expect(await device.profiles.count()).toBe(0);
	});

	test('offline the device’s own verifier decides, whatever the case of the name', async () => {
		await signIn(parts(), 'amina', '2049');
		secret = null;
		expect(await signIn(parts(), ' AMINA ', '2049')).toMatchObject({ type: 'signed-in', online: false });
		expect(await signIn(parts(), 'amina', '1111')).toMatchObject({ type: 'refused', code: 'wrong-secret' });
	});

	test('offline nobody new can come in', async () => {
		secret = null;
		expect(await signIn(parts(), 'amina', '2049')).toMatchObject({ type: 'refused', code: 'not-on-this-device' });
	});

	test('signing in again keeps the language and the picture she chose here', async () => {
		await signIn(parts(), 'amina', '2049');
		await device.profiles.update('p-amina', { language: 'ar', picture: 7 });
		await signIn(parts(), 'amina', '2049');
		expect(await device.profiles.get('p-amina')).toMatchObject({ language: 'ar', picture: 7 });
	});
});

describe('[SY34] a new secret from the trainer', () => {
	test('works at once when there is a network, and replaces the old one', async () => {
		await signIn(parts(), 'amina', '2049');
		secret = '7777';
		expect(await unlock(parts(), 'p-amina', '7777')).toMatchObject({ type: 'signed-in', online: true });
		secret = null;
		expect(await unlock(parts(), 'p-amina', '2049')).toMatchObject({ type: 'refused', code: 'wrong-secret' });
		expect(await unlock(parts(), 'p-amina', '7777')).toMatchObject({ type: 'signed-in', online: false });
	});
});

describe('[SY33] guessing', () => {
	test('five at once, then it has to wait; the right secret forgets the wrong ones', async () => {
		await signIn(parts(), 'amina', '2049');
		secret = null;
		for (let tries = 0; tries < 5; tries++) {
			expect(await unlock(parts(), 'p-amina', `000${tries}`)).toMatchObject({ code: 'wrong-secret' });
		}
		expect(await unlock(parts(), 'p-amina', '2049')).toMatchObject({ code: 'too-many-tries', params: { seconds: 30 } });
		now += 30_000;
		expect(await unlock(parts(), 'p-amina', '2049')).toMatchObject({ type: 'signed-in' });
		expect(await unlock(parts(), 'p-amina', '1111')).toMatchObject({ code: 'wrong-secret' });
	});

	test('the wait doubles up to an hour, and a clock set back by years makes it no longer', () => {
		let tries: Tries = NO_TRIES;
		const waits = Array.from({ length: 14 }, () => {
			tries = afterFailure(tries, now);
			return waitOf(tries, now) / 1000;
		});
		expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
		expect(waitOf(tries, now - 31_557_600_000)).toBe(3_600_000);
	});
});

test('a verifier knows its secret only, however it is composed', async () => {
	const verifier = await makeVerifier('café', 1_000);
	expect(await verifySecret('cafe\u0301', verifier)).toBe(true);
	expect(await verifySecret('cafe', verifier)).toBe(false);
	expect(await verifySecret('', verifier)).toBe(false);
	expect((await makeVerifier('café', 1_000)).hash).not.toBe(verifier.hash);
});
