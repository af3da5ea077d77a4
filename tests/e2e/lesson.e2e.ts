/**
 * A course that holds everything once, under the smallest LMS there is, walked in Chromium to every end it can have.
 * The courses that we ship are walked once, in the product's own tests; here one of them stands for all.
 */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import type { Edition } from '#lib/domain/authoring/course-source.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { findChromium, noChromium } from '../browser/find-chromium.ts';
import type { LaunchedBrowser } from '../browser/launch.ts';
import { launchPersistent } from '../browser/launch.ts';
import { writeEveryBlockCourse } from '../builders/every-block-course.ts';
import type { LessonHost } from './lesson-host.ts';
import { callsOf, hostCourse, launchPackage, leavePackage, temporaryFolder } from './lesson-host.ts';
import { walkByKeys } from './lesson-keys.ts';
import { answerQuestion, press, screenName, startPlaying, walk } from './lesson-steps.ts';

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
		let courseDir = '';
		const hosts: LessonHost[] = [];
		const problems: string[] = [];

		beforeAll(async () => {
			courseDir = await writeEveryBlockCourse(join(folder.path, 'course'));
			browser = await launchPersistent(join(folder.path, 'profile'), { reducedMotion: 'reduce' });
			context = browser.context;
		});
		afterAll(async () => {
			await browser?.close();
			await Promise.all(hosts.map((host) => host.close()));
			folder.remove();
		});

		async function host(
			language: string,
			scorm: '1.2' | '2004',
			edition: Edition = 'standard',
			dir = courseDir
		): Promise<LessonHost> {
			const opened = await hostCourse(dir, language, scorm, edition);
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
			expect(passed.filter((name) => name.startsWith('quiz/'))).toHaveLength(5);
			expect(await lesson.locator('[data-score]').getAttribute('data-score')).toBe(right ? '100' : '0');
			await press(lesson, 'finish');
			expect(await screenName(lesson)).toBe('finished');

			const calls = await callsOf(page);
			expect(calls.filter((call) => call.includes('REFUSED'))).toEqual([]);
			expect(calls.at(-1)).toBe(scorm === '1.2' ? 'Finish' : 'Terminate');
			expect(calls.filter((call) => /^set cmi\.interactions\.\d+\.id /.test(call)).length).toBeGreaterThanOrEqual(5);
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
				await walk(lesson, { key, right: true, until: 'unit-1/practice' });
				await lesson.locator('[data-task="0"]').click();
				let cmi = await leavePackage(page);
				expect(await callsOf(page)).toContain(scorm === '1.2' ? 'Finish' : 'Terminate');
				expect(scorm === '1.2' ? (cmi as Cmi12).core.lesson_status : (cmi as Cmi2004).completion_status).toBe(
					'incomplete'
				);

				lesson = await launchPackage(page, served, cmi);
				expect(await screenName(lesson)).toBe('unit-1/practice');
				expect(await lesson.locator('[data-task="0"] input').isChecked()).toBe(true);
				await press(lesson, 'back');
				await press(lesson, 'next');
				// Between two steps of a scenario: what was answered stays answered, and is not asked again.
				await walk(lesson, { key, right: true, until: 'unit-2/scenario' });
				await lesson.locator('[data-step="1"] [data-option="a"]').click();
				await press(lesson, 'check');
				await lesson.locator('[data-step="2"]').waitFor();
				cmi = await leavePackage(page);

				lesson = await launchPackage(page, served, cmi);
				expect(await screenName(lesson)).toBe('unit-2/scenario');
				expect(await lesson.locator('[data-step="1"] input').first().isDisabled()).toBe(true);
				expect(await lesson.locator('[data-step="1"] .outcome').textContent()).toContain('The phone does less');
				await lesson.locator('[data-step="2"] [data-option="b"]').click();
				await press(lesson, 'check');
				expect(await lesson.locator('.feedback').getAttribute('data-result')).toBe('right');
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

		test('one of the courses that we ship, all right', async () => {
			const [dir = ''] = courseDirs('c1');
			const served = await host('en', '1.2', 'text', dir);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			const passed = await walk(lesson, { key: answerKey(dir), right: true });
			expect(passed.filter((name) => name.startsWith('quiz/'))).toHaveLength(14);
			expect(await lesson.locator('[data-score]').getAttribute('data-score')).toBe('100');
			expect(((await leavePackage(page)) as Cmi12).core.lesson_status).toBe('passed');
			expect(served.missing).toEqual([]);
			await page.close();
		});

		test('recordings and films play, with captions and with their words', async () => {
			const served = await host('en', '1.2', 'rich');
			const page = await newPage();
			// In the frame of an LMS: under the policy that the product gives packages.
			const lesson = await launchPackage(page, served);
			await walk(lesson, { key: answerKey(courseDir), right: true, until: 'unit-1/photo' });
			await expect
				.poll(() => lesson.locator('.picture img').evaluate((image) => (image as HTMLImageElement).naturalWidth))
				.toBe(1280);
			await press(lesson, 'next');
			expect(await lesson.locator('audio').evaluate(startPlaying)).toBe('playing');
			await lesson.locator('details.transcript summary').click();
			expect(await lesson.locator('.transcript').innerText()).toContain('Is your battery full?');
			const audio = await lesson.locator('audio').elementHandle();
			await press(lesson, 'next');
			expect(await audio?.evaluate((element) => (element as HTMLAudioElement).paused)).toBe(true);
			expect(await lesson.locator('video').evaluate(startPlaying)).toBe('playing');
			const captions = lesson.locator('video').evaluate((video) => {
				const [track] = (video as HTMLVideoElement).textTracks;
				return [...(track?.cues ?? [])].map((cue) => (cue as VTTCue).text);
			});
			expect(await captions).toEqual(['A ball begins to roll.', 'It comes to the other side.']);
			expect(served.missing).toEqual([]);
			await page.close();
		});

		test('a place of a hot spot is chosen in the picture as in the list', async () => {
			const served = await host('ar', '1.2');
			const page = await newPage();
			await page.goto(`${served.origin}/package/index.html`);
			await walk(page, { key: answerKey(courseDir, 'ar'), right: true, until: 'unit-2/hot-spot' });
			const chosen = (): Promise<readonly (string | null)[]> =>
				page.locator('.spot.is-chosen').evaluateAll((all) => all.map((spot) => spot.getAttribute('data-spot')));
			// In the middle of the region, beside what is drawn there.
			await page.locator('[data-spot="b"] > :first-child').click();
			expect(await page.locator('[data-option="b"] input').isChecked()).toBe(true);
			expect(await chosen()).toEqual(['b']);
			await page.locator('[data-option="c"]').click();
			expect(await chosen()).toEqual(['c']);
			await press(page, 'check');
			expect(await page.locator('[data-spot="c"]').getAttribute('class')).toContain('is-wrong');
			await page.locator('[data-spot="b"] > :first-child').click();
			expect(await chosen()).toEqual(['c']);
			await page.close();
		});

		test('simple mode: one thing at a time, nothing lost on the way, and it stays on', async () => {
			const served = await host('en', '1.2');
			const page = await newPage();
			await page.goto(`${served.origin}/package/index.html`);
			await press(page, 'simple');
			expect(await page.locator('.cover').isVisible()).toBe(false);
			expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('24px');
			await press(page, 'next');
			const seen: string[] = [];
			while ((await screenName(page)) === 'unit-1/words') {
				seen.push((await page.locator('main').innerText()).replaceAll(/\s+/g, ' '));
				await press(page, 'next');
			}
			expect(seen).toHaveLength(3);
			expect(seen.map((text) => ['much', 'One thing', 'First'].filter((word) => text.includes(word)))).toEqual([
				['much'],
				['One thing'],
				['First']
			]);
			await walk(page, { key: answerKey(courseDir), right: true, until: 'unit-1/steps' });
			await press(page, 'next');
			expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('A tip that saves trouble.');
			await press(page, 'back');
			expect(await page.locator('.steps').isVisible()).toBe(true);
			await page.reload();
			expect([await screenName(page), await page.locator('[data-simple]').count()]).toEqual(['unit-1/steps', 1]);
			await walk(page, { key: answerKey(courseDir), right: true });
			expect(await page.locator('[data-score]').getAttribute('data-score')).toBe('100');
			await press(page, 'contents');
			await press(page, 'simple');
			expect(await page.locator('[data-simple]').count()).toBe(0);
			await page.close();
		});

		test('read aloud is offered where the device has a voice for the language, and speaks with it', async () => {
			const served = await host('ar', '1.2');
			const page = await newPage();
			await page.goto(`${served.origin}/package/index.html`);
			await page.locator('[data-lesson-screen]').waitFor();
			// This browser has no voices at all.
			expect(await page.locator('[data-action="listen"]').isVisible()).toBe(false);
			await page.addInitScript(() => {
				const spoken: string[] = [];
				const synthesis = {
					getVoices: () => ['en-US', 'ar-EG'].map((lang) => ({ lang, localService: true, name: lang })),
					speak: (words: { text: string; lang: string }) => spoken.push(`${words.lang} ${words.text}`),
					cancel: () => undefined,
					addEventListener: () => undefined
				};
				Object.assign(globalThis, {
					spoken,
					SpeechSynthesisUtterance: class {
						text: string;
						constructor(text: string) {
							this.text = text;
						}
						addEventListener(): void {}
					}
				});
				Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
			});
			await page.reload();
			await press(page, 'listen');
			const spoken = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken);
			expect(spoken[0]).toBe('ar-EG كل شيء مرة واحدة');
			expect(spoken.every((line) => line.startsWith('ar-EG '))).toBe(true);
			await page.close();
		});

		test('the keyboard alone goes through the units, every kind of question included', async () => {
			const served = await host('en', '1.2');
			const key = answerKey(courseDir);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			const kinds = new Set<string>();
			await walkByKeys(lesson, {
				key,
				right: true,
				until: 'quiz-intro',
				onAnswer: ({ type, result }) => {
					kinds.add(type);
					expect(result).toBe('right');
				}
			});
			expect([...kinds].sort()).toEqual([
				'fill-in',
				'hot-spot',
				'match',
				'multiple',
				'numeric',
				'order',
				'scenario',
				'single',
				'true-false'
			]);
			await page.close();
		});

		test.each([
			['en', 'light'],
			['ar', 'dark']
		] as const)(
			'%s, %s: axe finds nothing, nothing is wider than a 360 px phone, targets are large',
			async (language, colorScheme) => {
				const served = await host(language, '1.2', 'rich');
				const page = await newPage();
				await page.emulateMedia({ colorScheme });
				await page.goto(`${served.origin}/package/index.html`);
				const findings: string[] = [];
				const look = async (name: string): Promise<void> => {
					// Legacy mode looks at this page alone, which has no frames, without opening a second one each time.
					const { violations } = await new AxeBuilder({ page })
						.options({ resultTypes: ['violations'] })
						.setLegacyMode(true)
						.analyze();
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
					// What was looked at once need not be looked at again.
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
				expect([...kinds]).toEqual(
					expect.arrayContaining([
						'medium',
						'transcript',
						'hot-spot',
						'scenario',
						'feedback scenario',
						'card',
						'compare'
					])
				);
				await page.close();
			}
		);

		test('a word of the glossary opens and gives the focus back', async () => {
			const served = await host('en', '1.2');
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			await walk(lesson, { key: answerKey(courseDir), right: true, until: 'unit-1/words' });
			await lesson.locator('[data-term="sign"]').click();
			expect(await lesson.locator('dialog').textContent()).toContain('small picture');
			await page.keyboard.press('Escape');
			// The browser closes a dialog a moment after the key.
			await expect.poll(() => lesson.locator('dialog').count()).toBe(0);
			expect(await lesson.evaluate(() => (document.activeElement as HTMLElement).dataset['term'])).toBe('sign');
			await page.close();
		});

		test('a wrong answer may be tried again; the quiz stays closed until everything was seen', async () => {
			const served = await host('en', '1.2');
			const key = answerKey(courseDir);
			const page = await newPage();
			const lesson = await launchPackage(page, served);
			await walk(lesson, { key, right: true, until: 'unit-1/check' });
			await answerQuestion(lesson, key, false);
			await press(lesson, 'try-again');
			await answerQuestion(lesson, key, true);
			expect(await lesson.locator('.feedback').getAttribute('data-result')).toBe('right');
			await press(lesson, 'contents');
			await lesson.locator('[data-goto="quiz"]').click();
			expect(await screenName(lesson)).toBe('quiz-intro');
			await press(lesson, 'next');
			expect(await screenName(lesson)).toBe('unit-2/single');
			await page.close();
		});

		test('no page ever threw', () => {
			expect(problems).toEqual([]);
		});
	}
);
