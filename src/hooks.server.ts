/**
 * Kit's door: hands the running server to routes and puts the headers of pages on what is rendered. `serve` makes the
 * server and leaves it where this finds it; under `vite dev` there is no `serve`, so one is made here.
 */
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { building, version } from '$app/environment';
import { directionOf } from '#lib/i18n/languages.ts';
import { runningApp } from '#lib/server/running-app.ts';

let headers: Readonly<Record<string, string>> | undefined;

export const init: ServerInit = async () => {
	if (building || runningApp() !== undefined) return;
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
			return language === undefined ? html : html.replace('lang="en" dir="ltr"', `lang="${language}" dir="${directionOf(language)}"`);
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

export const handleError: HandleServerError = ({ error, event, status }) => {
	if (status !== 404) event.locals.app?.log.error('page.failed', { route: event.route.id, status }, error);
	return { message: status === 404 ? 'not-found' : 'server-error' };
};
