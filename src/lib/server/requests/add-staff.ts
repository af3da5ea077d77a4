/** A new member of staff, with a password that is shown once. */
import type * as v from 'valibot';
import type { newStaffSchema, SignInCard } from '#lib/contracts/api.ts';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import { hashSecret, newPassword } from '#lib/server/auth/secrets.ts';
import type { Database } from '#lib/server/db/database.ts';
import { addGrant } from '#lib/server/repositories/grants.ts';
import { insertPerson } from '#lib/server/repositories/people.ts';
import { cardOf } from './add-learners.ts';
import { languageTag } from './change-profile.ts';

export type StaffRequest = v.InferOutput<typeof newStaffSchema> & {
	readonly organisationId: string;
	/** Given instead of made: for the demo and the command line. */
	readonly secret?: string | undefined;
	readonly mustChangeSecret?: boolean | undefined;
};
export type AddedStaff = { readonly type: 'added'; readonly card: SignInCard } | { readonly type: 'name-taken' };

export async function addStaff(
	parts: { readonly db: Database; readonly now: () => number; readonly newId: NewId; readonly address: string },
	request: StaffRequest
): Promise<AddedStaff> {
	const secret = request.secret ?? newPassword();
	const secretHash = await hashSecret(secret);
	const id = parts.newId();
	const userName = request.userName.normalize('NFKC');
	const made = await parts.db.tx(async (queries) => {
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
		if (!(await insertPerson(queries, person, parts.now()))) return false;
		const scope =
			request.centreId === undefined
				? ({ kind: 'organisation', id: request.organisationId } as const)
				: ({ kind: 'centre', id: request.centreId } as const);
		await addGrant(queries, id, request.role, scope, parts.now());
		return true;
	});
	return made
		? { type: 'added', card: cardOf({ id, displayName: request.displayName, userName }, secret, parts.address) }
		: { type: 'name-taken' };
}
