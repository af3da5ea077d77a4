/**
 * The app's own files, so that it starts without a network: every chunk, the words (words.ts), and the prerendered shell
 * that answers every navigation to an app page. Each build has a cache of its own and the one before is kept, because pages of
 * the old build may still be open and load their chunks (DESIGN 4.6). Content hosts are other origins: nothing here sees them.
 */
import { PrecacheController } from 'workbox-precaching/PrecacheController.js';
import { NavigationRoute } from 'workbox-routing/NavigationRoute.js';
import { registerRoute } from 'workbox-routing/registerRoute.js';
import { isKeptChunk } from './kept-files.ts';
import { SHELL_CACHES, shellCacheName } from './shell-caches.ts';

export type ShellFiles = {
	/** Of $service-worker: hashed chunks, static files, prerendered paths, and the name of this build. */
	readonly build: readonly string[];
	readonly files: readonly string[];
	readonly prerendered: readonly string[];
	readonly version: string;
};

const SHELL = '/shell';
const KEPT_BUILDS = 2;

/** Pages that the server renders. Workbox asks of the path with its query. */
const OF_THE_SERVER = [/^\/verify([/?]|$)/, /^\/catalogue([/?]|$)/];

/** These, and what is no page: never answered with the shell while there is a network. */
export const NOT_THE_APP = [
	...OF_THE_SERVER,
	/^\/api\//,
	/^\/healthz(\?|$)/,
	/^\/service-worker\.js(\?|$)/,
	/^[^?]*\.[a-z0-9]{2,5}(\?|$)/
];

export function keepShell(worker: ServiceWorkerGlobalScope, shellFiles: ShellFiles): void {
	const { files, prerendered, version } = shellFiles;
	const build = shellFiles.build.filter(isKeptChunk);
	const cacheName = shellCacheName(version);
	const precache = new PrecacheController({ cacheName });
	precache.addToCacheList([
		// Their names are hashes of their content.
		...build.map((url) => ({ url, revision: null })),
		...[...files.filter(isNeeded), ...prerendered].map((url) => ({ url, revision: version }))
	]);

	worker.addEventListener('install', (event) => {
		answerWithoutWorker(event);
		event.waitUntil(adoptUnchanged(cacheName, build).then(() => precache.install(event)));
	});

	worker.addEventListener('activate', (event) => {
		event.waitUntil(
			forgetOldBuilds(cacheName).then((isFirst) => {
				// Only the very first worker takes over pages that are open: a later one waits until somebody asked for it.
				return isFirst ? worker.clients.claim() : undefined;
			})
		);
	});

	// Workbox's own route opens the cache and tries variants of the address for every file; a start asks for seventy.
	const own = precache.getURLsToCacheKeys();
	const cache = caches.open(cacheName);
	registerRoute(
		({ url, request }) => request.mode !== 'navigate' && own.has(url.href),
		async ({ url, request }) => (await (await cache).match(own.get(url.href) ?? url.href)) ?? oldChunk({ request })
	);
	registerRoute(
		({ url }) => url.origin === worker.location.origin && url.pathname.startsWith('/_app/immutable/'),
		oldChunk
	);
	const shell = precache.createHandlerBoundToURL(SHELL);
	registerRoute(
		new NavigationRoute(
			async (options) => {
				void heal(precache, cacheName);
				// A cache that was thrown away in part must not lock anyone out: then the network has to do.
				return shell(options).catch(() => fetch(SHELL));
			},
			{ denylist: NOT_THE_APP }
		)
	);
	// Without a network the shell says so, in the person's language; the browser's own page knows neither her nor us.
	registerRoute(
		new NavigationRoute((options) => fetch(options.request).catch(() => shell(options)), { allowlist: OF_THE_SERVER })
	);
}

/**
 * Where the browser can (static routing, Chromium 123 and later), chunks come straight out of the caches, any build's, and over the
 * network when none has them: a start asks for some twenty, and each would wait for its turn in this worker.
 */
function answerWithoutWorker(event: ExtendableEvent): void {
	const { addRoutes } = event as ExtendableEvent & {
		readonly addRoutes?: (routes: readonly object[]) => Promise<void>;
	};
	const chunks = { condition: { urlPattern: '/_app/immutable/*' }, source: 'cache' };
	addRoutes?.call(event, [chunks]).catch(() => undefined);
}

/** The large icons are only for installing, which needs the network anyway. */
function isNeeded(file: string): boolean {
	return file === '/icon.svg' || file === '/manifest.webmanifest';
}

/** Chunks that did not change are taken from the older builds: an update costs only what is new. */
async function adoptUnchanged(cacheName: string, build: readonly string[]): Promise<void> {
	const own = await caches.open(cacheName);
	for (const url of build) {
		if (await own.match(url)) continue;
		const known = await caches.match(url);
		if (known) await own.put(url, known);
	}
}

/** @returns whether this is the first build on this device */
async function forgetOldBuilds(cacheName: string): Promise<boolean> {
	// In order of their making.
	const builds = (await caches.keys()).filter((name) => name.startsWith(SHELL_CACHES) && name !== cacheName);
	for (const name of builds.slice(0, Math.max(0, builds.length - (KEPT_BUILDS - 1)))) await caches.delete(name);
	return builds.length === 0;
}

/** A chunk of a build whose page is still open, or one that was dropped here. */
async function oldChunk({ request }: { readonly request: Request }): Promise<Response> {
	return (await caches.match(request)) ?? fetch(request);
}

let healed = false;

/** Once in the life of a worker: what the browser dropped from the cache is fetched again, as far as there is a network. */
async function heal(precache: PrecacheController, cacheName: string): Promise<void> {
	if (healed) return;
	healed = true;
	const cache = await caches.open(cacheName);
	const held = new Set((await cache.keys()).map((request) => request.url));
	for (const [url, key] of precache.getURLsToCacheKeys()) {
		if (held.has(new URL(key, location.href).href)) continue;
		const response = await fetch(url, { cache: 'reload' }).catch(() => null);
		if (response?.ok) await cache.put(key, response);
	}
}
