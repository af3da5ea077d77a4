/**
 * Kit's door: hands the running server to routes and puts the headers of pages on what is rendered. `serve` makes the
 * server and leaves it where this finds it; under `vite dev` there is no `serve`, so one is made here.
 */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Handle, HandleFetch, HandleServerError, ServerInit } from '@sveltejs/kit';
import { building, dev, version } from '$app/environment';
import { directionOf } from '#lib/i18n/languages.ts';
import { readLocaleFile } from '#lib/server/i18n/translators.ts';
import { runningApp } from '#lib/server/running-app.ts';

let headers: Readonly<Record<string, string>> | undefined;

export const init: ServerInit = async () => {
	if (!dev || building || runningApp() !== undefined) return;
	const { startForDevelopment } = await import('#lib/server/start-for-development.ts');
	await startForDevelopment(version);
};

export const handle: Handle = async ({ event, resolve }) => {
	const app = runningApp();
	if (app === undefined) return resolve(event);
	event.locals.app = app.app;
	headers ??= app.pageHeaders;
	const rendered = await resolve(event, {
		// Styles stand in the first lines of the page anyway; a second mention costs as much as a small file.
		preload: ({ type }) => type === 'js',
		transformPageChunk: ({ html }) => {
			const { language } = event.locals;
			return language === undefined
				? html
				: html.replace('lang="en" dir="ltr"', `lang="${language}" dir="${directionOf(language)}"`);
		}
	});
	if (event.route.id?.startsWith('/api/')) return rendered;
	const { status } = event.locals;
	const response = status === undefined ? rendered : new Response(rendered.body, { status, headers: rendered.headers });
	for (const [name, value] of Object.entries(headers)) {
		if (name === 'content-security-policy') response.headers.append(name, value);
		else if (!response.headers.has(name)) response.headers.set(name, value);
	}
	return compressed(event.request, response);
};

/** Whole pages, a few thousand bytes each: what a slow network waits for first. */
async function compressed(request: Request, response: Response): Promise<Response> {
	response.headers.append('vary', 'accept-encoding');
	const isPage = response.headers.get('content-type')?.startsWith('text/html') === true && response.body !== null;
	const accepted = request.headers.get('accept-encoding') ?? '';
	const encoding = isPage ? (['br', 'gzip'] as const).find((name) => accepted.includes(name)) : undefined;
	if (encoding === undefined) return response;
	const html = await response.arrayBuffer();
	const body = encoding === 'br' ? brotliCompressSync(html, quick) : gzipSync(html);
	const headers = new Headers(response.headers);
	headers.set('content-encoding', encoding);
	headers.set('content-length', String(body.length));
	return new Response(body, { status: response.status, headers });
}

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Words for pages rendered here come from disk: Kit would fetch them over the network from our own public address. */
export const handleFetch: HandleFetch = async ({ event, request, fetch }) => {
	const url = new URL(request.url);
	const words = url.origin === event.url.origin ? await readLocaleFile(url.pathname) : null;
	return words === null ? fetch(request) : new Response(words, { headers: { 'content-type': 'application/json' } });
};

export const handleError: HandleServerError = ({ error, event, status }) => {
	if (status !== 404) event.locals.app?.log.error('page.failed', { route: event.route.id, status }, error);
	return { message: status === 404 ? 'not-found' : 'server-error' };
};
