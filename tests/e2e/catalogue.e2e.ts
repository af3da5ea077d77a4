/**
 * The catalogue on a phone, in real Chromium on the built product with all courses of the demo: once they are on the device the server
 * is killed, and everything goes on: search in three scripts, filters, a course's page, the glossary.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { isWholeAccessible } from './accessible.ts';
import { wordsOf } from './words.ts';

const phone = { width: 360, height: 740 };
const chromium = await findChromium();

describe.skipIf(chromium === undefined)('the catalogue (needs a Chromium)', () => {
	let server: WaypostServer;
	let folder: string;
	let browser: LaunchedBrowser;
	let page: Page;
	const words = wordsOf('en');

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'waypost-catalogue-'));
		server = await WaypostServer.start({ DEMO_COURSES: 'all' });
		browser = await launchPersistent(join(folder, 'amina'), { locale: 'en-GB', viewport: phone });
		page = await browser.context.newPage();
		page.setDefaultTimeout(20_000);
		await signIn('amina', /amina\s+(\S+)/.exec(server.output)?.[1] ?? '');
		await page.goto(`${server.origin}/courses`);
		await rows().first().waitFor();
		// Until the worker has the whole app, which is what lets it do without the server.
		await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 });
		await rows().nth(9).waitFor();
	});

	afterAll(async () => {
		await browser?.kill();
		await server?.remove();
		await rm(folder, { recursive: true, force: true });
	});

	test('an entry a course, and no download is offered that the server would refuse', async () => {
		await expect
			.poll(() => rows().filter({ hasText: 'Everyday digital skills' }).innerText())
			.toMatch(/more languages/);
		await rows().filter({ hasText: 'Radio spectrum' }).click();
		await page.getByText(words('catalogue.ask')).waitFor();
		expect(await page.locator('[data-download]').count()).toBe(0);
		await isWholeAccessible(page);
	});

	test('without the server: found in three scripts, marked, chosen, read', async () => {
		// Nothing was searched before: the engine comes from the device too.
		await server.kill();
		await page.goto(`${server.origin}/courses`);
		await rows().first().waitFor();
		await isWholeAccessible(page);

		await ask('battery');
		await expect.poll(() => page.locator('main mark').allInnerTexts()).toContain('battery');
		expect(await rows().first().innerText()).toContain('Everyday digital skills');
		await ask('evryday digtal');
		await expect.poll(() => rows().first().innerText()).toContain('Everyday digital skills');
		await ask('مهارات رقميه');
		await expect.poll(() => rows().first().innerText()).toContain('مهارات رقمية');
		await ask('数字');
		await expect.poll(() => rows().first().innerText()).toContain('日常数字技能');
		await isWholeAccessible(page);
		await ask('xylophone');
		await page.getByText(words('learner.courses.none-found')).waitFor();
		await ask('');
		await expect.poll(() => rows().count()).toBe(10);

		await page.getByRole('button', { name: words('catalogue.filter.open') }).click();
		const sheet = page.getByRole('dialog');
		await sheet.getByText('Cybersecurity', { exact: false }).click();
		await sheet.getByText('Intermediate', { exact: false }).click();
		await isWholeAccessible(page);
		await sheet.getByRole('button', { name: words('catalogue.filter.show_one') }).click();
		await expect.poll(() => rows().count()).toBe(1);
		expect(await rows().first().innerText()).toContain('cybersecurity strategy');
		await page.getByRole('button', { name: /Remove: Intermediate/ }).click();
		await expect.poll(() => rows().count()).toBe(2);
		await page.getByRole('button', { name: words('catalogue.filter.clear') }).click();
		await expect.poll(() => rows().count()).toBe(10);

		await rows().filter({ hasText: 'Money on your phone' }).click();
		for (const key of ['catalogue.course.languages', 'catalogue.course.counts', 'catalogue.course.goals'])
			await page.getByRole('heading', { name: words(key) }).waitFor();
		await page.getByText('Target 8.10').waitFor();
		await page.locator('main a', { hasText: '手机上的钱' }).click();
		await page.getByRole('heading', { level: 1, name: '手机上的钱' }).waitFor();
		await page.getByText(words('catalogue.draft-note')).waitFor();

		await page.getByRole('link', { name: words('catalogue.course.words-link_other') }).click();
		await page.getByRole('heading', { level: 1, name: words('catalogue.glossary.title') }).waitFor();
		await page.getByRole('button', { name: words('catalogue.glossary.all') }).click();
		await page.getByLabel(words('catalogue.glossary.language')).selectOption('ar');
		await ask('التَّطبيق');
		await expect.poll(() => page.locator('dt mark').allInnerTexts()).toContain('تطبيق');
		await page.goto(`${server.origin}/courses/glossary?language=en&q=icon`);
		await expect.poll(() => page.locator('dt mark').allInnerTexts()).toContain('icon');
		await isWholeAccessible(page);
	});

	function rows(): Locator {
		return page.locator('main a[href^="/course/"]');
	}

	function field(): Locator {
		return page.locator('main input[type=search]');
	}

	async function ask(question: string): Promise<void> {
		await field().fill(question);
	}

	async function signIn(userName: string, secret: string): Promise<void> {
		await page.goto(`${server.origin}/sign-in`);
		const name = page.getByLabel(words('sign-in.user-name'));
		const english = page.getByRole('button', { name: /English/ });
		await english.or(name).first().waitFor();
		if ((await name.count()) === 0) await english.click();
		await name.fill(userName);
		await page.getByLabel(words('sign-in.password')).fill(secret);
		await page.getByRole('button', { name: words('sign-in.enter') }).click();
		await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
	}
});

describe.skipIf(chromium === undefined)('the doors of the first page (need a Chromium)', () => {
	test('lead to the public pages in her language, and without the server to words that say why not', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'waypost-doors-'));
		const server = await WaypostServer.start();
		const browser = await launchPersistent(folder, { locale: 'fr-FR', viewport: phone });
		try {
			const words = wordsOf('ar');
			const page = await browser.context.newPage();
			page.setDefaultTimeout(20_000);
			await page.goto(`${server.origin}/`);
			await page.getByText('العربية').click();
			const walks = async (door: string, to: RegExp): Promise<void> => {
				await page.goto(`${server.origin}/`);
				await page.getByRole('link', { name: words(door) }).click();
				await page.waitForURL(to);
			};

			await walks('common.start.catalogue', /\/catalogue$/);
			expect(await page.locator('html').getAttribute('dir'), 'in the language that was chosen, not the browser’s').toBe(
				'rtl'
			);
			await page.locator('main h2').first().waitFor();
			await page.locator('main h2 a').first().click();
			await page.locator('main h1').waitFor();
			await walks('common.start.check', /\/verify$/);
			await page.locator('main form').waitFor();

			// Whoever was about to sign in has the app.
			await page.goto(`${server.origin}/sign-in`);
			await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 });
			await server.kill();
			await walks('common.start.catalogue', /\/catalogue$/);
			await page.getByRole('heading', { name: words('common.page.offline') }).waitFor();
			await walks('common.start.check', /\/verify$/);
			await page.getByRole('heading', { name: words('common.page.offline') }).waitFor();
		} finally {
			await browser.kill();
			await server.remove();
			await rm(folder, { recursive: true, force: true });
		}
	});
});

describe('the public catalogue', () => {
	test('is read, chosen and searched without a script', async () => {
		const server = await WaypostServer.start();
		try {
			const read = async (path: string): Promise<string> =>
				(await server.request(path, { 'accept-language': 'fr' })).text();
			const all = await read('/catalogue');
			expect(all).not.toMatch(/<script/);
			expect(all).toMatch(/<link[^>]+public\.[\w-]+\.css/);
			expect(all.match(/<h2/g)).toHaveLength(1);
			const course = /href="(\/catalogue\/[0-9a-f-]{36})/.exec(all)?.[1] ?? '';
			expect(await read(course)).toContain('DigComp 2.2');
			expect((await read('/catalogue?q=xylophone')).match(/<h2/g)).toBeNull();
		} finally {
			await server.remove();
		}
	});
});
