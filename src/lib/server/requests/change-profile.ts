/** What a person changes about herself. Her sex moves her in the roll-ups of her cohorts, so it goes the projections' way. */
import type * as v from 'valibot';
import type { profileChangeSchema } from '#lib/contracts/api.ts';
import type { Database } from '#lib/server/db/database.ts';
import { touchPerson } from '#lib/server/projections/touch-person.ts';
import { findPerson, updateProfile } from '#lib/server/repositories/people.ts';

export async function changeProfile(
	db: Database,
	personId: string,
	change: v.InferOutput<typeof profileChangeSchema>
): Promise<void> {
	await db.tx(async (queries) => {
		const person = await findPerson(queries, personId);
		if (person === null) return;
		await updateProfile(queries, personId, {
			language: languageTag(change.language) ?? person.language,
			ageBand: change.ageBand ?? person.ageBand
		});
		if (change.sex !== undefined && change.sex !== person.sex)
			await touchPerson(queries, personId, { sex: change.sex });
	});
}

/** A well-formed BCP 47 tag in its usual spelling, or undefined. */
export function languageTag(text: string | undefined): string | undefined {
	if (text === undefined || text.length > 35) return undefined;
	try {
		return Intl.getCanonicalLocales(text)[0];
	} catch {
		return undefined;
	}
}
