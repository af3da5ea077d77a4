/**
 * rebuild
 * Makes every projection (progress, registrations, figures of cohorts) again from the log of events. Changes nothing that is right.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '#lib/server/config/config.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import { rebuild } from '#lib/server/projections/rebuild.ts';

export async function run(args: readonly string[]): Promise<number> {
	parseArgs({ args: [...args], options: {} });
	const { databaseUrl, dataDir } = readConfig(process.env, '');
	const db = await openDatabase(
		databaseUrl === null ? { file: join(dataDir, 'waypost.sqlite') } : { url: databaseUrl }
	);
	try {
		const started = performance.now();
		const { learners } = await rebuild(db);
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		console.log(`Made the projections of ${learners} learners again in ${seconds} s.`);
		return 0;
	} finally {
		await db.close();
	}
}
