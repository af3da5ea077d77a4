/**
 * Built packages outside our product: unzipped on a plain web server, under nothing but npm scorm-again as the LMS, and
 * without any LMS. No code of our player takes part.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import { buildCourse } from '../../src/cli/course/build-course.ts';
import { findChromium, noChromium } from '../browser/find-chromium.ts';
import type { LaunchedBrowser } from '../browser/launch.ts';
import { launchPersistent } from '../browser/launch.ts';
import { writeEveryBlockCourse } from '../builders/every-block-course.ts';
import type { LessonHost } from './lesson-host.ts';
import { serveFiles, temporaryFolder } from './lesson-host.ts';
import { press, screenName, startPlaying, walk } from './lesson-steps.ts';

const require = createRequire(import.meta.url);
const chromium = await findChromium();

/** An LMS of one page: the API of scorm-again itself, and the package in a frame. */
function barePage(scorm: '1.2' | '2004'): string {
	const [name, maker] = scorm === '1.2' ? ['API', 'Scorm12API'] : ['API_1484_11', 'Scorm2004API'];
	return `<!doctype html><html lang="en"><title>LMS</title><script src="scorm-again.js"></script>
<script>window.${name} = new ${maker}({ autocommit: false })</script>
<iframe title="course" src="index.html" style="border:0;width:100%;height:700px"></iframe></html>`;
}

async function unzip(file: string): Promise<Map<string, Uint8Array>> {
	const archive = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(file, { lazyEntries: false });
	const files = new Map<string, Uint8Array>();
	const reading: Promise<void>[] = [];
	archive.on('entry', (entry: yauzl.Entry) => {
		reading.push(
			new Promise((resolve, reject) => {
				archive.openReadStream(entry, (error, stream) => {
					if (error) return reject(error);
					const chunks: Buffer[] = [];
					stream
						.on('data', (chunk: Buffer) => chunks.push(chunk))
						.on('end', () => {
							files.set(`/${entry.fileName}`, Buffer.concat(chunks));
							resolve();
						});
				});
			})
		);
	});
	await new Promise((resolve, reject) => archive.on('end', resolve).on('error', reject));
	await Promise.all(reading);
	return files;
}

describe.skipIf(chromium === undefined)(
	`packages outside our product${chromium === undefined ? ` (${noChromium})` : ''}`,
	() => {
		const folder = temporaryFolder();
		const hosts: LessonHost[] = [];
		const problems: string[] = [];
		let browser: LaunchedBrowser;
		let courseDir = '';

		beforeAll(async () => {
			courseDir = await writeEveryBlockCourse(join(folder.path, 'course'));
			browser = await launchPersistent(join(folder.path, 'profile'), { reducedMotion: 'reduce' });
		});
		afterAll(async () => {
			await browser?.close();
			await Promise.all(hosts.map((host) => host.close()));
			folder.remove();
		});

		async function open(scorm: '1.2' | '2004', path: string): Promise<{ page: Page; host: LessonHost }> {
			const outFile = join(folder.path, `${scorm}.zip`);
			await buildCourse({ sourceDir: courseDir, language: 'en', scorm, edition: 'rich', outFile });
			const files = await unzip(outFile);
			const library = scorm === '1.2' ? 'scorm12' : 'scorm2004';
			files.set('/scorm-again.js', readFileSync(require.resolve(`scorm-again/${library}`)));
			files.set('/lms.html', new TextEncoder().encode(barePage(scorm)));
			const host = await serveFiles(files);
			hosts.push(host);
			const page = await browser.context.newPage();
			page.on('pageerror', (error) => problems.push(error.message));
			await page.goto(`${host.origin}${path}`);
			return { page, host };
		}

		test.each(['1.2', '2004'] as const)('SCORM %s under scorm-again alone: passed, with its score', async (scorm) => {
			const { page, host } = await open(scorm, '/lms.html');
			const lesson = page.frameLocator('iframe');
			await lesson.locator('[data-lesson-screen]').waitFor();
			await walk(lesson, { key: answerKey(courseDir), right: true });
			await press(lesson, 'finish');
			expect(await screenName(lesson)).toBe('finished');
			const cmi = await page.evaluate(
				(name) => JSON.parse(JSON.stringify((globalThis as unknown as Record<string, { cmi: unknown }>)[name]?.cmi)),
				scorm === '1.2' ? 'API' : 'API_1484_11'
			);
			if (scorm === '1.2') {
				expect(cmi.core).toMatchObject({ lesson_status: 'passed', exit: 'suspend', lesson_location: 'results' });
				expect(cmi.core.score).toMatchObject({ raw: '100', min: '0', max: '100' });
			} else {
				expect(cmi).toMatchObject({ completion_status: 'completed', success_status: 'passed', exit: 'suspend' });
				expect(cmi.score).toMatchObject({ raw: '100', scaled: '1' });
			}
			const types = (Object.values(cmi.interactions) as { type?: string }[]).map(({ type }) => type);
			expect(new Set(types)).toEqual(
				new Set(['choice', 'matching', 'sequencing', 'numeric', 'fill-in', 'performance'])
			);
			expect(cmi.suspend_data.length).toBeLessThanOrEqual(4096);
			expect(host.missing).toEqual([]);
			await page.close();
		});

		test('without any LMS it is a web page that keeps the place in the browser', async () => {
			const { page, host } = await open('1.2', '/index.html');
			await walk(page, { key: answerKey(courseDir), right: true, until: 'quiz/2' });
			await page.reload();
			expect(await screenName(page)).toBe('quiz/2');
			await walk(page, { key: answerKey(courseDir), right: true });
			expect(await page.locator('[data-score]').getAttribute('data-score')).toBe('100');
			expect(host.missing).toEqual([]);
			await page.close();
		});

		test('opened from a disk, without any server, it works as well', async () => {
			const disk = join(folder.path, 'disk');
			for (const [name, bytes] of await unzip(join(folder.path, '1.2.zip'))) {
				mkdirSync(join(disk, name, '..'), { recursive: true });
				writeFileSync(join(disk, name), bytes);
			}
			const page = await browser.context.newPage();
			page.on('pageerror', (error) => problems.push(error.message));
			await page.goto(`file://${disk}/index.html`);
			await walk(page, { key: answerKey(courseDir), right: true, until: 'unit-1/audio' });
			expect(await page.locator('audio').evaluate(startPlaying)).toBe('playing');
			await page.close();
		});

		test('no page ever threw', () => {
			expect(problems).toEqual([]);
		});
	}
);
