/**
 * Who writes: the device id is minted with the database, and every start of the app begins a new epoch (SPEC SY20, SY21).
 *
 * Why every start, and not only those after a crash: a clean close cannot be told from a disk that was cloned or rolled
 * back while closed, two copies of which would use the same numbers for different events; and pages on phones are killed
 * without a chance to leave a mark, so almost every start would count as unclean anyway. An epoch nobody writes in costs
 * nothing: it never travels.
 */
import { nextEpoch } from '#lib/domain/event/epoch.ts';
import type { Writer } from '#lib/client/db/append-events.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import { readMeta, writeMeta } from '#lib/client/db/profile-meta.ts';

/** `count` random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

export const randomBytes: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** @param previous what the database held, undefined in a new one */
export function nextWriter(previous: Writer | undefined, random: RandomBytes): Writer {
	return {
		device: previous?.device ?? newDeviceId(random),
		epoch: nextEpoch(previous?.epoch ?? null, chanceOf(random)),
		nextSeq: 1
	};
}

/** Call once after opening the database for writing, before the first event. */
export async function beginEpoch(db: ProfileDb, random: RandomBytes = randomBytes): Promise<Writer> {
	return db.transaction('rw', db.meta, async () => {
		const writer = nextWriter(await readMeta(db, 'writer'), random);
		await writeMeta(db, 'writer', writer);
		return writer;
	});
}

function newDeviceId(random: RandomBytes): string {
	return Array.from(random(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Six characters of [0-9a-z]: 31 bits. Each comes from 16 random bits, so that none is favoured noticeably. */
function chanceOf(random: RandomBytes): string {
	const bytes = random(12);
	return Array.from({ length: 6 }, (_, index) =>
		(((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)) % 36).toString(36)
	).join('');
}
