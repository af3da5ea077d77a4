/**
 * What trainers and administrators do besides the journey, on the built product in real Chromium: a list of learners with a
 * mistake in it, an answer that got lost, no network, cards on paper, figures that agree, a package that is refused.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { manifest12 } from '#tests/fixtures/packages/manifests.ts';
import { inaccessibleTwin } from '#tests/fixtures/packages/negative-twins.ts';
import { packageOf } from '#tests/fixtures/packages/odd-packages.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { isAccessible } from './accessible.ts';
import { wordsOf } from './words.ts';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 800 };
const words = wordsOf('en');
const chromium = await findChromium();

describe.skipIf(chromium === undefined)('the people who teach and administer (needs a Chromium)', () => {
	let server: WaypostServer;
	let folder: string;
	const browsers: LaunchedBrowser[] = [];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'waypost-staff-'));
		server = await WaypostServer.start();
	});

	afterAll(async () => {
		for (const browser of browsers) await browser.close().catch(() => undefined);
		await server?.remove();
		await rm(folder, { recursive: true, force: true });
	});

	async function signedIn(who: 'trainer' | 'admin' | 'itu', viewport: typeof phone): Promise<Page> {
		const browser = await launchPersistent(join(folder, `${who}-${browsers.length}`), { locale: 'en-GB', viewport });
		browsers.push(browser);
		const page = await browser.context.newPage();
		page.setDefaultTimeout(45_000);
		await page.addInitScript(() => {
			localStorage.setItem('waypost-language', 'en');
			const real = globalThis.fetch;
			globalThis.fetch = async (...request) => {
				const answer = await real(...request);
				if (Reflect.get(globalThis, 'loseAnswers') === true) throw new TypeError('Failed to fetch');
				return answer;
			};
		});
		await page.goto(`${server.origin}/sign-in`);
		await page.getByLabel(words('sign-in.user-name')).fill(who);
		await page.getByLabel(words('sign-in.password')).fill(`demo-${who}`);
		await action(page, 'sign-in.enter').click();
		await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
		return page;
	}

	async function demoCohort(page: Page): Promise<string> {
		await page.goto(`${server.origin}/cohorts`);
		const link = page.locator('main a[href^="/cohorts/"]').filter({ hasText: 'Market women' });
		await link.waitFor();
		return `${server.origin}${await link.getAttribute('href')}`;
	}

	test('until the first answer of the centre nothing is called empty; without one it is', async () => {
		const browser = await launchPersistent(join(folder, `arriving-${browsers.length}`), {
			locale: 'en-GB',
			viewport: phone
		});
		browsers.push(browser);
		const page = await browser.context.newPage();
		page.setDefaultTimeout(20_000);
		await page.addInitScript(() => localStorage.setItem('waypost-language', 'en'));
		let answer: () => void = () => undefined;
		await page.route('**/api/sync/pull', async (route) => {
			await new Promise<void>((resolve) => (answer = resolve));
			await route.abort();
		});
		await page.goto(`${server.origin}/sign-in`);
		await page.getByLabel(words('sign-in.user-name')).fill('trainer');
		await page.getByLabel(words('sign-in.password')).fill('demo-trainer');
		await action(page, 'sign-in.enter').click();
		await page.waitForURL((url) => url.pathname === '/today');
		const nothing = page.getByText(words('trainer.cohorts.empty'));
		await page.getByRole('status', { name: words('common.loading') }).waitFor();
		await page.waitForTimeout(1_000);
		expect(await nothing.count()).toBe(0);
		answer();
		await nothing.waitFor();
		await page.unroute('**/api/sync/pull');
		await page.reload();
		await page.locator('main a[href^="/cohorts/"]').first().waitFor();
	});

	test('a list with a mistake adds nobody; mended, it adds everyone once, also when the answer got lost', async () => {
		const page = await signedIn('trainer', phone);
		const cohort = await demoCohort(page);
		await page.goto(`${cohort}/add`);
		await page.getByRole('tab', { name: words('trainer.add.list') }).click();
		const list = page.getByRole('textbox', { name: words('trainer.csv.paste') });
		await list.fill('name;sex;age\nNoor Ali;f;22\nPeter;banana;31\n');
		await action(page, 'trainer.csv.check').click();
		await page.getByText('banana').last().waitFor();
		await sees(page, 'trainer.csv.wrong_one', false);
		expect(await action(page, 'trainer.csv.add_other').count()).toBe(0);
		await isAccessible(page);

		await list.fill('name;sex;age\nNoor Ali;f;22\nPeter;m;31\n');
		await action(page, 'trainer.csv.check').click();
		await action(page, 'trainer.csv.add_other').waitFor();
		// The server does it, and its answer never arrives.
		await page.evaluate(() => Object.assign(globalThis, { loseAnswers: true }));
		await action(page, 'trainer.csv.add_other').click();
		await sees(page, 'trainer.offline.kept');
		expect(await list.inputValue()).toContain('Noor Ali');
		await page.evaluate(() => Object.assign(globalThis, { loseAnswers: false }));
		await action(page, 'trainer.csv.add_other').click();
		await sees(page, 'trainer.csv.done_other');
		await page.goto(cohort);
		await expect.poll(() => page.getByRole('rowheader', { name: /Noor Ali|^Peter$/ }).count()).toBe(2);
	});

	test('new cards for several at once, on paper eight to a sheet', async () => {
		const page = await signedIn('trainer', phone);
		await page.goto(await demoCohort(page));
		await action(page, 'trainer.cohort.select').click();
		await page.getByRole('checkbox', { name: /^Select all/ }).check();
		await action(page, 'trainer.secret.new-many').click();
		await page
			.getByRole('dialog')
			.getByRole('button', { name: words('trainer.secret.confirm') })
			.click();
		await page.waitForURL(/\/cards$/, { timeout: 60_000 });
		const cards = page.getByRole('list', { name: words('trainer.cards.title') }).getByRole('listitem');
		const count = await cards.count();
		expect(count).toBeGreaterThanOrEqual(12);
		const secrets = await cards.locator('dd:nth-of-type(2)').allInnerTexts();
		expect(secrets.filter((secret) => /^\d{6}$/.test(secret.trim()))).toHaveLength(count);
		await isAccessible(page);
		await page
			.locator('svg[role=img]')
			.nth(count - 1)
			.waitFor();
		await page.emulateMedia({ media: 'print' });
		const sheet = await page.pdf({ format: 'A4' });
		// As wide as the paper, and with the taller lines of Arabic: nothing may be cut off but along the dashes.
		await page.setViewportSize({ width: 680, height: 1008 });
		await page.evaluate(() => Object.assign(document.documentElement, { lang: 'ar', dir: 'rtl' }));
		expect(
			await cards.evaluateAll((all) => all.filter((card) => card.scrollHeight > card.clientHeight + 1).length)
		).toBe(0);
		await page.emulateMedia({ media: null });
		expect(sheet.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(Math.ceil(count / 8));
	});

	test('without a network a trainer reads everything, and what she writes waits in the form', async () => {
		const page = await signedIn('trainer', phone);
		const cohort = await demoCohort(page);
		await page.goto(`${cohort}/add`);
		await page.getByLabel(words('trainer.add.name')).fill('Zainab');
		await page.evaluate(() => navigator.serviceWorker.ready);
		await server.kill();
		try {
			await action(page, 'trainer.add.button').click();
			await sees(page, 'trainer.offline.kept');
			expect(await page.getByLabel(words('trainer.add.name')).inputValue()).toBe('Zainab');
			await page.getByRole('link', { name: words('common.place.today') }).click();
			await page.getByRole('link', { name: /Олексій/ }).click();
			await page.getByRole('heading', { level: 1, name: /Олексій/ }).waitFor();
			await sees(page, 'trainer.success.failed');
			await isAccessible(page);
		} finally {
			await server.start();
		}
	});

	test('the exported figures are those on the screen', async () => {
		const page = await signedIn('trainer', desktop);
		await page.goto(await demoCohort(page));
		const figures = page
			.getByRole('group')
			.getByRole('row')
			.filter({ has: page.getByRole('rowheader') });
		await figures.first().waitFor();
		const shown = await figures.evaluateAll((rows) =>
			rows.map((row) => [...row.querySelectorAll('td')].slice(0, 4).map((cell) => cell.textContent))
		);
		const title = (await page.locator('figcaption').first().innerText()).trim();
		await page.getByRole('button', { name: words('trainer.cohort.more') }).click();
		const rows = await tableOf(page, () =>
			page.getByRole('menuitem', { name: words('trainer.cohort.export') }).click()
		);
		const counts = rows.filter(
			(row) => row.includes(title) && row.some((cell) => /^(enrolled|started|completed|certified)$/.test(cell))
		);
		expect(counts.map((row) => row.filter((cell) => /^\d+$/.test(cell)).slice(0, 4))).toEqual(shown);

		await page.goto(`${server.origin}/reports`);
		const report = await tableOf(page, () => action(page, 'trainer.report.export').click());
		const line = report.find((row) => row.includes(title)) ?? [];
		expect(line.slice(3, 7)).toEqual(shown[0]);
		await isAccessible(page);
	});

	test('a package that is no course is refused in a sentence, and a course with oddities says what they were', async () => {
		const page = await signedIn('admin', desktop);
		await page.goto(`${server.origin}/manage-courses/import`);
		const bad = join(folder, 'photos.zip');
		await writeFile(bad, 'these are no bytes of an archive');
		await page.locator('input[type=file]').setInputFiles(bad);
		await page.locator('[data-error=not-a-zip]').waitFor();
		await sees(page, 'admin.import.refused-nothing');
		await isAccessible(page);

		const odd = join(folder, 'odd.zip');
		await writeFile(odd, packageOf(manifest12({ title: 'Odd but good', schemaVersion: null })));
		await page.locator('input[type=file]').setInputFiles(odd);
		await sees(page, 'admin.import.warnings_one');
		await page.getByText('Odd but good').waitFor();
		await isAccessible(page);
		await action(page, 'admin.courses.publish').click();
		await page.getByRole('heading', { level: 1, name: 'Odd but good' }).waitFor();
		await sees(page, 'admin.courses.is.published');
	});

	test('a course that shuts people out: its report is read before it is published, later, and on paper', async () => {
		const page = await signedIn('admin', phone);
		await page.goto(`${server.origin}/manage-courses/import`);
		const twin = join(folder, 'barriers.zip');
		await writeFile(twin, await inaccessibleTwin());
		await page.locator('input[type=file]').setInputFiles(twin);
		await page.locator('[data-report=works]').waitFor({ timeout: 60_000 });
		await sees(page, 'admin.report.explain');
		const findings = page.locator('[data-finding]');
		const mend = page.getByRole('region', { name: partOf('admin-doctor.group.mend') });
		expect(await mend.locator('[data-finding]').count()).toBe(7);
		await sees(page, 'admin-doctor.finding.picture-without-words.title');
		// Nothing is offered to anybody yet.
		await action(page, 'admin.courses.publish').waitFor();
		await isAccessible(page);
		await page.setViewportSize(desktop);
		await isAccessible(page);

		await action(page, 'admin.import.open').click();
		await sees(page, 'admin.course.is-draft');
		await page.getByRole('link', { name: partOf('admin.report.open') }).click();
		await page.getByRole('heading', { level: 1, name: words('admin.report.title') }).waitFor();
		await page.locator('[data-finding=keyboard-trap]').waitFor();
		const count = await findings.count();
		await isAccessible(page);
		await page.emulateMedia({ media: 'print' });
		expect(await findings.evaluateAll((all) => all.filter((one) => one.getClientRects().length > 0).length)).toBe(
			count
		);
		await page.emulateMedia({ media: null });
	});

	test('every place of an administrator is reached by keyboard alone and has nothing axe minds', async () => {
		const page = await signedIn('itu', phone);
		for (const place of ['centres', 'courses', 'reports', 'system', 'overview']) {
			const link = page.getByRole('link', { name: words(`common.place.${place}`), exact: true }).last();
			await link.focus();
			await page.keyboard.press('Enter');
			await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
			await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
			await page.locator('.skeleton').waitFor({ state: 'detached' });
			await isAccessible(page);
		}
	});
});

async function tableOf(page: Page, press: () => Promise<void>): Promise<readonly (readonly string[])[]> {
	const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press()]);
	const rows: unknown = parse(await readFile(await download.path(), 'utf8'), {
		bom: true,
		relax_column_count: true,
		skip_empty_lines: true
	});
	return rows as string[][];
}

function action(page: Page, key: string): Locator {
	const name = words(key);
	return page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
}

/** The text of that key, somewhere in a longer one. */
function partOf(key: string): RegExp {
	return new RegExp(words(key).source.replace(/^\^|\$$/g, ''), 's');
}

/** @param whole false: it is part of a longer text */
async function sees(page: Page, key: string, whole = true): Promise<void> {
	const text = whole ? words(key) : partOf(key);
	await page.getByText(text).filter({ visible: true }).first().waitFor();
}
