import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieNameOf } from '#lib/server/auth/auth-session.ts';
import { APP_ORIGIN, Server } from './api-harness.ts';

let server: Server;
let organisationId: string;

beforeAll(async () => {
	server = await Server.start();
	organisationId = await server.organisation('Riverside Trust');
});
afterAll(() => server.stop());

describe('signing in', () => {
	test('answers the profile and a cookie that scripts cannot read and other sites do not get', async () => {
		const id = await server.person({ userName: 'amina', organisationId, signIn: false });
		const answer = await server.post('/api/auth/sign-in', { userName: ' AMINA ', secret: 'secret-amina' });
		expect(answer.status).toBe(200);
		expect(await answer.json()).toMatchObject({
			profile: { personId: id, roles: ['learner'], organisationName: 'Riverside Trust' }
		});
		const [cookie = ''] = answer.headers.getSetCookie();
		expect(cookie).toMatch(/HttpOnly/);
		expect(cookie).toMatch(/SameSite=Strict/);
		expect(cookie).toMatch(/Path=\//);
		expect(cookie).toMatch(/Max-Age=34560000/);
		expect(cookie).not.toMatch(/Secure/);
	});

	test('several people are signed in side by side, each with her own cookie, and sign out one by one', async () => {
		const first = await server.person({ userName: 'sister', organisationId });
		const second = await server.person({ userName: 'brother', organisationId });
		expect((await server.post('/api/profile', { language: 'fr' }, { as: first })).status).toBe(200);
		expect((await server.post('/api/profile', { language: 'ar' }, { as: second })).status).toBe(200);
		expect((await server.post('/api/auth/sign-out', {}, { as: first })).status).toBe(204);
		expect((await server.post('/api/profile', {}, { as: first })).status).toBe(401);
		expect((await server.post('/api/profile', {}, { as: second })).status).toBe(200);
	});

	test("one person's cookie under another person's name opens nothing", async () => {
		const thief = await server.person({ userName: 'thief', organisationId });
		const victim = await server.person({ userName: 'victim', organisationId, signIn: false });
		const own = server.cookies.get(cookieNameOf(thief, false)) ?? '';
		server.setCookie(cookieNameOf(victim, false), own);
		expect((await server.post('/api/profile', {}, { as: victim })).status).toBe(401);
	});

	test('the database holds no session id', async () => {
		await server.person({ userName: 'hashed', organisationId });
		const rows = await server.app.db.all<{ id_hash: string }>('SELECT id_hash FROM auth_sessions');
		for (const value of server.cookies.values()) expect(rows.map((row) => row.id_hash)).not.toContain(value);
		expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.id_hash))).toBe(true);
	});

	test('a wrong secret and an unknown name answer alike', async () => {
		await server.person({ userName: 'known', organisationId, signIn: false });
		const wrong = await server.post('/api/auth/sign-in', { userName: 'known', secret: 'nope' });
		const unknown = await server.post('/api/auth/sign-in', { userName: 'nobody-here', secret: 'nope' });
		expect(wrong.status).toBe(401);
		expect(unknown.status).toBe(401);
		expect(await wrong.json()).toEqual(await unknown.json());
	});

	test('a PIN typed with Arabic digits is the same PIN', async () => {
		const id = await server.person({ userName: 'digits', organisationId });
		const change = await server.post('/api/auth/secret', { current: 'secret-digits', next: '482915' }, { as: id });
		expect(change.status).toBe(204);
		expect((await server.post('/api/auth/sign-in', { userName: 'digits', secret: '٤٨٢٩١٥' })).status).toBe(200);
		expect((await server.post('/api/auth/sign-in', { userName: 'digits', secret: '۴۸۲۹۱۵' })).status).toBe(200);
	});
});

describe('a new secret', () => {
	test('ends the sessions on other devices and keeps this one', async () => {
		const id = await server.person({ userName: 'mover', organisationId });
		const name = cookieNameOf(id, false);
		const old = server.cookies.get(name) ?? '';
		expect(
			(await server.post('/api/auth/secret', { current: 'secret-mover', next: 'a-new-secret' }, { as: id })).status
		).toBe(204);
		expect((await server.post('/api/profile', {}, { as: id })).status).toBe(200);
		server.setCookie(name, old);
		expect((await server.post('/api/profile', {}, { as: id })).status).toBe(401);
	});

	test('must be longer for staff than for learners', async () => {
		const learner = await server.person({ userName: 'short-learner', organisationId });
		const staff = await server.person({
			userName: 'short-staff',
			organisationId,
			role: 'trainer',
			scope: { kind: 'organisation', id: organisationId }
		});
		const change = (id: string, name: string) =>
			server.post('/api/auth/secret', { current: `secret-${name}`, next: 'sevenxx' }, { as: id });
		expect((await change(learner, 'short-learner')).status).toBe(204);
		const refused = await change(staff, 'short-staff');
		expect(refused.status).toBe(422);
		expect(await refused.json()).toEqual({ code: 'secret-too-short', params: { length: 8 } });
	});
});

