import { describe, expect, test } from 'vitest';
import { forSqlite, statementsOf, withDollarPlaceholders } from './sql-text.ts';

describe('placeholders', () => {
	test.each([
		['SELECT ?, ?', 'SELECT $1, $2'],
		[`SELECT '?', ?`, `SELECT '?', $1`],
		[`SELECT 'it''s ?', ?`, `SELECT 'it''s ?', $1`],
		['SELECT "odd?name", ?', 'SELECT "odd?name", $1'],
		['SELECT ? -- why?\n, ?', 'SELECT $1 -- why?\n, $2'],
		['SELECT /* ? */ ?', 'SELECT /* ? */ $1'],
		['SELECT 1', 'SELECT 1']
	])('%s', (sql, dollars) => expect(withDollarPlaceholders(sql)).toBe(dollars));
});

describe('migrations for SQLite', () => {
	test('number types become its own, and tables refuse other types', () => {
		expect(
			forSqlite(
				`CREATE TABLE t (a bigint, b smallint CHECK (b IN (0, 1)), c double precision, d text DEFAULT 'bigint')`
			)
		).toBe(`CREATE TABLE t (a INTEGER, b INTEGER CHECK (b IN (0, 1)), c REAL, d text DEFAULT 'bigint') STRICT`);
	});

	test('only tables are strict', () => {
		expect(forSqlite('CREATE INDEX i ON t (a)')).toBe('CREATE INDEX i ON t (a)');
		expect(forSqlite('SELECT bigints FROM t')).toBe('SELECT bigints FROM t');
	});
});

test('a script falls into its statements, without comments', () => {
	const script = `-- first; the people\nCREATE TABLE a (x text); /* and; more */\nINSERT INTO a VALUES (';--');\n\n`;
	expect(statementsOf(script)).toEqual(['CREATE TABLE a (x text)', `INSERT INTO a VALUES (';--')`]);
});
