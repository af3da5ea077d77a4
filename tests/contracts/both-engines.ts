// One suite, two engines: a SQLite file and a real PostgreSQL. Where PostgreSQL cannot run, its half is skipped and says why.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { openDatabase } from '#lib/server/db/open-database.ts';
import type { Database } from '#lib/server/db/database.ts';
import { findMigrations, readMigrations } from '#lib/server/db/migrate.ts';
import { statementsOf } from '#lib/server/db/sql-text.ts';
import { PostgresUnavailable, startPostgres, type RunningPostgres } from '#tests/servers/embedded-postgres.ts';

export type Address = { readonly url: string } | { readonly file: string };

export type Engine = {
	readonly name: 'SQLite' | 'PostgreSQL';
	/** Address of a new, empty place for a database. */
	readonly newPlace: () => Promise<Address>;
	/** A new, migrated database; closed after the test. */
	readonly newDatabase: () => Promise<Database>;
	/** Empties a database, which is quicker than a new one: for properties that are tried many times. */
	readonly reset: (db: Database) => Promise<Database>;
};

export function onBothEngines(title: string, suite: (engine: Engine) => void): void {
	describe(`${title} on SQLite`, () => {
		const folder = mkdtempSync(join(tmpdir(), 'waypost-contract-'));
		let count = 0;
		afterAll(() => rmSync(folder, { recursive: true, force: true }));
		suite(engineOf('SQLite', async () => ({ file: join(folder, `${++count}.sqlite`) })));
	});
	describe(`${title} on PostgreSQL`, () => {
		let server: RunningPostgres | undefined;
		let missing = '';
		let count = 0;
		// Not before there are tests to run: a file that cannot be loaded must not leave a server behind.
		beforeAll(async () => {
			try {
				server = await startPostgres({ settings: { max_connections: '80', deadlock_timeout: '50ms' } });
			} catch (error) {
				if (!(error instanceof PostgresUnavailable)) throw error;
				missing = error.message;
			}
		});
		beforeEach((context) => context.skip(missing !== '', missing));
		afterAll(() => server?.stop());
		suite(
			engineOf('PostgreSQL', async () => {
				if (server === undefined) throw new Error(missing);
				const name = `${title.replaceAll(/\W/g, '_')}_${++count}`.toLowerCase();
				return { url: await server.createDatabase(name) };
			})
		);
	});
}

function engineOf(name: Engine['name'], newPlace: () => Promise<Address>): Engine {
	const open: Database[] = [];
	afterEach(async () => {
		for (const db of open.splice(0)) await db.close();
	});
	return {
		name,
		newPlace,
		reset,
		async newDatabase() {
			const db = await openDatabase({ ...(await newPlace()), connections: 10 });
			open.push(db);
			return db;
		}
	};
}

const tables = readMigrations(findMigrations())
	.flatMap(({ sql }) => statementsOf(sql))
	.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? [])
	.filter((table) => table !== 'bucket_heads');

async function reset(db: Database): Promise<Database> {
	await db.tx(async (queries) => {
		if (db.engine === 'postgres') await queries.run(`TRUNCATE ${tables.join(', ')}`);
		// Those that refer to others come after them.
		else for (const table of tables.toReversed()) await queries.run(`DELETE FROM ${table}`);
		await queries.run('UPDATE bucket_heads SET head = 0');
	});
	return db;
}
