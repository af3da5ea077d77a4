/**
 * Kit's door: hands the running server to routes and puts the headers of pages on what is rendered. `serve` makes the
 * server and leaves it where this finds it; under `vite dev` there is no `serve`, so one is made here.
 */
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
	return response;
};

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
