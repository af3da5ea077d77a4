import type { Queries } from '#lib/server/db/database.ts';
import { CommandError } from './command-error.ts';

/** The id of the named organisation, or of the only one. */
export async function findOrganisation(db: Queries, name: string | undefined): Promise<string> {
	const all = await db.all<{ id: string; name: string }>('SELECT id, name FROM organisations ORDER BY created_at, id');
	const found = name === undefined ? all : all.filter((one) => one.name === name);
	const [only] = found;
	if (only === undefined) {
		throw new CommandError(
			all.length === 0
				? 'There is no organisation yet. Start the server and make the first administrator.'
				: `There is no organisation "${name ?? ''}".`
		);
	}
	if (found.length > 1)
		throw new CommandError(
			`Which organisation? Say --organisation with one of: ${all.map((one) => one.name).join(', ')}.`
		);
	return only.id;
}
