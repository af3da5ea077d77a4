import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#lib/errors/app-error.ts';
import type { Database } from './database.ts';
import { findMigrations, migrate, readMigrations } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

export type DatabaseAddress = {
	/** postgres://... */
	readonly url?: string | undefined;
	/** Path of the SQLite file; made with its folder when missing. `:memory:` for tests. */
	readonly file?: string | undefined;
	/** Connections to PostgreSQL, 4 to 16. */
	readonly connections?: number | undefined;
};

/**
 * Opens the database and brings it to this version's shape.
 * @throws MigrationError, or AppError 'sqlite-too-old' | 'sqlite-not-durable' | 'database-address-missing'
 */
export async function openDatabase(address: DatabaseAddress, now: number = Date.now()): Promise<Database> {
	const db = open(address);
	try {
		await migrate(db, readMigrations(findMigrations()), now);
		return db;
	} catch (error) {
		await db.close();
		throw error;
	}
}

function open({ url, file, connections }: DatabaseAddress): Database {
	if (url !== undefined) return openPostgres(url, connections);
	if (file === undefined) throw new AppError('database-address-missing');
	if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
	return openSqlite(file);
}
