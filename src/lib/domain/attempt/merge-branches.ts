/**
 * An attempt: the merge of its branches. Two devices on one attempt keep both branches; what is shown is a union, the
 * best score, the sum of the time, and the resume state of the branch that got furthest (SPEC AT5 to AT9).
 * The merge gives the same answer in any order and however often a branch comes.
 */
import type { Branch } from './branch.ts';
import { bestCompletion, bestScore, bestSuccess, type Completion, type Score, type Success } from './status.ts';

export type Attempt = {
	readonly attemptId: string;
	readonly learnerId: string;
	readonly courseId: string;
	readonly packId: string;
	readonly scoId: string;
	readonly completion: Completion;
	readonly success: Success;
	readonly score: Score | null;
	readonly progress: number | null;
	readonly seconds: number;
	readonly sessions: number;
	readonly answers: number;
	readonly startedAt: number;
	readonly lastAt: number;
	/** The branch to go on from. */
	readonly resume: Branch;
	readonly branches: readonly Branch[];
};

export function mergeBranches(branches: readonly Branch[]): Attempt | null {
	const latest = new Map<string, Branch>();
	for (const branch of branches) {
		const known = latest.get(branch.device);
		if (known === undefined || isFurtherAlong(branch, known)) latest.set(branch.device, branch);
	}
	const own = [...latest.values()].toSorted((left, right) => (left.device < right.device ? -1 : 1));
	const [first] = own;
	if (first === undefined) return null;
	const resume = own.reduce((best, branch) => (compareResume(branch, best) > 0 ? branch : best));
	return {
		attemptId: first.attemptId,
		learnerId: first.learnerId,
		courseId: first.courseId,
		packId: resume.packId,
		scoId: first.scoId,
		completion: own.reduce<Completion>((sum, branch) => bestCompletion(sum, branch.completion), 'unknown'),
		success: own.reduce<Success>((sum, branch) => bestSuccess(sum, branch.success), 'unknown'),
		score: own.reduce<Score | null>((sum, branch) => bestScore(sum, branch.score), null),
		progress: own.reduce<number | null>(
			(sum, branch) => (branch.progress === null ? sum : Math.max(sum ?? 0, branch.progress)),
			null
		),
		seconds: own.reduce((sum, branch) => sum + branch.seconds, 0),
		sessions: own.reduce((sum, branch) => sum + branch.sessions, 0),
		answers: own.reduce((sum, branch) => sum + branch.answers, 0),
		startedAt: Math.min(...own.map((branch) => branch.startedAt)),
		lastAt: Math.max(...own.map((branch) => branch.lastAt)),
		resume,
		branches: own
	};
}

/** AT2: of two copies of one branch the one with more events folded in. */
function isFurtherAlong(left: Branch, right: Branch): boolean {
	return left.epoch > right.epoch || (left.epoch === right.epoch && left.seq > right.seq);
}

const completionRank: Record<Completion, number> = { unknown: 0, 'not attempted': 1, incomplete: 2, completed: 3 };

/** AT8: completion, then progress, then time spent; the device id only breaks exact ties. Never a device's clock. */
function compareResume(left: Branch, right: Branch): number {
	return (
		Number(left.saved !== null) - Number(right.saved !== null) ||
		completionRank[left.completion] - completionRank[right.completion] ||
		(left.progress ?? -1) - (right.progress ?? -1) ||
		left.seconds - right.seconds ||
		left.answers - right.answers ||
		(left.device < right.device ? 1 : -1)
	);
}
