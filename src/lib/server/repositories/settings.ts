/** Small facts about this installation, by name. No secrets in the clear. */
import type { Queries } from '#lib/server/db/database.ts';

export async function findSetting(db: Queries, name: string): Promise<string | null> {
	const [row] = await db.all<{ value: string }>('SELECT value FROM settings WHERE name = ?', [name]);
	return row?.value ?? null;
}

export async function saveSetting(queries: Queries, name: string, value: string): Promise<void> {
	await queries.run(
		'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
		[name, value]
	);
}

export async function deleteSetting(queries: Queries, name: string): Promise<void> {
	await queries.run('DELETE FROM settings WHERE name = ?', [name]);
}
