import { describe, expect, test } from 'vitest';
import { ConfigError, contentOriginOf, readConfig, warningsOf } from './config.ts';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
	try {
		readConfig(environment, '1');
		return [];
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		return error.problems;
	}
};

describe('settings', () => {
	test('nothing set is a demo on this machine', () => {
		const config = readConfig({}, '1', '/srv/waypost');
		expect(config).toMatchObject({
			host: '127.0.0.1',
			port: 4000,
			demo: true,
			logFormat: 'human',
			databaseUrl: null,
			dataDir: '/srv/waypost/data',
			appOrigin: 'http://learn.waypost.localhost:4000'
		});
		expect(contentOriginOf(config, 'abc')).toBe('http://c-abc.waypost.localhost:4000');
		expect(warningsOf(config)).toEqual([]);
	});

	test('another port moves the default addresses along', () => {
		expect(readConfig({ PORT: '4880' }, '1')).toMatchObject({
			appOrigin: 'http://learn.waypost.localhost:4880',
			contentOriginPattern: 'http://c-{packId}.waypost.localhost:4880'
		});
	});

	test('every problem is told at once, with the variable and what would do', () => {
		const problems = problemsOf({
			PORT: 'x',
			APP_ORIGIN: 'https://learn.example.org/app',
			DATABASE_URL: 'mysql://me:hidden@x',
			DEMO: 'perhaps'
		});
		expect(problems).toHaveLength(4);
		expect(problems.join()).not.toContain('hidden');
		expect(problems.join('\n')).toMatch(
			/PORT must be a whole number.*\n.*APP_ORIGIN must be an address without a path.*\n.*DATABASE_URL must start with postgres.*\n.*DEMO must be yes or no/
		);
	});

	test('a server that others can reach has no demo, wants its address, and writes JSON', () => {
		expect(
			problemsOf({
				HOST: '0.0.0.0',
				DEMO: 'yes',
				APP_ORIGIN: 'https://learn.example.org',
				CONTENT_ORIGIN: 'https://c-{packId}.content.example.org'
			})
		).toEqual([expect.stringMatching(/DEMO cannot be on/)]);
		expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/APP_ORIGIN must be set/)]);
		const config = readConfig(
			{
				HOST: '0.0.0.0',
				APP_ORIGIN: 'https://learn.example.org',
				CONTENT_ORIGIN: 'https://c-{packId}.content.example.org'
			},
			'1'
		);
		expect(config).toMatchObject({ demo: false, logFormat: 'json' });
	});

	test('courses never share the origin of sign-ins', () => {
		expect(
			problemsOf({ APP_ORIGIN: 'https://learn.example.org', CONTENT_ORIGIN: 'https://learn.example.org' })
		).toEqual([expect.stringMatching(/another host/)]);
		expect(problemsOf({ APP_ORIGIN: 'https://learn.example.org' })).toEqual([
			expect.stringMatching(/CONTENT_ORIGIN must be set/)
		]);
		expect(
			problemsOf({ APP_ORIGIN: 'https://learn.example.org', CONTENT_ORIGIN: 'http://content.example.org' })
		).toEqual([expect.stringMatching(/must be https/)]);
	});

	test('one content host for all is allowed, with a warning', () => {
		const config = readConfig(
			{ APP_ORIGIN: 'https://learn.example.org', CONTENT_ORIGIN: 'https://content.example.org' },
			'1'
		);
		expect(warningsOf(config)).toEqual([expect.stringMatching(/no \{packId\}/)]);
	});
});
