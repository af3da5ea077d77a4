/** user secret NAME: a new secret for someone who lost hers; all her sessions end. */
import { findActor } from '#lib/server/repositories/grants.ts';
import { findBySignInName } from '#lib/server/repositories/people.ts';
import { isStaff } from '#lib/server/policy/actor.ts';
import { giveNewSecret } from '#lib/server/requests/new-secret.ts';
import { CommandError } from '../command-error.ts';
import { withApp } from '../open-app.ts';

export async function run([name]: readonly string[]): Promise<number> {
	if (name === undefined) throw new CommandError('Whose? user secret NAME');
	return withApp(async (app) => {
		const known = await findBySignInName(app.db, name);
		const actor = known === null ? null : await findActor(app.db, known.personId);
		if (actor === null) throw new CommandError(`There is nobody with the name "${name}".`);
		const card = await giveNewSecret(app, actor.personId, isStaff(actor) ? 'password' : 'pin');
		await app.audit('command-line', 'user.secret', actor.personId);
		console.log(`${card?.userName ?? name}  ${card?.secret ?? ''}\nThe secret is shown this once.`);
		return 0;
	});
}
