/** Completion, success and score: three answers, kept apart as in SCORM 2004 (RTE 4.2.4, 4.2.21, 4.2.22). */

export type Completion = 'unknown' | 'not attempted' | 'incomplete' | 'completed';
export type Success = 'unknown' | 'failed' | 'passed';

export type Score = {
	/** -1 to 1; null when the content gave none and none can be derived. */
	readonly scaled: number | null;
	readonly raw: number | null;
	readonly min: number | null;
	readonly max: number | null;
};

const completionOrder: readonly Completion[] = ['unknown', 'not attempted', 'incomplete', 'completed'];
const successOrder: readonly Success[] = ['unknown', 'failed', 'passed'];

/** AT5: done stays done. */
export function bestCompletion(left: Completion, right: Completion): Completion {
	return completionOrder.indexOf(left) >= completionOrder.indexOf(right) ? left : right;
}

/** AT5: passed stays passed. */
export function bestSuccess(left: Success, right: Success): Success {
	return successOrder.indexOf(left) >= successOrder.indexOf(right) ? left : right;
}

/** A score as a share of the best possible, 0 to 1 (or down to -1 where the content uses it); null where it cannot be told. */
export function scaledOf(score: Score): number | null {
	if (score.scaled !== null) return withinOne(score.scaled);
	if (score.raw === null) return null;
	const min = score.min ?? 0;
	// SCORM 1.2 RTE 3.4.4: a raw score without a maximum is a normalised value from 0 to 100.
	const max = score.max ?? 100;
	const share = (score.raw - min) / (max - min);
	return max > min && Number.isFinite(share) ? withinOne(share) : null;
}

/** Content that gives 110 of 100 points has reached all of them. Adding 0 makes -0 a plain 0. */
function withinOne(share: number): number {
	return Math.max(-1, Math.min(share, 1)) + 0;
}

/** AT6: the better of two scores, by the share reached; a score beats none. Ties are broken by content, so that order never matters. */
export function bestScore(left: Score | null, right: Score | null): Score | null {
	if (left === null || right === null) return left ?? right;
	const [leftScaled, rightScaled] = [scaledOf(left), scaledOf(right)];
	if (leftScaled !== rightScaled) {
		if (leftScaled === null) return right;
		if (rightScaled === null) return left;
		return leftScaled > rightScaled ? left : right;
	}
	return scoreKey(left) >= scoreKey(right) ? left : right;
}

function scoreKey(score: Score): string {
	return JSON.stringify([score.scaled, score.raw, score.min, score.max]);
}
