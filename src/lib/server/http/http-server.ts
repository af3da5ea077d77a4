/**
 * One server, one port, several hosts: the app's pages and API, the content hosts, and a redirect for whoever typed
 * "localhost". Stopping lets requests in flight finish, closes what only waits, and never cuts a commit.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '#lib/server/config/config.ts';
import type { ContentHandler } from '#lib/server/content-host/content-handler.ts';
import type { Log } from '#lib/server/log/log.ts';
import { hostRoles } from './which-host.ts';

export interface HttpServer {
	readonly port: number;
	/** Resolves when every request has been answered, at the latest after `limitMs`. */
	stop(limitMs: number): Promise<void>;
}

export type HttpParts = {
	readonly config: Pick<Config, 'appOrigin' | 'contentOriginPattern' | 'host' | 'port'>;
	/** Of adapter-node: answers everything, pages, files and API. */
	readonly app: RequestListener;
	readonly content: ContentHandler;
	readonly pageHeaders: Readonly<Record<string, string>>;
	readonly log: Log;
};

export async function startHttpServer(parts: HttpParts): Promise<HttpServer> {
	const server = createServer(
		{ keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: 0, maxHeaderSize: 32 * 1024 },
		listener(parts)
	);
	// Uploads over a slow line take long; one that sends nothing at all does not keep its place.
	server.setTimeout(120_000);
	await new Promise<void>((ready, fail) => {
		server.once('error', fail);
		server.listen(parts.config.port, parts.config.host, () => {
			server.off('error', fail);
			ready();
		});
	});
	const { port } = server.address() as AddressInfo;
	return { port, stop: (limitMs) => stop(server, limitMs) };
}

const isNoPage = /^\/(_app\/immutable|locales)\/|^\/(manifest\.webmanifest|icon[^/]*)$/;

function listener({ config, app, content, pageHeaders, log }: HttpParts): RequestListener {
	const roleOf = hostRoles(config);
	return (request, response) => {
		const role = roleOf(request.headers.host);
		const path = request.url ?? '/';
		// Watchers ask by whatever name they have; the answer is the same.
		if (role.type === 'app' || path === '/healthz') {
			// An API answer is no page, and an idle sync should cost next to nothing. Nor is a script or a file of words: on a
			// first visit the headers of twenty small files would weigh as much as a fifth of the code.
			if (isNoPage.test(path)) response.setHeader('x-content-type-options', 'nosniff');
			else if (!path.startsWith('/api/'))
				for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
			app(request, response);
			return;
		}
		if (role.type === 'content') {
			content(request, response, role.packId).catch((error: unknown) => {
				log.error('content.failed', {}, error);
				if (response.headersSent) response.destroy();
				else short(response, 500);
			});
			return;
		}
		if (role.type === 'elsewhere' && (request.method === 'GET' || request.method === 'HEAD')) {
			redirect(request, response, config.appOrigin);
			return;
		}
		short(response, 421);
	};
}

function redirect(request: IncomingMessage, response: ServerResponse, appOrigin: string): void {
	// Only the path goes along: "//other.example" would be another host.
	const path = (request.url ?? '/').replace(/^[/\\]+/, '/');
	response
		.writeHead(307, { location: `${appOrigin}${path.startsWith('/') ? path : '/'}`, 'cache-control': 'no-store' })
		.end();
}

function short(response: ServerResponse, status: number): void {
	response.writeHead(status, {
		'content-type': 'text/plain; charset=utf-8',
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff'
	});
	response.end(status === 421 ? 'No site of this name lives here.\n' : '');
}

async function stop(server: Server, limitMs: number): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	// A connection that becomes idle after its last answer would otherwise be kept alive for a minute.
	const sweeper = setInterval(() => server.closeIdleConnections(), 50);
	const limit = setTimeout(() => server.closeAllConnections(), limitMs);
	try {
		await closed;
	} finally {
		clearInterval(sweeper);
		clearTimeout(limit);
	}
}
