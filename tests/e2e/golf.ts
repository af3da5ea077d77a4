/** Plays the "Golf Explained" samples of ../shared/packages as a learner would. */
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';

export const golfPackages = join(import.meta.dirname, '..', '..', '..', 'shared', 'packages');

export async function goToGolfPage(sco: Frame, wanted: number): Promise<void> {
	for (;;) {
		const here = (await sco.evaluate('currentPage')) as number;
		if (here >= wanted) return;
		await sco.locator('#butNext').click();
	}
}

/** The last page of the golf course asks fifteen questions. */
export async function answerGolfQuiz(sco: Frame, isRight: boolean): Promise<void> {
	await expect.poll(() => sco.childFrames()[0]?.url() ?? '', { timeout: 10_000 }).toContain('assessmenttemplate');
	const quiz = sco.childFrames()[0] as Frame;
	await quiz.waitForLoadState('load');
	await quiz.evaluate((right) => {
		const { questions } = {
			questions: (globalThis as unknown as { test: { Questions: Record<string, string>[] } }).test.Questions
		};
		for (const question of questions as unknown as {
			Id: string;
			Type: string;
			Answers: unknown[];
			CorrectAnswer: unknown;
		}[]) {
			const field = (suffix: string | number) =>
				document.getElementById(`question_${question.Id}_${suffix}`) as HTMLInputElement;
			if (question.Type === 'choice') {
				const index = question.Answers.indexOf(question.CorrectAnswer);
				field(right ? index : (index + 1) % question.Answers.length).checked = true;
			} else if (question.Type === 'true-false') {
				field((question.CorrectAnswer === true) === right ? 'True' : 'False').checked = true;
			} else {
				field('Text').value = right ? String(question.CorrectAnswer) : '99999';
			}
		}
	}, isRight);
	await quiz.locator('input[value="Submit Answers"]').click();
}
