/**
 * A registration: one learner's run through one course, folded from the attempts (SPEC RG1 to RG6).
 * It is what a trainer's table shows and what the certificate rule reads.
 */
import type { Attempt } from '../attempt/merge-branches.ts';
import {
	bestCompletion,
	bestScore,
	bestSuccess,
	scaledOf,
	type Completion,
	type Score,
	type Success
} from '../attempt/status.ts';

/**
 * The `scoId` of the course-level attempt: in SCORM 2004 the sequencing engine rolls the items up, and its word on the
 * whole course is recorded as an attempt at this pseudo-item (RG4). No item identifier can be "*" (it is no XML ID).
 */
export const WHOLE_COURSE = '*';

export type RegistrationState = 'not-begun' | 'going-on' | 'done';

export type Registration = {
	readonly learnerId: string;
	readonly courseId: string;
	/** The pack this is about: the revision on which the learner got furthest (RG5). */
	readonly packId: string | null;
	readonly state: RegistrationState;
	readonly success: Success;
	/** 0 to 1; null when the content gave no score. */
	readonly score: number | null;
	/** 0 to 1. */
	readonly progress: number;
	readonly itemsDone: number;
	readonly itemsTotal: number;
	/** Time in all attempts, every revision and device. */
	readonly seconds: number;
	/** Device times, for display only. */
	readonly startedAt: number | null;
	readonly lastAt: number | null;
};

export type ItemState = {
	readonly scoId: string;
	readonly completion: Completion;
	readonly success: Success;
	readonly score: Score | null;
	readonly progress: number | null;
	readonly seconds: number;
};

/** RG1: the best that any attempt at the item reached. */
export function itemStateOf(scoId: string, attempts: readonly Attempt[]): ItemState {
	return attempts
		.filter((attempt) => attempt.scoId === scoId)
		.reduce<ItemState>(
			(best, attempt) => ({
				scoId,
				completion: bestCompletion(best.completion, attempt.completion),
				success: bestSuccess(best.success, attempt.success),
				score: bestScore(best.score, attempt.score),
				progress: attempt.progress === null ? best.progress : Math.max(best.progress ?? 0, attempt.progress),
				seconds: best.seconds + attempt.seconds
			}),
			{ scoId, completion: 'unknown', success: 'unknown', score: null, progress: null, seconds: 0 }
		);
}

/** RG3: an item is done when the content called it completed or passed. */
export function isItemDone(item: Pick<ItemState, 'completion' | 'success'>): boolean {
	return item.completion === 'completed' || item.success === 'passed';
}

/**
 * @param scoIdsOf the launchable items of a pack, in reading order; [] for a pack that is not known here
 * @param attempts all attempts of the learner at the course, in any order
 */
export function registrationOf(
	learnerId: string,
	courseId: string,
	scoIdsOf: (packId: string) => readonly string[],
	attempts: readonly Attempt[]
): Registration {
	const none: Registration = {
		learnerId,
		courseId,
		packId: null,
		state: 'not-begun',
		success: 'unknown',
		score: null,
		progress: 0,
		itemsDone: 0,
		itemsTotal: 0,
		seconds: 0,
		startedAt: null,
		lastAt: null
	};
	if (attempts.length === 0) return none;
	// In one order, because sums of fractions depend on it.
	const ordered = attempts.toSorted((left, right) => (left.attemptId < right.attemptId ? -1 : 1));
	const runs = Map.groupBy(ordered, (attempt) => attempt.packId);
	const furthest = [...runs]
		.map(([packId, own]) => runOf(none, packId, scoIdsOf(packId), own))
		.reduce((best, run) => (compareRuns(run, best) > 0 ? run : best));
	return {
		...furthest,
		seconds: secondsOf(ordered),
		startedAt: Math.min(...attempts.map((attempt) => attempt.startedAt)),
		lastAt: Math.max(...attempts.map((attempt) => attempt.lastAt))
	};
}

function runOf(
	none: Registration,
	packId: string,
	scoIds: readonly string[],
	attempts: readonly Attempt[]
): Registration {
	const items = scoIds.map((scoId) => itemStateOf(scoId, attempts));
	const whole = itemStateOf(WHOLE_COURSE, attempts);
	const done = items.filter(isItemDone).length;
	const allDone = items.length > 0 && done === items.length;
	const isDone = allDone || isItemDone(whole);
	return {
		...none,
		packId,
		state: isDone ? 'done' : 'going-on',
		success: whole.success === 'unknown' ? successOfItems(items) : whole.success,
		score: (whole.score === null ? null : scaledOf(whole.score)) ?? averageScore(items),
		progress: isDone ? 1 : shareDone(items),
		itemsDone: done,
		itemsTotal: items.length,
		seconds: secondsOf(attempts)
	};
}

/** The course-level attempt runs while the items do: its time would count twice. */
function secondsOf(attempts: readonly Attempt[]): number {
	return attempts.reduce((sum, attempt) => sum + (attempt.scoId === WHOLE_COURSE ? 0 : attempt.seconds), 0);
}

/** RG4: without a roll-up by the content's own rules, one failed item fails the course, else one passed item passes it. */
function successOfItems(items: readonly ItemState[]): Success {
	if (items.some((item) => item.success === 'failed')) return 'failed';
	return items.some((item) => item.success === 'passed') ? 'passed' : 'unknown';
}

function averageScore(items: readonly ItemState[]): number | null {
	const scores = items.flatMap((item) => (item.score === null ? [] : (scaledOf(item.score) ?? [])));
	return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function shareDone(items: readonly ItemState[]): number {
	if (items.length === 0) return 0;
	return items.reduce((sum, item) => sum + (isItemDone(item) ? 1 : (item.progress ?? 0)), 0) / items.length;
}

/** RG5: done before going on, passed before failed, then score, progress, time; the pack id only breaks exact ties. Never a device's clock. */
function compareRuns(left: Registration, right: Registration): number {
	return (
		Number(left.state === 'done') - Number(right.state === 'done') ||
		Number(left.success === 'passed') - Number(right.success === 'passed') ||
		(left.score ?? -1) - (right.score ?? -1) ||
		left.progress - right.progress ||
		left.seconds - right.seconds ||
		((left.packId ?? '') < (right.packId ?? '') ? -1 : 1)
	);
}
