/**
 * The words of the interface. Only the languages somebody uses on this device are kept: English, on which the others fall
 * back, what the browser speaks, what the build before had, and what a page says is spoken now. Each is kept whole, so that a
 * page that was never opened has its words offline. But for those of kept-files.ts.
 */
import { registerRoute } from 'workbox-routing/registerRoute.js';
import { isKeptAhead, WORDS } from './kept-files.ts';
import { SHELL_CACHES, shellCacheName } from './shell-caches.ts';

const FALLBACK = 'en';

export function keepWords(worker: ServiceWorkerGlobalScope, files: readonly string[], version: string): void {
	const cacheName = shellCacheName(version);
	const words = files.filter(isKeptAhead);

	worker.addEventListener('install', (event) => {
		event.waitUntil(languagesInUse(cacheName).then((languages) => keep(cacheName, words, languages)));
	});

	worker.addEventListener('message', (event) => {
		const message: unknown = event.data;
		if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'language') return;
		if (!('code' in message) || typeof message.code !== 'string') return;
		// Without a network now is no harm: what pages load is kept one by one.
		event.waitUntil(keep(cacheName, words, new Set([message.code])).catch(() => undefined));
	});

	registerRoute(
		({ url }) => url.origin === worker.location.origin && WORDS.test(url.pathname),
		async ({ request }) => {
			const cache = await caches.open(cacheName);
			const known = await cache.match(request);
			if (known) return known;
			const response = await fetch(request).catch(() => caches.match(request));
			if (response === undefined) return Response.error();
			if (response.ok) await cache.put(request, response.clone());
			return response;
		}
	);
}

async function languagesInUse(cacheName: string): Promise<Set<string>> {
	const languages = new Set([FALLBACK, ...navigator.languages.map((language) => language.split('-')[0] ?? '')]);
	for (const name of await caches.keys()) {
		if (!name.startsWith(SHELL_CACHES) || name === cacheName) continue;
		for (const { url } of await (await caches.open(name)).keys()) {
			const language = WORDS.exec(new URL(url).pathname)?.[1];
			if (language !== undefined) languages.add(language);
		}
	}
	return languages;
}

async function keep(cacheName: string, words: readonly string[], languages: ReadonlySet<string>): Promise<void> {
	const cache = await caches.open(cacheName);
	for (const file of words) {
		if (!languages.has(WORDS.exec(file)?.[1] ?? '') || (await cache.match(file))) continue;
		// The browser's own copy may be of the build before.
		const response = await fetch(file, { cache: 'no-cache' });
		if (!response.ok) throw new Error(`${file}: ${response.status}`);
		await cache.put(file, response);
	}
}
