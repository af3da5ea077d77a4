import { describe, expect, test } from 'vitest';
import * as scorm12 from 'scorm-again/scorm12';
import * as scorm2004 from 'scorm-again/scorm2004';
import type { Question } from '#lib/domain/authoring/question.ts';
import { rightResponse, wrongResponse } from '#lib/domain/authoring/score-question.ts';
import { findApi } from './find-api.ts';
import { aLesson } from './lesson-builder.ts';
import { newState, standingOf } from './lesson-state.ts';
import { openTracker } from './tracker.ts';

/** The package's types declare a default export that is not there. */
type RealApi = { readonly cmi: unknown } & Record<string, (...values: string[]) => string>;
type RealApiClass = new (settings: object) => RealApi;
const { Scorm12API } = scorm12 as unknown as { Scorm12API: RealApiClass };
const { Scorm2004API } = scorm2004 as unknown as { Scorm2004API: RealApiClass };

const standing = {
	nothing: standingOf(aLesson({}), newState()),
	passed: { completed: true, score: 86, passed: true, progress: 1 },
	failed: { completed: true, score: 40, passed: false, progress: 1 }
};
const judged = { feedback: { right: 'r', wrong: 'w' } };
const questions: readonly Question[] = [
	{
		id: 'q-single',
		objective: 'care',
		prompt: '?',
		type: 'single',
		options: ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n === 1, feedback: '' }))
	},
	{
		id: 'q-multiple',
		objective: 'care',
		prompt: '?',
		type: 'multiple',
		options: ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n > 0, feedback: '' }))
	},
	{
		id: 'q-true',
		objective: 'care',
		prompt: '?',
		type: 'true-false',
		options: ['a', 'b'].map((id, n) => ({ id, text: id, correct: n === 0, feedback: '' }))
	},
	{
		id: 'q-match',
		objective: 'care',
		prompt: '?',
		...judged,
		type: 'match',
		pairs: ['a', 'b', 'c'].map((id) => ({ id, left: id, right: `r${id}` }))
	},
	{
		id: 'q-order',
		objective: 'care',
		prompt: '?',
		...judged,
		type: 'order',
		items: ['a', 'b', 'c'].map((id) => ({ id, text: id }))
	},
	{ id: 'q-numeric', objective: 'care', prompt: '?', ...judged, type: 'numeric', answer: 20, tolerance: 1, unit: 'MB' },
	{ id: 'q-fill', objective: 'care', prompt: '?', ...judged, type: 'fill-in', accepted: ['airplane'] },
	{
		id: 'q-spot',
		objective: 'care',
		also: ['write'],
		prompt: '?',
		type: 'hot-spot',
		picture: { file: 'p.svg', alt: 'A phone' },
		options: ['a', 'b', 'c'].map((id, n) => ({
			id,
			text: id,
			correct: n > 0,
			feedback: '',
			region: { shape: 'circle', x: 60 * n, y: 30, radius: 22 }
		}))
	},
	{
		id: 'q-scenario',
		objective: 'care',
		prompt: '?',
		type: 'scenario',
		steps: [0, 1, 2].map((right) => ({
			prompt: '?',
			options: ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n === right, feedback: '' }))
		}))
	}
];

/** An LMS page with one API, and what it refused. */
function lms(version: '1.2' | '2004'): { api: RealApi; window: Window; refused: string[] } {
	const api =
		version === '1.2'
			? new Scorm12API({ autocommit: false, logLevel: 5 })
			: new Scorm2004API({ autocommit: false, logLevel: 5 });
	const refused: string[] = [];
	const name = version === '1.2' ? 'LMSSetValue' : 'SetValue';
	const watched = new Proxy(api, {
		get: (target, key: string) =>
			key === name
				? (element: string, value: string) => {
						const answer = target[name]?.(element, value) ?? '';
						if (String(answer) !== 'true') refused.push(`${element}=${value}`);
						return answer;
					}
				: target[key]
	});
	const window = { [version === '1.2' ? 'API' : 'API_1484_11']: watched } as unknown as { parent: unknown };
	window.parent = window;
	return { api, window: window as unknown as Window, refused };
}

