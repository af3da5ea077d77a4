/**
 * The one door to SQL. Both engines behind it answer alike (evidence of that: tests/contracts). Write portable SQL only:
 * README.md of this folder has the rules. Placeholders are `?`. Numbers come back as numbers (a bigint above 2^53 throws).
 */
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Queries {
	/** Rows of a query. */
	all<T extends Row = Row>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
	/** Runs a statement; the number of rows it changed. */
	run(sql: string, params?: readonly SqlValue[]): Promise<number>;
	/**
	 * Inserts many rows with one prepared statement; the number of rows changed.
	 * @param conflict what to do about a row that is there, such as `ON CONFLICT (id) DO NOTHING`. With DO UPDATE, no two
	 *   rows may have the same key (PostgreSQL refuses to touch a row twice).
	 */
	insert(
		table: string,
		columns: readonly string[],
		rows: readonly (readonly SqlValue[])[],
		conflict?: string
	): Promise<number>;
}

export interface Database extends Queries {
	readonly engine: 'sqlite' | 'postgres';
	/**
	 * One transaction, retried with the same ids when the engine asks for it (40001, 40P01, SQLITE_BUSY). Inside: no network,
	 * no timers, no other transaction, and no catching of an SQL error to go on. SQLite: BEGIN IMMEDIATE, one at a time.
	 */
	tx<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
	/** A read-only snapshot: several reads that see one state. */
	read<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
	/** Waits for running transactions, then closes. */
	close(): Promise<void>;
}
