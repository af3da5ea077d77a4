/** What adding learners needs to know about the cohort and the trainer. */
import { AppError } from '#lib/errors/app-error.ts';
import type { AddedLearners, LearnersRequest } from '#lib/server/requests/add-learners.ts';
import { findPerson } from '#lib/server/repositories/people.ts';
import type { Asked } from './api-route.ts';
import { refusal } from './answers.ts';
import { cohortResource } from './resources.ts';
import { signedIn } from './signed-in.ts';

export async function learnersRequest(
	asked: Asked,
	requestId: string,
	learners: LearnersRequest['learners']
): Promise<LearnersRequest> {
	const { app, params } = asked;
	const { personId } = signedIn(asked);
	const cohort = await cohortResource(app.db, params['id'] ?? '');
	if (cohort === null || cohort.kind !== 'cohort') throw new AppError('not-found');
	const trainer = await findPerson(app.db, personId);
	return { requestId, personId, cohort, learners, language: trainer?.language ?? 'en', address: app.config.appOrigin };
}

export function refuseNames(result: Extract<AddedLearners, { type: 'names-taken' }>): Response {
	return refusal(409, 'name-taken', { names: result.names.slice(0, 10).join(', ') });
}
