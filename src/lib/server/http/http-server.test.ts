import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { silentLog } from '#lib/server/log/log.ts';
import { startHttpServer, type HttpServer } from './http-server.ts';

let server: HttpServer | undefined;
afterEach(async () => server?.stop(100));

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

const start = async (slowMs = 0): Promise<HttpServer> => {
	server = await startHttpServer({
		config: {
			appOrigin: 'http://learn.waypost.localhost:4000',
			contentOriginPattern: 'http://c-{packId}.waypost.localhost:4000',
			host: '127.0.0.1',
			port: 0
		},
		app: (_request, response) => setTimeout(() => response.end('app'), slowMs),
		content: async (_request, response, packId) => {
			if (packId?.startsWith('dead')) throw new Error('broken');
			response.end(`content ${packId}`);
		},
		pageHeaders: { 'x-frame-options': 'DENY' },
		log: silentLog
	});
	return server;
};

const ask = (
	port: number,
	path: string,
	host: string,
	method = 'GET',
	headers: OutgoingHttpHeaders = {}
): Promise<Answer> =>
	new Promise((done, fail) => {
		const asking = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (text: string) => (body += text));
			response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
		});
		asking.on('error', fail).end();
	});

test('each host gets its own side, and strangers get none', async () => {
	const { port } = await start();
	expect(await ask(port, '/', 'learn.waypost.localhost:4000')).toMatchObject({
		status: 200,
		body: 'app',
		headers: { 'x-frame-options': 'DENY' }
	});
	expect((await ask(port, '/api/x', 'learn.waypost.localhost:4000')).headers['x-frame-options']).toBeUndefined();
	expect(await ask(port, '/', 'c-0123456789abcdef0123.waypost.localhost:4000')).toMatchObject({
		status: 200,
		body: 'content 0123456789abcdef0123'
	});
	expect(await ask(port, '/', 'c-dead456789abcdef0123.waypost.localhost:4000')).toMatchObject({ status: 500 });
	expect(await ask(port, '/', 'evil.example')).toMatchObject({ status: 421 });
	expect(await ask(port, '/healthz', '10.0.0.7:8080')).toMatchObject({ status: 200, body: 'app' });
});

test('other names of this machine lead to the application, never away from it', async () => {
	const { port } = await start();
	const leads = async (path: string): Promise<string | undefined> =>
		(await ask(port, path, 'localhost:4000')).headers.location;
	expect(await leads('/learn?x=1')).toBe('http://learn.waypost.localhost:4000/learn?x=1');
	expect(await leads('//evil.example/x')).toBe('http://learn.waypost.localhost:4000/evil.example/x');
	expect(await leads('/\\evil.example')).toBe('http://learn.waypost.localhost:4000/evil.example');
	expect((await ask(port, '/x', 'localhost:4000', 'POST')).status).toBe(421);
});

test('stopping finishes what was begun, then takes no more', async () => {
	const { port, stop } = await start(300);
	const begun = ask(port, '/', 'learn.waypost.localhost:4000', 'GET', { connection: 'keep-alive' });
	await new Promise((later) => setTimeout(later, 50));
	const started = Date.now();
	await stop(5_000);
	expect(await begun).toMatchObject({ status: 200, body: 'app' });
	expect(Date.now() - started).toBeLessThan(2_000);
	await expect(ask(port, '/', 'learn.waypost.localhost:4000')).rejects.toThrow();
});

test('stopping does not wait for ever', async () => {
	const { port, stop } = await start(60_000);
	const begun = ask(port, '/', 'learn.waypost.localhost:4000').catch(() => 'cut');
	await new Promise((later) => setTimeout(later, 50));
	await stop(200);
	expect(await begun).toBe('cut');
});
