// The door to SQL: transactions, snapshots, numbers, texts and migrations behave alike on both engines.
import { MessageChannel } from 'node:worker_threads';
import { expect, describe, test } from 'vitest';
import type { Database } from '#lib/server/db/database.ts';
import { findMigrations, migrate, MigrationError, readMigrations } from '#lib/server/db/migrate.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import { fromStoredText, toStoredText } from '#lib/server/db/stored-text.ts';
import { forSqlite, statementsOf } from '#lib/server/db/sql-text.ts';
import { onBothEngines } from './both-engines.ts';

onBothEngines('database', (engine) => {
	async function withTable(columns: string): Promise<Database> {
		const db = await engine.newDatabase();
		const sql = `CREATE TABLE things (${columns})`;
		await db.run(db.engine === 'sqlite' ? forSqlite(sql) : sql);
		return db;
	}
	const things =
		'id text NOT NULL PRIMARY KEY, number bigint, share double precision, flag smallint CHECK (flag IN (0, 1))';

	describe('values', () => {
		test('numbers and texts come back as they went in', async () => {
			const db = await withTable(things);
			const rows = [
				{ id: 'a', number: Number.MAX_SAFE_INTEGER, share: 0.1 + 0.2, flag: 1 },
				{ id: 'b', number: -4_000_000_000, share: 5e-324, flag: 0 },
				{ id: 'c é 学 🙂 ? $1 \' "', number: null, share: -1.7976931348623157e308, flag: null },
				{ id: 'd', number: 0, share: 3, flag: 1 }
			];
			await db.insert(
				'things',
				['id', 'number', 'share', 'flag'],
				rows.map(({ id, number, share, flag }) => [id, number, share, flag])
			);
			expect(await db.all('SELECT * FROM things ORDER BY id')).toEqual(rows);
		});

		test('counts and sums are numbers', async () => {
			const db = await withTable(things);
			await db.insert(
				'things',
				['id', 'number'],
				[
					['a', 4_000_000_000],
					['b', 4_000_000_000]
				]
			);
			expect(await db.all('SELECT count(*) AS many, CAST(sum(number) AS bigint) AS total FROM things')).toEqual([
				{ many: 2, total: 8_000_000_000 }
			]);
		});

		test('a bigint that JavaScript cannot hold throws instead of rounding', async () => {
			const db = await withTable(things);
			await db.run(`INSERT INTO things (id, number) VALUES ('a', 9007199254740993)`);
			await expect(db.all('SELECT number FROM things')).rejects.toThrow();
		});

		test('text in a column of numbers is refused, as is a number outside its range', async () => {
			const db = await withTable(things);
			await expect(db.run(`INSERT INTO things (id, number) VALUES ('a', ?)`, ['many'])).rejects.toThrow();
			await expect(db.run(`INSERT INTO things (id, flag) VALUES ('a', ?)`, [2])).rejects.toThrow();
			await expect(db.run(`INSERT INTO things (id, number) VALUES ('a', ?)`, [1.5])).rejects.toThrow();
		});

		test('question marks in texts and comments are not placeholders', async () => {
			const db = await withTable(things);
			await db.run(`INSERT INTO things (id, number) VALUES ('really?', ?) -- is it?`, [1]);
			expect(await db.all(`SELECT number FROM things WHERE id = 'really?' AND number = ?`, [1])).toEqual([
				{ number: 1 }
			]);
		});

		test('texts sort by code point, as both engines do when set up as we ask', async () => {
			const db = await withTable(things);
			const ids = ['a', 'B', 'é', 'Z', '_', '-', '学', 'aa', 'A'];
			await db.insert(
				'things',
				['id'],
				ids.map((id) => [id])
			);
			const rows = await db.all<{ id: string }>('SELECT id FROM things ORDER BY id');
			expect(rows.map(({ id }) => id)).toEqual(['-', 'A', 'B', 'Z', '_', 'a', 'aa', 'é', '学']);
		});

		test('what a column cannot hold is written so that it comes back', async () => {
			const db = await withTable(things);
			const odd = ['\u0000', 'a\u0000b', '\ud800', 'x\udc00y', '\u001a', '\u001a0000', '🙂', '\udc00\ud800'];
			await db.insert(
				'things',
				['id'],
				odd.map((id) => [toStoredText(id)])
			);
			const rows = await db.all<{ id: string }>('SELECT id FROM things');
			expect(new Set(rows.map(({ id }) => fromStoredText(id)))).toEqual(new Set(odd));
		});

		test('an insert of many rows is one statement, with or without a conflict', async () => {
			const db = await withTable(things);
			const rows = Array.from({ length: 5000 }, (_, index) => [`id-${index}`, index]);
			expect(await db.insert('things', ['id', 'number'], rows)).toBe(5000);
			expect(await db.insert('things', ['id', 'number'], rows.slice(0, 10), 'ON CONFLICT (id) DO NOTHING')).toBe(0);
			expect(
				await db.insert(
					'things',
					['id', 'number'],
					[['id-1', 7]],
					'ON CONFLICT (id) DO UPDATE SET number = excluded.number + things.number'
				)
			).toBe(1);
			expect(await db.all(`SELECT number FROM things WHERE id = 'id-1'`)).toEqual([{ number: 8 }]);
			expect(await db.insert('things', ['id'], [])).toBe(0);
			await expect(db.insert('things', ['id'], [['new'], ['id-1']])).rejects.toThrow();
			expect(await db.all(`SELECT id FROM things WHERE id = 'new'`)).toEqual([]);
		});
	});

	describe('transactions', () => {
		test('an error undoes all of it', async () => {
			const db = await withTable(things);
			const failed = db.tx(async (queries) => {
				await queries.run(`INSERT INTO things (id) VALUES ('a')`);
				throw new Error('no');
			});
			await expect(failed).rejects.toThrow('no');
			expect(await db.all('SELECT id FROM things')).toEqual([]);
		});

		test('twenty that overlap do not disturb each other', async () => {
			const db = await withTable(things);
			await db.run(`INSERT INTO things (id, number) VALUES ('sum', 0)`);
			await Promise.all(
				Array.from({ length: 20 }, (_, index) =>
					db.tx(async (queries) => {
						await queries.run(`UPDATE things SET number = number + 1 WHERE id = 'sum'`);
						await queries.all('SELECT id FROM things');
						await queries.run(`INSERT INTO things (id) VALUES (?)`, [`t${index}`]);
						await queries.run(`UPDATE things SET number = number + 1 WHERE id = 'sum'`);
					})
				)
			);
			expect(await db.all(`SELECT number FROM things WHERE id = 'sum'`)).toEqual([{ number: 40 }]);
			expect(await db.all('SELECT count(*) AS many FROM things')).toEqual([{ many: 21 }]);
		});

		test('two that lock in opposite order both go through', async () => {
			const db = await withTable(things);
			await db.insert(
				'things',
				['id', 'number'],
				[
					['a', 0],
					['b', 0]
				]
			);
			const both = (first: string, second: string): Promise<void> =>
				db.tx(async (queries) => {
					await queries.run('UPDATE things SET number = number + 1 WHERE id = ?', [first]);
					for (let turn = 0; turn < 20; turn++) await queries.all('SELECT count(*) AS many FROM things');
					await queries.run('UPDATE things SET number = number + 1 WHERE id = ?', [second]);
				});
			await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? both('a', 'b') : both('b', 'a'))));
			expect(await db.all('SELECT number FROM things')).toEqual([{ number: 6 }, { number: 6 }]);
		});

		test('what is written outside one is there for the next reader at once', async () => {
			const db = await withTable(things);
			for (let index = 0; index < 50; index++) {
				await db.run('INSERT INTO things (id) VALUES (?)', [`${index}`]);
				expect(await db.all('SELECT count(*) AS many FROM things')).toEqual([{ many: index + 1 }]);
			}
		});

		test('a reader sees one state, whoever writes meanwhile', async () => {
			const db = await withTable(things);
			await db.run(`INSERT INTO things (id, number) VALUES ('a', 1)`);
			const seen = await db.read(async (queries) => {
				const before = await queries.all('SELECT number FROM things');
				await writeElsewhere(db);
				return [before, await queries.all('SELECT number FROM things')];
			});
			expect(seen[1]).toEqual(seen[0]);
			expect(await db.all('SELECT number FROM things')).toEqual([{ number: 2 }]);
		});

		test('a reader cannot write', async () => {
			const db = await withTable(things);
			await expect(db.read((queries) => queries.run(`INSERT INTO things (id) VALUES ('a')`))).rejects.toThrow();
		});

		test('more at once than there are connections wait for each other and all go through', async () => {
			const db = await withTable(things);
			await db.run(`INSERT INTO things (id, number) VALUES ('sum', 0)`);
			await Promise.all(
				Array.from({ length: 60 }, (_, index) =>
					db.tx(async (queries) => {
						await queries.run(`UPDATE things SET number = number + 1 WHERE id = 'sum'`);
						await queries.insert('things', ['id'], [[`t${index}`]]);
					})
				)
			);
			expect(await db.all(`SELECT number FROM things WHERE id = 'sum'`)).toEqual([{ number: 60 }]);
		});

		// SQLite has no connection that could break.
		test.runIf(engine.name === 'PostgreSQL')('a connection that breaks fails its own work only', async () => {
			const db = await withTable(things);
			const broken = db.tx(async (queries) => {
				await queries.run(`INSERT INTO things (id) VALUES ('lost')`);
				await queries.all('SELECT pg_terminate_backend(pg_backend_pid())');
			});
			await expect(broken).rejects.toThrow();
			expect(await db.all('SELECT * FROM things')).toEqual([]);
			await db.run(`INSERT INTO things (id) VALUES ('kept')`);
			expect(await db.all('SELECT id FROM things')).toEqual([{ id: 'kept' }]);
		});

		test('closing waits for what runs', async () => {
			const db = await withTable(things);
			const running = db.tx(async (queries) => {
				for (let index = 0; index < 20; index++) await queries.run('INSERT INTO things (id) VALUES (?)', [`${index}`]);
				return 'done';
			});
			await db.close();
			await expect(running).resolves.toBe('done');
		});
	});

	describe('migrations', () => {
		const first = {
			name: '0001_first.sql',
			sql: `CREATE TABLE one (id text NOT NULL PRIMARY KEY); -- a; comment\nINSERT INTO one VALUES ('a;b');`
		};
		const second = {
			name: '0002_second.sql',
			sql: 'ALTER TABLE one ADD COLUMN number bigint NOT NULL DEFAULT 4000000000'
		};

		async function bare(): Promise<Database> {
			const db = await engine.newDatabase();
			await db.run('DELETE FROM schema_migrations');
			return db;
		}

		test('run once each, in order, and are remembered', async () => {
			const db = await bare();
			expect(await migrate(db, [first], 1)).toEqual(['0001_first.sql']);
			expect(await migrate(db, [first, second], 2)).toEqual(['0002_second.sql']);
			expect(await migrate(db, [first, second], 3)).toEqual([]);
			expect(await db.all('SELECT * FROM one')).toEqual([{ id: 'a;b', number: 4_000_000_000 }]);
			expect(await db.all('SELECT name, applied_at FROM schema_migrations ORDER BY name')).toEqual([
				{ name: '0001_first.sql', applied_at: 1 },
				{ name: '0002_second.sql', applied_at: 2 }
			]);
		});

		test('one that fails leaves nothing of itself and says its name', async () => {
			const db = await bare();
			const broken = {
				name: '0002_broken.sql',
				sql: 'CREATE TABLE two (id text NOT NULL PRIMARY KEY); INSERT INTO nowhere VALUES (1)'
			};
			await expect(migrate(db, [first, broken], 1)).rejects.toThrow(/0002_broken\.sql/);
			await expect(db.all('SELECT * FROM two')).rejects.toThrow();
			expect(await migrate(db, [first, second], 2)).toEqual(['0002_second.sql']);
		});

		test('one that changed after it ran stops the start', async () => {
			const db = await bare();
			await migrate(db, [first], 1);
			const changed = migrate(db, [{ ...first, sql: `${first.sql} ` }, second], 2);
			await expect(changed).rejects.toMatchObject({
				code: 'migration-changed',
				message: expect.stringContaining('0001_first.sql')
			});
			await expect(db.all('SELECT number FROM one')).rejects.toThrow();
		});

		test('a database of a newer version stops the start', async () => {
			const db = await bare();
			await migrate(db, [first, second], 1);
			await expect(migrate(db, [first], 2)).rejects.toThrow(MigrationError);
			await expect(migrate(db, [first], 2)).rejects.toMatchObject({ code: 'migration-from-newer-version' });
		});

		test('line ends do not make a migration another one', async () => {
			const db = await bare();
			await migrate(db, [first], 1);
			expect(await migrate(db, [{ ...first, sql: first.sql.replaceAll('\n', '\r\n') }], 2)).toEqual([]);
		});

		test('two servers that start at once run each migration once', async () => {
			const place = await engine.newPlace();
			const both = await Promise.all([openDatabase(place), openDatabase(place)]);
			const [one] = both;
			expect(await one?.all('SELECT count(*) AS many FROM schema_migrations')).toEqual([
				{ many: readMigrations(findMigrations()).length }
			]);
			await Promise.all(both.map((db) => db.close()));
		});

		test('ours make the same columns on both engines', async () => {
			const db = await engine.newDatabase();
			const tables = readMigrations(findMigrations())
				.flatMap(({ sql }) => statementsOf(sql))
				.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? []);
			expect(tables.length).toBeGreaterThan(20);
			for (const table of tables) await db.all(`SELECT * FROM ${table} WHERE 1 = 0`);
			const heads = await db.all(
				'SELECT count(*) AS many, min(bucket) AS least, max(bucket) AS most FROM bucket_heads'
			);
			expect(heads).toEqual([{ many: 257, least: -1, most: 255 }]);
		});
	});
});

/** Another connection writes, outside the reader's transaction. */
async function writeElsewhere(db: Database): Promise<void> {
	await outside(() => db.run('UPDATE things SET number = 2'));
}

/** Runs work as if it had been called from outside the current transaction. */
function outside<T>(work: () => Promise<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		calls.postMessage(null);
		waiting.push(() => work().then(resolve, reject));
	});
}
const waiting: (() => void)[] = [];
const { port1: calls, port2 } = new MessageChannel();
port2.on('message', () => waiting.shift()?.());
port2.unref();
calls.unref();
