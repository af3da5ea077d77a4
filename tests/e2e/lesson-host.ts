/**
 * The smallest LMS there is: one page with the API of scorm-again and the package in a frame. What the package reports
 * is kept as that page's CMI, and given back at the next launch as an LMS would.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { LessonData } from '#lesson/lesson-data.ts';
import type { Edition } from '#lib/domain/authoring/course-source.ts';
import { packageFiles } from '../../src/cli/course/build-course.ts';
import { readCourse } from '../../src/cli/course/read-course.ts';

const require = createRequire(import.meta.url);

/** What the content origin's worker adds to every package page in the product. */
const PACKAGE_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:";

const TYPES: Readonly<Record<string, string>> = {
	html: 'text/html; charset=utf-8',
	css: 'text/css; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	json: 'application/json',
	xml: 'application/xml',
	svg: 'image/svg+xml',
	webp: 'image/webp',
	wav: 'audio/wav',
	webm: 'video/webm',
	vtt: 'text/vtt'
};

export type LessonHost = {
	/** `http://127.0.0.1:port` */
	readonly origin: string;
	/** Paths asked for that are not there. */
	readonly missing: readonly string[];
	close(): Promise<void>;
};

/** @param asks `whole pool`: the quiz draws every question it has */
export async function hostCourse(
	courseDir: string,
	language: string,
	scorm: '1.2' | '2004',
	edition: Edition = 'standard',
	asks: 'draw' | 'whole pool' = 'draw'
): Promise<LessonHost> {
	const course = readCourse(courseDir);
	const version = course.versions.find((candidate) => candidate.language === language);
	if (version === undefined) throw new Error(`no version in ${language}`);
	const files = new Map(
		(await packageFiles(course, version, scorm, edition)).map(({ name, bytes }) => [`/package/${name}`, bytes])
	);
	if (asks === 'whole pool') {
		const path = '/package/course.js';
		files.set(path, withWholePool(files.get(path) ?? new Uint8Array()));
	}
	const library = scorm === '1.2' ? 'scorm12' : 'scorm2004';
	files.set('/api.js', readFileSync(require.resolve(`scorm-again/${library}`)));
	files.set('/lms.html', new TextEncoder().encode(lmsPage(scorm)));
	return serveFiles(files);
}

/** The quiz asks every question it has, so that one walk sees them all. */
function withWholePool(course: Uint8Array): Uint8Array {
	const [, json = '{}'] = /^globalThis\.waypostLesson=(.*);\s*$/s.exec(new TextDecoder().decode(course)) ?? [];
	const lesson = JSON.parse(json) as LessonData;
	const whole = { ...lesson, quiz: { ...lesson.quiz, draw: lesson.quiz.pool.length } };
	return new TextEncoder().encode(`globalThis.waypostLesson=${JSON.stringify(whole)};`);
}

/** A plain web server over files in memory, path to bytes; `/package/` gets the policy that the product gives packages. */
export async function serveFiles(files: ReadonlyMap<string, Uint8Array>): Promise<LessonHost> {
	const missing: string[] = [];
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://host').pathname;
		const body = files.get(path);
		if (body === undefined) {
			if (path !== '/favicon.ico') missing.push(path);
			response.writeHead(404).end();
			return;
		}
		response.writeHead(200, {
			'content-type': TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream',
			'permissions-policy': 'unload=*',
			...(path.startsWith('/package/') ? { 'content-security-policy': PACKAGE_POLICY } : {})
		});
		response.end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		missing,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

/** Opens the package under the LMS page; `kept` is the CMI of the last session. */
export async function launchPackage(page: Page, host: LessonHost, kept?: unknown): Promise<Frame> {
	await page.goto(`${host.origin}/lms.html`);
	await page.evaluate((cmi) => (globalThis as unknown as { launch(cmi: unknown): void }).launch(cmi), kept ?? null);
	const element = await page.locator('iframe').elementHandle();
	const frame = await element?.contentFrame();
	if (!frame) throw new Error('no frame');
	await frame.locator('[data-lesson-screen]').waitFor();
	return frame;
}

/** Takes the frame away, as a player does on "leave"; returns the CMI the LMS now holds. */
export async function leavePackage(page: Page): Promise<unknown> {
	await page.locator('iframe').evaluate((frame) => frame.remove());
	return page.evaluate(() => (globalThis as unknown as { cmi(): unknown }).cmi());
}

/** Everything the LMS was told, one call a line: `set cmi.core.lesson_status passed`. */
export async function callsOf(page: Page): Promise<readonly string[]> {
	return page.evaluate(() => (globalThis as unknown as { calls: string[] }).calls);
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
	const path = mkdtempSync(join(tmpdir(), 'waypost-lesson-'));
	return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

function lmsPage(scorm: '1.2' | '2004'): string {
	const is12 = scorm === '1.2';
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>LMS</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style>
<script src="api.js"></script></head><body><script>
var calls = [], ended = false, api;
function launch(kept) {
	api = new ${is12 ? 'Scorm12API' : 'Scorm2004API'}({ autocommit: false, logLevel: 5 });
	if (kept) api.loadFromJSON(kept);
	var names = ${JSON.stringify(
		is12
			? [
					'LMSInitialize',
					'LMSFinish',
					'LMSGetValue',
					'LMSSetValue',
					'LMSCommit',
					'LMSGetLastError',
					'LMSGetErrorString',
					'LMSGetDiagnostic'
				]
			: ['Initialize', 'Terminate', 'GetValue', 'SetValue', 'Commit', 'GetLastError', 'GetErrorString', 'GetDiagnostic']
	)};
	var facade = {};
	names.forEach(function (name) {
		facade[name] = function (a, b) {
			var answer = api[name](a === undefined ? '' : a, b);
			var word = name.replace('LMS', '');
			if (word === 'SetValue') calls.push('set ' + a + ' ' + b + (answer === 'false' ? ' REFUSED ' + api[names[5]]() : ''));
			if (/Finish|Terminate|Initialize|Commit/.test(word)) calls.push(word + (answer === 'true' ? '' : ' REFUSED'));
			return answer;
		};
	});
	window.${is12 ? 'API' : 'API_1484_11'} = facade;
	var frame = document.createElement('iframe');
	frame.title = 'course';
	frame.src = 'package/index.html';
	document.body.append(frame);
}
function cmi() { return JSON.parse(JSON.stringify(api.cmi)); }
</script></body></html>`;
}
