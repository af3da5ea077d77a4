/** The walk of lesson-steps.ts by the keyboard alone: Tab to what one wants, then the keys that any form understands. */
import type { Frame, Page } from 'playwright-core';
import type { WalkOptions } from './lesson-steps.ts';
import { passScreens, screenName } from './lesson-steps.ts';

export type KeyWalkOptions = WalkOptions & {
	readonly onAnswer?: ((answer: { readonly type: string; readonly result: string | null }) => void) | undefined;
};

/** As `walk`. @throws also when the focus is not where a person who cannot see the screen needs it. */
export function walkByKeys(lesson: Frame, options: KeyWalkOptions): Promise<readonly string[]> {
	const page = lesson.page();
	return passScreens(lesson, options, async (name) => {
		if ((await lesson.locator('[data-action="check"]').count()) > 0) {
			const question = lesson.locator('[data-question]');
			const type = (await question.getAttribute('data-type')) ?? '';
			const id = (await question.getAttribute('data-question')) ?? '';
			const keyed = options.key[id];
			if (keyed === undefined) throw new Error(`the answer key has no question "${id}"`);
			await answerByKeys(page, lesson, type, options.right ? keyed.right : keyed.wrong);
			await pressByKeys(lesson, 'check');
			// What the answer was worth is where the screen reader now is.
			await focusIsOn(lesson, '.feedback', name);
			const result = await lesson.locator('.feedback').getAttribute('data-result');
			options.onAnswer?.({ type, result });
			await options.onFeedback?.(name);
		}
		await pressByKeys(lesson, 'next');
		await focusIsOn(lesson, 'h1', `after ${name}`);
	});
}

export async function pressByKeys(lesson: Frame, action: string): Promise<void> {
	await tabTo(lesson, `[data-action="${action}"]`);
	await lesson.page().keyboard.press('Enter');
}

async function answerByKeys(page: Page, lesson: Frame, type: string, given: readonly string[]): Promise<void> {
	switch (type) {
		case 'order':
			for (const [place, option] of given.entries()) {
				const lines = await lesson
					.locator('[data-question] li')
					.evaluateAll((all) => all.map((line) => line.getAttribute('data-option')));
				if (lines.indexOf(option) <= place) continue;
				await tabTo(lesson, `li[data-option="${option}"] [data-action="up"]`);
				for (let at = lines.indexOf(option); at > place; at--) await page.keyboard.press('Enter');
			}
			break;
		case 'match':
			for (const [n, option] of given.entries()) {
				await tabTo(lesson, `.pair:nth-child(${n + 1}) select`);
				const select = lesson.locator('[data-question] select').nth(n);
				// A Mac opens the list on an arrow; letters choose everywhere, but only those of this keyboard.
				const words = (await select.locator(`option[value="${option}"]`).textContent()) ?? '';
				if (/^[ -~]+$/.test(words)) await page.keyboard.type(words, { delay: 1 });
				for (let tries = 0; tries < 20 && (await select.inputValue()) !== option; tries++) {
					await page.keyboard.press('ArrowDown');
				}
			}
			break;
		case 'multiple':
			for (const option of given) {
				await tabTo(lesson, `[data-option="${option}"] input`);
				await page.keyboard.press('Space');
			}
			break;
		case 'numeric':
		case 'fill-in':
			await tabTo(lesson, '[data-input]');
			await page.keyboard.type(given[0] ?? '');
			break;
		case 'scenario':
			for (const [n, option] of given.entries()) {
				if (n > 0) await pressByKeys(lesson, 'check');
				await choose(lesson, `[data-step="${n + 1}"]`, option);
			}
			break;
		default:
			await choose(lesson, '[data-question]', given[0] ?? '');
	}
}

/** Radio buttons: one stop for Tab, then arrows. */
async function choose(lesson: Frame, among: string, option: string): Promise<void> {
	const { keyboard } = lesson.page();
	await tabTo(lesson, `${among} input:not(:disabled)`);
	const wanted = lesson.locator(`${among} [data-option="${option}"] input`);
	await keyboard.press('Space');
	for (let n = 0; n < 6 && !(await wanted.isChecked()); n++) await keyboard.press('ArrowDown');
}

/** Tab until the element has the focus, as a person without a mouse has to. */
async function tabTo(lesson: Frame, selector: string): Promise<void> {
	for (let presses = 0; presses < 60; presses++) {
		if (await isFocused(lesson, selector)) return;
		await lesson.page().keyboard.press('Tab');
	}
	throw new Error(`Tab never reached ${selector} on ${await screenName(lesson)}`);
}

async function focusIsOn(lesson: Frame, selector: string, where: string): Promise<void> {
	if (!(await isFocused(lesson, selector))) throw new Error(`${where}: the focus is not on ${selector}`);
}

function isFocused(lesson: Frame, selector: string): Promise<boolean> {
	return lesson.evaluate((wanted) => document.hasFocus() && document.activeElement?.matches(wanted) === true, selector);
}
