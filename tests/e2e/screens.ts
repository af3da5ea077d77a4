/**
 * Looks at every screen: starts the built product with its demo, walks as each role, and keeps pictures under screens/
 * (phone, tablet, desktop; light and dark; English and Arabic; 200 % text; no network), with index.html to leaf through.
 * Says where something is wider than the screen and what axe finds; ends with 1 if there is any.
 *
 *     npm run screens                  everything (some minutes)
 *     npm run screens -- learner me    only pictures whose name contains one of these
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { launchPersistent } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';

type Look = {
	readonly language: 'en' | 'ar';
	readonly width: number;
	readonly height: number;
	readonly theme: 'light' | 'dark';
	readonly text: 'normal' | 'largest';
};

const looks: readonly Look[] = [
	{ language: 'en', width: 360, height: 740, theme: 'light', text: 'normal' },
	{ language: 'en', width: 768, height: 1024, theme: 'light', text: 'normal' },
	{ language: 'en', width: 1280, height: 800, theme: 'light', text: 'normal' },
	{ language: 'en', width: 360, height: 740, theme: 'dark', text: 'normal' },
	{ language: 'en', width: 360, height: 740, theme: 'light', text: 'largest' },
	{ language: 'ar', width: 360, height: 740, theme: 'light', text: 'normal' },
	{ language: 'ar', width: 1280, height: 800, theme: 'dark', text: 'normal' }
];

const folder = join(import.meta.dirname, '..', '..', 'screens');
const wanted = process.argv.slice(2);
const findings: string[] = [];
const taken: { readonly name: string; readonly files: string[] }[] = [];

class Walk {
	readonly #page: Page;
	readonly #origin: string;

	constructor(page: Page, origin: string) {
		this.#page = page;
		this.#origin = origin;
		page.on('pageerror', (error) => findings.push(`${page.url()}: ${error.message}`));
	}

	async go(path: string): Promise<void> {
		await this.#page.goto(`${this.#origin}${path}`);
		await this.#settled();
	}

	async signIn(userName: string, secret: string): Promise<void> {
		await this.#setting('en', 'normal');
		await this.go('/sign-in');
		const names = this.#page.locator('input[name=username]');
		// Somebody is known on this phone already: "someone else" is the last button of the list.
		if ((await names.count()) === 0) await this.#page.locator('main .people + div button').click();
		await names.fill(userName);
		await this.#page.locator('input[name=password]').fill(secret);
		await this.#page.locator('main button[type=submit]').click();
		await this.#page.locator('header .name').waitFor();
		await this.#settled();
	}

	async signOut(): Promise<void> {
		await this.#page.evaluate(() => {
			sessionStorage.removeItem('waypost-person');
			localStorage.removeItem('waypost-unlocked');
		});
	}

	/** One screen in every look. `inPlace`: an open dialog or a running course would not live through a reload, so the language stays. */
	async look(name: string, options: { readonly inPlace?: boolean; readonly looks?: readonly Look[] } = {}): Promise<void> {
		if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
		const files: string[] = [];
		for (const look of options.looks ?? looks) {
			if (options.inPlace && (look.language !== 'en' || look.text !== 'normal')) continue;
			await this.#page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' });
			await this.#page.setViewportSize({ width: look.width, height: look.height });
			if (!options.inPlace && (await this.#setting(look.language, look.text))) {
				await this.#page.reload();
				await this.#settled();
			}
			const what = `${name}.${look.language}.${look.width}x${look.height}.${look.theme}${look.text === 'normal' ? '' : `.${look.text}`}`;
			if (!options.inPlace) await this.#wholeLength(look);
			await this.#examine(what, look);
			await this.#page.screenshot({ path: join(folder, `${what}.png`) });
			files.push(`${what}.png`);
		}
		taken.push({ name, files });
		process.stdout.write(`${name}\n`);
		if (!options.inPlace && (await this.#setting('en', 'normal'))) {
			await this.#page.reload();
			await this.#settled();
		}
	}

	/** @returns whether anything changed */
	async #setting(language: string, text: string): Promise<boolean> {
		if (this.#page.url() === 'about:blank') await this.#page.goto(`${this.#origin}/`);
		return this.#page.evaluate(
			([nextLanguage = '', nextText = '']) => {
				const same = localStorage.getItem('waypost-language') === nextLanguage && (localStorage.getItem('waypost-text-size') ?? 'normal') === nextText;
				localStorage.setItem('waypost-language', nextLanguage);
				localStorage.setItem('waypost-text-size', nextText);
				document.cookie = `waypost-language=${nextLanguage}; path=/`;
				return !same;
			},
			[language, text]
		);
	}

	async #settled(): Promise<void> {
		await this.#page.locator('h1').first().waitFor({ timeout: 20_000 });
		await this.#page.waitForFunction(() => document.querySelector('.skeleton') === null, undefined, { timeout: 5_000 }).catch(() => undefined);
		await this.#page.waitForTimeout(150);
	}

	async #examine(what: string, look: Look): Promise<void> {
		const tooWide = await this.#page.evaluate(() => {
			const room = document.documentElement.clientWidth;
			if (document.documentElement.scrollWidth <= room) return [];
			return [...document.querySelectorAll('body *')]
				.filter((element) => element.getBoundingClientRect().right > room + 1 || element.getBoundingClientRect().left < -1)
				.slice(-3)
				.map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
		});
		if (tooWide.length > 0) findings.push(`${what}: wider than the screen (${tooWide.join(', ')})`);
		if (look.width !== 360 || look.text !== 'normal') return;
		const { violations } = await new AxeBuilder({ page: this.#page }).exclude('iframe').withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
		for (const { id, nodes } of violations) findings.push(`${what}: axe ${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`);
	}

	/** The whole length of a page, so that the bar below stands at its end instead of over something. */
	async #wholeLength(look: Look): Promise<void> {
		const height = await this.#page.evaluate(() => document.documentElement.scrollHeight);
		await this.#page.setViewportSize({ width: look.width, height: Math.min(Math.max(height, look.height), 6_000) });
		await this.#page.waitForTimeout(50);
	}
}

