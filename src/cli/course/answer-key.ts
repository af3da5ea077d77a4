/** The right and a wrong answer to every question of a course, for tests that walk through it. */
import { checkQuestions } from '#lib/domain/authoring/course-source.ts';
import type { Question, Response } from '#lib/domain/authoring/question.ts';
import { rightResponse, wrongResponse } from '#lib/domain/authoring/score-question.ts';
import { readCourse } from './read-course.ts';

export type KeyedAnswer = {
	readonly type: Question['type'];
	readonly right: Response;
	readonly wrong: Response;
};

/** Question id (`data-question`) to answers; of the checks in the units and of the whole pool. */
export function answerKey(courseDir: string, language?: string): Readonly<Record<string, KeyedAnswer>> {
	const { versions } = readCourse(courseDir);
	const version = versions.find((candidate) => candidate.language === language) ?? versions[0];
	if (version === undefined) return {};
	return Object.fromEntries(
		[...checkQuestions(version), ...version.quiz].map((question) => [
			question.id,
			{ type: question.type, right: rightResponse(question), wrong: wrongResponse(question) }
		])
	);
}
