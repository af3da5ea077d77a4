/**
 * The content hosts: the shell that plays and installs courses, and the packs as whole files. Never the files inside a pack
 * (the worker serves those from the device), never a cookie, nothing but GET. Headers: evidence of the SCORM runtime,
 * decisions 4 and 6.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Config } from '#lib/server/config/config.ts';
import type { Log } from '#lib/server/log/log.ts';
import { rangeOf } from './byte-range.ts';
import { readTicket } from './capability.ts';
import { shellFile, type ShellFile } from './shell-files.ts';

export type ContentHandler = (
	request: IncomingMessage,
	response: ServerResponse,
	packId: string | null
) => Promise<void>;

export function createContentHandler(options: {
	readonly config: Pick<Config, 'appOrigin' | 'dataDir'>;
	readonly key: Buffer;
	readonly shell: ReadonlyMap<string, ShellFile>;
	readonly now: () => number;
	readonly log: Log;
}): ContentHandler {
	const { config, key, now, log } = options;
	const policies = policiesOf(config.appOrigin);
	const settings = shellFile('application/json', Buffer.from(JSON.stringify({ v: 1, appOrigin: config.appOrigin })));

	return async (request, response, packId) => {
		for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value);
		const url = URL.parse(request.url ?? '/', 'http://content.invalid');
		if (url === null) return plain(response, 400);
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.setHeader('allow', 'GET, HEAD');
			return plain(response, 405);
		}
		if (url.pathname === '/pack') {
			const ticket = readTicket(key, url.searchParams.get('cap') ?? '', now());
			// A ticket for one pack opens no other host, even though any host could read the file.
			if (ticket === null || (packId !== null && ticket.packId !== packId)) return plain(response, 403);
			return sendPack(request, response, config.dataDir, ticket.sha256, log);
		}
		const file = url.pathname === '/config.json' ? settings : options.shell.get(url.pathname);
		if (file === undefined) return plain(response, 404);
		response.setHeader('content-security-policy', policies[url.pathname] ?? policies['other'] ?? '');
		sendShellFile(request, response, url.pathname, file);
	};
}

const commonHeaders = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'permissions-policy':
		'unload=*, camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()',
	'cross-origin-resource-policy': 'same-origin',
	'origin-agent-cluster': '?1'
} as const;

/** Of the shell's own pages; package pages get theirs from the worker. */
function policiesOf(appOrigin: string): Readonly<Record<string, string>> {
	const page = [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data:",
		"connect-src 'self'",
		"worker-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${appOrigin}`
	];
	return {
		// The player shows the package, from its own origin only: a package cannot send its frame to the app.
		'/player.html': [...page, "frame-src 'self'"].join('; '),
		'/installer.html': [...page, "frame-src 'none'"].join('; '),
		// A worker's own policy holds for what it fetches.
		'/sw.js': "default-src 'none'; connect-src 'self'; script-src 'self'",
		other: "default-src 'none'; frame-ancestors 'none'"
	};
}

function sendShellFile(request: IncomingMessage, response: ServerResponse, path: string, file: ShellFile): void {
	response.setHeader('etag', file.etag);
	response.setHeader('vary', 'accept-encoding');
	// Hashed names never change; the others are asked about each time, and the worker's copy makes that free.
	response.setHeader('cache-control', path.startsWith('/shell/') ? 'public, max-age=31536000, immutable' : 'no-cache');
	if (request.headers['if-none-match'] === file.etag) {
		response.writeHead(304).end();
		return;
	}
	const accepted = String(request.headers['accept-encoding'] ?? '');
	const [encoding, body] =
		file.br !== null && /\bbr\b/.test(accepted)
			? ['br', file.br]
			: file.gzip !== null && /\bgzip\b/.test(accepted)
				? ['gzip', file.gzip]
				: [null, file.identity];
	if (encoding !== null) response.setHeader('content-encoding', encoding);
	response.writeHead(200, { 'content-type': file.type, 'content-length': body.length });
	response.end(request.method === 'HEAD' ? undefined : body);
}

async function sendPack(
	request: IncomingMessage,
	response: ServerResponse,
	dataDir: string,
	sha256: string,
	log: Log
): Promise<void> {
	const path = join(dataDir, 'packs', `${sha256}.zip`);
	const size = await stat(path).then(
		(found) => found.size,
		(error: NodeJS.ErrnoException) => {
			log.error('pack.missing', { sha256 }, error);
			return null;
		}
	);
	if (size === null) return plain(response, 404);
	const etag = `"${sha256}"`;
	response.setHeader('etag', etag);
	response.setHeader('accept-ranges', 'bytes');
	// The device keeps the files itself: a second copy in the browser's cache would only take room. Bytes must arrive as they are.
	response.setHeader('cache-control', 'private, no-store, no-transform');
	response.setHeader('content-type', 'application/zip');
	const range = rangeOf(request.headers.range, header(request.headers['if-range']), etag, size);
	if (range.type === 'unsatisfiable') {
		response.setHeader('content-range', `bytes */${size}`);
		return plain(response, 416);
	}
	const [start, end] = range.type === 'part' ? [range.start, range.end] : [0, size - 1];
	if (range.type === 'part') response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
	response.writeHead(range.type === 'part' ? 206 : 200, { 'content-length': end - start + 1 });
	if (request.method === 'HEAD' || size === 0) {
		response.end();
		return;
	}
	try {
		await pipeline(createReadStream(path, { start, end }), response);
	} catch (error) {
		// A phone that lost its network mid-way is no error: it comes back with a range.
		if (!response.destroyed) throw error;
	}
}

function header(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}

function plain(response: ServerResponse, status: number): void {
	response.setHeader('cache-control', 'no-store');
	response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
	response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
	response.end(status === 404 ? 'Not here.' : status === 403 ? 'This address is out of date.' : '');
}
