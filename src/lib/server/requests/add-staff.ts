/**
 * A new member of staff, with a password that is shown once. The same form sent again (its answer was lost on the way) makes nobody
 * twice: it gives the same person, with another password as long as the first was never used.
 */
import * as v from 'valibot';
import type { newStaffSchema, SignInCard } from '#lib/contracts/api.ts';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import { hashSecret, newPassword } from '#lib/server/auth/secrets.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { addGrant } from '#lib/server/repositories/grants.ts';
import { findHandled, saveHandled } from '#lib/server/repositories/handled-requests.ts';
import { findPerson, insertPerson, updateSecret } from '#lib/server/repositories/people.ts';
import { cardOf } from './add-learners.ts';
import { languageTag } from './change-profile.ts';

export type StaffRequest = v.InferOutput<typeof newStaffSchema> & {
	readonly organisationId: string;
	/** Who asks; needed with a `requestId`. */
	readonly askedBy?: string | undefined;
	/** Given instead of made: for the demo and the command line. */
	readonly secret?: string | undefined;
	readonly mustChangeSecret?: boolean | undefined;
};
export type AddedStaff = { readonly type: 'added'; readonly card: SignInCard } | { readonly type: 'name-taken' };

const answerSchema = v.object({ personId: v.string() });

export async function addStaff(
	parts: { readonly db: Database; readonly now: () => number; readonly newId: NewId; readonly address: string },
	request: StaffRequest
): Promise<AddedStaff> {
	const secret = request.secret ?? newPassword();
	const secretHash = await hashSecret(secret);
	const id = parts.newId();
	const userName = request.userName.normalize('NFKC');
	const { requestId, askedBy } = request;
	return parts.db.tx(async (queries): Promise<AddedStaff> => {
		if (requestId !== undefined && askedBy !== undefined) {
			const handled = v.safeParse(answerSchema, await findHandled(queries, askedBy, requestId));
			if (handled.success) return again(queries, handled.output.personId);
		}
		const person = {
			id,
			userName,
			displayName: request.displayName.normalize('NFC'),
			sex: 'not_stated',
			ageBand: 'not_stated',
			language: languageTag(request.language) ?? 'en',
			organisationId: request.organisationId,
			centreId: request.centreId ?? null,
			secretHash,
			mustChangeSecret: request.mustChangeSecret ?? true
		} as const;
		if (!(await insertPerson(queries, person, parts.now()))) return { type: 'name-taken' };
		const scope =
			request.centreId === undefined
				? ({ kind: 'organisation', id: request.organisationId } as const)
				: ({ kind: 'centre', id: request.centreId } as const);
		await addGrant(queries, id, request.role, scope, parts.now());
		if (requestId !== undefined && askedBy !== undefined) {
			await saveHandled(queries, askedBy, requestId, { personId: id }, parts.now());
		}
		return { type: 'added', card: cardOf(person, secret, parts.address) };
	});

	async function again(queries: Queries, personId: string): Promise<AddedStaff> {
		const person = await findPerson(queries, personId);
		if (person === null) return { type: 'name-taken' };
		if (!person.mustChangeSecret) return { type: 'added', card: cardOf(person, null, parts.address) };
		await updateSecret(queries, personId, secretHash, true);
		return { type: 'added', card: cardOf(person, secret, parts.address) };
	}
}
