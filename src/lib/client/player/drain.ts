/**
 * Brings home what a player page left behind when it died: the rows on the content origin. Runs before every launch and at
 * the start of the app, under the same lock as playing, so that nobody's running session is taken for a dead one.
 */
import type { DeviceDb } from '#lib/client/db/device-db.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import type { JournalRow } from '#lib/contracts/player-port.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import { InstallerPage } from './installer-page.ts';
import { closeSessions, forgetRows, recordRows, type PlayContext } from './record-journal.ts';

/** Another person of this device, with her database open for writing. */
export type OtherProfile = { readonly personId: string; readonly db: ProfileDb };

export type Drain = {
	readonly db: ProfileDb;
	readonly context: PlayContext;
	readonly origin: string;
	readonly otherProfiles?: (() => Promise<readonly OtherProfile[]>) | undefined;
};

/** @returns release; null when this person has this pack open in another tab */
export function takePlayLock(personId: string, packId: string): Promise<(() => void) | null> {
	return new Promise((resolve, reject) => {
		if (navigator.locks === undefined) return resolve(() => undefined);
		navigator.locks
			.request(`waypost-play-${personId}-${packId}`, { ifAvailable: true }, (lock) => {
				if (lock === null) return resolve(null);
				return new Promise<void>((release) => resolve(release));
			})
			.catch(reject);
	});
}

/**
 * @returns whether the pack is (still) installed on its origin
 * @throws AppError content-unreachable when the origin's page does not come: evicted, and offline
 */
export async function drainPack({ db, context, origin, otherProfiles }: Drain): Promise<boolean> {
	const page = await InstallerPage.open(origin);
	try {
		for (let more = true; more;) {
			const answer = await page.ask({ t: 'drain' }, 'drained');
			const { acks, foreign } = await recordRows(db, context, answer.rows);
			const theirs = foreign.length === 0 ? [] : await recordForeign(foreign, context, (await otherProfiles?.()) ?? []);
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
async function recordForeign(rows: readonly JournalRow[], context: PlayContext, others: readonly OtherProfile[]) {
	const acks = [];
	let left = rows;
	for (const { personId, db } of others) {
		const attempts = await db.attempts.bulkGet([...new Set(left.map(({ attempt }) => attempt))]);
		for (const attempt of attempts) {
			if (attempt === undefined || attempt.packId !== context.packId) continue;
			const own = left.filter((row) => row.attempt === attempt.attemptId);
			const recorded = await recordRows(db, { ...context, learnerId: personId, courseId: attempt.courseId }, own);
			acks.push(...recorded.acks);
			left = left.filter((row) => row.attempt !== attempt.attemptId);
		}
	}
	for (const { attempt, session, n } of left) acks.push({ attempt, session, upto: n });
	return acks;
}

/** At the start of the app: closes what a killed browser left open, so that it can be sent. Offline too. */
export async function drainLeftovers(options: {
	readonly deviceDb: DeviceDb;
	readonly profileDb: ProfileDb;
	readonly personId: string;
	readonly otherProfiles?: (() => Promise<readonly OtherProfile[]>) | undefined;
}): Promise<void> {
	const { deviceDb, profileDb, personId, otherProfiles } = options;
	const open = await profileDb.attempts.filter(({ openSession }) => openSession !== null).toArray();
	for (const [packId, attempts] of Map.groupBy(open, (attempt) => attempt.packId)) {
		const pack = await deviceDb.packs.get(packId);
		const [attempt] = attempts;
		if (pack?.structure == null || attempt === undefined) continue;
		const release = await takePlayLock(personId, packId);
		if (release === null) continue;
		const context = contextOf(personId, attempt.courseId, packId, pack.structure);
		try {
			await drainPack({ db: profileDb, context, origin: pack.contentOrigin, otherProfiles });
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
