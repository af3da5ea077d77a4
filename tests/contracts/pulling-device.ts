// A device that pulls: it keeps what it was sent, as client/sync does, so that tests can ask whether it misses anything.
import type { PullResponse } from '#lib/contracts/sync.ts';
import { pullResponseSchema } from '#lib/contracts/sync.ts';
import * as v from 'valibot';
import type { Database } from '#lib/server/db/database.ts';
import { answerPull } from '#lib/server/sync/answer-pull.ts';
import { T0 } from './world.ts';

export type PullingDevice = ReturnType<typeof aPullingDevice>;

export function aPullingDevice(db: Database, personId: string, device = 'puller') {
	let cursor: string | null = null;
	let cohorts: NonNullable<PullResponse['cohorts']> = [];
	const kept = new Map<string, unknown>();
	const keep = (kind: string, key: string, value: unknown): void => void kept.set(`${kind}/${key}`, value);

	async function once(cohortIds: readonly string[], acked: Record<string, number> = {}): Promise<PullResponse> {
		const response = await answerPull(db, {
			person: { id: personId },
			scope: { cohortIds },
			now: T0,
			request: { v: 1, device, cursor, acked },
			verifyUrlOf: (code) => `https://learn.example.org/verify/${code}`
		});
		// What goes out is what the contract says, to the last field.
		v.parse(pullResponseSchema, JSON.parse(JSON.stringify(response)));
		cursor = response.cursor;
		if (response.profile) keep('profile', '', response.profile);
		for (const one of response.courses ?? []) keep('course', one.courseId, one);
		for (const one of response.enrolments ?? []) keep('enrolment', one.courseId, one);
		for (const one of response.certificates ?? []) keep('certificate', one.certificateId, one);
		for (const one of response.branches ?? []) keep('branch', `${one.attemptId}/${one.device}`, one);
		for (const one of response.learners ?? []) keep('learner', one.learnerId, one);
		for (const one of response.registrations ?? []) keep('registration', `${one.learnerId}/${one.courseId}`, one);
		if (response.cohorts) cohorts = response.cohorts;
		return response;
	}

	return {
		once,
		/** Pulls until there is no more. @returns all answers */
		async pull(cohortIds: readonly string[] = []): Promise<PullResponse[]> {
			const responses = [await once(cohortIds)];
			while (responses.at(-1)?.more) {
				responses.push(await once(cohortIds));
				if (responses.length > 500) throw new Error('the pull does not end');
			}
			return responses;
		},
		get cursor() {
			return cursor;
		},
		set cursor(text: string | null) {
			cursor = text;
		},
		/** What its person can see: of learners and registrations, those of the cohorts it knows. */
		state(): Record<string, unknown> {
			const members = new Set(cohorts.flatMap((cohort) => cohort.learnerIds));
			const taught = new Set(
				cohorts.flatMap((cohort) =>
					cohort.learnerIds.flatMap((learner) => cohort.courseIds.map((course) => `${learner}/${course}`))
				)
			);
			const visible = [...kept].filter(([key]) => {
				if (key.startsWith('learner/')) return members.has(key.slice('learner/'.length));
				if (key.startsWith('registration/')) return taught.has(key.slice('registration/'.length));
				return true;
			});
			return Object.fromEntries(
				[...visible, ['cohorts', cohorts] as const].toSorted(([left], [right]) => (left < right ? -1 : 1))
			);
		}
	};
}
