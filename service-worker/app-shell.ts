/**
 * The app from the device's cache: the shell page for every address of the app, its scripts, styles, words and icons.
 * A new version is fetched beside the running one and starts only when the page says so (client/state/update.svelte.ts);
 * the files of the version before stay until the one after next, so that no running page loses a chunk.
 */
import { build, files, prerendered, version } from '$service-worker';
import { NavigationRoute, registerRoute, Route } from 'workbox-routing';
import { PrecacheController, PrecacheRoute } from 'workbox-precaching';

const CACHE = 'waypost-shell';
const SHELL = '/shell';
/** Lists the cache's keys for each build that is kept; stored in the cache itself under an address nobody asks for. */
const BUILDS = '/.builds.json';
/** The server answers these itself; without it the shell says so. */
const SERVER_PAGES = [/^\/verify(\/|$)/, /^\/catalogue(\/|$)/];
const NEVER = [/^\/api\//, /^\/healthz$/, /^\/_app\//];

type Build = { readonly version: string; readonly keys: readonly string[] };

export function serveAppShell(worker: ServiceWorkerGlobalScope): void {
	const controller = new PrecacheController({ cacheName: CACHE });
	controller.addToCacheList([
		// Names with a hash in them never change their content.
		...build.map((url) => ({ url, revision: null })),
		...[...files, ...prerendered].map((url) => ({ url, revision: version }))
	]);

	worker.addEventListener('install', (event) => {
		event.waitUntil(controller.install(event));
	});
	worker.addEventListener('activate', (event) => {
		event.waitUntil(keepTwoBuilds(controller).then(() => worker.clients.claim()));
	});
	worker.addEventListener('message', (event) => {
		const { type } = (event.data ?? {}) as { readonly type?: unknown };
		if (type === 'activate') event.waitUntil(worker.skipWaiting());
	});

	registerRoute(new PrecacheRoute(controller, { cleanURLs: false, directoryIndex: '' }));
	// A page of the version before asks for its own chunks, which this version does not list.
	registerRoute(
		({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/_app/immutable/'),
		async ({ request }) => (await caches.match(request, { cacheName: CACHE })) ?? fetch(request)
	);
	const shell = controller.createHandlerBoundToURL(SHELL);
	registerRoute(
		new Route(
			({ request, url, sameOrigin }) =>
				sameOrigin && request.mode === 'navigate' && SERVER_PAGES.some((page) => page.test(url.pathname)),
			async (options) => {
				try {
					return await fetch(options.request);
				} catch {
					return shell(options);
				}
			}
		)
	);
	registerRoute(new NavigationRoute(shell, { denylist: [...NEVER, ...SERVER_PAGES] }));
}

/** Deletes what neither this build nor the one before needs. */
async function keepTwoBuilds(controller: PrecacheController): Promise<void> {
	const cache = await caches.open(CACHE);
	const stored = await cache.match(BUILDS);
	const known = ((await stored?.json().catch(() => [])) ?? []) as readonly Build[];
	const own: Build = { version, keys: [...controller.getURLsToCacheKeys().values()] };
	const builds = [own, ...known.filter((one) => one.version !== version)].slice(0, 2);
	const needed = new Set(builds.flatMap(({ keys }) => keys));
	for (const request of await cache.keys()) {
		if (!needed.has(request.url) && new URL(request.url).pathname !== BUILDS) await cache.delete(request);
	}
	await cache.put(BUILDS, new Response(JSON.stringify(builds)));
}
