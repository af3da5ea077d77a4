import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Api } from './api.ts';

const schema = v.object({ answer: v.number() });

function apiWith(
	respond: (path: string, init: RequestInit) => Response | Promise<Response>,
	profile: string | null = 'p1'
) {
	const asked: { path: string; init: RequestInit }[] = [];
	const api = new Api({
		fetch: async (input, init = {}) => {
			asked.push({ path: String(input), init });
			return respond(String(input), init);
		},
		profile: () => profile,
		count: () => {}
	});
	return { api, asked, headers: () => new Headers(asked[0]?.init.headers) };
}

describe('an answer', () => {
	test('of the agreed shape is a value', async () => {
		const { api, headers } = apiWith(() => new Response('{"answer":42}'));
		expect(await api.get('/api/x', schema)).toEqual({ type: 'ok', value: { answer: 42 } });
		expect(headers().get('x-waypost-profile')).toBe('p1');
	});

	test('of no content is null', async () => {
		const { api } = apiWith(() => new Response(null, { status: 204 }));
		expect(await api.act('/api/x', { some: 'body' })).toEqual({ type: 'ok', value: null });
	});

	test('that says no says why', async () => {
		const { api } = apiWith(() => new Response('{"code":"too-many-tries","params":{"seconds":9}}', { status: 429 }));
		expect(await api.post('/api/x', {}, schema)).toEqual({
			type: 'refused',
			status: 429,
			code: 'too-many-tries',
			params: { seconds: 9 }
		});
	});

	test.each([
		['a portal with 200', () => new Response('<html>Welcome')],
		['another shape', () => new Response('{"answer":"42"}')],
		['a proxy’s error page', () => new Response('<html>', { status: 502 })],
		['a portal’s 401', () => new Response('Sign in to Wi-Fi', { status: 401 })]
	])('that is not ours is none: %s', async (_, respond) => {
		const { api } = apiWith(respond);
		expect(await api.get('/api/x', schema)).toEqual({ type: 'unreachable', code: 'strange-answer' });
	});

	test('that does not come is no exception', async () => {
		const { api } = apiWith(() => Promise.reject(new TypeError('network')));
		expect(await api.get('/api/x', schema)).toEqual({ type: 'unreachable', code: 'unreachable' });
	});

	test('that is too slow is given up', async () => {
		const { api } = apiWith(
			(_, init) =>
				new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
		);
		expect(await api.get('/api/x', schema, { timeout: 20 })).toEqual({ type: 'unreachable', code: 'unreachable' });
	});

	test('to a request that its caller cancelled is his own business', async () => {
		const { api } = apiWith((_, init) => Promise.reject(init.signal?.reason as Error));
		await expect(api.get('/api/x', schema, { signal: AbortSignal.abort() })).rejects.toThrow();
	});
});

test('a request for nobody names nobody', async () => {
	const { api, headers } = apiWith(() => new Response('{"answer":1}'));
	await api.get('/api/x', schema, { profile: null });
	expect(headers().has('x-waypost-profile')).toBe(false);
});
