/** Every link that a person can see leads to a page, and back: as each role, by clicks, one page of each kind. Screens that were only ever opened by their address hide broken ways between them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';

const chromium = await findChromium();
const links = 'a[href^="/"]:not([download]):not([target]):visible';

describe.skipIf(chromium === undefined)('links (need a Chromium)', () => {
	let server: WaypostServer;
	let folder: string;
	const browsers: LaunchedBrowser[] = [];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'waypost-links-'));
		server = await WaypostServer.start();
	});

	afterAll(async () => {
		for (const browser of browsers) await browser.kill();
		await server?.remove();
		await rm(folder, { recursive: true, force: true });
	});

	test('of a visitor', async () => {
		const { page, troubles } = await newPage();
		expect(await walk(page, '/', troubles)).toEqual(
			expect.arrayContaining(['/sign-in', '/catalogue', '/catalogue/:id', '/verify'])
		);
		expect(troubles).toEqual([]);
	});

	test('the language chosen on the first page follows her in', async () => {
		const { page } = await newPage();
		await page.goto(server.origin);
		await page.getByText('العربية').click();
		await page.locator('a[href="/sign-in"]').click();
		await signIn(page, 'amina', '/learn');
		expect(await page.locator('html').getAttribute('lang')).toBe('ar');
		await page.reload();
		await page.locator('main h1').waitFor();
		expect(await page.locator('html').getAttribute('lang')).toBe('ar');
	});

	test.each([
		{
			who: 'amina',
			home: '/learn',
			kinds: ['/courses', '/course/:id', '/courses/glossary', '/certificates', '/me/help']
		},
		{
			who: 'trainer',
			home: '/today',
			kinds: ['/cohorts/:id', '/cohorts/:id/add', '/cohorts/:id/learners/:id', '/reports']
		},
		{ who: 'coordinator', home: '/today', kinds: ['/cohorts/:id', '/reports'] },
		{ who: 'admin', home: '/approvals', kinds: ['/people/new', '/manage-courses/:id/report/1', '/centre'] },
		{ who: 'itu', home: '/overview', kinds: ['/centres', '/system', '/manage-courses/import'] }
	])('of $who', async ({ who, home, kinds }) => {
		const { page, troubles } = await newPage();
		await page.addInitScript(() => localStorage.setItem('waypost-language', 'en'));
		await page.goto(`${server.origin}/sign-in`);
		await signIn(page, who, home);
		expect(await walk(page, home, troubles)).toEqual(expect.arrayContaining(kinds));
		expect(troubles).toEqual([]);
	});

	async function signIn(page: Page, who: string, home: string): Promise<void> {
		await page.locator('input[name=username]').fill(who);
		await page.locator('input[name=password]').fill(new RegExp(`${who} +(\\S+)$`, 'm').exec(server.output)?.[1] ?? '');
		await page.locator('main button[type=submit]').click();
		await page.waitForURL(`**${home}`);
	}

	async function newPage(): Promise<{ page: Page; troubles: string[] }> {
		const browser = await launchPersistent(join(folder, String(browsers.length)), {
			locale: 'en-GB',
			viewport: { width: 360, height: 740 }
		});
		browsers.push(browser);
		const page = await browser.context.newPage();
		page.setDefaultTimeout(15_000);
		const troubles: string[] = [];
		page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
		return { page, troubles };
	}

	/** @returns the kinds of pages that were reached */
	async function walk(page: Page, start: string, troubles: string[]): Promise<string[]> {
		const reached = new Set<string>([kindOf(start)]);
		const waiting = [start];
		for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
			await page.goto(`${server.origin}${path}`);
			await page.locator('h1').first().waitFor();
			// What is read from the device comes a moment after the title.
			await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
			const hrefs = await page.locator(links).evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
			for (const href of hrefs) {
				if (reached.has(kindOf(href))) continue;
				reached.add(kindOf(href));
				const what = `${path} -> ${href}`;
				const before = page.url();
				await page.locator(`a[href="${href}"]:visible`).first().click();
				await page.waitForURL((url) => url.href !== before).catch(() => troubles.push(`${what}: goes nowhere`));
				await page
					.locator('h1')
					.first()
					.waitFor()
					.catch(() => troubles.push(`${what}: an empty page`));
				const { pathname, search } = new URL(page.url());
				waiting.push(`${pathname}${search}`);
				// A page that the browser had put aside is shown again without loading.
				await page.goBack({ waitUntil: 'commit' });
				await page
					.locator(`a[href="${href}"]:visible`)
					.first()
					.waitFor()
					.catch(() => troubles.push(`${what}: no way back`));
			}
		}
		return [...reached];
	}

	/** "/cohorts/9d1a…/add?course=1" -> "/cohorts/:id/add" */
	function kindOf(href: string): string {
		return href
			.replace(/\?.*/, '')
			.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
			.replace(/(certificate|verify)\/.+/, '$1/:id');
	}
});