describe.each(['1.2', '2004'] as const)('SCORM %s, told to scorm-again', (version) => {
	const get = (api: RealApi, element: string): string =>
		String((version === '1.2' ? api['LMSGetValue'] : api['GetValue'])?.call(api, element));
	const status = version === '1.2' ? 'cmi.core.lesson_status' : 'cmi.completion_status';

	function open(): ReturnType<typeof lms> & { tracker: ReturnType<typeof openTracker> } {
		const here = lms(version);
		return { ...here, tracker: openTracker(findApi(here.window, version), null, 'key', () => 65_430) };
	}

	test('at first: incomplete, and the place is to be kept', () => {
		const { api, tracker, refused } = open();
		tracker.save({ location: 'unit-1/s0', suspendData: 'abc', standing: standing.nothing });
		expect(tracker.commit()).toBe(true);
		expect(get(api, status)).toBe('incomplete');
		expect(get(api, version === '1.2' ? 'cmi.core.lesson_location' : 'cmi.location')).toBe('unit-1/s0');
		expect(get(api, 'cmi.suspend_data')).toBe('abc');
		expect(get(api, version === '1.2' ? 'cmi.core.score.raw' : 'cmi.score.raw')).toBe('');
		expect(refused).toEqual([]);
	});

	test.each(['passed', 'failed'] as const)('at the end: %s', (result) => {
		const { api, tracker, refused } = open();
		tracker.save({ location: 'results', suspendData: 'x', standing: standing[result] });
		expect(tracker.commit()).toBe(true);
		if (version === '1.2') {
			expect(get(api, 'cmi.core.lesson_status')).toBe(result);
			expect(get(api, 'cmi.core.score.raw')).toBe(String(standing[result].score));
		} else {
			expect(get(api, 'cmi.completion_status')).toBe('completed');
			expect(get(api, 'cmi.success_status')).toBe(result);
			expect(get(api, 'cmi.score.scaled')).toBe(String(standing[result].score / 100));
			expect(get(api, 'cmi.progress_measure')).toBe('1');
		}
		tracker.finish(true);
		expect(refused).toEqual([]);
	});

	test('every type of question, right and wrong, is an interaction the LMS accepts', () => {
		const { api, tracker, refused } = open();
		for (const question of questions) {
			for (const right of [true, false]) {
				tracker.answered({
					question,
					response: right ? rightResponse(question) : wrongResponse(question),
					right,
					prompt: 'Which?',
					milliseconds: 3210,
					when: new Date('2026-01-02T03:04:05.678Z')
				});
			}
		}
		expect(refused).toEqual([]);
		expect(get(api, 'cmi.interactions._count')).toBe(String(questions.length * 2));
		const { interactions } = JSON.parse(JSON.stringify(api.cmi)) as { interactions: object };
		const all = Object.values(interactions) as {
			id: string;
			type: string;
			result: string;
			student_response?: string;
			learner_response?: string;
		}[];
		const [right, wrong] = all.filter(({ id }) => id === 'q-scenario');
		expect(right).toMatchObject({
			type: 'performance',
			result: 'correct',
			...(version === '1.2' ? { student_response: 's1.a,s2.b,s3.c' } : { learner_response: 's1[.]a[,]s2[.]b[,]s3[.]c' })
		});
		expect(wrong?.result).toBe(version === '1.2' ? 'wrong' : 'incorrect');
		expect(all.find(({ id }) => id === 'q-spot')).toMatchObject({
			type: 'choice',
			...(version === '1.2' ? { student_response: 'b,c' } : { learner_response: 'b[,]c' })
		});
	});

	test('objectives that the LMS already knows are found, new ones are added', () => {
		const { api, tracker, refused } = open();
		tracker.objectives([
			{ id: 'care', right: 1, asked: 2 },
			{ id: 'write', right: 2, asked: 2 }
		]);
		tracker.objectives([{ id: 'write', right: 1, asked: 2 }]);
		expect(refused).toEqual([]);
		expect(get(api, 'cmi.objectives._count')).toBe('2');
		expect(get(api, 'cmi.objectives.0.score.raw')).toBe('50');
		expect(get(api, 'cmi.objectives.1.score.raw')).toBe('50');
		expect(get(api, `cmi.objectives.1.${version === '1.2' ? 'status' : 'success_status'}`)).toBe('failed');
	});

	test('after the end nothing is sent any more', () => {
		const { tracker, refused } = open();
		tracker.finish(false);
		tracker.finish(true);
		tracker.save({ location: 'x', suspendData: 'y', standing: standing.passed });
		expect(tracker.commit()).toBe(true);
		expect(refused).toEqual([]);
	});
});

describe('finding the API', () => {
	const api = { LMSInitialize: () => 'true', LMSGetValue: () => '' };

	test('in a parent of a parent, in the opener, and the other version if only that one is there', () => {
		const top = { API: api } as unknown as { parent: unknown; opener: unknown };
		top.parent = top;
		const middle = { parent: top };
		expect(findApi({ parent: middle } as unknown as Window, '1.2')?.version).toBe('1.2');
		expect(findApi({ parent: middle } as unknown as Window, '2004')?.version).toBe('1.2');
		const popup = { opener: { parent: top } } as unknown as { parent: unknown };
		popup.parent = popup;
		expect(findApi(popup as unknown as Window, '1.2')?.version).toBe('1.2');
	});

	test('a foreign parent, a circle of parents, or nothing at all, is no API and no exception', () => {
		const foreign = new Proxy(
			{},
			{
				get: () => {
					throw new DOMException('cross-origin', 'SecurityError');
				}
			}
		);
		expect(findApi({ parent: foreign } as unknown as Window, '1.2')).toBeNull();
		const circle = {} as { parent: unknown };
		circle.parent = { parent: circle };
		expect(findApi(circle as unknown as Window, '2004')).toBeNull();
	});

	test('an API that throws is as good as one that refuses', () => {
		const broken = {
			API: {
				LMSInitialize: () => {
					throw new Error('no');
				}
			}
		} as unknown as { parent: unknown };
		broken.parent = broken;
		const kept = new Map<string, string>();
		const tracker = openTracker(
			findApi(broken as unknown as Window, '1.2'),
			{ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
			'k',
			() => 0
		);
		tracker.save({ location: 'x', suspendData: 'kept', standing: standing.nothing });
		expect(kept.get('k')).toBe('kept');
	});
});

test('without an LMS the place is kept in the browser; a full browser is told', () => {
	const tracker = openTracker(
		null,
		{
			getItem: () => 'before',
			setItem: () => {
				throw new DOMException('full', 'QuotaExceededError');
			}
		},
		'k',
		() => 0
	);
	expect(tracker.resume.suspendData).toBe('before');
	tracker.save({ location: 'x', suspendData: 'y', standing: standing.nothing });
	expect(tracker.commit()).toBe(false);
});
