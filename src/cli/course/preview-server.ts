/**
 * Shows a course while it is written: built anew at every request, reloaded when a file changes, on this machine only.
 * `/fr/index.html` is the rich edition, with everything in it; `/fr.text/` and `/fr.standard/` are the others.
 */
import { watch } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EDITIONS } from '#lib/domain/authoring/course-source.ts';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { rangeOf } from '#lib/server/content-host/byte-range.ts';
import { contentTypeOf } from '#lib/server/packages/content-type.ts';
import { packageFiles } from './build-course.ts';
import { readCourse } from './read-course.ts';
import { escapeHtml } from './render-html.ts';
import { SourceError } from './source-error.ts';

export type Preview = { readonly address: string; close(): Promise<void> };

/** @param port 0 takes any free one. */
export async function previewCourse(courseDir: string, port: number): Promise<Preview> {
	const waiting = new Set<ServerResponse>();
	// Saving one file is several changes for the system; pages are told once.
	let soon: NodeJS.Timeout | undefined;
	const watcher = watch(courseDir, { recursive: true }, () => {
		clearTimeout(soon);
		soon = setTimeout(() => {
			for (const response of waiting) response.write('data: changed\n\n');
		}, 80);
	});
	const server = createServer((request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? '/', 'http://preview').pathname);
		if (path === '/changes') {
			response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
			response.flushHeaders();
			waiting.add(response);
			response.on('close', () => waiting.delete(response));
			return;
		}
		answer(courseDir, path).then(
			({ type, body }) => send(response, type, body, request.headers.range),
			(error: unknown) => {
				response.writeHead(error instanceof SourceError ? 200 : 404, { 'content-type': HTML });
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
				clearTimeout(soon);
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
				`<li><a href="/${language}/index.html" lang="${language}">${escapeHtml(title)}</a> (${EDITIONS.map((edition) => `<a href="/${language}.${edition}/index.html">${edition}</a>`).join(', ')}, <a href="/${language}/tutor-notes.html">tutor notes</a>)</li>`
		);
		return {
			type: HTML,
			body: page(`<ul>${languages.join('')}</ul><h2>Findings: ${findings.length}</h2><ul>${findings.join('')}</ul>`)
		};
	}
	const [, place = '', ...rest] = path.split('/');
	const name = rest.join('/');
	const [language = '', edition = 'rich'] = place.split('.');
	const version = course.versions.find((candidate) => candidate.language === language);
	const file =
		version === undefined
			? undefined
			: (
					await packageFiles(
						course,
						version,
						'1.2',
						EDITIONS.find((known) => known === edition)
					)
				).find((candidate) => candidate.name === name);
	if (file === undefined) throw new Error(`there is no ${path}`);
	const type = contentTypeOf(name);
	if (!name.endsWith('.html')) return { type, body: file.bytes };
	return { type, body: new TextDecoder().decode(file.bytes).replace('</body>', `${RELOAD}</body>`) };
}

/** A player asks for parts of a recording; some play nothing unless they get them. */
function send(response: ServerResponse, type: string, body: string | Uint8Array, range: string | undefined): void {
	const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
	const head = { 'content-type': type, 'cache-control': 'no-store', 'accept-ranges': 'bytes' };
	const asked = rangeOf(range, undefined, '', bytes.length);
	if (asked.type !== 'part') {
		response.writeHead(200, head).end(bytes);
		return;
	}
	response
		.writeHead(206, { ...head, 'content-range': `bytes ${asked.start}-${asked.end}/${bytes.length}` })
		.end(bytes.subarray(asked.start, asked.end + 1));
}

const HTML = 'text/html; charset=utf-8';
const RELOAD = '<script>new EventSource("/changes").onmessage=()=>location.reload()</script>';

function page(body: string): string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Course preview</title><style>:root{color-scheme:light dark;font:100%/1.5 system-ui}body{max-width:40rem;margin:1rem auto;padding:0 1rem}pre{white-space:pre-wrap}</style><body>${body}${RELOAD}</body></html>`;
}
