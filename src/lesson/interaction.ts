/** One answer as a SCORM interaction: element name to value, in the order in which an LMS must receive them. */
import { parseNumber } from '#lib/domain/authoring/typed-answer.ts';
import type { Question, Response } from '#lib/domain/authoring/question.ts';
import { objectivesOf } from '#lib/domain/authoring/question.ts';
import { rightResponse } from '#lib/domain/authoring/score-question.ts';
import { clockTime12, duration2004, timespan12, timestamp2004 } from './session-time.ts';

export type Answered = {
	readonly question: Question;
	readonly response: Response;
	readonly right: boolean;
	/** Plain words of the question, for reports. */
	readonly prompt: string;
	readonly milliseconds: number;
	readonly when: Date;
};

export function interactionOf(version: '1.2' | '2004', answer: Answered): readonly (readonly [string, string])[] {
	const { question, response, right } = answer;
	const written = (given: Response): string => responseText(version, question, given);
	if (version === '1.2') {
		return [
			['id', question.id],
			...objectiveIds(question),
			['time', clockTime12(answer.when)],
			['type', typeOf(question)],
			['correct_responses.0.pattern', written(rightResponse(question))],
			['weighting', '1'],
			['student_response', written(response)],
			['result', right ? 'correct' : 'wrong'],
			['latency', timespan12(answer.milliseconds)]
		];
	}
	return [
		['id', question.id],
		['type', typeOf(question)],
		...objectiveIds(question),
		['timestamp', timestamp2004(answer.when)],
		['correct_responses.0.pattern', question.type === 'numeric' ? rangeOf(question) : written(rightResponse(question))],
		['weighting', '1'],
		['learner_response', written(response)],
		['result', right ? 'correct' : 'incorrect'],
		['latency', duration2004(answer.milliseconds)],
		['description', answer.prompt.slice(0, 250)]
	];
}

function typeOf(question: Question): string {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
			// Ours have two options with their own words and feedback; "choice" keeps which one it was.
			return 'choice';
		case 'hot-spot':
			// The places of a hot spot are choices that happen to be drawn; neither version has a type of its own for them.
			return 'choice';
		case 'scenario':
			// One question, one score, one interaction: the steps travel in the response. 2004 writes `performance` as
			// step[.]answer, and 1.2 takes any text of 255 characters (a `sequencing` would say that an order was asked for).
			return 'performance';
		case 'match':
			return 'matching';
		case 'order':
			return 'sequencing';
		case 'numeric':
			return 'numeric';
		case 'fill-in':
			return 'fill-in';
	}
}

/** SCORM 1.2 RTE 3.4.3 separates by comma and dot; SCORM 2004 RTE 4.2.9 by [,] and [.]. */
function responseText(version: '1.2' | '2004', question: Question, response: Response): string {
	const comma = version === '1.2' ? ',' : '[,]';
	const dot = version === '1.2' ? '.' : '[.]';
	switch (question.type) {
		case 'scenario':
			return question.steps.map((_, n) => `s${n + 1}${dot}${response[n] ?? ''}`).join(comma);
		case 'match':
			return question.pairs.map((pair, n) => `${pair.id}${dot}${response[n] ?? ''}`).join(comma);
		case 'numeric':
			return String(parseNumber(response[0] ?? '') ?? '');
		case 'fill-in':
			return (response[0] ?? '').slice(0, 250);
		case 'multiple':
		case 'hot-spot':
			return [...response].sort().join(comma);
		default:
			return response.join(comma);
	}
}

function objectiveIds(question: Question): readonly (readonly [string, string])[] {
	return objectivesOf(question).map((id, n) => [`objectives.${n}.id`, id] as const);
}

function rangeOf(question: { readonly answer: number; readonly tolerance: number }): string {
	return `${question.answer - question.tolerance}[:]${question.answer + question.tolerance}`;
}
