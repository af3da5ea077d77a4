/** The launchable items of packs. A pack never changes, so what was read once is remembered for as long as the database is open. */
import { launchableItems, type CourseStructure } from '#lib/domain/course/course-structure.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { toStoredText } from '#lib/server/db/stored-text.ts';

/** SCO ids in reading order; [] for a pack this server does not know (yet). */
export type ScoIdsOf = (packId: string) => readonly string[];

const remembered = new WeakMap<Database, Map<string, readonly string[]>>();

export async function readScoIds(db: Database, queries: Queries, packIds: Iterable<string>): Promise<ScoIdsOf> {
	let known = remembered.get(db);
	if (known === undefined) remembered.set(db, (known = new Map()));
	const asked = new Map([...packIds].map((packId) => [toStoredText(packId), packId]));
	const missing = [...asked.keys()].filter((stored) => !known.has(asked.get(stored) ?? ''));
	if (missing.length > 0) {
		const packs = inList(missing);
		const rows = await queries.all<{ pack_id: string; structure: string }>(
			`SELECT pack_id, structure FROM packages WHERE pack_id IN ${packs.sql}`,
			packs.params
		);
		for (const row of rows) {
			const { items } = JSON.parse(row.structure) as CourseStructure;
			known.set(
				asked.get(row.pack_id) ?? row.pack_id,
				launchableItems(items).map((item) => item.id)
			);
		}
	}
	return (packId) => known.get(packId) ?? [];
}
