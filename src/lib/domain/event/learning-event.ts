/**
 * A learning event: one immutable fact about one learner, written once on one device and never changed.
 * Identity is (device, epoch, seq); everything anyone sees is a fold of these (SPEC EV1 to EV6).
 */
import type { Completion, Score, Success } from '../attempt/status.ts';

/**
 * One writer: the Dexie database of one profile on one device. A new database is a new device.
 * Epoch: "0003-k3j9x2" (a counter, base 36, then chance): sorts by age, and never repeats even when storage was rolled back.
 */
export type EventIdentity = {
	readonly device: string;
	readonly epoch: string;
	/** 1, 2, 3 ... without gaps inside an epoch. */
	readonly seq: number;
};

export type EventSubject = {
	readonly learnerId: string;
	readonly courseId: string;
	/** The pack (course revision) the learner was working in: see ids/pack-id.ts. */
	readonly packId: string;
	/** Minted on the device (UUIDv7). */
	readonly attemptId: string;
	/** Item identifier in the course structure, or WHOLE_COURSE. */
	readonly scoId: string;
};

export type LearningEvent = EventIdentity &
	EventSubject & {
		/** The device's wall clock, ms since 1970, rounded to 100 ms; may be wrong by decades. Never decides anything. */
		readonly at: number;
		readonly body: EventBody;
	};

export type EventBody = AttemptStarted | AttemptUpdated | AttemptAnswered | AttemptSaved | SessionEnded | UnknownBody;

/** The learner opened an item; the first event of a session (Initialize, or the display of an asset). */
export type AttemptStarted = { readonly type: 'attempt.started' };

/** Facts the content reported, only those that changed. */
export type AttemptUpdated = {
	readonly type: 'attempt.updated';
	readonly completion?: Completion | undefined;
	readonly success?: Success | undefined;
	readonly score?: Score | undefined;
	/** 0 to 1. */
	readonly progress?: number | undefined;
	readonly location?: string | undefined;
	/** Seconds spent in this attempt on this device, all sessions so far. */
	readonly seconds?: number | undefined;
};

/** One answer to one interaction (SCORM cmi.interactions.n). */
export type AttemptAnswered = {
	readonly type: 'attempt.answered';
	readonly interactionId: string;
	readonly kind: string | null;
	readonly response: string | null;
	readonly result: string | null;
	/** Seconds. */
	readonly latency: number | null;
};

/** Where to go on: what the content needs back at the next launch. Replaces the one before on the same branch. */
export type AttemptSaved = {
	readonly type: 'attempt.saved';
	/** CMI as flat JSON text, as scorm-again's loadFromFlattenedJSON takes it. */
	readonly cmi: string;
	/** 2004: the serialised sequencing state of the whole course; null where there is none. */
	readonly sequencing: string | null;
};

/** The session is over: by Terminate, or closed by the app because the content never said so ("abandoned"). */
export type SessionEnded = {
	readonly type: 'session.ended';
	readonly exit: 'normal' | 'suspend' | 'logout' | 'time-out' | 'abandoned';
	/** Seconds of this session. */
	readonly seconds: number;
};

/** Written by a newer version: kept and passed on, shown to nobody (SPEC EV6). */
export type UnknownBody = { readonly type: 'unknown'; readonly original: string };

export type EventType = Exclude<EventBody['type'], 'unknown'>;

/** One string for one event: device/epoch/seq. */
export function eventKey(event: EventIdentity): string {
	return `${event.device}/${event.epoch}/${event.seq}`;
}

/** Order on one device: by epoch, then by number. Across devices there is no order, and none is needed. */
export function compareEvents(left: EventIdentity, right: EventIdentity): number {
	return compareText(left.device, right.device) || compareText(left.epoch, right.epoch) || left.seq - right.seq;
}

function compareText(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}
