import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ItemLaunch, ScormVersion } from '../course/course-structure.ts';
import type { EventBody } from '../event/learning-event.ts';
import { entryOf, launchCmi, needsNewAttempt, preferencesIn } from './launch-cmi.ts';
import {
	applyRows,
	closeSession,
	newPlayState,
	savedCmi,
	secondsSoFar,
	type PlayRow,
	type PlayState
} from './map-cmi.ts';
import { statusOf } from './status-rules.ts';

const plain: ItemLaunch = {
	kind: 'sco',
	path: 'a.html',
	suffix: '',
	dataFromLms: null,
	masteryScore: null,
	scaledPassingScore: null,
	completionThreshold: null,
	maxTimeAllowed: null,
	timeLimitAction: null,
	prerequisites: null,
	objectiveIds: [],
	hideLmsUi: []
};

/** Rows one second (or `gap` ms) apart; "el=val" is a set. */
function rows(...texts: string[]): PlayRow[] {
	return apart(1000, texts);
}

function apart(gap: number, texts: readonly string[]): PlayRow[] {
	return texts.map((text, index) => {
		const at = text.indexOf('=');
		const t = 1000 + gap * index;
		return at < 0 ? { t, op: text as PlayRow['op'] } : { t, op: 'set', el: text.slice(0, at), val: text.slice(at + 1) };
	});
}

function play(version: ScormVersion, launch: ItemLaunch, ...texts: string[]) {
	return applyRows(newPlayState(version, null), rows(...texts), launch);
}

function bodies(mapped: { readonly events: readonly { readonly body: EventBody }[] }): readonly EventBody[] {
	return mapped.events.map(({ body }) => body);
}

/** All updates of a fold, laid over each other. */
function known(mapped: ReturnType<typeof play>): Record<string, unknown> {
	return Object.assign({}, ...bodies(mapped).filter(({ type }) => type === 'attempt.updated')) as Record<
		string,
		unknown
	>;
}

