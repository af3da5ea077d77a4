/**
 * The walk of lesson-steps.ts for long runs: the same hooks, pressed from inside the page, so that a course of a hundred
 * screens takes two seconds instead of fifteen. What only a pointer or a key would notice (something in the way, a
 * control out of reach) is for lesson-steps.ts and lesson-keys.ts.
 */
import type { Frame, Page } from 'playwright-core';
import type { WalkOptions } from './lesson-steps.ts';

/** As `walk`; throws when a control that the step needs is not on the screen. */
export async function quickWalk(lesson: Page | Frame, options: WalkOptions): Promise<readonly string[]> {
	const { key, until, onScreen, onFeedback } = options;
	const passed: string[] = [];
	for (;;) {
		const screen = await lesson.evaluate(whereNow);
		passed.push(screen.name);
		await onScreen?.(screen.name);
		if (screen.name === until || screen.name === 'results') return passed;
		if (passed.length > 400) throw new Error(`the walk does not end: ${passed.slice(-5).join(', ')}`);
		if (screen.question !== null) {
			const keyed = key[screen.question];
			if (keyed === undefined) throw new Error(`the answer key has no question "${screen.question}"`);
			const given = options.right ? keyed.right : keyed.wrong;
			const result = await lesson.evaluate(answerNow, { type: keyed.type, given });
			if (result !== (options.right ? 'right' : 'wrong')) {
				throw new Error(
					`${screen.name}: "${given.join(', ')}" to the question "${screen.question}" counts as ${result}`
				);
			}
			await onFeedback?.(screen.name);
		}
		await lesson.evaluate(pressNow, 'next');
	}
}

/** As `press`. */
export async function quickPress(lesson: Page | Frame, action: string): Promise<void> {
	await lesson.evaluate(pressNow, action);
}

/* ---- in the page: each of these travels there alone, so none may use anything outside of itself ---- */

function whereNow(): { readonly name: string; readonly question: string | null } {
	const name = document.querySelector('[data-lesson-screen]')?.getAttribute('data-lesson-screen') ?? '';
	const open = document.querySelector('[data-action=check]') !== null;
	return {
		name,
		question: open ? (document.querySelector('[data-question]')?.getAttribute('data-question') ?? '') : null
	};
}

function pressNow(action: string): void {
	const shown = [...document.querySelectorAll<HTMLButtonElement>(`[data-action="${action}"]`)].filter(
		(button) => button.checkVisibility() && !button.disabled
	);
	const last = shown.at(-1);
	if (last === undefined) throw new Error(`there is no "${action}" to press`);
	last.click();
}

/** @returns what the feedback says: `right` or `wrong` */
function answerNow({ type, given }: { readonly type: string; readonly given: readonly string[] }): string {
	const find = (selector: string, within: ParentNode = document): HTMLElement => {
		const found = [...within.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility());
		if (found === undefined) throw new Error(`nothing on the screen matches ${selector}`);
		return found;
	};
	const question = find('[data-question]');
	const fillIn = (input: HTMLElement, value: string): void => {
		(input as HTMLInputElement | HTMLSelectElement).value = value;
		input.dispatchEvent(new Event('input', { bubbles: true }));
		input.dispatchEvent(new Event('change', { bubbles: true }));
	};
	switch (type) {
		case 'match':
			[...question.querySelectorAll('select')].forEach((select, n) => fillIn(select, given[n] ?? ''));
			break;
		case 'order':
			given.forEach((option, place) => {
				const lines = [...question.querySelectorAll('li')].map((line) => line.dataset['option']);
				for (let at = lines.indexOf(option); at > place; at--) {
					find(`li[data-option="${option}"] [data-action="up"]`, question).click();
				}
			});
			break;
		case 'numeric':
		case 'fill-in':
			fillIn(find('[data-input]', question), given[0] ?? '');
			break;
		case 'scenario':
			given.forEach((option, n) => {
				if (n > 0) find('[data-action=check]').click();
				find(`[data-step="${n + 1}"] [data-option="${option}"]`, question).click();
			});
			break;
		default:
			for (const option of given) find(`[data-option="${option}"]`, question).click();
	}
	find('[data-action=check]').click();
	return find('.feedback').dataset['result'] ?? '';
}
