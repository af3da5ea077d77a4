/**
 * New learners for a cohort, with cards to sign in by. Secrets are made here, hashed, printed once and kept nowhere. A
 * repeated request (the answer was lost on the way) makes nobody twice; its cards come without secrets, and the trainer
 * makes new ones where a card is missing.
 */
import * as v from 'valibot';
import { signInCardSchema, type SignInCard, type newLearnerSchema } from '#lib/contracts/api.ts';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import { AppError } from '#lib/errors/app-error.ts';
import { hashSecret, newPin } from '#lib/server/auth/secrets.ts';
import { normaliseSignInName } from '#lib/server/auth/sign-in-name.ts';
import type { Database } from '#lib/server/db/database.ts';
import { addMembers } from '#lib/server/repositories/cohorts.ts';
import { nextFeeds, REFERENCE_BUCKET } from '#lib/server/repositories/feed.ts';
import { addGrant } from '#lib/server/repositories/grants.ts';
import { findHandled, saveHandled } from '#lib/server/repositories/handled-requests.ts';
import { findTakenNames, insertPerson, type NewPerson } from '#lib/server/repositories/people.ts';
import { languageTag } from './change-profile.ts';
import { userNameFor } from './user-names.ts';

export type NewLearner = v.InferOutput<typeof newLearnerSchema>;

export type LearnersRequest = {
	readonly requestId: string;
	readonly personId: string;
	readonly cohort: { readonly cohortId: string; readonly centreId: string; readonly organisationId: string };
	readonly learners: readonly NewLearner[];
	/** For learners of whom it is not known. */
	readonly language: string;
	/** Where they sign in: printed on the card. */
	readonly address: string;
};

export type AddedLearners =
	| { readonly type: 'added'; readonly cards: readonly SignInCard[] }
	/** Wished names that somebody has. */
	| { readonly type: 'names-taken'; readonly names: readonly string[] };

const answerSchema = v.object({ cards: v.array(signInCardSchema) });
type Made = { readonly person: NewPerson; readonly secret: string };

export async function addLearners(
	parts: { readonly db: Database; readonly now: () => number; readonly newId: NewId },
	request: LearnersRequest
): Promise<AddedLearners> {
	const { db } = parts;
	const before = await answered(db, request);
	if (before !== null) return before;
	// Hashing takes a while and needs no transaction; a secret that turns out unused is thrown away.
	const secrets = await Promise.all(
		request.learners.map(async () => {
			const secret = newPin();
			return { secret, hash: await hashSecret(secret) };
		})
	);
	return db.tx(async (queries) => {
		const again = await answered(queries, request);
		if (again !== null) return again;
		const wished = request.learners.flatMap((learner) => (learner.userName === undefined ? [] : [learner.userName]));
		const wishedTaken = await findTakenNames(queries, wished);
		const twice = wished.filter(
			(name, index) => wished.findIndex((one) => normaliseSignInName(one) === normaliseSignInName(name)) !== index
		);
		const refused = [...wished.filter((name) => wishedTaken.has(normaliseSignInName(name))), ...twice];
		if (refused.length > 0) return { type: 'names-taken', names: [...new Set(refused)] };

		const given = new Set(wished.map(normaliseSignInName));
		const made: Made[] = [];
		for (const [index, learner] of request.learners.entries()) {
			const id = parts.newId();
			const { secret = '', hash = '' } = secrets[index] ?? {};
			const userName = learner.userName?.normalize('NFKC') ?? (await freeName(queries, learner.displayName, given));
			given.add(normaliseSignInName(userName));
			made.push({ secret, person: personOf(id, userName, learner, hash, request) });
		}
		const now = parts.now();
		// Buckets are locked in one order by everyone: the reference bucket, then ascending.
		const feeds = await nextFeeds(queries, [REFERENCE_BUCKET, ...made.map(({ person }) => bucketOf(person.id))]);
		for (const { person } of made) {
			// Somebody took the name since we looked: nothing is written, and asking again finds another.
			if (!(await insertPerson(queries, person, now, feeds.get(bucketOf(person.id))))) throw new AppError('name-taken');
			await addGrant(queries, person.id, 'learner', { kind: 'self', id: '' }, now);
		}
		await addMembers(queries, {
			cohortId: request.cohort.cohortId,
			learnerIds: made.map(({ person }) => person.id),
			now
		});
		const cards = made.map(({ person, secret }) => cardOf(person, secret, request.address));
		await saveHandled(
			queries,
			request.personId,
			request.requestId,
			{ cards: cards.map((card) => ({ ...card, secret: null })) },
			now
		);
		return { type: 'added', cards };
	});
}

async function answered(
	queries: Parameters<typeof findHandled>[0],
	request: LearnersRequest
): Promise<AddedLearners | null> {
	const answer = await findHandled(queries, request.personId, request.requestId);
	return answer === null ? null : { type: 'added', cards: v.parse(answerSchema, answer).cards };
}

async function freeName(
	queries: Parameters<typeof findTakenNames>[0],
	displayName: string,
	given: ReadonlySet<string>
): Promise<string> {
	const taken = new Set(given);
	for (;;) {
		const name = userNameFor(displayName, (one) => taken.has(one));
		const found = await findTakenNames(queries, [name]);
		if (found.size === 0) return name;
		for (const one of found) taken.add(one);
	}
}

function personOf(
	id: string,
	userName: string,
	learner: NewLearner,
	secretHash: string,
	request: LearnersRequest
): NewPerson {
	return {
		id,
		userName,
		displayName: learner.displayName.normalize('NFC'),
		sex: learner.sex,
		ageBand: learner.ageBand,
		language: languageTag(learner.language) ?? request.language,
		organisationId: request.cohort.organisationId,
		centreId: request.cohort.centreId,
		secretHash,
		mustChangeSecret: true
	};
}

export function cardOf(
	person: { readonly id: string; readonly displayName: string; readonly userName: string },
	secret: string | null,
	address: string
): SignInCard {
	return { learnerId: person.id, displayName: person.displayName, userName: person.userName, secret, address };
}
