// `npm run cli -- rebuild` on a database as the server leaves it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openDatabase } from '#lib/server/db/open-database.ts';
import { run } from '../../src/cli/commands/rebuild.ts';
import { buildProgramme, study } from './programme.ts';
import { projectionsOf } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'waypost-rebuild-'));

afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
	rmSync(folder, { recursive: true, force: true });
});

test('[SY8] the command mends what is wrong, changes nothing else, and says how many learners it saw', async () => {
	vi.stubEnv('DATA_DIR', folder);
	vi.stubEnv('DATABASE_URL', '');
	const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
	const db = await openDatabase({ file: join(folder, 'waypost.sqlite') });
	await buildProgramme(db);
	await study(db, 'amina', 'phone');
	await study(db, 'bo', 'phone');
	const before = await projectionsOf(db, false);
	await db.run('UPDATE registrations SET score = 0');
	// The server may be running meanwhile.
	expect(await run([])).toBe(0);
	expect(await projectionsOf(db, false)).toEqual(before);
	await db.close();
	expect(said).toHaveBeenCalledWith(expect.stringMatching(/^Made the projections of 2 learners again in \d+\.\d s\.$/));
});