/** Before anyone is known on this phone. */
async function newcomer(walk: Walk, page: Page): Promise<void> {
	await walk.go('/');
	await walk.look('start');
	await page.evaluate(() => localStorage.removeItem('waypost-language'));
	await walk.go('/sign-in');
	await walk.look('sign-in-language', { inPlace: true });
	await page.evaluate(() => localStorage.setItem('waypost-language', 'en'));
	await walk.go('/sign-in');
	await walk.look('sign-in-new');
	await page.locator('input[name=username]').fill('nobody');
	await page.locator('input[name=password]').fill('wrong');
	await page.locator('main button[type=submit]').click();
	await page.locator('[data-error]').waitFor();
	await walk.look('sign-in-refused', { inPlace: true });
	await walk.go('/setup?token=abc');
	await walk.look('setup');
	await walk.go('/no-such-page');
	await walk.look('not-found');
	for (const path of ['/catalogue', '/catalogue?topic=cybersecurity', '/verify', '/verify/WP-0000-0000-0']) {
		await walk.go(path);
		await walk.look(`public${path.replaceAll(/[/?=]/g, '-')}`);
	}
	await walk.go('/catalogue');
	await page.locator('main .courses a').first().click();
	await walk.look('public-course');
}

async function learner(walk: Walk, page: Page, server: WaypostServer): Promise<void> {
	await walk.signIn('amina', /amina\s+(\S+)/.exec(server.output)?.[1] ?? '');
	await page.waitForTimeout(1500);
	await walk.look('learner-home');
	await walk.go('/courses');
	await walk.look('learner-courses');
	await page.locator('main .choose .row button').first().click();
	await walk.look('learner-courses-filter', { inPlace: true });
	await page.keyboard.press('Escape');
	await walk.go('/courses?q=phone&language=en');
	await page.locator('main mark').first().waitFor();
	await walk.look('learner-courses-search');
	await walk.go('/courses?topic=nothing');
	await walk.look('learner-courses-nothing');
	await walk.go('/courses/glossary');
	await walk.look('learner-glossary');
	await walk.go('/courses');
	const courses = await page.locator('main a[href^="/course/"]').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
	for (const [index, course] of [...courses.slice(0, 2), ...courses.slice(-1)].entries()) {
		await walk.go(course);
		await walk.look(`learner-course-${index + 1}`);
		const start = page.locator('[data-download=none] button').first();
		if ((await start.count()) === 0 || !(await start.isEnabled())) continue;
		await start.click();
		await page.locator('[data-download=downloading]').waitFor({ timeout: 5_000 }).catch(() => undefined);
		await page.locator('[data-download=installed]').waitFor({ timeout: 60_000 });
		await walk.look(`learner-course-${index + 1}-here`);
		await walk.go(course.replace('/course/', '/play/'));
		await page.locator('[data-player=playing]').waitFor({ timeout: 30_000 });
		await page.waitForTimeout(1500);
		await walk.look(`learner-play-${index + 1}`, { inPlace: true });
		const contents = page.locator('.bar.end button').nth(1);
		if ((await contents.count()) > 0) {
			await contents.click();
			await walk.look(`learner-contents-${index + 1}`, { inPlace: true });
			await page.keyboard.press('Escape');
		}
		await page.locator('.bar.top button').first().click();
		await page.waitForURL(/\/course\//);
	}
	await walk.go('/certificates');
	await walk.look('learner-certificates');
	const certificate = page.locator('main a[href^="/certificates/"]').first();
	if ((await certificate.count()) > 0) {
		await certificate.click();
		await page.locator('article').waitFor();
		await page.locator('[role=img]').waitFor();
		await walk.look('learner-certificate');
	}
	await walk.go('/me');
	await walk.look('learner-me');
	await walk.go('/me/help');
	await walk.look('learner-help');
	await server.kill();
	await walk.go('/learn');
	await walk.look('learner-home-no-network');
	await walk.go('/courses');
	await walk.look('learner-courses-no-network', { inPlace: true });
	await server.start();
	await walk.signOut();
	await walk.go('/sign-in');
	await walk.look('sign-in-who');
	await page.locator('.people button').first().click();
	await walk.look('sign-in-pin', { inPlace: true });
}

/** Every place of a role's bar, and the first thing each of them leads to. */
async function staff(walk: Walk, page: Page, role: string, secret: string): Promise<void> {
	await walk.signOut();
	await walk.signIn(role, secret);
	await page.waitForTimeout(2500);
	const places = await page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
	for (const place of places.filter((href) => href !== '/me' && href !== '/courses')) {
		await walk.go(place);
		await page.waitForTimeout(300);
		await walk.look(`${role}${place.replaceAll('/', '-')}`);
		const deeper = page.locator(`main a[href^="${place}/"]`);
		const inside = await deeper.evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
		for (const [index, href] of inside.slice(0, 2).entries()) {
			await walk.go(href);
			await page.waitForTimeout(300);
			await walk.look(`${role}${place.replaceAll('/', '-')}-${index + 1}`);
			const report = page.locator('main a[href*="/report/"]').first();
			if ((await report.count()) === 0) continue;
			await walk.go((await report.getAttribute('href')) ?? '');
			await page.locator('[data-report]').waitFor();
			await walk.look(`${role}-package-report-${index + 1}`);
		}
	}
}

function writeIndex(): void {
	const rows = taken.map(({ name, files }) => `<h2>${name}</h2><div>${files.map((file) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${file}" title="${file}"></a>`).join('')}</div>`);
	writeFileSync(
		join(folder, 'index.html'),
		`<!doctype html><meta charset="utf-8"><title>Screens</title><style>body{font-family:system-ui;background:#777;color:#fff}div{display:flex;gap:8px;overflow-x:auto;align-items:start}img{max-height:640px}</style>${rows.join('\n')}`
	);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const profile = await mkdtemp(join(tmpdir(), 'waypost-screens-'));
const server = await WaypostServer.start({ DEMO_COURSES: 'all' });
const browser = await launchPersistent(profile, { locale: 'en-GB' });
try {
	const page = await browser.context.newPage();
	const walk = new Walk(page, server.origin);
	const parts: readonly (readonly [string, () => Promise<void>])[] = [
		['newcomer', () => newcomer(walk, page)],
		['learner', () => learner(walk, page, server)],
		['trainer', () => staff(walk, page, 'trainer', 'demo-trainer')],
		['admin', () => staff(walk, page, 'admin', 'demo-admin')],
		['itu', () => staff(walk, page, 'itu', 'demo-itu')]
	];
	for (const [name, part] of parts) {
		try {
			await part();
		} catch (error) {
			findings.push(`${name}: ${String(error)}`);
			await page.screenshot({ path: join(folder, `stopped-${name}.png`) }).catch(() => undefined);
		}
	}
} finally {
	await browser.close();
	await server.remove();
	await rm(profile, { recursive: true, force: true });
	writeIndex();
}
process.stdout.write(`\n${taken.reduce((sum, { files }) => sum + files.length, 0)} pictures in screens/, see screens/index.html\n`);
for (const finding of findings) process.stdout.write(`  ${finding}\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
