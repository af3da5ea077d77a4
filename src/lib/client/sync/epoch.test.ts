import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { beginEpoch } from './epoch.ts';

test('[SY20] the device stays, every start is a new epoch, later ones sort later', async () => {
	const db = new ProfileDb('epoch-test');
	const starts = [await beginEpoch(db), await beginEpoch(db), await beginEpoch(db)];
	expect(new Set(starts.map((start) => start.device)).size).toBe(1);
	expect(starts[0]!.device).toMatch(/^[0-9a-f]{16}$/);
	expect(starts.map((start) => start.epoch)).toEqual(starts.map((start) => start.epoch).toSorted());
	expect(new Set(starts.map((start) => start.epoch)).size).toBe(3);
	expect(starts.map((start) => start.nextSeq)).toEqual([1, 1, 1]);
});

test('[SY20] a new database is a new device, and two copies of one part at their next start', async () => {
	const [one, two] = [new ProfileDb('epoch-one'), new ProfileDb('epoch-two')];
	expect((await beginEpoch(one)).device).not.toBe((await beginEpoch(two)).device);
	await two.meta.clear();
	await two.meta.bulkPut(await one.meta.toArray());
	const [left, right] = [await beginEpoch(one), await beginEpoch(two)];
	expect(left.device).toBe(right.device);
	expect(left.epoch).not.toBe(right.epoch);
});
