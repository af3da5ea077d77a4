/**
 * Everything that follows from one learner's events, made from nothing: the definition that the quick way (apply-events.ts) must
 * equal, and what a rebuild writes. Order of arrival is `feed`; clocks decide nothing.
 */
import { foldBranch, foldEvent, type Branch } from '#lib/domain/attempt/branch.ts';
import { mergeBranches, type Attempt } from '#lib/domain/attempt/merge-branches.ts';
import { compareEvents } from '#lib/domain/event/learning-event.ts';
import { registrationOf, WHOLE_COURSE, type Registration } from '#lib/domain/registration/registration.ts';
import type { ReceivedEvent } from '#lib/server/repositories/events.ts';
import type { StoredBranch } from '#lib/server/repositories/branches.ts';
import type { ScoIdsOf } from '#lib/server/repositories/pack-items.ts';
import type { RegistrationRecord } from '#lib/server/repositories/registrations.ts';

/** A registration as far as events decide it. */
export type ProjectedRegistration = Omit<RegistrationRecord, 'certificate'>;

export type LearnerProjection = {
	readonly branches: readonly StoredBranch[];
	readonly registrations: readonly ProjectedRegistration[];
};

export function projectLearner(
	learnerId: string,
	events: readonly ReceivedEvent[],
	scoIdsOf: ScoIdsOf
): LearnerProjection {
	const folded = [...Map.groupBy(events, ({ event }) => branchKey(event)).values()].flatMap((own) => {
		const branch = foldBranch(own.map(({ event }) => event));
		return branch === null ? [] : [{ branch, own, feed: Math.max(...own.map(({ feed }) => feed)) }];
	});
	const courses = Map.groupBy(folded, ({ branch }) => branch.courseId);
	return {
		branches: folded.map(({ branch, feed }) => ({ branch, feed })),
		registrations: [...courses].map(([courseId, branches]) => {
			const own = branches.flatMap((one) => one.own);
			return {
				...registrationWithWork(
					learnerId,
					courseId,
					scoIdsOf,
					branches.map(({ branch }) => branch)
				),
				finishedAt: finishedAtOf(learnerId, courseId, own, scoIdsOf),
				changedAt: Math.max(...own.map(({ receivedAt }) => receivedAt))
			};
		})
	};
}

/** The registration with the counts that stand beside it as evidence. */
export function registrationWithWork(
	learnerId: string,
	courseId: string,
	scoIdsOf: ScoIdsOf,
	branches: readonly Branch[]
): Registration & { readonly sessions: number; readonly answers: number } {
	const attempts = attemptsOf(branches);
	const items = attempts.filter((attempt) => attempt.scoId !== WHOLE_COURSE);
	return {
		...registrationOf(learnerId, courseId, scoIdsOf, attempts),
		sessions: items.reduce((sum, attempt) => sum + attempt.sessions, 0),
		answers: items.reduce((sum, attempt) => sum + attempt.answers, 0)
	};
}

export function attemptsOf(branches: readonly Branch[]): Attempt[] {
	return [...Map.groupBy(branches, (branch) => branch.attemptId).values()].flatMap((own) => mergeBranches(own) ?? []);
}

/** Server time of the push with which the course was first done; null = never. Replays the pushes in the order they arrived. */
function finishedAtOf(
	learnerId: string,
	courseId: string,
	events: readonly ReceivedEvent[],
	scoIdsOf: ScoIdsOf
): number | null {
	const arrived = new Map<string, ReceivedEvent[]>();
	const branches = new Map<string, Branch>();
	const pushes = Map.groupBy(
		events.toSorted((left, right) => left.feed - right.feed || compareEvents(left.event, right.event)),
		({ feed }) => feed
	);
	for (const push of pushes.values()) {
		for (const received of push) {
			const key = branchKey(received.event);
			const known = branches.get(key);
			const before = arrived.get(key) ?? [];
			before.push(received);
			arrived.set(key, before);
			const isLater = known === undefined || compareEvents(known, received.event) < 0;
			const branch = isLater ? foldEvent(known ?? null, received.event) : foldBranch(before.map(({ event }) => event));
			if (branch !== null) branches.set(key, branch);
		}
		const { state } = registrationOf(learnerId, courseId, scoIdsOf, attemptsOf([...branches.values()]));
		if (state === 'done') return push[0]?.receivedAt ?? null;
	}
	return null;
}

function branchKey(event: { readonly attemptId: string; readonly device: string }): string {
	return JSON.stringify([event.attemptId, event.device]);
}
