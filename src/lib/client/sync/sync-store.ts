/**
 * What sync asks of a person's database, and the rules every store follows (SPEC SY22 to SY28). Pages use `dexie-store.ts`,
 * the service worker `raw-push-store.ts` on the same database; the simulation has one in memory. All are held to the same
 * behaviour by tests/simulation/store-contract.test.ts.
 * Each method is one transaction: after a crash it happened or it did not.
 */
import type { Branch } from '#lib/domain/attempt/branch.ts';
import { frontierHas, type Frontier } from '#lib/domain/event/frontier.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { PullRequest, PullResponse, PushResponse } from '#lib/contracts/sync.ts';
import type { EventRecord } from '#lib/client/db/profile-db.ts';

/** At most so many events, and about so many bytes of their JSON; one event always goes, whatever its size. */
export type BatchLimit = { readonly events: number; readonly bytes: number };

export interface PushStore {
	/** Whose events these are. */
	readonly personId: string;
	/** How many events wait. */
	waiting(): Promise<number>;
	/** The oldest waiting events, all of one epoch, ascending; [] when nothing waits. */
	nextBatch(limit: BatchLimit): Promise<readonly LearningEvent[]>;
	/** Marks what was sent and is in the answer's frontier. @returns how many were marked for the first time */
	acknowledge(sent: readonly LearningEvent[], answer: PushResponse): Promise<number>;
	/** Leaves this event out of batches until the next start: the server cannot take it, and others must go on. It still counts as waiting. */
	setAside(event: LearningEvent): Promise<void>;
	/** The server does not know the session any more, or does again. */
	setNeedsSignIn(needed: boolean): Promise<void>;
}

export interface SyncStore extends PushStore {
	pullRequest(): Promise<PullRequest>;
	/** Stores rows and cursor together. An answer to an older cursor than the current one changes nothing. */
	applyPull(request: PullRequest, answer: PullResponse): Promise<{ readonly sendAgain: number }>;
}

/** Acknowledged events are kept as a second copy, so that a restored server can ask for them. */
export const RETENTION = 30 * 24 * 3_600_000;

/**
 * SY22: an event is received when it was in the batch just sent and the answer's frontier has it. What was not sent is
 * never believed received, whatever an answer says.
 */
export function isReceived(record: EventRecord, sent: ReadonlySet<number>, answer: PushResponse): boolean {
	return (
		record.waiting === 1 &&
		record.epoch === answer.epoch &&
		sent.has(record.seq) &&
		frontierHas(answer.frontier, record.seq)
	);
}

/** SY25: the server lost it (it was restored from a backup): it waits again. */
export function isMissing(record: EventRecord, frontier: Frontier): boolean {
	return record.waiting === 0 && !frontierHas(frontier, record.seq);
}

/**
 * SY24: retention runs on the server's clock, and takes two answers to pass: one wrong clock, here or there, neither
 * deletes early nor marks as old.
 */
export function retentionLimit(previousNow: number | undefined, now: number): number {
	return Math.min(previousNow ?? now, now) - RETENTION;
}

export function receivedTime(previousNow: number | undefined, now: number): number {
	return Math.max(previousNow ?? now, now);
}

/** SY27: branches of other devices only (this device's own are folded here, from more than the server has), and never an older copy. */
export function keepsPulledBranch(device: string, known: Branch | undefined, pulled: Branch): boolean {
	if (pulled.device === device) return false;
	if (known === undefined) return true;
	return pulled.epoch > known.epoch || (pulled.epoch === known.epoch && pulled.seq >= known.seq);
}

const NEWEST = 12;
const ROTATING = 12;

/**
 * SY28: an idle pull stays small however many epochs are held: the newest twelve, and twelve of the older in turn, so
 * that a restored server hears of each within a few pulls.
 */
export function ackedForPull(acked: Readonly<Record<string, number>>, pulls: number): Record<string, number> {
	const epochs = Object.keys(acked).toSorted();
	const older = epochs.slice(0, Math.max(0, epochs.length - NEWEST));
	const rounds = Math.max(1, Math.ceil(older.length / ROTATING));
	const start = (pulls % rounds) * ROTATING;
	const chosen = [...older.slice(start, start + ROTATING), ...epochs.slice(-NEWEST)];
	return Object.fromEntries(chosen.map((epoch) => [epoch, acked[epoch] ?? 0]));
}

/** About what an event weighs before encoding. */
export function weightOf(event: LearningEvent): number {
	const { body } = event;
	switch (body.type) {
		case 'attempt.saved':
			return 100 + body.cmi.length + (body.sequencing?.length ?? 0);
		case 'attempt.answered':
			return 150 + body.interactionId.length + (body.response?.length ?? 0);
		case 'unknown':
			return 100 + body.original.length;
		case 'attempt.updated':
			return 150 + (body.location?.length ?? 0);
		default:
			return 100;
	}
}
