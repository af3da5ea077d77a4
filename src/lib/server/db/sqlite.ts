/**
 * The embedded engine: node:sqlite in WAL mode with synchronous=FULL (an acknowledged event is on disk before the answer
 * goes out; NORMAL lost acknowledged events in 8 of 20 simulated power cuts). One connection writes, under a lock; others
 * only read. Calls are synchronous inside, so a transaction is short and nothing waits inside it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '#lib/errors/app-error.ts';
import type { Database, Queries, Row, SqlValue } from './database.ts';

/** Before it, a rare race could corrupt a database in WAL mode ("WAL-reset bug", fixed in 3.51.3). */
const minimumVersion = [3, 51, 3] as const;
/**
 * Another process (a command, a second server) may hold the file. SQLite's own waiting stops the event loop, so it is short, and
 * we wait the rest of the time ourselves.
 */
const busyTimeout = 50;
const busyPatience = 15_000;
const cachedStatements = 300;
const readers = 4;

export function openSqlite(file: string): Database {
	const writer = new Connection(file, false);
	assertSettings(writer, file);
	// A database in memory has one connection only: its readers stand in the writer's line.
	const shared = file === ':memory:';
	const plainReader = shared ? writer : new Connection(file, true);
	const writing = createLock(1);
	const reading = createLock(shared ? 1 : readers);
	const idle: Connection[] = [];
	const reads = new Set<Promise<unknown>>();
	const inside = new AsyncLocalStorage<true>();

	let closing: Promise<void> | undefined;

	/** Waiting for a lock that the caller holds would be for ever. */
	const assertOutside = (): void => {
		if (inside.getStore()) throw new Error('inside a transaction use its own queries');
	};
	const write = <T>(work: () => T | Promise<T>): Promise<T> => {
		assertOutside();
		return writing(work);
	};

	return {
		engine: 'sqlite',
		async all<T extends Row>(sql: string, params: readonly SqlValue[] = []) {
			assertOutside();
			if (shared || !/^\s*(?:select|with|values|explain|pragma)\b/i.test(sql))
				return write(() => untilFree(() => writer.all<T>(sql, params)));
			return plainReader.all<T>(sql, params);
		},
		run: (sql, params = []) => write(() => untilFree(() => writer.run(sql, params))),
		insert: (table, columns, rows, conflict) =>
			write(() => writer.transaction('IMMEDIATE', () => writer.insert(table, columns, rows, conflict))),
		tx: (work) => write(() => inside.run(true, () => writer.transaction('IMMEDIATE', () => work(queriesOf(writer))))),
		async read(work) {
			if (shared)
				return write(() => inside.run(true, () => writer.transaction('DEFERRED', () => work(queriesOf(writer)))));
			const reader = reading(async () => {
				const connection = idle.pop() ?? new Connection(file, true);
				try {
					return await inside.run(true, () => connection.transaction('DEFERRED', () => work(queriesOf(connection))));
				} finally {
					idle.push(connection);
				}
			});
			reads.add(reader);
			return reader.finally(() => reads.delete(reader));
		},
		close() {
			closing ??= Promise.allSettled(reads).then(() =>
				write(() => {
					for (const connection of new Set([...idle, plainReader, writer])) connection.close();
				})
			);
			return closing;
		}
	};
}

function queriesOf(connection: Connection): Queries {
	return {
		all: async (sql, params = []) => connection.all(sql, params),
		run: async (sql, params = []) => connection.run(sql, params),
		insert: async (table, columns, rows, conflict) => connection.insert(table, columns, rows, conflict)
	};
}

class Connection {
	readonly #db: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();

	constructor(file: string, readOnly: boolean) {
		this.#db = new DatabaseSync(file, { readOnly, timeout: busyTimeout });
		this.#db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;');
		if (!readOnly) this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
	}

	all<T extends Row>(sql: string, params: readonly SqlValue[]): T[] {
		// Rows have a null prototype, which SvelteKit's serialiser and deep comparisons do not like.
		return this.#statement(sql)
			.all(...params)
			.map((row) => ({ ...row }) as T);
	}

	run(sql: string, params: readonly SqlValue[]): number {
		return Number(this.#statement(sql).run(...params).changes);
	}

	insert(table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[], conflict = ''): number {
		const statement = this.#statement(
			`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${conflict}`
		);
		return rows.reduce((changed, row) => changed + Number(statement.run(...row).changes), 0);
	}

	async transaction<T>(mode: 'IMMEDIATE' | 'DEFERRED', work: () => T | Promise<T>): Promise<T> {
		await untilFree(() => this.#db.exec(`BEGIN ${mode}`));
		try {
			const result = await work();
			this.#db.exec('COMMIT');
			return result;
		} catch (error) {
			if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
			throw error;
		}
	}

	close(): void {
		this.#statements.clear();
		this.#db.close();
	}

	#statement(sql: string): StatementSync {
		const known = this.#statements.get(sql);
		if (known !== undefined) return known;
		const [oldest] = this.#statements.keys();
		if (oldest !== undefined && this.#statements.size >= cachedStatements) this.#statements.delete(oldest);
		const statement = this.#db.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}
}

function assertSettings(connection: Connection, file: string): void {
	const [version] = connection.all<{ version: string }>('SELECT sqlite_version() AS version', []);
	if (compareVersions(version?.version ?? '0', minimumVersion) < 0) throw new AppError('sqlite-too-old');
	const [sync] = connection.all<{ synchronous: number }>('PRAGMA synchronous', []);
	const [journal] = connection.all<{ journal_mode: string }>('PRAGMA journal_mode', []);
	const durable = sync?.synchronous === 2 && (journal?.journal_mode === 'wal' || file === ':memory:');
	if (!durable) throw new AppError('sqlite-not-durable');
}

function compareVersions(version: string, other: readonly number[]): number {
	const parts = version.split('.').map(Number);
	return other.reduce((order, part, index) => order || (parts[index] ?? 0) - part, 0);
}

async function untilFree<T>(work: () => T): Promise<T> {
	for (const started = performance.now(); ;) {
		try {
			return work();
		} catch (error) {
			if (!isBusy(error) || performance.now() - started > busyPatience) throw error;
		}
		await setTimeout(Math.random() * 40);
	}
}

/** SQLITE_BUSY (5) and its extended codes. */
function isBusy(error: unknown): boolean {
	return (
		error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
	);
}

/** At most `places` at a time, in order of arrival. */
function createLock(places: number): <T>(work: () => T | Promise<T>) => Promise<T> {
	const waiting: (() => void)[] = [];
	let free = places;
	return async (work) => {
		if (free > 0) free -= 1;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next === undefined) free += 1;
			else next();
		}
	};
}
