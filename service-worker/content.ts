/**
 * The worker of a content origin: hand-written, small, without memory of its own. It serves the shell (player and
 * installer pages) and the files of installed packages, both from Cache Storage, adds the locks that hold a package in
 * (DESIGN 3), answers ranges so that media can seek, and keeps journal rows that a page going away hands over.
 * Package files exist nowhere else: what is not installed is 404, also online.
 */
import * as v from 'valibot';
import {
	journalRowSchema,
	manifestRecord,
	packCacheName,
	PACKAGE_PREFIX,
	packagePath
} from '#lib/contracts/player-port.ts';

declare const self: ServiceWorkerGlobalScope;
declare const __SHELL_FILES__: readonly { readonly path: string; readonly sha256: string }[];

const CONFIG = '/config.json';
const shellCache = `shell-${__SHELL_FILES__.map(({ sha256 }) => sha256.slice(0, 8)).join('')}`;
/** The page that is open may still ask for a part of the build before. */
const KEPT_SHELLS = 2;
const WORKER_LOG = 'waypost-wal-late';
const MOST_WAL_BYTES = 70_000;

self.addEventListener('install', (event) => {
	event.waitUntil(installShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(forgetOldShells().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
	// The installer's download, opened by a capability in its query: left to the browser, which hands over every byte that came.
	if (new URL(event.request.url).pathname === '/pack') return;
	event.respondWith(answer(event.request).catch(() => refusal(500)));
});

// The installer says which runtime its pack needs, and hears whether it is here.
self.addEventListener('message', (event) => {
	const [port] = event.ports;
	const message: unknown = event.data;
	if (port === undefined || typeof message !== 'object' || message === null) return;
	if (!('type' in message) || message.type !== 'keep-runtime' || !('name' in message)) return;
	const file = __SHELL_FILES__.find(({ path }) => runtimeOf(path) === message.name);
	if (file === undefined) return port.postMessage(false);
	event.waitUntil(
		keepShellFile(file).then(
			() => port.postMessage(true),
			() => port.postMessage(false)
		)
	);
});

/** "scorm12" or "scorm2004" of the library that plays one version of SCORM, the heaviest parts of the shell; null for all else. */
function runtimeOf(path: string): string | null {
	return /^\/shell\/(scorm12|scorm2004)-[^/]+\.js$/.exec(path)?.[1] ?? null;
}

async function installShell(): Promise<void> {
	const kept = await keptRuntimes();
	for (const file of __SHELL_FILES__) {
		const runtime = runtimeOf(file.path);
		if (runtime === null || kept.has(runtime)) await keepShellFile(file);
	}
	const cache = await caches.open(shellCache);
	const config = await fetch(CONFIG, { cache: 'no-cache', redirect: 'error' });
	appOriginOf(await config.clone().json());
	await cache.put(CONFIG, config);
}

/** What the build before has, its packs need from this one too. */
async function keptRuntimes(): Promise<ReadonlySet<string | null>> {
	const shells = (await caches.keys()).filter((name) => name.startsWith('shell-'));
	const files = await Promise.all(shells.map(async (name) => (await caches.open(name)).keys()));
	return new Set(files.flat().map(({ url }) => runtimeOf(new URL(url).pathname)));
}

async function keepShellFile({ path, sha256 }: (typeof __SHELL_FILES__)[number]): Promise<void> {
	const cache = await caches.open(shellCache);
	if ((await cache.match(path)) !== undefined) return;
	const response = await fetch(path, { cache: 'no-cache', redirect: 'error' });
	const bytes = await response.arrayBuffer();
	// A captive portal answers everything with 200 and a page of its own.
	if (!response.ok || (await hexDigest(bytes)) !== sha256) throw new Error(`shell file ${path} is not what was built`);
	await cache.put(
		path,
		new Response(bytes, { headers: { 'content-type': response.headers.get('content-type') ?? '' } })
	);
}

async function forgetOldShells(): Promise<void> {
	const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== shellCache);
	await Promise.all(shells.slice(0, Math.max(0, shells.length - (KEPT_SHELLS - 1))).map((name) => caches.delete(name)));
}

async function hexDigest(bytes: ArrayBuffer): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function answer(request: Request): Promise<Response> {
	const url = new URL(request.url);
	if (url.origin !== self.location.origin) return Response.error();
	if (request.method === 'POST' && url.pathname === '/wal/') return keepRows(request);
	if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
	if (url.pathname.startsWith(PACKAGE_PREFIX)) return packageFile(request, url.pathname);
	return shellFile(url.pathname);
}

async function shellFile(path: string): Promise<Response> {
	const cache = await caches.open(shellCache);
	const runtime = runtimeOf(path) === null ? undefined : __SHELL_FILES__.find((file) => file.path === path);
	// Installed with its pack; the browser may have thrown it away since.
	if (runtime !== undefined) await keepShellFile(runtime).catch(() => undefined);
	const cached = (await cache.match(path)) ?? (path.startsWith('/shell/') ? await caches.match(path) : undefined);
	if (cached === undefined) return refusal(404);
	const headers = new Headers(cached.headers);
	headers.set('x-content-type-options', 'nosniff');
	headers.set('referrer-policy', 'no-referrer');
	headers.set('cross-origin-resource-policy', 'same-origin');
	if (path.endsWith('.html')) {
		headers.set('permissions-policy', 'unload=*');
		// `frame-src 'self'`: without it a package could steer its own frame to the app with the learner's cookie.
		headers.set(
			'content-security-policy',
			`default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ${await appOrigin()}`
		);
	}
	return new Response(cached.body, { headers });
}

async function packageFile(request: Request, pathname: string): Promise<Response> {
	// Package pages are shown inside the player only; a popup of one is recognised by where it comes from.
	if (request.destination === 'document' && !request.referrer.startsWith(`${self.location.origin}/`))
		return refusal(403);
	const [packId = '', ...rest] = pathname.slice(PACKAGE_PREFIX.length).split('/');
	if (!(await caches.has(packCacheName(packId)))) return refusal(404);
	const cache = await caches.open(packCacheName(packId));
	const cached = await findFile(cache, packId, rest);
	if (cached === undefined) return refusal(404);
	const headers = new Headers({
		'content-type': cached.headers.get('content-type') ?? 'application/octet-stream',
		'accept-ranges': 'bytes',
		'content-security-policy': `default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob:; form-action 'self'; frame-ancestors 'self' ${await appOrigin()}`,
		// Without it Chromium drops `unload`, and with it the last words of old content.
		'permissions-policy': 'unload=*',
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin'
	});
	const length = cached.headers.get('content-length');
	const range = request.headers.get('range');
	if (range !== null) return partOf(await cached.blob(), range, headers);
	if (length !== null) headers.set('content-length', length);
	return new Response(request.method === 'HEAD' ? null : cached.body, { headers });
}

/** As named; else by another spelling of the same name (upper and lower case, composed and decomposed letters, escapes). */
async function findFile(cache: Cache, packId: string, segments: readonly string[]): Promise<Response | undefined> {
	const path = decoded(segments.join('/'));
	const exact = await cache.match(packagePath(packId, path));
	if (exact !== undefined) return exact;
	const record = await cache.match(manifestRecord(packId));
	if (record === undefined) return undefined;
	const { files } = (await record.json()) as { files: { path: string }[] };
	const wanted = plain(path);
	const alike = files.find((file) => plain(file.path) === wanted);
	return alike === undefined ? undefined : cache.match(packagePath(packId, alike.path));
}

function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

function plain(path: string): string {
	return path.normalize('NFC').toLowerCase();
}

/** RFC 9110, section 14: one range ("bytes=0-99", "bytes=100-", "bytes=-50"); anything else is answered in full. */
function partOf(whole: Blob, range: string, headers: Headers): Response {
	const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
	const [, from = '', to = ''] = match ?? [];
	if (match === null || (from === '' && to === '')) {
		headers.set('content-length', String(whole.size));
		return new Response(whole, { headers });
	}
	const start = from === '' ? Math.max(0, whole.size - Number(to)) : Number(from);
	const end = from === '' || to === '' ? whole.size - 1 : Math.min(Number(to), whole.size - 1);
	if (start >= whole.size || start > end) {
		return new Response(null, { status: 416, headers: { 'content-range': `bytes */${whole.size}` } });
	}
	headers.set('content-range', `bytes ${start}-${end}/${whole.size}`);
	headers.set('content-length', String(end - start + 1));
	return new Response(whole.slice(start, end + 1), { status: 206, headers });
}

async function appOrigin(): Promise<string> {
	const config = await caches.match(CONFIG);
	return appOriginOf(await config?.json());
}

function appOriginOf(config: unknown): string {
	return v.parse(v.object({ appOrigin: v.pipe(v.string(), v.url()) }), config).appOrigin;
}

function refusal(status: number): Response {
	return new Response(null, { status, headers: { 'content-security-policy': "default-src 'none'" } });
}

/** Rows of one session, from a page that is going away: answered only when they are stored. */
async function keepRows(request: Request): Promise<Response> {
	const body = await request.text();
	if (body.length > MOST_WAL_BYTES) return refusal(413);
	const rows = v.safeParse(v.array(journalRowSchema), JSON.parse(body));
	const last = rows.success ? rows.output.at(-1) : undefined;
	if (!rows.success || last === undefined) return refusal(400);
	const log = await openLog();
	try {
		await new Promise<void>((resolve, reject) => {
			const transaction = log.transaction('rows', 'readwrite', { durability: 'relaxed' });
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error);
			transaction
				.objectStore('rows')
				.put({ attempt: last.attempt, session: last.session, n: last.n, rows: rows.output });
			transaction.commit();
		});
	} finally {
		log.close();
	}
	return new Response(null, { status: 204 });
}

/** The same shape as src/player/wal-store.ts, which this room may not import. */
function openLog(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open(WORKER_LOG, 1);
		opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { keyPath: ['attempt', 'session', 'n'] });
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error);
	});
}
