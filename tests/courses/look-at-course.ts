/**
 * One course in one language as a plain page, every screen of it looked at by axe: the units with every question
 * answered wrong, then the whole pool of the quiz answered right, light and dark, at the width of a small phone.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import { hostCourse } from '../e2e/lesson-host.ts';
import { quickPress, quickWalk } from '../e2e/lesson-quick.ts';

type Violation = { readonly id: string; readonly nodes: readonly { readonly target: readonly unknown[] }[] };
type Axe = { run(context: Document, options: object): Promise<{ readonly violations: readonly Violation[] }> };

const require = createRequire(import.meta.url);
// Through the package that we depend on: the very axe that AxeBuilder would use.
const axeSource = readFileSync(createRequire(require.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8');

/** In the dark the same elements stand in the same places: only what looks at colours can judge otherwise. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** What is not as it should be, in words. @param page a page of its own */
export async function lookAtCourse(page: Page, courseDir: string, language: string): Promise<readonly string[]> {
	const problems: string[] = [];
	const host = await hostCourse(courseDir, language, '1.2', 'standard', 'whole pool');
	page.on('pageerror', (error) => problems.push(`threw: ${error.message}`));
	try {
		// So high that the bar below never stands over what is above it.
		await page.setViewportSize({ width: 360, height: 2_400 });
		await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
		await page.goto(`${host.origin}/package/index.html`);
		await page.locator('[data-lesson-screen]').waitFor();
		await page.evaluate(axeSource);

		const look = async (where: string): Promise<void> => {
			const found = new Map<string, readonly Violation[]>();
			found.set('light', await axe(page));
			await page.emulateMedia({ colorScheme: 'dark' });
			found.set('dark', await axe(page, colourRules));
			await page.emulateMedia({ colorScheme: 'light' });
			for (const [theme, violations] of found) {
				for (const { id, nodes } of violations) {
					const targets = nodes.map(({ target }) => target.join(' ')).slice(0, 3);
					problems.push(`${where}, ${theme}: ${id} at ${targets.join('; ')}`);
				}
			}
			const tooWide = await page.evaluate(
				() => document.documentElement.scrollWidth - document.documentElement.clientWidth
			);
			if (tooWide > 0) problems.push(`${where}: ${tooWide} px too wide`);
			const torn = await page.evaluate(() =>
				[...document.querySelectorAll('.label')].flatMap((label) =>
					[...label.getClientRects()].some(({ width }) => width < 16) ? [label.textContent ?? ''] : []
				)
			);
			problems.push(...torn.map((words) => `${where}: the box around "${words}" is torn`));
		};
		let words = 0;
		const onScreen = async (name: string): Promise<void> => {
			// A story shows what comes of a choice only after it.
			await page.evaluate(() => document.querySelector<HTMLElement>('[data-choice]')?.click());
			await look(name);
			// The word of the glossary is another, its dialog the same: one stands for all.
			if (words > 0 || !(await page.evaluate(() => document.querySelector('[data-term]') !== null))) return;
			words++;
			await page.evaluate(() => document.querySelector<HTMLElement>('[data-term]')?.click());
			await look(`${name}, a word of the glossary`);
			await quickPress(page, 'close');
		};
		const onFeedback = (name: string): Promise<void> => look(`${name}, answered`);
		const key = answerKey(courseDir, language);

		await quickWalk(page, { key, right: false, until: 'quiz-intro', onScreen, onFeedback });
		await quickWalk(page, { key, right: false });
		await look('results, failed');
		await quickPress(page, 'retry');
		await quickWalk(page, { key, right: true, onScreen, onFeedback });
		const score = await page.locator('[data-score]').getAttribute('data-score');
		if (score !== '100') problems.push(`every question of the pool right makes ${score}, not 100`);
		await quickPress(page, 'contents');
		await look('contents');
		await quickPress(page, 'close');
		problems.push(...host.missing.map((path) => `${path} is missing`));
	} finally {
		await host.close();
	}
	return problems;
}

function axe(page: Page, only?: readonly string[]): Promise<readonly Violation[]> {
	const options = {
		resultTypes: ['violations'],
		// WCAG 2.2's target size is not among axe's defaults.
		...(only === undefined ? { rules: { 'target-size': { enabled: true } } } : { runOnly: { type: 'rule', values: only } })
	};
	return page.evaluate(async (given) => {
		const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document, given);
		return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target }) => ({ target: [...target] })) }));
	}, options);
}
