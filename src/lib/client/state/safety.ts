/**
 * Where a person's work is, in the only words there are: on this phone, sent (by a carrier; later), received.
 */
import { readMeta } from '#lib/client/db/profile-meta.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';

export type SafetyState = {
	/** Pieces of work that are on this phone only. */
	readonly waiting: number;
	/** Device time of the oldest of them; null when nothing waits. */
	readonly oldestWaitingAt: number | null;
	/** Server time at which the centre last confirmed something; null = never. */
	readonly receivedAt: number | null;
	/** What to say: "on-phone" while anything waits, "received" when all of it is there, "nothing" before the first work. */
	readonly state: 'nothing' | 'on-phone' | 'received';
};

export type Safety = SafetyState & {
	readonly courses: ReadonlyMap<string, SafetyState>;
	/** True when the server asks who this is: nothing is sent until then. */
	readonly needsSignIn: boolean;
	/** Events the centre keeps but could not count. */
	readonly quarantined: number;
};

export async function safetyOf(db: ProfileDb): Promise<Safety> {
	const received = await readMeta(db, 'received');
	const waiting = new Map<string, { waiting: number; oldestWaitingAt: number }>();
	await db.events
		.where('waiting')
		.equals(1)
		.each(({ event }) => {
			const known = waiting.get(event.courseId);
			waiting.set(event.courseId, {
				waiting: (known?.waiting ?? 0) + 1,
				oldestWaitingAt: Math.min(known?.oldestWaitingAt ?? event.at, event.at)
			});
		});
	const courseIds = new Set([...waiting.keys(), ...Object.keys(received?.courses ?? {})]);
	const courses = new Map(
		[...courseIds].map((courseId) => {
			const own = waiting.get(courseId);
			return [
				courseId,
				stateOf(own?.waiting ?? 0, own?.oldestWaitingAt ?? null, received?.courses[courseId] ?? null)
			] as const;
		})
	);
	const total = [...waiting.values()].reduce((sum, own) => sum + own.waiting, 0);
	const oldest = total === 0 ? null : Math.min(...[...waiting.values()].map((own) => own.oldestWaitingAt));
	return {
		...stateOf(total, oldest, received?.at ?? null),
		courses,
		needsSignIn: (await readMeta(db, 'needsSignIn')) ?? false,
		quarantined: (await readMeta(db, 'quarantined')) ?? 0
	};
}

export const NOTHING_WAITS: SafetyState = stateOf(0, null, null);

function stateOf(waiting: number, oldestWaitingAt: number | null, receivedAt: number | null): SafetyState {
	const state = waiting > 0 ? 'on-phone' : receivedAt === null ? 'nothing' : 'received';
	return { waiting, oldestWaitingAt, receivedAt, state };
}