describe('status', () => {
	test.each([
		['passed', 'completed', 'passed'],
		['completed', 'completed', 'unknown'],
		['failed', 'incomplete', 'failed'],
		['incomplete', 'incomplete', 'unknown'],
		['browsed', 'not attempted', 'unknown'],
		['not attempted', 'not attempted', 'unknown'],
		['odd', 'unknown', 'unknown']
	])('[SC1] 1.2 %s is %s and %s', (status, completion, success) => {
		expect(statusOf('1.2', { 'cmi.core.lesson_status': status }, plain, false)).toEqual({ completion, success });
	});

	test.each([
		['80', '80', 'passed'],
		['79.5', '80', 'failed'],
		['0', '0', 'passed']
	])('[SC2] raw %s with mastery %s finishes as %s, whatever the content said', (raw, mastery, expected) => {
		const launch = { ...plain, masteryScore: Number(mastery) };
		const { state } = play(
			'1.2',
			launch,
			'init',
			'cmi.core.lesson_status=completed',
			`cmi.core.score.raw=${raw}`,
			'terminate'
		);
		expect(state.cmi['cmi.core.lesson_status']).toBe(expected);
	});

	test('[SC2] before LMSFinish and without a raw score mastery decides nothing', () => {
		const launch = { ...plain, masteryScore: 80 };
		expect(known(play('1.2', launch, 'init', 'cmi.core.score.raw=100'))).not.toHaveProperty('success');
		expect(known(play('1.2', launch, 'init', 'cmi.core.lesson_status=incomplete', 'terminate'))).toMatchObject({
			completion: 'incomplete'
		});
	});

	test('[SC3] content that set no status is completed by LMSFinish, and finds that at its next launch', () => {
		const mapped = play('1.2', plain, 'init', 'terminate');
		expect(known(mapped)).toMatchObject({ completion: 'completed' });
		expect(mapped.state.cmi['cmi.core.lesson_status']).toBe('completed');
	});

	test.each([
		[{ completionThreshold: 0.8 }, ['cmi.progress_measure=0.8'], { completion: 'completed' }],
		[
			{ completionThreshold: 0.8 },
			['cmi.completion_status=completed', 'cmi.progress_measure=0.5'],
			{ completion: 'incomplete' }
		],
		[{ completionThreshold: 0.8 }, ['cmi.completion_status=completed'], { completion: 'completed' }],
		[{ scaledPassingScore: 0.7 }, ['cmi.score.scaled=0.7'], { success: 'passed' }],
		[{ scaledPassingScore: 0.7 }, ['cmi.success_status=passed', 'cmi.score.scaled=0.2'], { success: 'failed' }],
		[{ scaledPassingScore: 0.7 }, ['cmi.success_status=failed'], { success: 'failed' }],
		[
			{},
			['cmi.success_status=passed', 'cmi.completion_status=completed'],
			{ success: 'passed', completion: 'completed' }
		]
	])('[SC4] 2004 with %j: %j gives %j', (rules, sets, expected) => {
		expect(known(play('2004', { ...plain, ...rules }, 'init', ...sets, 'terminate'))).toMatchObject(expected);
	});

	test('[SC4] the engine may add completion and never takes it away', () => {
		const rollup = (completion: string): PlayRow => ({
			t: 9000,
			op: 'rollup',
			el: 'a',
			val: JSON.stringify({ completion, success: 'passed' })
		});
		const done = applyRows(newPlayState('2004', null), [...rows('init', 'terminate'), rollup('completed')], plain);
		expect(known(done)).toMatchObject({ completion: 'completed' });
		expect(known(done)).not.toHaveProperty('success');
		const still = applyRows(done.state, [rollup('incomplete')], plain);
		expect(still.events).toEqual([]);
	});

	test('[SC8] a page that speaks no SCORM is done when it has been shown', () => {
		const shown = play('1.2', { ...plain, kind: 'asset' }, 'display');
		expect(bodies(shown)).toContainEqual({ type: 'attempt.started' });
		expect(known(shown)).toMatchObject({ completion: 'completed' });
		expect(known(play('2004', { ...plain, kind: 'asset' }, 'display', 'terminate'))).toMatchObject({
			completion: 'completed'
		});
	});
});

describe('sessions and time', () => {
	test('[SC6] the claim counts up to what the clock ran; without a claim the clock counts', () => {
		expect(play('1.2', plain, 'init', 'cmi.core.session_time=00:00:01', 'terminate').state.seconds).toBe(1);
		expect(play('1.2', plain, 'init', 'cmi.core.session_time=10:00:00', 'terminate').state.seconds).toBe(3);
		expect(play('1.2', plain, 'init', 'beat', 'terminate').state.seconds).toBe(2);
	});

	test('[SC6] content gets its own claims back, over all sessions', () => {
		const first = play('2004', plain, 'init', 'cmi.session_time=PT1H', 'cmi.exit=suspend', 'terminate').state;
		const second = applyRows(first, rows('init', 'cmi.session_time=PT30M', 'terminate'), plain).state;
		expect(savedCmi(second)['cmi.total_time']).toBe('PT1H30M');
		expect(second.seconds).toBe(4 + 3);
	});

	test('[SC6] a clock that jumps back makes no time negative', () => {
		const jump: PlayRow[] = [
			{ t: 1_000_000, op: 'init' },
			{ t: 5, op: 'beat' },
			{ t: 6, op: 'terminate' }
		];
		expect(applyRows(newPlayState('1.2', null), jump, plain).state.seconds).toBe(0);
	});

	test('[SC7] an abandoned session is closed as one to resume; the rules of the end do not apply', () => {
		const open = play(
			'1.2',
			{ ...plain, masteryScore: 50 },
			'init',
			'cmi.core.score.raw=20',
			'cmi.core.lesson_location=5'
		).state;
		const closed = closeSession(open, { ...plain, masteryScore: 50 });
		expect(bodies(closed).at(-1)).toEqual({ type: 'session.ended', exit: 'abandoned', seconds: 2 });
		expect(known(closed)).not.toHaveProperty('success');
		expect(entryOf(closed.state)).toBe('resume');
		expect(closeSession(closed.state, plain).events).toEqual([]);
	});

	test('[SC11] entry, and when 2004 begins a new attempt', () => {
		const after = (version: ScormVersion, exit: string): PlayState => {
			const element = version === '1.2' ? 'cmi.core.exit' : 'cmi.exit';
			return play(version, plain, 'init', `${element}=${exit}`, 'terminate').state;
		};
		expect(entryOf(newPlayState('1.2', null))).toBe('ab-initio');
		expect(entryOf(after('1.2', 'suspend'))).toBe('resume');
		expect(entryOf(after('1.2', ''))).toBe('');
		expect(['suspend', 'normal', 'logout', 'time-out', ''].map((exit) => needsNewAttempt(after('2004', exit)))).toEqual(
			[false, true, true, true, true]
		);
		expect(needsNewAttempt(after('1.2', ''))).toBe(false);
	});

	test('[SC15] initialising again after finishing is a new session of the same attempt', () => {
		const { state } = play(
			'1.2',
			plain,
			'init',
			'cmi.core.lesson_location=1',
			'terminate',
			'init',
			'cmi.core.lesson_location=2',
			'terminate'
		);
		expect(state).toMatchObject({ sessions: 2, phase: 'ended', seconds: 4, cmi: { 'cmi.core.lesson_location': '2' } });
	});

	test('calls after the end change nothing that is ended', () => {
		const ended = play('1.2', plain, 'init', 'terminate').state;
		expect(applyRows(ended, rows('terminate', 'commit'), plain).events).toEqual([]);
	});
});

