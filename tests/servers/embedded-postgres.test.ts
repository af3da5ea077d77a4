import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import { PostgresUnavailable, startPostgres, type RunningPostgres } from './embedded-postgres.ts';

test(
	'a real PostgreSQL 18 starts, orders text by code point and goes without leaving anything',
	{ timeout: 120_000 },
	async ({ skip }) => {
		let server: RunningPostgres;
		try {
			server = await startPostgres();
		} catch (error) {
			if (error instanceof PostgresUnavailable) return skip(error.message);
			throw error;
		}
		const client = new pg.Client({ connectionString: server.url });
		let folder = '';
		try {
			await client.connect();
			const version = await client.query<{ server_version_num: string }>('SHOW server_version_num');
			expect(Number(version.rows[0]?.server_version_num)).toBeGreaterThanOrEqual(180_000);
			const ordered = await client.query<{ word: string }>(
				`SELECT word FROM (VALUES ('é'), ('a'), ('Z'), ('ا')) AS words(word) ORDER BY word`
			);
			expect(ordered.rows.map(({ word }) => word)).toEqual(['Z', 'a', 'é', 'ا']);
			folder = (await client.query<{ data_directory: string }>('SHOW data_directory')).rows[0]?.data_directory ?? '';
			expect(new URL(await server.createDatabase('second')).pathname).toBe('/second');
		} finally {
			await client.end();
			await server.stop();
		}
		if (!process.env['WAYPOST_TEST_POSTGRES']) expect(existsSync(folder)).toBe(false);
		await expect(new pg.Client({ connectionString: server.url }).connect()).rejects.toThrow();
	}
);