describe('staff sessions', () => {
	test('live thirty days, those of learners four hundred', async () => {
		const staff = await server.person({
			userName: 'clerk',
			organisationId,
			role: 'centre_admin',
			scope: { kind: 'organisation', id: organisationId }
		});
		const [row] = await server.app.db.all<{ expires_at: number }>(
			'SELECT expires_at FROM auth_sessions WHERE person_id = ?',
			[staff]
		);
		const days = ((row?.expires_at ?? 0) - Date.now()) / 86_400_000;
		expect(days).toBeGreaterThan(29.9);
		expect(days).toBeLessThan(30.1);
	});
});

describe('guessing', () => {
	test('of 10,000 guesses at one account from many addresses at most 20 are looked at, on each path', async () => {
		const id = await server.person({ userName: 'target', organisationId });
		let looked = 0;
		for (let guess = 0; guess < 10_000; guess++) {
			const answer = await server.post(
				'/api/auth/sign-in',
				{ userName: 'target', secret: String(guess) },
				{ address: `198.51.${guess % 250}.${guess % 249}` }
			);
			if (answer.status !== 429) looked += 1;
		}
		expect(looked).toBeLessThanOrEqual(20);
		looked = 0;
		for (let guess = 0; guess < 10_000; guess++) {
			const answer = await server.post(
				'/api/auth/secret',
				{ current: String(guess), next: 'whatever-next' },
				{ as: id, address: `198.51.${guess % 250}.${guess % 249}` }
			);
			if (answer.status !== 429) looked += 1;
		}
		expect(looked).toBeLessThanOrEqual(20);
	});

	test('of 10,000 guesses at the one-time link at most 20 are looked at', async () => {
		const empty = await Server.start();
		const token = (await empty.app.auth.newSetupToken()) ?? '';
		const wanted = { organisationName: 'O', displayName: 'D', userName: 'first', secret: 'long-enough' };
		let looked = 0;
		for (let guess = 0; guess < 10_000; guess++) {
			const answer = await empty.post(
				'/api/auth/first-administrator',
				{ ...wanted, token: `guess-${guess}` },
				{ address: `198.51.${guess % 250}.9` }
			);
			if (answer.status !== 429) looked += 1;
		}
		expect(looked).toBeLessThanOrEqual(20);
		empty.clock += 3_600_000;
		const right = await empty.post('/api/auth/first-administrator', { ...wanted, token });
		expect(right.status).toBe(200);
		expect(await right.json()).toMatchObject({ profile: { roles: ['itu_admin'], organisationName: 'O' } });
		// One-time: the link is dead, and no new one is made.
		expect((await empty.post('/api/auth/first-administrator', { ...wanted, userName: 'second', token })).status).toBe(
			403
		);
		expect(await empty.app.auth.newSetupToken()).toBeNull();
		await empty.stop();
	});

	test('sixty learners behind one address all sign in within a moment, some after a typing error', async () => {
		const names = Array.from({ length: 60 }, (_, index) => `pupil${index}`);
		for (const userName of names) await server.person({ userName, organisationId, signIn: false });
		const answers = await Promise.all(
			names.map(async (userName, index) => {
				if (index % 3 === 0)
					await server.post('/api/auth/sign-in', { userName, secret: 'oops' }, { address: '192.0.2.1' });
				return server.post('/api/auth/sign-in', { userName, secret: `secret-${userName}` }, { address: '192.0.2.1' });
			})
		);
		expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 200));
	});
});

describe('requests that another origin caused', () => {
	test.each([
		[
			'a content host',
			{ origin: 'http://c-0123456789abcdef0123.waypost.localhost:4000', 'sec-fetch-site': 'same-site' }
		],
		['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
		['no origin at all', { origin: '' }],
		['our origin claimed, but the browser says same-site', { origin: APP_ORIGIN, 'sec-fetch-site': 'same-site' }]
	])('change nothing: %s', async (_name, headers) => {
		const id = await server.person({ userName: `csrf-${_name.length}`, organisationId });
		const answer = await server.post('/api/profile', { language: 'fr' }, { as: id, headers });
		expect(answer.status).toBe(403);
		expect(await answer.json()).toEqual({ code: 'wrong-origin' });
	});

	test('read nothing: a same-site GET carries no identity', async () => {
		const id = await server.person({
			userName: 'reader',
			organisationId,
			role: 'centre_admin',
			scope: { kind: 'organisation', id: organisationId }
		});
		expect((await server.call('/api/people', { as: id })).status).toBe(200);
		expect((await server.call('/api/people', { as: id, headers: { 'sec-fetch-site': 'same-site' } })).status).toBe(401);
	});

	test('a form cannot post JSON', async () => {
		const id = await server.person({ userName: 'former', organisationId });
		const answer = await server.post(
			'/api/profile',
			{ language: 'fr' },
			{ as: id, headers: { 'content-type': 'text/plain' } }
		);
		expect(answer.status).toBe(415);
	});
});