describe('events', () => {
	test('one update a burst, with only what changed', () => {
		const calls = ['init', 'cmi.core.score.raw=10', 'cmi.core.score.max=20', 'cmi.core.lesson_status=incomplete'];
		const mapped = applyRows(newPlayState('1.2', null), apart(50, calls), plain);
		expect(bodies(mapped)).toEqual([
			{ type: 'attempt.started' },
			{
				type: 'attempt.updated',
				completion: 'incomplete',
				score: { scaled: null, raw: 10, min: null, max: 20 },
				seconds: 0.2
			}
		]);
		expect(applyRows(mapped.state, rows('cmi.core.lesson_status=incomplete'), plain).events).toEqual([]);
	});

	test('what was reached and then taken back within one portion has been reached', () => {
		const taken = play('1.2', plain, 'init', 'cmi.core.lesson_status=passed', 'cmi.core.lesson_status=incomplete');
		expect(bodies(taken)).toContainEqual({
			type: 'attempt.updated',
			completion: 'completed',
			success: 'passed',
			seconds: 1
		});
	});

	test('[SC10] an answer is reported once it is left, and again only when it changed', () => {
		const mapped = play(
			'2004',
			plain,
			'init',
			'cmi.interactions.0.id=q1',
			'cmi.interactions.0.type=choice',
			'cmi.interactions.0.learner_response=a',
			'cmi.interactions.0.result=incorrect',
			'cmi.interactions.0.latency=PT5S',
			'cmi.location=2',
			'cmi.interactions.0.result=incorrect',
			'cmi.location=3',
			'cmi.interactions.0.result=correct',
			'commit',
			'cmi.interactions.1.id=q2',
			'terminate'
		);
		expect(bodies(mapped).filter(({ type }) => type === 'attempt.answered')).toEqual([
			{ type: 'attempt.answered', interactionId: 'q1', kind: 'choice', response: 'a', result: 'incorrect', latency: 5 },
			{ type: 'attempt.answered', interactionId: 'q1', kind: 'choice', response: 'a', result: 'correct', latency: 5 }
		]);
	});

	test('commits save at most once a minute, the end always', () => {
		const { state, events } = play(
			'1.2',
			plain,
			'init',
			'cmi.suspend_data=1',
			'commit',
			'cmi.suspend_data=2',
			'commit'
		);
		expect(events.filter(({ body }) => body.type === 'attempt.saved')).toHaveLength(1);
		const later = applyRows(
			state,
			[
				{ t: 70_000, op: 'commit' },
				{ t: 71_000, op: 'terminate' }
			],
			plain
		);
		const saved = bodies(later).filter((body) => body.type === 'attempt.saved');
		expect(saved).toHaveLength(2);
		expect(JSON.parse(saved[1]?.cmi ?? '')).toMatchObject({
			'cmi.suspend_data': '2',
			'cmi.core.exit': '',
			'cmi.core.total_time': '0001:10:00.00'.replace('0001:10', '0000:01').replace('00.00', '10.00')
		});
	});

	test('[SC11] what one device saved starts the content at the same place on another', () => {
		const here = play(
			'1.2',
			plain,
			'init',
			'cmi.core.lesson_location=7',
			'cmi.suspend_data=x',
			'cmi.core.exit=suspend',
			'terminate'
		).state;
		const there = newPlayState('1.2', savedCmi(here));
		const item = {
			id: 'a',
			title: 'a',
			visible: true,
			launch: { ...plain, dataFromLms: 'hello', masteryScore: 80 },
			children: []
		};
		expect(
			launchCmi(
				there,
				item,
				{ studentId: 'l1', name: 'Jo' },
				{ 'cmi.student_preference.audio': '5', 'cmi.learner_preference.audio_level': '1' }
			)
		).toMatchObject({
			'cmi.core.entry': 'resume',
			'cmi.core.lesson_location': '7',
			'cmi.core.lesson_status': 'completed',
			'cmi.core.student_name': 'Jo',
			'cmi.suspend_data': 'x',
			'cmi.launch_data': 'hello',
			'cmi.student_data.mastery_score': '80',
			'cmi.student_preference.audio': '5'
		});
	});

	test('[SC12] preferences are read from what was set, and never come back as data of the item', () => {
		const set = rows('init', 'cmi.student_preference.audio=50', 'cmi.learner_preference.language=fr');
		expect(preferencesIn(set)).toEqual({
			'cmi.student_preference.audio': '50',
			'cmi.learner_preference.language': 'fr'
		});
		expect(applyRows(newPlayState('1.2', null), set, plain).state.cmi).toEqual({});
	});

	test('in whatever portions the rows come, state and facts are the same', () => {
		const call = fc.oneof(
			fc.constantFrom('init', 'commit', 'terminate', 'beat', 'display'),
			fc
				.tuple(
					fc.constantFrom(
						'cmi.core.lesson_status',
						'cmi.core.score.raw',
						'cmi.core.lesson_location',
						'cmi.core.session_time',
						'cmi.core.exit',
						'cmi.interactions.0.id',
						'cmi.interactions.0.result',
						'cmi.interactions.1.id',
						'cmi.interactions.1.student_response'
					),
					fc.constantFrom('passed', 'failed', 'completed', '10', '100', '00:00:02', 'suspend', '')
				)
				.map(([element, value]) => `${element}=${value}`)
		);
		fc.assert(
			fc.property(
				fc.array(call, { maxLength: 40 }),
				fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 40, maxLength: 40 }),
				(calls, cuts) => {
					const all = rows(...calls);
					const whole = applyRows(newPlayState('1.2', null), all, plain);
					let state = newPlayState('1.2', null);
					const parts: EventBody[] = [];
					for (let at = 0, cut = 0; at < all.length; cut += 1) {
						const size = cuts[cut] ?? 1;
						const step = applyRows(state, all.slice(at, at + size), plain);
						state = step.state;
						parts.push(...bodies(step));
						at += size;
					}
					expect(state).toEqual(whole.state);
					const facts = (list: readonly EventBody[]) => list.filter(({ type }) => type !== 'attempt.updated');
					expect(facts(parts)).toEqual(facts(bodies(whole)));
					expect(secondsSoFar(state)).toBe(secondsSoFar(whole.state));
				}
			)
		);
	});
});
