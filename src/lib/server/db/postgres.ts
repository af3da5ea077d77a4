/** PostgreSQL and engines that speak its wire protocol, by the `pg` package: 4 to 16 connections, retry where the engine asks for it. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Database, Queries, Row, SqlValue } from './database.ts';
import { withDollarPlaceholders } from './sql-text.ts';

const tries = 8;
/** serialization_failure and deadlock_detected: the engine undid everything and asks to begin again. */
const retryCodes = new Set(['40001', '40P01']);
const namedStatements = 400;

const int8 = 20;
const numeric = 1700;

export function openPostgres(url: string, connections = 10): Database {
	const pool = new pg.Pool({
		connectionString: url,
		min: 4,
		max: Math.min(16, Math.max(4, connections)),
		application_name: 'waypost',
		types: { getTypeParser }
	});
	// A connection that breaks fails the work on it and is replaced at the next use; without listeners it would end the process.
	pool.on('error', () => undefined);
	pool.on('connect', (client) => client.on('error', () => undefined));
	const columnTypes = new Map<string, ReadonlyMap<string, string>>();

	const queriesOf = (client: Pick<pg.ClientBase, 'query'>): Queries => ({
		async all<T extends Row>(sql: string, params: readonly SqlValue[] = []) {
			return (await client.query<T>(prepared(sql, params))).rows;
		},
		async run(sql, params = []) {
			return (await client.query(prepared(sql, params))).rowCount ?? 0;
		},
		async insert(table, columns, rows, conflict = '') {
			if (rows.length === 0) return 0;
			const types = columnTypes.get(table) ?? (await readColumnTypes(client, table));
			// One array a column: one prepared statement serves every number of rows.
			const arrays = columns.map((column, index) => `$${index + 1}::${types.get(column) ?? 'text'}[]`);
			const values = columns.map((_, index) => rows.map((row) => row[index] ?? null));
			const text = `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')}) ${conflict}`;
			return (await client.query({ name: nameOf(text), text, values })).rowCount ?? 0;
		}
	});

	/** On the connection that needs them: another might not come free before this one is done. */
	const readColumnTypes = async (
		client: Pick<pg.ClientBase, 'query'>,
		table: string
	): Promise<ReadonlyMap<string, string>> => {
		const { rows } = await client.query<{ column_name: string; data_type: string }>(
			'SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1',
			[table]
		);
		const types = new Map(rows.map((row) => [row.column_name, row.data_type]));
		columnTypes.set(table, types);
		return types;
	};

	const transaction = async <T>(begin: string, work: (queries: Queries) => Promise<T>): Promise<T> => {
		for (let attempt = 1; ; attempt++) {
			const client = await pool.connect();
			let broken: Error | undefined;
			try {
				await client.query(begin);
				const result = await work(queriesOf(client));
				await client.query('COMMIT');
				return result;
			} catch (error) {
				await client.query('ROLLBACK').catch((cause: unknown) => {
					broken = cause instanceof Error ? cause : new Error('rollback failed', { cause });
				});
				if (attempt === tries || !retryCodes.has(codeOf(error))) throw error;
			} finally {
				client.release(broken);
			}
			await pause(Math.random() * 10 * 2 ** attempt);
		}
	};

	// The pool's own end() leaves those who still wait for a connection waiting for ever.
	const running = new Set<Promise<unknown>>();
	const tracked = <T>(work: Promise<T>): Promise<T> => {
		running.add(work);
		return work.finally(() => running.delete(work));
	};
	const alone = queriesOf(pool);
	let closing: Promise<void> | undefined;
	return {
		engine: 'postgres',
		all: (sql, params) => tracked(alone.all(sql, params)),
		run: (sql, params) => tracked(alone.run(sql, params)),
		insert: (table, columns, rows, conflict) => tracked(alone.insert(table, columns, rows, conflict)),
		tx: (work) => tracked(transaction('BEGIN', work)),
		read: (work) => tracked(transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work)),
		close: () => (closing ??= Promise.allSettled(running).then(() => pool.end()))
	};
}

const rewritten = new Map<string, string>();

function prepared(sql: string, params: readonly SqlValue[]): pg.QueryConfig {
	let text = rewritten.get(sql);
	if (text === undefined) {
		text = withDollarPlaceholders(sql);
		if (rewritten.size < namedStatements) rewritten.set(sql, text);
	}
	const name = nameOf(text);
	return { text, values: [...params], ...(name === undefined ? {} : { name }) };
}

const names = new Map<string, string>();

/** The first few hundred different statements are prepared once a connection; later ones each time, so that no server fills up. */
function nameOf(text: string): string | undefined {
	const known = names.get(text);
	if (known !== undefined || names.size >= namedStatements) return known;
	const name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
	names.set(text, name);
	return name;
}

function getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
	if (type === int8) return toSafeInteger;
	if (type === numeric) return Number;
	return pg.types.getTypeParser(type, format as 'text');
}

function toSafeInteger(text: string): number {
	const value = Number(text);
	if (!Number.isSafeInteger(value)) throw new RangeError('a bigint from the database is above 2^53');
	return value;
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
