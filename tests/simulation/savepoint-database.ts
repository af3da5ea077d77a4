/**
 * The server's database in memory with savepoints instead of transactions, so that a schedule can take backups, go back to
 * one, and be undone at its end without building the tables again. It can also die in the middle of a transaction.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Queries, Row, SqlValue } from '#lib/server/db/database.ts';
import { migrate, readMigrations, findMigrations } from '#lib/server/db/migrate.ts';

export class ServerDied extends Error {
	override readonly name = 'ServerDied';
}

export class SavepointDatabase implements Database {
	readonly engine = 'sqlite';
	readonly #db = new DatabaseSync(':memory:');
	readonly #statements = new Map<string, StatementSync>();
	readonly #marks: string[] = [];
	#statementsLeft = Number.POSITIVE_INFINITY;

	static async open(): Promise<SavepointDatabase> {
		const db = new SavepointDatabase();
		db.#db.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;');
		await migrate(db, readMigrations(findMigrations()), 0);
		return db;
	}

	/** What comes dies after so many statements, or before its commit; Infinity: it lives. */
	dieAfter(statements: number): void {
		this.#statementsLeft = statements;
	}

	get marks(): number {
		return this.#marks.length;
	}

	/** A backup. */
	mark(): void {
		const name = `mark_${this.#marks.length}`;
		this.#db.exec(`SAVEPOINT ${name}`);
		this.#marks.push(name);
	}

	/** Back to the backup of this number (from 0); younger ones are gone. */
	restore(mark: number): void {
		const name = this.#marks[mark];
		if (name === undefined) throw new Error('no such backup');
		this.#db.exec(`ROLLBACK TO ${name}`);
		this.#marks.length = mark + 1;
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
		this.#db.exec('SAVEPOINT work');
		try {
			const result = await work(this);
			if (this.#statementsLeft !== Number.POSITIVE_INFINITY) throw new ServerDied();
			this.#db.exec('RELEASE work');
			return result;
		} catch (error) {
			this.#db.exec('ROLLBACK TO work');
			this.#db.exec('RELEASE work');
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
