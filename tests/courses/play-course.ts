/** One course package played from its first to its last screen by a learner without network, to the end that is due to her. */
import type { Frame } from 'playwright-core';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import { readCourse } from '../../src/cli/course/read-course.ts';
import { directionOf } from '#lib/i18n/languages.ts';
import { pressByKeys, walkByKeys } from '../e2e/lesson-keys.ts';
import { quickWalk } from '../e2e/lesson-quick.ts';
import { press, walk } from '../e2e/lesson-steps.ts';
import { wordsOf } from '../e2e/words.ts';
import type { CoursePackage, Learner, Received } from './offline-product.ts';

const walks = { pointer: walk, keys: walkByKeys, quick: quickWalk } as const;

export type Play = {
	/** Every question answered right, or every one wrong? */
	readonly right: boolean;
	/** Where she leaves and comes back: in the middle of the units, or in the middle of the quiz. */
	readonly leaves: 'units' | 'quiz';
	/** `quick`: pressed from inside the page (lesson-quick.ts). */
	readonly by: keyof typeof walks;
};

/** What is not as it should be, in words; nothing when all is well. */
export async function playCourse(learner: Learner, one: CoursePackage, play: Play): Promise<readonly string[]> {
	const problems: string[] = [];
	const compare = (what: string, is: unknown, should: unknown): void => {
		if (is !== should) problems.push(`${what} is ${String(is)}, not ${String(should)}`);
	};
	const { right } = play;
	const key = answerKey(one.dir, one.language);
	const half = halfWay(one, play.leaves);
	const go = walks[play.by];

	const begun = await learner.play(one);
	const before = await go(begun, { key, right, until: half });
	compare('the first screen', before[0], 'start');
	const asked = await questionOf(begun);
	await learner.leave();
	const kept = await learner.outcome(one);
	compare('the place that was kept', kept?.location, half);
	compare('what was reported half-way', `${kept?.completion}, ${kept?.success}, ${kept?.score}`, 'incomplete, unknown, null');

	const again = await learner.play(one);
	compare('the question after coming back', await questionOf(again), asked);
	const after = await go(again, { key, right });
	compare('the screen after coming back', after[0], half);
	compare('the score shown', await again.locator('[data-score]').getAttribute('data-score'), right ? '100' : '0');
	await (play.by === 'keys' ? pressByKeys(again, 'finish') : press(again, 'finish'));
	await learner.finish(one);

	// SPEC SC1: in SCORM 1.2 "failed" is not completed, since something is left to do.
	const isDone = right || one.scorm === '2004';
	const outcome = await learner.outcome(one);
	compare('the completion', outcome?.completion, isDone ? 'completed' : 'incomplete');
	compare('the success', outcome?.success, right ? 'passed' : 'failed');
	compare('the score', outcome?.score, right ? 100 : 0);
	if (one.scorm === '2004') compare('the progress', outcome?.progress, 1);
	compare('the last place', outcome?.location, 'results');
	compare('the screen of the app', new URL(learner.page.url()).pathname.endsWith('/finished'), isDone);
	if (isDone) {
		const words = wordsOf(directionOf(one.language) === 'rtl' ? 'ar' : 'en');
		const said = words(right ? 'learner.finished.certificate' : 'learner.finished.not-yet');
		await learner.page.getByText(said).first().waitFor();
	}
	return problems;
}

/** The same result once the server has heard of it. */
export function serverProblems(received: Received | undefined, right: boolean): readonly string[] {
	const is = received === undefined ? 'nothing' : `${received.success} ${received.score}`;
	const should = right ? 'passed 1' : 'failed 0';
	return is === should ? [] : [`the server has ${is}, not ${should}`];
}

/** Null where nothing is asked. */
function questionOf(lesson: Frame): Promise<string | null> {
	return lesson.evaluate(() => document.querySelector('[data-question]')?.getAttribute('data-question') ?? null);
}

/** The screen in the middle of the units, or of the quiz. */
function halfWay({ dir, language }: CoursePackage, leaves: Play['leaves']): string {
	const { record, versions } = readCourse(dir);
	if (leaves === 'quiz') return `quiz/${Math.ceil(record.certificate.draw / 2)}`;
	const version = versions.find((candidate) => candidate.language === language);
	const screens = version?.units.flatMap((unit) => unit.screens.map((screen) => `${unit.id}/${screen.id}`)) ?? [];
	return screens[Math.floor(screens.length / 2)] ?? '';
}
