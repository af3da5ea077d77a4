/** A new secret for someone who lost hers; the old one and all sessions end. */
import type { SignInCard } from '#lib/contracts/api.ts';
import type { App } from '#lib/server/app.ts';
import { hashSecret, newPassword, newPin } from '#lib/server/auth/secrets.ts';
import { findPerson, updateSecret } from '#lib/server/repositories/people.ts';
import { cardOf } from './add-learners.ts';

export async function giveNewSecret(
	app: Pick<App, 'db' | 'auth' | 'config'>,
	personId: string,
	kind: 'pin' | 'password'
): Promise<SignInCard | null> {
	const person = await findPerson(app.db, personId);
	if (person === null) return null;
	const secret = kind === 'pin' ? newPin() : newPassword();
	const hash = await hashSecret(secret);
	await app.db.tx((queries) => updateSecret(queries, personId, hash, true));
	await app.auth.endAll(personId);
	return cardOf(person, secret, app.config.appOrigin);
}
