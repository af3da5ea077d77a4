/**
 * Walks a lesson made by our builder as a learner would, by its stable hooks: `data-lesson-screen`, `data-action`,
 * `data-question`, `data-option`. Works on a page, a frame or a frame locator, so the same steps serve the bare package
 * and the whole product.
 */
import type { Locator } from 'playwright-core';
import type { KeyedAnswer } from '../../src/cli/course/answer-key.ts';

export type LessonRoot = { locator(selector: string): Locator };
export type AnswerKey = Readonly<Record<string, KeyedAnswer>>;

/** What `data-lesson-screen` says: `start`, `unit-1/meet`, `quiz-intro`, `quiz/3`, `results`, `finished`. */
export async function screenName(lesson: LessonRoot): Promise<string> {
	return (await lesson.locator('[data-lesson-screen]').getAttribute('data-lesson-screen')) ?? '';
}

export async function press(lesson: LessonRoot, action: string): Promise<void> {
	await lesson.locator(`[data-action="${action}"]:visible`).last().click();
}

/** Fills in the question on the screen and checks it; leaves the feedback showing. */
export async function answerQuestion(lesson: LessonRoot, key: AnswerKey, right: boolean): Promise<void> {
	const question = lesson.locator('[data-question]');
	const id = (await question.getAttribute('data-question')) ?? '';
	const keyed = key[id];
	if (keyed === undefined) throw new Error(`the answer key has no question "${id}"`);
	const given = right ? keyed.right : keyed.wrong;
	switch (keyed.type) {
		case 'match': {
			const selects = question.locator('select');
			for (const [n, option] of given.entries()) await selects.nth(n).selectOption(option);
			break;
		}
		case 'order':
			for (const [place, option] of given.entries()) {
				const lines = await question
					.locator('li')
					.evaluateAll((all) => all.map((line) => line.getAttribute('data-option')));
				for (let at = lines.indexOf(option); at > place; at--) {
					await question.locator(`li[data-option="${option}"] [data-action="up"]`).click();
				}
			}
			break;
		case 'numeric':
		case 'fill-in':
			await question.locator('[data-input]').fill(given[0] ?? '');
			break;
		case 'scenario':
			for (const [n, option] of given.entries()) {
				if (n > 0) await press(lesson, 'check');
				await question.locator(`[data-step="${n + 1}"] [data-option="${option}"]`).click();
			}
			break;
		default:
			for (const option of given) await question.locator(`[data-option="${option}"]`).click();
	}
	await press(lesson, 'check');
	await lesson.locator('.feedback').waitFor();
}

export type WalkOptions = {
	readonly key: AnswerKey;
	/** Answer the questions of the units and of the quiz right? */
	readonly right: boolean;
	/** Stop when this screen shows; without it the walk ends on `results`. */
	readonly until?: string | undefined;
	readonly onScreen?: ((name: string) => Promise<void>) | undefined;
	/** After an answer, while the feedback shows. */
	readonly onFeedback?: ((name: string) => Promise<void>) | undefined;
};

/** From where the lesson stands, forwards. Returns the names of the screens it passed, the last one included. */
export function walk(lesson: LessonRoot, options: WalkOptions): Promise<readonly string[]> {
	return passScreens(lesson, options, async (name) => {
		if ((await lesson.locator('[data-action="check"]').count()) > 0) {
			await answerQuestion(lesson, options.key, options.right);
			await options.onFeedback?.(name);
		}
		await press(lesson, 'next');
	});
}

/** @param pass does what there is to do on a screen, and leaves it for the next */
export async function passScreens(
	lesson: LessonRoot,
	{ until, onScreen }: Pick<WalkOptions, 'until' | 'onScreen'>,
	pass: (name: string) => Promise<void>
): Promise<readonly string[]> {
	const passed: string[] = [];
	for (;;) {
		const name = await screenName(lesson);
		passed.push(name);
		await onScreen?.(name);
		if (name === until || name === 'results') return passed;
		if (passed.length > 400) throw new Error(`the walk does not end: ${passed.slice(-5).join(', ')}`);
		await pass(name);
	}
}

/** For `locator.evaluate`: starts a recording or film in the page; resolves once it moves on, or with what went wrong. */
export function startPlaying(element: SVGElement | HTMLElement): Promise<string> {
	const medium = element as HTMLMediaElement;
	return new Promise((resolve) => {
		medium.addEventListener('timeupdate', () => medium.currentTime > 0 && resolve('playing'));
		medium.addEventListener('error', () => resolve(`error ${medium.error?.message ?? ''}`));
		medium.play().catch((error: unknown) => resolve(String(error)));
	});
}
