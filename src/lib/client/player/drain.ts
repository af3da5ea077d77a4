/**
 * Brings home what a player page left behind when it died: the rows on the content origin. Runs before every launch and at
 * the start of the app, under the same lock as playing, so that nobody's running session is taken for a dead one.
 */
import { Dexie } from 'dexie';
import type { DeviceDb } from '#lib/client/db/device-db.ts';
import { profileDbName } from '#lib/client/db/names.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { beginEpoch } from '#lib/client/sync/epoch.ts';
import type { JournalRow } from '#lib/contracts/player-port.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import { InstallerPage } from './installer-page.ts';
import { closeSessions, forgetRows, recordRows, type Ack, type PlayContext } from './record-journal.ts';

export type Drain = {
	readonly deviceDb: DeviceDb;
	readonly db: ProfileDb;
	readonly context: PlayContext;
	readonly origin: string;
};

/**
 * @param patience ms to wait for whoever holds it: a drain in this tab, a page that is just going away
 * @returns release; null when this person has this pack open in another tab
 */
export function takePlayLock(personId: string, packId: string, patience = 0): Promise<(() => void) | null> {
	return new Promise((resolve, reject) => {
		if (navigator.locks === undefined) return resolve(() => undefined);
		const wait: LockOptions = patience === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(patience) };
		navigator.locks
			.request(`waypost-play-${personId}-${packId}`, wait, (lock) => {
				if (lock === null) return resolve(null);
				return new Promise<void>((release) => resolve(release));
			})
			.catch((error: unknown) => {
				if (error instanceof DOMException && error.name === 'TimeoutError') resolve(null);
				else reject(error);
			});
	});
}

/**
 * @returns whether the pack is (still) installed on its origin
 * @throws AppError content-unreachable when the origin's page does not come: evicted, and offline
 */
export async function drainPack({ deviceDb, db, context, origin }: Drain): Promise<boolean> {
	const page = await InstallerPage.open(origin);
	try {
		for (let more = true; more;) {
			const answer = await page.ask({ t: 'drain' }, 'drained');
			const { acks, foreign } = await recordRows(db, context, answer.rows);
			const theirs = foreign.length === 0 ? [] : await recordForeign(deviceDb, context, foreign);
			for (const ack of [...acks, ...theirs]) page.send({ t: 'ack', ...ack });
			more = answer.more && acks.length + theirs.length > 0;
		}
		await closeSessions(db, context);
		await forgetRows(db, context.packId);
		const { installed } = await page.ask(
			{ t: 'has', packId: context.packId },
			'has',
			({ packId }) => packId === context.packId
		);
		return installed;
	} finally {
		page.close();
	}
}

/** A shared phone: the rows go to whoever they belong to; rows of nobody (a profile that was removed) are forgotten. */
async function recordForeign(deviceDb: DeviceDb, context: PlayContext, rows: readonly JournalRow[]): Promise<Ack[]> {
	const acks: Ack[] = [];
	let left = rows;
	for (const { personId } of await deviceDb.profiles.toArray()) {
		if (personId === context.learnerId || !(await Dexie.exists(profileDbName(personId)))) continue;
		const db = new ProfileDb(profileDbName(personId));
		try {
			const found = await db.attempts.bulkGet([...new Set(left.map(({ attempt }) => attempt))]);
			const own = found.filter((attempt) => attempt?.packId === context.packId);
			if (own.length > 0) await beginEpoch(db);
			for (const attempt of own) {
				const isHers = (row: JournalRow) => row.attempt === attempt?.attemptId;
				const theirs = { ...context, learnerId: personId, courseId: attempt?.courseId ?? context.courseId };
				acks.push(...(await recordRows(db, theirs, left.filter(isHers))).acks);
				left = left.filter((row) => !isHers(row));
			}
		} finally {
			db.close();
		}
	}
	return [...acks, ...left.map(({ attempt, session, n }) => ({ attempt, session, upto: n }))];
}

/** At the start of the app: closes what a killed browser left open, so that it can be sent. Offline too. */
export async function drainLeftovers(options: {
	readonly deviceDb: DeviceDb;
	readonly profileDb: ProfileDb;
	readonly personId: string;
}): Promise<void> {
	const { deviceDb, profileDb, personId } = options;
	const open = await profileDb.attempts.filter(({ openSession }) => openSession !== null).toArray();
	for (const [packId, attempts] of Map.groupBy(open, (attempt) => attempt.packId)) {
		const pack = await deviceDb.packs.get(packId);
		const [attempt] = attempts;
		if (pack?.structure == null || attempt === undefined) continue;
		const release = await takePlayLock(personId, packId);
		if (release === null) continue;
		const context = contextOf(personId, attempt.courseId, packId, pack.structure);
		try {
			await drainPack({ deviceDb, db: profileDb, context, origin: pack.contentOrigin });
		} catch {
			// Its origin cannot be reached now; the rows stay there, and the next start or launch asks again.
		} finally {
			release();
		}
	}
}

function contextOf(learnerId: string, courseId: string, packId: string, structure: CourseStructure): PlayContext {
	return { learnerId, courseId, packId, structure };
}
