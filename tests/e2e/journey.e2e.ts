/**
 * The whole journey, in real Chromium on the built product: a package by strangers is imported, a cohort made, a learner
 * downloads, loses the network (the server is killed), studies, loses the browser (killed too), comes back, finishes; the
 * server returns and everything arrives; the trainer counts her, the administrator issues, anyone checks.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { strangersPackage, type StrangersPackage } from './strangers-package.ts';
import { isWholeAccessible } from './accessible.ts';
import { wordsOf } from './words.ts';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 800 };
const people = {
	en: { name: 'Thandiwe Moyo', cohort: 'Village group one' },
	ar: { name: 'سلمى بنت يوسف', cohort: 'مجموعة القرية الأولى' }
} as const;

const chromium = await findChromium();

describe.skipIf(chromium === undefined)('the whole journey (needs a Chromium)', () => {
	let server: WaypostServer;
	let folder: string;
	let course: StrangersPackage;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'waypost-journey-'));
		course = await strangersPackage(folder);
		server = await WaypostServer.start();
	});

	afterAll(async () => {
		await server?.remove();
		await rm(folder, { recursive: true, force: true });
	});

	for (const language of ['en', 'ar'] as const) {
		test(`from a stranger's package to a certificate that anyone can check, in ${language}`, async () => {
			const journey = new Journey(server, folder, language, course);
			try {
				await journey.walk();
			} catch (error) {
				await journey.photograph();
				throw error;
			} finally {
				await journey.end();
				await server.kill();
				await server.start();
			}
		});
	}
});

class Journey {
	readonly #server: WaypostServer;
	readonly #folder: string;
	readonly #language: 'en' | 'ar';
	readonly #course: StrangersPackage;
	readonly #words: (key: string) => RegExp;
	readonly #name: string;
	readonly #cohort: string;
	/** What the browsers complained of, told when the journey fails. */
	readonly #trouble: string[] = [];
	readonly #open = new Map<string, { readonly browser: LaunchedBrowser; readonly page: Page }>();

	constructor(server: WaypostServer, folder: string, language: 'en' | 'ar', course: StrangersPackage) {
		this.#server = server;
		this.#folder = folder;
		this.#language = language;
		this.#course = course;
		this.#words = wordsOf(language);
		this.#name = people[language].name;
		this.#cohort = people[language].cohort;
	}

	async walk(): Promise<void> {
		const title = `Golf ${this.#language}`;
		await this.#importCourse(title);
		const card = await this.#makeCohort(title);

		const learner = await this.#browser('learner', phone);
		await this.#signIn(learner, card.userName, card.secret);
		await isWholeAccessible(learner);
		await learner.getByRole('link', { name: new RegExp(title) }).or(this.#action(learner, 'learner.home.get')).first().click();
		await this.#action(learner, 'common.download.start').click();
		await this.#sees(learner, 'common.download.installed');
		await isWholeAccessible(learner);

		await this.#server.kill();
		await this.#action(learner, 'learner.course.start').click();
		await this.#course.goToPage(await this.#content(learner), 5);
		await this.#sees(learner, 'common.safety.on-phone');
		await this.#kill('learner');

		const again = await this.#browser('learner', phone, true);
		await again.goto(`${this.#server.origin}/learn`);
		// A browser killed within seconds may have forgotten these; whether it did is chance, so make sure.
		await again.evaluate(() => (localStorage.clear(), sessionStorage.clear()));
		await again.goto(`${this.#server.origin}/learn`);
		await this.#unlock(again, card.secret);
		await this.#action(again, 'learner.home.continue').click();
		const sco = await this.#content(again, true);
		expect(await this.#course.pageNow(sco)).toBe(5);
		await this.#course.finish(sco);
		await again.getByRole('button', { name: this.#words('learner.player.leave') }).or(this.#action(again, 'learner.player.finish')).first().click();
		await again.goto(`${this.#server.origin}/certificates`);
		await this.#sees(again, 'learner.certificates.waiting');
		await isWholeAccessible(again);

		await this.#server.start();
		await again.goto(`${this.#server.origin}/learn`);
		await this.#signInAgain(again, card.secret);
		await this.#sees(again, 'common.safety.received');

		await this.#seeCohort();
		await this.#issue();
		await this.#showCertificate(again);
	}

	async #importCourse(title: string): Promise<void> {
		const admin = await this.#browser('admin', desktop);
		await this.#signIn(admin, 'admin', 'demo-admin');
		await admin.goto(`${this.#server.origin}/manage-courses/import`);
		await admin.locator('input[type=file]').setInputFiles(this.#course.file);
		await this.#action(admin, 'admin.import.open').click({ timeout: 60_000 });
		await this.#field(admin, 'admin.course.title').fill(title);
		await this.#field(admin, 'admin.course.pass-mark').fill('80');
		await isWholeAccessible(admin);
		await this.#action(admin, 'common.save').click();
		await this.#sees(admin, 'admin.course.saved');
		// The same bytes are the same course: the second journey finds it published.
		const published = admin.getByText(this.#words('admin.courses.is.published')).first();
		if (!(await published.isVisible())) await this.#action(admin, 'admin.courses.publish').click();
		await published.waitFor();
	}

	async #makeCohort(title: string): Promise<{ readonly userName: string; readonly secret: string }> {
		const trainer = await this.#browser('trainer', phone);
		await this.#signIn(trainer, 'trainer', 'demo-trainer');
		await trainer.goto(`${this.#server.origin}/cohorts/new`);
		await this.#field(trainer, 'trainer.form.cohort-name').fill(this.#cohort);
		await trainer.locator('main form button[type=submit]').click();
		await trainer.waitForURL(/\/cohorts\/[0-9a-f-]{36}/);
		const cohort = /\/cohorts\/[0-9a-f-]{36}/.exec(trainer.url())?.[0] ?? '';

		await trainer.goto(`${this.#server.origin}${cohort}/courses`);
		await trainer.getByRole('button', { name: new RegExp(title) }).click();
		await this.#action(trainer, 'trainer.courses.enrol-cohort').click();
		await this.#sees(trainer, 'trainer.courses.enrolled');

		await trainer.goto(`${this.#server.origin}${cohort}/add`);
		await this.#field(trainer, 'trainer.add.name').fill(this.#name);
		await trainer.getByRole('radio', { name: this.#words('trainer.sex.female') }).check();
		await isWholeAccessible(trainer);
		await this.#action(trainer, 'trainer.add.button').click();
		await trainer.getByRole('status').filter({ hasText: this.#name }).first().waitFor();
		await this.#action(trainer, 'trainer.cards.open').click();
		const card = trainer.locator('main li').filter({ hasText: this.#name }).locator('dd');
		await card.first().waitFor();
		await isWholeAccessible(trainer);
		return { userName: (await card.nth(0).innerText()).trim(), secret: (await card.nth(1).innerText()).trim() };
	}

	async #seeCohort(): Promise<void> {
		const { page } = this.#opened('trainer');
		await page.goto(`${this.#server.origin}/cohorts`);
		await page.getByRole('link', { name: new RegExp(this.#cohort) }).click();
		const completed = page.getByRole('row', { name: new RegExp(this.#words('trainer.funnel.completed').source.replace(/^\^|\$$/g, '')) }).first();
		await expect
			.poll(async () => (await completed.getByRole('cell').allInnerTexts()).slice(0, 2).join(' '), { timeout: 30_000 })
			.toMatch(/^[1١] [0٠]$/);
		await isWholeAccessible(page);
	}

	async #issue(): Promise<void> {
		const { page } = this.#opened('admin');
		await page.goto(`${this.#server.origin}/approvals`);
		const row = page.getByRole('checkbox', { name: new RegExp(this.#name) });
		await row.check();
		await isWholeAccessible(page);
		await page.getByRole('button', { name: this.#words('admin.due.issue_one') }).click();
		await page.getByRole('button', { name: this.#words('admin.due.issue-now') }).click();
		await this.#sees(page, 'admin.due.issued_one');
	}

	/** On the learner's phone, with and without the server; and for anyone, without a script. */
	async #showCertificate(page: Page): Promise<void> {
		await page.goto(`${this.#server.origin}/certificates`);
		// While it waits, the course stands here by the same name.
		const issued = page.locator('main a[href^="/certificates/"]', { hasText: 'Golf' });
		await issued.waitFor({ timeout: 30_000 });
		await this.#server.kill();
		await issued.click();
		await expect.poll(() => page.locator('main').innerText()).toContain(this.#name);
		const code = /WP-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/.exec(await page.locator('main').innerText())?.[0] ?? 'no code';
		await isWholeAccessible(page);
		await this.#server.start();
		const answer = await this.#server.request(`/verify/${code}`, { 'accept-language': this.#language });
		const html = await answer.text();
		expect(answer.status).toBe(200);
		expect(html).toContain(this.#name);
		expect(html).not.toMatch(/<script/);
		expect((await this.#server.request(`/verify/${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)).status).not.toBe(200);
	}

	/* ---- what a person does ---- */

	async #browser(who: string, viewport: typeof phone, isBack = false): Promise<Page> {
		const browser = await launchPersistent(join(this.#folder, `${this.#language}-${who}`), { locale: this.#language, viewport });
		const page = await browser.context.newPage();
		page.setDefaultTimeout(45_000);
		page.on('pageerror', (error) => this.#trouble.push(`${who}: ${error.message}`));
		page.on('console', (message) => {
			if (message.type() === 'error') this.#trouble.push(`${who}: ${message.text()}`);
		});
		page.on('requestfailed', (request) => this.#trouble.push(`${who}: ${request.url()} ${request.failure()?.errorText ?? ''}`));
		this.#open.set(who, { browser, page });
		if (!isBack) await page.goto(this.#server.origin);
		return page;
	}

	async #signIn(page: Page, userName: string, secret: string): Promise<void> {
		await page.goto(`${this.#server.origin}/sign-in`);
		const choice = page.getByRole('button', { name: this.#language === 'ar' ? /العربية/ : /English/ });
		const name = this.#field(page, 'sign-in.user-name');
		await choice.or(name).first().waitFor();
		if ((await name.count()) === 0) await choice.click();
		await name.fill(userName);
		await this.#field(page, 'sign-in.password').fill(secret);
		await this.#action(page, 'sign-in.enter').click();
		await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
	}

	/** After the browser was killed the profile is locked, or still open: both are fine. */
	async #unlock(page: Page, secret: string): Promise<void> {
		const home = this.#action(page, 'learner.home.continue');
		const who = page.getByRole('button', { name: new RegExp(this.#name) });
		const pin = page.getByRole('group', { name: this.#words('sign-in.pin') });
		await home.or(who).or(pin).first().waitFor();
		if (await who.count()) await who.click();
		await home.or(pin).first().waitFor();
		if (await home.count()) return;
		for (const digit of secret) await page.keyboard.press(digit);
		await this.#action(page, 'sign-in.enter').click();
	}

	/** A browser killed within half a minute of signing in has not written its cookies yet: then the app asks once more. */
	async #signInAgain(page: Page, secret: string): Promise<void> {
		const received = page.getByText(this.#words('common.safety.received')).first();
		const notice = page.getByText(this.#words('common.again.title'));
		await received.or(notice).first().waitFor({ timeout: 40_000 });
		if (!(await notice.isVisible())) return;
		await this.#action(page, 'common.again.enter').click();
		await this.#field(page, 'common.again.secret').fill(secret);
		await page.getByRole('dialog').getByRole('button', { name: this.#words('common.again.enter') }).click();
	}

	async #content(page: Page, isResumed = false): Promise<Frame> {
		const find = () => page.frames().find((frame) => frame.url().includes('/pkg/') && frame.parentFrame()?.url().includes('/player.html'));
		if (isResumed) page.once('dialog', (dialog) => void dialog.accept());
		await expect.poll(() => find()?.url() ?? '', { timeout: 30_000 }).toContain('/pkg/');
		const frame = find() as Frame;
		await frame.waitForLoadState('load');
		return frame;
	}

	async #sees(page: Page, key: string): Promise<void> {
		await page.getByText(this.#words(key)).filter({ visible: true }).first().waitFor({ timeout: 40_000 });
	}

	#action(page: Page, key: string): Locator {
		const name = this.#words(key);
		return page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
	}

	#field(page: Page, key: string): Locator {
		return page.getByLabel(new RegExp(this.#words(key).source.replace(/\$$/, '')));
	}

	#opened(who: string): { readonly browser: LaunchedBrowser; readonly page: Page } {
		const opened = this.#open.get(who);
		if (opened === undefined) throw new Error(`${who} has no browser`);
		return opened;
	}

	async #kill(who: string): Promise<void> {
		await this.#opened(who).browser.kill();
		this.#open.delete(who);
	}

	/** Where it stopped, for whoever looks at a failure. */
	async photograph(): Promise<void> {
		for (const [who, { page }] of this.#open) {
			await page.screenshot({ path: `test-results/journey-${this.#language}-${who}.png` }).catch(() => undefined);
			this.#trouble.push(`${who} is at ${page.url()}`);
		}
		process.stderr.write(`${this.#trouble.slice(-20).join('\n')}\n`);
	}

	async end(): Promise<void> {
		for (const { browser } of this.#open.values()) await browser.kill();
	}
}
