/**
 * The server's database in memory. Backups are copies of its rows, so that a schedule can take them, go back to one, and
 * be undone at its end without building the tables again (savepoints do the same a hundred times slower). It can also die
 * in the middle of a transaction.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Queries, Row, SqlValue } from '#lib/server/db/database.ts';
import { findMigrations, migrate, readMigrations } from '#lib/server/db/migrate.ts';

export class ServerDied extends Error {
	override readonly name = 'ServerDied';
}

export type Backup = ReadonlyMap<string, readonly Row[]>;

/** What a push or pull may change; the rest is furnished once. */
const changing = [
	'bucket_heads',
	'people',
	'devices',
	'learning_events',
	'quarantined_events',
	'frontiers',
	'branches',
	'registrations',
	'cohort_rollups'
];

export class MemoryDatabase implements Database {
	readonly engine = 'sqlite';
	readonly #db = new DatabaseSync(':memory:');
	readonly #statements = new Map<string, StatementSync>();
	#statementsLeft = Number.POSITIVE_INFINITY;

	static async open(): Promise<MemoryDatabase> {
		const db = new MemoryDatabase();
		db.#db.exec('PRAGMA temp_store = MEMORY;');
		await migrate(db, readMigrations(findMigrations()), 0);
		return db;
	}

	/** What comes dies after so many statements, or before its commit; Infinity: it lives. */
	dieAfter(statements: number): void {
		this.#statementsLeft = statements;
	}

	backUp(): Backup {
		return new Map(changing.map((table) => [table, this.#statement(`SELECT * FROM ${table}`).all() as Row[]]));
	}

	restore(backup: Backup): void {
		this.#db.exec('BEGIN');
		for (const [table, rows] of backup) {
			this.#statement(`DELETE FROM ${table}`).run();
			const [first] = rows;
			if (first === undefined) continue;
			const columns = Object.keys(first);
			const insert = this.#statement(
				`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
			);
			for (const row of rows) insert.run(...Object.values(row));
		}
		this.#db.exec('COMMIT');
	}

	async all<T extends Row>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
		this.#count();
		return this.#statement(sql)
			.all(...params)
			.map((row) => ({ ...row }) as T);
	}

	async run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
		this.#count();
		return Number(this.#statement(sql).run(...params).changes);
	}

	async insert(
		table: string,
		columns: readonly string[],
		rows: readonly (readonly SqlValue[])[],
		conflict = ''
	): Promise<number> {
		this.#count();
		const statement = this.#statement(
			`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${conflict}`
		);
		return rows.reduce((changed, row) => changed + Number(statement.run(...row).changes), 0);
	}

	async tx<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
		this.#statement('BEGIN').run();
		try {
			const result = await work(this);
			if (this.#statementsLeft !== Number.POSITIVE_INFINITY) throw new ServerDied();
			this.#statement('COMMIT').run();
			return result;
		} catch (error) {
			this.#statement('ROLLBACK').run();
			throw error;
		}
	}

	read<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
		return work(this);
	}

	async close(): Promise<void> {
		this.#statements.clear();
		this.#db.close();
	}

	#count(): void {
		if (this.#statementsLeft-- <= 0) throw new ServerDied();
	}

	#statement(sql: string): StatementSync {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const statement = this.#db.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}
}
