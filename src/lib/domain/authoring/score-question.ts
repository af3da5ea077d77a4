/** Is this answer right, and what does the course say to it? All or nothing: a half-right answer is shown again. */
import { normaliseText, parseNumber, readingsOf } from './typed-answer.ts';
import type { Question, Response } from './question.ts';

export function isRight(question: Question, response: Response): boolean {
	return sameResponse(question, response, rightResponse(question));
}

/** One right answer, in the shape in which a learner would give it. */
export function rightResponse(question: Question): Response {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			return question.options.filter((option) => option.correct).map((option) => option.id);
		case 'scenario':
			return question.steps.map(({ options }) => options.find((option) => option.correct)?.id ?? '');
		case 'match':
			return question.pairs.map((pair) => pair.id);
		case 'order':
			return question.items.map((item) => item.id);
		case 'numeric':
			return [String(question.answer)];
		case 'fill-in':
			return question.accepted.slice(0, 1);
	}
}

/** A wrong answer that a learner could really give; for tests, previews and the answer key. */
export function wrongResponse(question: Question): Response {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			return question.options
				.filter((option) => !option.correct)
				.slice(0, 1)
				.map((option) => option.id);
		case 'scenario': {
			const [first] = question.steps;
			return [first?.options.find((option) => !option.correct)?.id ?? '', ...rightResponse(question).slice(1)];
		}
		case 'match':
		case 'order':
			return rotate(rightResponse(question));
		case 'numeric':
			return [String(question.answer + question.tolerance * 2 + 7)];
		case 'fill-in':
			return ['zzz'];
	}
}

/**
 * What to say after an answer. Choice questions: the feedback of each option chosen, in source order; a scenario's, of
 * the option chosen in each step. The others: the right or the wrong sentence.
 */
export function feedbackFor(question: Question, response: Response): readonly string[] {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			return question.options.filter((option) => response.includes(option.id)).map((option) => option.feedback);
		case 'scenario':
			return question.steps.flatMap(({ options }, n) =>
				options.filter(({ id }) => id === response[n]).map((option) => option.feedback)
			);
		default:
			return [isRight(question, response) ? question.feedback.right : question.feedback.wrong];
	}
}

/** Has the learner said enough to be judged? Nothing chosen, or a gap in a match, is not an answer. */
export function isAnswered(question: Question, response: Response): boolean {
	switch (question.type) {
		case 'match':
			return response.length === question.pairs.length && response.every((id) => id !== '');
		case 'order':
			return response.length === question.items.length;
		case 'scenario':
			return response.length === question.steps.length && response.every((id) => id !== '');
		case 'numeric':
			return parseNumber(response[0] ?? '') !== null;
		case 'fill-in':
			return normaliseText(response[0] ?? '') !== '';
		default:
			return response.length > 0;
	}
}

/** Whole percent of right answers, 0 to 100, as SCORM's raw score. */
export function scoreOf(results: readonly boolean[]): number {
	return results.length === 0 ? 0 : Math.round((100 * results.filter(Boolean).length) / results.length);
}

function sameResponse(question: Question, mine: Response, right: Response): boolean {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			return mine.length === right.length && right.every((id) => mine.includes(id));
		case 'match':
			// Two pairs may share the same right side; then either of them is right.
			return (
				mine.length === right.length &&
				question.pairs.every((pair, n) => question.pairs.find(({ id }) => id === mine[n])?.right === pair.right)
			);
		case 'order':
		case 'scenario':
			return mine.length === right.length && right.every((id, n) => mine[n] === id);
		case 'numeric': {
			return readingsOf(mine[0] ?? '').some(
				(number) => Math.abs(number - question.answer) <= question.tolerance + 1e-9
			);
		}
		case 'fill-in':
			return question.accepted.some((accepted) => normaliseText(accepted) === normaliseText(mine[0] ?? ''));
	}
}

function rotate(ids: Response): Response {
	return [...ids.slice(1), ...ids.slice(0, 1)];
}
