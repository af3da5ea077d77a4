/**
 * A newer build while somebody studies: it is fetched in the background, offered where no course is open, refused while one is open
 * in any tab, started when the person says so, and works without a network at once. The server is the built product; in front of
 * it stands a proxy that, from a certain moment, hands out the worker of "another build".
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoLearnerPin } from '#lib/server/demo/people.ts';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { wordsOf } from './words.ts';

const words = wordsOf('en');
const newer = 'aaaaaaaaaaaa';
const chromium = await findChromium();

describe.skipIf(chromium === undefined)('a newer version of the app (needs a Chromium)', () => {
	let server: WaypostServer;
	let proxy: Server;
	let port: number;
	let folder: string;
	let browser: LaunchedBrowser;
	let isNewer = false;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'waypost-update-'));
		let upstream = 0;
		proxy = createServer((incoming, outgoing) => {
			const headers = { ...incoming.headers };
			const isWorker = incoming.url === '/service-worker.js';
			// Whole and plain, so that it can be changed.
			if (isWorker) for (const name of ['accept-encoding', 'if-none-match', 'if-modified-since']) delete headers[name];
			const options = { host: '127.0.0.1', port: upstream, method: incoming.method, path: incoming.url, headers };
			const asked = request(options, (answer) => {
				if (!isWorker || !isNewer) {
					outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
					answer.pipe(outgoing);
					return;
				}
				let text = '';
				answer.setEncoding('utf8').on('data', (part: string) => (text += part));
				answer.on('end', () => {
					outgoing.writeHead(200, { 'content-type': 'text/javascript' });
					outgoing.end(ofAnotherBuild(text));
				});
			});
			asked.on('error', () => outgoing.destroy());
			incoming.pipe(asked);
		});
		await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
		port = (proxy.address() as AddressInfo).port;
		server = await WaypostServer.start({
			DEMO: '1',
			APP_ORIGIN: `http://learn.waypost.localhost:${port}`,
			CONTENT_ORIGIN: `http://c-{packId}.waypost.localhost:${port}`
		});
		upstream = server.port;
		browser = await launchPersistent(folder, { locale: 'en-GB' });
	});

	afterAll(async () => {
		await browser?.close();
		proxy?.closeAllConnections();
		proxy?.close();
		await server?.remove();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});

	const at = (path: string): string => `http://learn.waypost.localhost:${port}${path}`;
	const button = (page: Page, key: string) =>
		page
			.getByRole('button', { name: words(key) })
			.or(page.getByRole('link', { name: words(key) }))
			.first();
	const caches = (page: Page) =>
		page.evaluate(async () => (await globalThis.caches.keys()).filter((name) => name.startsWith('waypost-shell-')));

	test('waits for the course to be left, then starts when asked, with both builds kept', async () => {
		const study = await browser.context.newPage();
		study.setDefaultTimeout(45_000);
		await signIn(study);
		const [older] = await caches(study);
		await study.goto(at('/courses'));
		await study.locator('main a[href^="/course/"]').first().click();
		await button(study, 'common.download.start').click();
		await study.getByText(words('common.download.installed')).first().waitFor();
		await study.locator('main a[href^="/play/"]').first().click();
		await study.waitForURL('**/play/**');
		await study.locator('iframe').first().waitFor();

		isNewer = true;
		const other = await browser.context.newPage();
		other.setDefaultTimeout(45_000);
		await other.goto(at('/learn'));
		await unlockIfAsked(other);
		await other.evaluate(async () => void (await navigator.serviceWorker.getRegistration())?.update());
		await button(other, 'common.update.now').click();
		await other.getByText(words('common.update.course-open')).waitFor();
		expect(
			await other.evaluate(() => fetch('/service-worker.js').then(() => navigator.serviceWorker.controller?.state))
		).toBe('activated');
		expect(await study.getByText(words('common.update.title')).count()).toBe(0);
		expect(await waiting(other)).toBe(true);

		await study.goto(at('/learn'));
		const locks = () => other.evaluate(async () => (await navigator.locks.query()).held?.length);
		await expect.poll(locks, { timeout: 20_000 }).toBe(0);
		const reloaded = other.waitForEvent('framenavigated');
		await button(other, 'common.update.now').click();
		await reloaded;
		await expect.poll(() => waiting(other).catch(() => true), { timeout: 20_000 }).toBe(false);
		expect((await caches(other)).toSorted()).toEqual([older, `waypost-shell-${newer}`].toSorted());

		await server.kill();
		await other.goto(at('/learn'));
		await unlockIfAsked(other);
		await other.locator('main h1').first().waitFor();
	});

	/** The same files by the name of another version. */
	function ofAnotherBuild(worker: string): string {
		const own = /["'`]([0-9a-f]{12})["'`]/.exec(worker)?.[1];
		if (own === undefined) throw new Error('the worker names no version');
		return worker.replaceAll(own, newer);
	}

	const waiting = (page: Page) =>
		page.evaluate(async () => ((await navigator.serviceWorker.getRegistration())?.waiting ?? null) !== null);

	async function signIn(page: Page): Promise<void> {
		await page.addInitScript(() => localStorage.setItem('waypost-language', 'en'));
		await page.goto(at('/sign-in'));
		await page.getByLabel(words('sign-in.user-name')).fill('amina');
		await page.getByLabel(words('sign-in.password')).fill(demoLearnerPin);
		await button(page, 'sign-in.enter').click();
		await page.waitForURL('**/learn');
		await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	}

	async function unlockIfAsked(page: Page): Promise<void> {
		const home = page.getByText(words('learner.home.sent'));
		const pin = page.getByRole('group', { name: words('sign-in.pin') });
		const who = page.getByRole('button', { name: /Amina/ });
		await home.or(pin).or(who).first().waitFor();
		if (await home.count()) return;
		if (await who.count()) await who.click();
		await pin.waitFor();
		for (const digit of demoLearnerPin) await page.keyboard.press(digit);
		await button(page, 'sign-in.enter').click();
		await home.waitFor();
	}
});
