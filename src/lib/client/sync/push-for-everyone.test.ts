import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { appendEvents } from '#lib/client/db/append-events.ts';
import { DeviceDb } from '#lib/client/db/device-db.ts';
import { profileDbName } from '#lib/client/db/names.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import { beginEpoch } from './epoch.ts';
import type { Exclusively } from './one-at-a-time.ts';
import { pushForEveryone } from './push-for-everyone.ts';

const alone: Exclusively = (work) => work();

async function person(device: DeviceDb, personId: string, events: number): Promise<ProfileDb> {
	await device.profiles.put({
		personId,
		displayName: personId,
		userName: personId,
		roles: [],
		language: 'en',
		picture: 0,
		verifier: { salt: '', hash: '', iterations: 1 },
		lastUsedAt: 0
	});
	const db = new ProfileDb(profileDbName(personId));
	await beginEpoch(db);
	await db.transaction('rw', [db.meta, db.events, db.branches], () =>
		appendEvents(
			db,
			Array.from({ length: events }, (_, at) => ({
				learnerId: personId,
				courseId: 'c1',
				packId: 'aa',
				attemptId: 'a1',
				scoId: 's1',
				at,
				body: { type: 'attempt.started' } as const
			}))
		)
	);
	return db;
}

test('a worker that is woken sends for everyone, counts the bytes, and leaves alone who is signed out', async () => {
	const answering: typeof fetch = async (_, init) => {
		const who = new Headers(init?.headers).get('x-waypost-profile') ?? '';
		if (who === 'p-out') return new Response('{"code":"needs-sign-in"}', { status: 401 });
		if (who === 'p-far') throw new TypeError('no network');
		const batch = await decodeBatch(init?.body as Uint8Array<ArrayBuffer>, who);
		if (batch.type !== 'decoded') throw new Error(batch.reason);
		const frontier = { upto: batch.events.at(-1)!.seq, beyond: [] };
		return new Response(JSON.stringify({ v: 1, now: 9_000, epoch: batch.epoch, frontier }));
	};
	const send = () =>
		pushForEveryone({ fetch: answering, now: () => new Date(2026, 10, 5).getTime(), exclusively: alone });

	expect(await send()).toBe(0);
	expect(await indexedDB.databases()).toEqual([]);

	const device = new DeviceDb();
	const dbs = [await person(device, 'p-one', 3), await person(device, 'p-out', 2), await person(device, 'p-far', 4)];
	await device.profiles.put({ ...(await device.profiles.get('p-one'))!, personId: 'p-without-database' });
	expect(await send()).toBe(4);

	expect(await Promise.all(dbs.map((db) => db.events.where('waiting').equals(1).count()))).toEqual([0, 2, 4]);
	expect((await dbs[0]!.meta.get('received'))?.value).toEqual({ at: 9_000, courses: { c1: 9_000 } });
	expect((await dbs[1]!.meta.get('needsSignIn'))?.value).toBe(true);
	expect((await device.dataUse.get('2026-11'))?.up).toBeGreaterThan(1_000);
	expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain('waypost-p-p-without-database');
});
