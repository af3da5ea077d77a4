/** Shows a course while it is written: built anew at every request, reloaded when a file changes, on this machine only. */
import { watch } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { packageFiles } from './build-course.ts';
import { readCourse } from './read-course.ts';
import { escapeHtml } from './render-html.ts';
import { SourceError } from './source-error.ts';

const TYPES: Readonly<Record<string, string>> = {
	html: 'text/html; charset=utf-8',
	css: 'text/css; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	json: 'application/json',
	xml: 'application/xml'
};

export type Preview = { readonly address: string; close(): Promise<void> };

/** @param port 0 takes any free one. */
export async function previewCourse(courseDir: string, port: number): Promise<Preview> {
	const waiting = new Set<ServerResponse>();
	const watcher = watch(courseDir, { recursive: true }, () => {
		for (const response of waiting) response.write('data: changed\n\n');
	});
	const server = createServer((request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? '/', 'http://preview').pathname);
		if (path === '/changes') {
			response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
			waiting.add(response);
			response.on('close', () => waiting.delete(response));
			return;
		}
		answer(courseDir, path).then(
			({ type, body }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
			(error: unknown) => {
				response.writeHead(error instanceof SourceError ? 200 : 404, { 'content-type': TYPES['html'] });
				response.end(page(`<pre>${escapeHtml(error instanceof Error ? error.message : String(error))}</pre>`));
			}
		);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		close: () =>
			new Promise((resolve) => {
				watcher.close();
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

async function answer(courseDir: string, path: string): Promise<{ type: string; body: string | Uint8Array }> {
	const course = readCourse(courseDir);
	if (path === '/') {
		const findings = lintCourse(course).map(
			({ rule, level, where, what, mend }) =>
				`<li>${level} ${rule} <b>${escapeHtml(where)}</b><br>${escapeHtml(`${what}; ${mend}`)}</li>`
		);
		const languages = course.versions.map(
			({ language, title }) =>
				`<li><a href="/${language}/index.html" lang="${language}">${escapeHtml(title)}</a> (<a href="/${language}/tutor-notes.html">tutor notes</a>)</li>`
		);
		return {
			type: TYPES['html'] ?? '',
			body: page(`<ul>${languages.join('')}</ul><h2>Findings: ${findings.length}</h2><ul>${findings.join('')}</ul>`)
		};
	}
	const [, language = '', name = ''] = path.split('/');
	const version = course.versions.find((candidate) => candidate.language === language);
	const file =
		version === undefined
			? undefined
			: (await packageFiles(course, version, '1.2')).find((candidate) => candidate.name === name);
	if (file === undefined) throw new Error(`there is no ${path}`);
	const type = TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream';
	if (!name.endsWith('.html')) return { type, body: file.bytes };
	return { type, body: new TextDecoder().decode(file.bytes).replace('</body>', `${RELOAD}</body>`) };
}

const RELOAD = '<script>new EventSource("/changes").onmessage=()=>location.reload()</script>';

function page(body: string): string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Course preview</title><style>:root{color-scheme:light dark;font:100%/1.5 system-ui}body{max-width:40rem;margin:1rem auto;padding:0 1rem}pre{white-space:pre-wrap}</style><body>${body}${RELOAD}</body></html>`;
}
