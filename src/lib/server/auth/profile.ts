/** A person as her own device knows her. */
import type { Profile } from '#lib/contracts/sync.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { findGrants } from '#lib/server/repositories/grants.ts';
import { findPerson } from '#lib/server/repositories/people.ts';

export async function findProfile(db: Queries, personId: string): Promise<Profile | null> {
	const person = await findPerson(db, personId);
	if (person === null) return null;
	const grants = await findGrants(db, personId);
	return {
		personId: person.id,
		userName: person.userName,
		displayName: person.displayName,
		sex: person.sex,
		ageBand: person.ageBand,
		language: person.language,
		roles: [...new Set(grants.map((grant) => grant.role))],
		organisationName: person.organisationName,
		centreName: person.centreName,
		mustChangeSecret: person.mustChangeSecret
	};
}
