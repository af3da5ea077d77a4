/**
 * Brings a database to the shape this version needs. Migrations are `migrations/NNNN_name.sql`, run in order, each in one
 * transaction, remembered with the SHA-256 of their text: a file that changed after it ran, or one from a newer version, stops
 * the start with a clear message, before anything is touched.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '#lib/errors/app-error.ts';
import type { Database, Queries } from './database.ts';
import { forSqlite, statementsOf } from './sql-text.ts';

export type Migration = { readonly name: string; readonly sql: string };

/** The message is for the operator's log and names the migration. */
export class MigrationError extends AppError {
	constructor(
		code: 'migration-changed' | 'migration-from-newer-version' | 'migration-failed',
		name: string,
		cause?: unknown
	) {
		super(code, { cause });
		this.message = `${sentences[code]} (${name})`;
	}
}

const sentences = {
	'migration-changed': 'A migration was changed after it had run on this database; put the file back as it was',
	'migration-from-newer-version': 'This database was opened by a newer version of Waypost; start that version instead',
	'migration-failed': 'A migration could not be run; the database is as it was before'
};

const table = `CREATE TABLE IF NOT EXISTS schema_migrations (
	name text NOT NULL PRIMARY KEY,
	checksum text NOT NULL,
	applied_at bigint NOT NULL
)`;

/** @returns names of the migrations that ran now */
export async function migrate(db: Database, migrations: readonly Migration[], now: number): Promise<string[]> {
	await createTable(db);
	const known = await db.all<{ name: string; checksum: string }>('SELECT name, checksum FROM schema_migrations');
	for (const { name, checksum } of known) {
		const migration = migrations.find((one) => one.name === name);
		if (migration === undefined) throw new MigrationError('migration-from-newer-version', name);
		if (checksumOf(migration) !== checksum) throw new MigrationError('migration-changed', name);
	}
	const applied: string[] = [];
	for (const migration of migrations) {
		if (known.some(({ name }) => name === migration.name)) continue;
		if (await apply(db, migration, now)) applied.push(migration.name);
	}
	return applied;
}

async function createTable(db: Database): Promise<void> {
	const sql = db.engine === 'sqlite' ? forSqlite(table) : table;
	// Two servers starting on one new PostgreSQL can collide in its catalogue; the second try finds the table.
	await db.run(sql).catch(() => db.run(sql));
}

/** @returns false when another process was faster */
async function apply(db: Database, migration: Migration, now: number): Promise<boolean> {
	try {
		return await db.tx(async (queries) => {
			if (db.engine === 'postgres') await queries.run('LOCK TABLE schema_migrations IN EXCLUSIVE MODE');
			const done = await queries.all('SELECT name FROM schema_migrations WHERE name = ?', [migration.name]);
			if (done.length > 0) return false;
			await runScript(queries, db.engine, migration.sql);
			await queries.run('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)', [
				migration.name,
				checksumOf(migration),
				now
			]);
			return true;
		});
	} catch (cause) {
		throw new MigrationError('migration-failed', migration.name, cause);
	}
}

async function runScript(queries: Queries, engine: Database['engine'], script: string): Promise<void> {
	for (const statement of statementsOf(script)) {
		await queries.run(engine === 'sqlite' ? forSqlite(statement) : statement);
	}
}

function checksumOf(migration: Migration): string {
	return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('hex');
}

export function readMigrations(folder: string): Migration[] {
	return readdirSync(folder)
		.filter((name) => /^\d{4}_.+\.sql$/.test(name))
		.toSorted()
		.map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));
}

/** `migrations/` of this project: above this file in the sources, above the bundle in a build, or where the process was started. */
export function findMigrations(): string {
	for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
		const candidate = join(folder, 'migrations');
		if (existsSync(join(candidate, '0001_house.sql'))) return candidate;
	}
	return join(process.cwd(), 'migrations');
}
