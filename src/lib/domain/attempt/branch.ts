/**
 * A branch: what one device knows of one attempt, folded from that device's events in order (SPEC AT1 to AT4).
 * Facts that may only grow (completion, success, best score, time) grow; where to go on is the latest of the branch.
 */
import { compareEvents, type LearningEvent } from '../event/learning-event.ts';
import { bestCompletion, bestScore, bestSuccess, type Completion, type Score, type Success } from './status.ts';

export type Branch = {
	readonly attemptId: string;
	readonly device: string;
	readonly learnerId: string;
	readonly courseId: string;
	readonly packId: string;
	readonly scoId: string;
	readonly completion: Completion;
	readonly success: Success;
	readonly score: Score | null;
	readonly progress: number | null;
	readonly location: string | null;
	readonly seconds: number;
	readonly sessions: number;
	readonly answers: number;
	/** Resume state; null until the content saved something. */
	readonly saved: { readonly cmi: string; readonly sequencing: string | null } | null;
	/** Device time of the first and the last event, as the device had it. */
	readonly startedAt: number;
	readonly lastAt: number;
	/** Position of the last event folded in: later events only (AT2). */
	readonly epoch: string;
	readonly seq: number;
};

/** Folds one event into its branch. Events of one branch must come in order of (epoch, seq); an event already folded changes nothing. */
export function foldEvent(branch: Branch | null, event: LearningEvent): Branch {
	if (branch === null) return foldBody(emptyBranch(event), event);
	if (event.epoch < branch.epoch || (event.epoch === branch.epoch && event.seq <= branch.seq)) return branch;
	return foldBody({ ...branch, epoch: event.epoch, seq: event.seq, lastAt: event.at }, event);
}

/** Folds a branch from nothing; events in any order (AT3). */
export function foldBranch(events: readonly LearningEvent[]): Branch | null {
	return events.toSorted(compareEvents).reduce<Branch | null>(foldEvent, null);
}

function emptyBranch(event: LearningEvent): Branch {
	return {
		attemptId: event.attemptId,
		device: event.device,
		learnerId: event.learnerId,
		courseId: event.courseId,
		packId: event.packId,
		scoId: event.scoId,
		completion: 'not attempted',
		success: 'unknown',
		score: null,
		progress: null,
		location: null,
		seconds: 0,
		sessions: 0,
		answers: 0,
		saved: null,
		startedAt: event.at,
		lastAt: event.at,
		epoch: event.epoch,
		seq: event.seq
	};
}

function foldBody(branch: Branch, event: LearningEvent): Branch {
	const { body } = event;
	switch (body.type) {
		case 'attempt.started':
			return {
				...branch,
				sessions: branch.sessions + 1,
				completion: bestCompletion(branch.completion, 'incomplete')
			};
		case 'attempt.updated':
			return {
				...branch,
				completion: bestCompletion(branch.completion, body.completion ?? 'unknown'),
				success: bestSuccess(branch.success, body.success ?? 'unknown'),
				score: bestScore(branch.score, body.score === undefined ? null : scoreOf(body.score)),
				progress:
					body.progress === undefined ? branch.progress : Math.max(branch.progress ?? 0, Math.min(body.progress, 1)),
				location: body.location ?? branch.location,
				seconds: Math.max(branch.seconds, Math.min(body.seconds ?? 0, MOST_SECONDS))
			};
		case 'attempt.answered':
			return { ...branch, answers: branch.answers + 1 };
		case 'attempt.saved':
			return { ...branch, saved: { cmi: body.cmi, sequencing: body.sequencing } };
		case 'session.ended':
		case 'unknown':
			return branch;
		default:
			return unreachable(body);
	}
}

/** Ten years: more than that is a fault of the content, and must not spoil a cohort's sum. */
const MOST_SECONDS = 10 * 366 * 24 * 3600;

/** One shape, whatever else the event carried and in whatever order: branches folded here and there are equal to the byte. */
function scoreOf({ scaled, raw, min, max }: Score): Score {
	return { scaled, raw, min, max };
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
