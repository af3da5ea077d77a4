/** The built course under the smallest LMS there is, walked in Chromium to every end it can have. */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { findChromium, noChromium } from '../browser/find-chromium.ts';
import type { LaunchedBrowser } from '../browser/launch.ts';
import { launchPersistent } from '../browser/launch.ts';
import type { LessonHost } from './lesson-host.ts';
import { callsOf, hostCourse, launchPackage, leavePackage, temporaryFolder } from './lesson-host.ts';
import { answerQuestion, press, screenName, walk } from './lesson-steps.ts';

const [courseDir = ''] = courseDirs('c1');
const chromium = await findChromium();

type Cmi12 = {
	core: { lesson_status: string; lesson_location: string; exit: string; score: { raw: string } };
	suspend_data: string;
};
type Cmi2004 = {
	completion_status: string;
	success_status: string;
	location: string;
	progress_measure: string;
	exit: string;
	score: { raw: string; scaled: string };
	suspend_data: string;
};

describe.skipIf(chromium === undefined)(
	`the lesson in a browser${chromium === undefined ? ` (${noChromium})` : ''}`,
	() => {
		const folder = temporaryFolder();
		let browser: LaunchedBrowser;
		let context: BrowserContext;
		const hosts: LessonHost[] = [];
		const problems: string[] = [];

		beforeAll(async () => {
			browser = await launchPersistent(folder.path, { reducedMotion: 'reduce' });
			context = browser.context;
		});
		afterAll(async () => {
			await browser?.close();
			await Promise.all(hosts.map((host) => host.close()));
			folder.remove();
		});

		async function host(language: string, scorm: '1.2' | '2004'): Promise<LessonHost> {
			const opened = await hostCourse(courseDir, language, scorm);
			hosts.push(opened);
			return opened;
		}

		async function newPage(): Promise<Page> {
			const page = await context.newPage();
			page.on('pageerror', (error) => problems.push(error.message));
			return page;
		}

		test.each([
			['1.2', true],
			['1.2', false],
			['2004', true],
			['2004', false]
		] as const)('SCORM %s, all right: %s', async (scorm, right) => {
			const served = await host('en', scorm);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			const passed = await walk(lesson, { key: answerKey(courseDir), right });
			expect(passed.filter((name) => name.startsWith('quiz/'))).toHaveLength(14);
			expect(await lesson.locator('[data-score]').getAttribute('data-score')).toBe(right ? '100' : '0');
			await press(lesson, 'finish');
			expect(await screenName(lesson)).toBe('finished');

			const calls = await callsOf(page);
			expect(calls.filter((call) => call.includes('REFUSED'))).toEqual([]);
			expect(calls.at(-1)).toBe(scorm === '1.2' ? 'Finish' : 'Terminate');
			expect(calls.filter((call) => /^set cmi\.interactions\.\d+\.id /.test(call)).length).toBeGreaterThanOrEqual(14);
			expect(served.missing).toEqual([]);
			const cmi = await leavePackage(page);
			if (scorm === '1.2') {
				expect((cmi as Cmi12).core).toMatchObject({
					lesson_status: right ? 'passed' : 'failed',
					lesson_location: 'results',
					exit: 'suspend',
					score: { raw: right ? '100' : '0' }
				});
			} else {
				expect(cmi as Cmi2004).toMatchObject({
					completion_status: 'completed',
					success_status: right ? 'passed' : 'failed',
					progress_measure: '1',
					location: 'results',
					score: { raw: right ? '100' : '0', scaled: right ? '1' : '0' }
				});
				expect(calls).toContain('set adl.nav.request exitAll');
			}
			await page.close();
		});

		test.each(['1.2', '2004'] as const)(
			'SCORM %s, left half way and in the middle of the quiz: each time the exact place again',
			async (scorm) => {
				const served = await host('en', scorm);
				const key = answerKey(courseDir);
				const page = await newPage();
				let lesson = await launchPackage(page, served);
				await walk(lesson, { key, right: true, until: 'unit-2/try-notes' });
				await lesson.locator('[data-task="0"]').click();
				let cmi = await leavePackage(page);
				expect(await callsOf(page)).toContain(scorm === '1.2' ? 'Finish' : 'Terminate');
				expect(scorm === '1.2' ? (cmi as Cmi12).core.lesson_status : (cmi as Cmi2004).completion_status).toBe(
					'incomplete'
				);

				lesson = await launchPackage(page, served, cmi);
				expect(await screenName(lesson)).toBe('unit-2/try-notes');
				expect(await lesson.locator('[data-task="0"] input').isChecked()).toBe(true);
				await press(lesson, 'back');
				await press(lesson, 'next');
				await walk(lesson, { key, right: true, until: 'quiz/3' });
				const third = await lesson.locator('[data-question]').getAttribute('data-question');
				cmi = await leavePackage(page);

				lesson = await launchPackage(page, served, cmi);
				expect(await screenName(lesson)).toBe('quiz/3');
				expect(await lesson.locator('[data-question]').getAttribute('data-question')).toBe(third);
				await walk(lesson, { key, right: true });
				expect(await lesson.locator('[data-score]').getAttribute('data-score')).toBe('100');
				await page.close();
			}
		);

		test('failed, then passed: the second run asks anew and the better result stays', async () => {
			const served = await host('en', '1.2');
			const key = answerKey(courseDir);
			const page = await newPage();
			let lesson = await launchPackage(page, served);
			await walk(lesson, { key, right: false });
			await press(lesson, 'retry');
			await walk(lesson, { key, right: true });
			const cmi = (await leavePackage(page)) as Cmi12;
			expect(cmi.core).toMatchObject({ lesson_status: 'passed', score: { raw: '100' } });
			lesson = await launchPackage(page, served, cmi);
			expect(await screenName(lesson)).toBe('results');
			await press(lesson, 'retry');
			await walk(lesson, { key, right: false });
			expect(((await leavePackage(page)) as Cmi12).core).toMatchObject({
				lesson_status: 'passed',
				score: { raw: '100' }
			});
			await page.close();
		});

		test('as a plain web page the place is kept in the browser', async () => {
			const served = await host('en', '1.2');
			const page = await newPage();
			await page.goto(`${served.origin}/package/index.html`);
			await walk(page, { key: answerKey(courseDir), right: true, until: 'unit-1/battery' });
			await page.reload();
			expect(await screenName(page)).toBe('unit-1/battery');
			await page.close();
		});

		test('the keyboard alone goes through a unit, every kind of question included', async () => {
			const served = await host('en', '1.2');
			const key = answerKey(courseDir);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			const kinds = new Set<string>();
			await lesson.locator('[data-lesson-screen]').waitFor();
			await lesson.locator('[data-action="next"]').focus();
			for (let steps = 0; steps < 120 && kinds.size < 4; steps++) {
				const question = lesson.locator('[data-question]');
				if ((await question.count()) > 0) {
					const type = (await question.getAttribute('data-type')) ?? '';
					kinds.add(type);
					const given = key[(await question.getAttribute('data-question')) ?? '']?.right ?? [];
					if (type === 'order') {
						for (const [place, option] of given.entries()) {
							const lines = await question
								.locator('li')
								.evaluateAll((all) => all.map((line) => line.getAttribute('data-option')));
							await tabTo(page, lesson, `li[data-option="${option}"] [data-action="up"]`);
							for (let at = lines.indexOf(option); at > place; at--) await page.keyboard.press('Enter');
						}
					} else if (type === 'match') {
						for (const [n, option] of given.entries()) {
							await tabTo(page, lesson, `.pair:nth-child(${n + 1}) select`);
							const words = await question.locator('select').nth(n).locator(`option[value="${option}"]`).textContent();
							await page.keyboard.type(words ?? '', { delay: 1 });
						}
					} else if (type === 'multiple') {
						for (const option of given) {
							await tabTo(page, lesson, `[data-option="${option}"] input`);
							await page.keyboard.press('Space');
						}
					} else {
						await tabTo(page, lesson, `[data-question] input`);
						const wanted = lesson.locator(`[data-option="${given[0]}"] input`);
						await page.keyboard.press('Space');
						for (let n = 0; n < 6 && !(await wanted.isChecked()); n++) await page.keyboard.press('ArrowDown');
					}
					await tabTo(page, lesson, '[data-action="check"]');
					await page.keyboard.press('Enter');
					expect(await lesson.locator('.feedback').getAttribute('data-result')).toBe('right');
					// What the answer was worth is where the screen reader now is.
					expect(await lesson.evaluate(() => document.activeElement?.className)).toContain('feedback');
				}
				await tabTo(page, lesson, '[data-action="next"]');
				await page.keyboard.press('Enter');
				expect(await lesson.evaluate(() => document.activeElement?.tagName)).toBe('H1');
			}
			expect([...kinds].sort()).toEqual(['match', 'multiple', 'order', 'single']);
			await page.close();
		});

		test.each([
			['en', 'light'],
			['ar', 'dark']
		] as const)(
			'%s, %s: axe finds nothing, nothing is wider than a 360 px phone, targets are large',
			async (language, colorScheme) => {
				const served = await host(language, '1.2');
				const page = await newPage();
				await page.emulateMedia({ colorScheme });
				await page.goto(`${served.origin}/package/index.html`);
				const findings: string[] = [];
				const look = async (name: string): Promise<void> => {
					const { violations } = await new AxeBuilder({ page }).analyze();
					findings.push(
						...violations.map(
							({ id, nodes }) => `${name}: ${id} ${nodes.map(({ target }) => target.join(' ')).join('; ')}`
						)
					);
					const wide = await page.evaluate(
						() => document.documentElement.scrollWidth - document.documentElement.clientWidth
					);
					if (wide > 0) findings.push(`${name}: ${wide} px too wide`);
					const small = await page
						.locator('button:visible:not(.term), label.option:visible, select:visible, summary:visible')
						.evaluateAll((all) =>
							all
								.filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
								.map((one) => one.outerHTML.slice(0, 80))
						);
					findings.push(...small.map((one) => `${name}: small target ${one}`));
				};
				const kinds = new Set<string>();
				await walk(page, {
					key: answerKey(courseDir, language),
					right: false,
					// Each kind of block once; all ninety screens would take minutes and find the same.
					async onScreen(name) {
						const parts = await page
							.locator('main')
							.evaluate((main) =>
								[...main.querySelectorAll('[class],[data-type]')].map(
									(part) => part.getAttribute('data-type') ?? part.classList[0] ?? ''
								)
							);
						if (parts.every((part) => kinds.has(part))) return;
						for (const part of parts) kinds.add(part);
						await look(name);
					},
					async onFeedback(name) {
						const type = `feedback ${await page.locator('[data-question]').getAttribute('data-type')}`;
						if (kinds.has(type)) return;
						kinds.add(type);
						await look(`${name}, answered`);
					}
				});
				await press(page, 'contents');
				await look('contents');
				for (let n = 0; n < 3; n++) await press(page, 'larger');
				await look('contents at 200 %');
				await press(page, 'close');
				await look('results at 200 %');
				expect(findings).toEqual([]);
				expect(kinds.size).toBeGreaterThan(15);
				await page.close();
			},
			300_000
		);

		test('a word of the glossary opens and gives the focus back', async () => {
			const served = await host('en', '1.2');
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			await walk(lesson, { key: answerKey(courseDir), right: true, until: 'unit-1/home' });
			await lesson.locator('[data-term="icon"]').click();
			expect(await lesson.locator('dialog').textContent()).toContain('small picture');
			await page.keyboard.press('Escape');
			// The browser closes a dialog a moment after the key.
			await expect.poll(() => lesson.locator('dialog').count()).toBe(0);
			expect(await lesson.evaluate(() => (document.activeElement as HTMLElement).dataset['term'])).toBe('icon');
			await page.close();
		});

		test('a wrong answer may be tried again; the quiz stays closed until everything was seen', async () => {
			const served = await host('en', '1.2');
			const key = answerKey(courseDir);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			await walk(lesson, { key, right: true, until: 'unit-1/check-battery' });
			await answerQuestion(lesson, key, false);
			await press(lesson, 'try-again');
			await answerQuestion(lesson, key, true);
			expect(await lesson.locator('.feedback').getAttribute('data-result')).toBe('right');
			await press(lesson, 'contents');
			await lesson.locator('[data-goto="quiz"]').click();
			expect(await screenName(lesson)).toBe('quiz-intro');
			await press(lesson, 'next');
			expect(await screenName(lesson)).toBe('unit-1/check-charge');
			await page.close();
		});

		test('no page ever threw', () => {
			expect(problems).toEqual([]);
		});
	}
);

/** Tab until the element has the focus, as a person without a mouse has to. */
async function tabTo(page: Page, lesson: Frame, selector: string): Promise<void> {
	const there = (): Promise<boolean> =>
		lesson.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
	for (let presses = 0; presses < 60; presses++) {
		if (await there()) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`Tab never reached ${selector}`);
}
