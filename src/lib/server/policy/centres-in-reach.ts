import type { Queries } from '#lib/server/db/database.ts';
import { listCentres } from '#lib/server/repositories/organisations.ts';
import type { Actor } from './actor.ts';
import { reachOf, type Action } from './decide.ts';

/** Centres an action reaches; null = all there are. */
export async function centreIdsInReach(db: Queries, actor: Actor, action: Action): Promise<string[] | null> {
	const reach = reachOf(actor, action);
	return reach.everything ? null : (await listCentres(db, reach)).map((centre) => centre.centreId);
}
