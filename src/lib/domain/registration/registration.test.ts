import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histories, shuffledWithRepeats } from '#tests/builders/arbitrary-events.ts';
import { foldBranch, type Branch } from '../attempt/branch.ts';
import { mergeBranches, type Attempt } from '../attempt/merge-branches.ts';
import type { LearningEvent } from '../event/learning-event.ts';
import { anomaliesOf } from './anomalies.ts';
import { itemStateOf, registrationOf, WHOLE_COURSE } from './registration.ts';

const scoIdsOf = (packId: string): readonly string[] => ({ p1: ['i1', 'i2'], p2: ['i1', 'i2', 'i3'] })[packId] ?? [];

let count = 0;
function anAttempt(change: Partial<Branch> = {}): Attempt {
	count += 1;
	const branch = foldBranch([
		{
			device: 'phone',
			epoch: '0001-abcdef',
			seq: 1,
			learnerId: 'amina',
			courseId: 'c1',
			packId: 'p1',
			attemptId: `a${count}`,
			scoId: 'i1',
			at: 1000,
			body: { type: 'attempt.started' }
		}
	]);
	const attempt = branch === null ? null : mergeBranches([{ ...branch, ...change }]);
	if (attempt === null) throw new Error('no attempt');
	return attempt;
}

const registered = (...attempts: Attempt[]) => registrationOf('amina', 'c1', scoIdsOf, attempts);

/** Attempts from events, as device and server make them. */
function attemptsOf(events: readonly LearningEvent[]): Attempt[] {
	const branches = [...Map.groupBy(events, (event) => `${event.attemptId}/${event.device}`).values()].flatMap(
		(own) => foldBranch(own) ?? []
	);
	return [...Map.groupBy(branches, (branch) => branch.attemptId).values()].flatMap((own) => mergeBranches(own) ?? []);
}

describe('registrations', () => {
	test('without an attempt nothing has begun', () => {
		expect(registered()).toMatchObject({ state: 'not-begun', packId: null, progress: 0, startedAt: null });
	});

	test('[RG1] the best of several attempts at an item counts, and their time adds up', () => {
		const attempts = [
			anAttempt({ completion: 'completed', seconds: 10, score: { scaled: 0.4, raw: null, min: null, max: null } }),
			anAttempt({ success: 'passed', seconds: 5, score: { scaled: 0.9, raw: null, min: null, max: null } })
		];
		expect(itemStateOf('i1', attempts)).toMatchObject({
			completion: 'completed',
			success: 'passed',
			score: { scaled: 0.9 },
			seconds: 15
		});
	});

	test('[RG2] attempts at another revision do not make this one done, but their time counts', () => {
		const registration = registered(
			anAttempt({ completion: 'completed', seconds: 10 }),
			anAttempt({ packId: 'p2', scoId: 'i2', completion: 'completed', seconds: 10 })
		);
		expect(registration).toMatchObject({ state: 'going-on', itemsDone: 1, seconds: 20 });
	});

	test.each<[string, Partial<Branch>, boolean]>([
		['completed', { completion: 'completed' }, true],
		['passed', { success: 'passed' }, true],
		['failed but completed', { completion: 'completed', success: 'failed' }, true],
		['begun', { completion: 'incomplete', progress: 1 }, false]
	])('[RG3] an item that is %s', (_, change, isDone) => {
		expect(registered(anAttempt(change)).itemsDone).toBe(isDone ? 1 : 0);
	});

	test('[RG4] a course is done when every item is', () => {
		const first = anAttempt({ completion: 'completed' });
		expect(registered(first)).toMatchObject({ state: 'going-on', progress: 0.5 });
		expect(registered(first, anAttempt({ scoId: 'i2', success: 'passed' }))).toMatchObject({
			state: 'done',
			progress: 1,
			success: 'passed'
		});
	});

	test("[RG4] the content's own roll-up has the last word", () => {
		const whole = anAttempt({
			scoId: WHOLE_COURSE,
			completion: 'completed',
			success: 'failed',
			score: { scaled: 0.3, raw: null, min: null, max: null }
		});
		const item = anAttempt({ success: 'passed', score: { scaled: 1, raw: null, min: null, max: null } });
		expect(registered(whole, item)).toMatchObject({
			state: 'done',
			success: 'failed',
			score: 0.3,
			progress: 1,
			itemsDone: 1
		});
	});

	test('[RG4] without a roll-up one failed item fails the course and the score is the average', () => {
		const registration = registered(
			anAttempt({ success: 'failed', score: { scaled: 0.2, raw: null, min: null, max: null } }),
			anAttempt({ scoId: 'i2', success: 'passed', score: { scaled: null, raw: 80, min: null, max: null } })
		);
		expect(registration).toMatchObject({ success: 'failed', score: 0.5 });
	});

	test('[RG4] the time of the roll-up is not counted twice', () => {
		expect(registered(anAttempt({ seconds: 10 }), anAttempt({ scoId: WHOLE_COURSE, seconds: 10 })).seconds).toBe(10);
	});

	test('[RG5] the revision on which she got furthest counts, done before all', () => {
		const old = [anAttempt({ completion: 'completed' }), anAttempt({ scoId: 'i2', completion: 'completed' })];
		const newer = anAttempt({
			packId: 'p2',
			progress: 0.9,
			seconds: 9000,
			lastAt: 9e12,
			score: { scaled: 1, raw: null, min: null, max: null }
		});
		expect(registered(newer, ...old)).toMatchObject({ packId: 'p1', state: 'done' });
	});

	test('[EV7] between equal revisions the clock does not decide', () => {
		const attempts = [anAttempt({ seconds: 60, lastAt: 1 }), anAttempt({ packId: 'p2', seconds: 1, lastAt: 9e12 })];
		expect(registered(...attempts).packId).toBe('p1');
	});

	test('[RG6] a pack that is not known has no items and is never done by them', () => {
		expect(registered(anAttempt({ packId: 'p9', completion: 'completed' }))).toMatchObject({
			state: 'going-on',
			itemsTotal: 0,
			progress: 0
		});
	});

	test('[RG1] sums of fractions are the same to the last digit, whatever comes first', () => {
		const [one, two, three] = [0.1, 0.2, 0.3].map((seconds) => anAttempt({ seconds }));
		if (one === undefined || two === undefined || three === undefined) throw new Error('no attempts');
		expect(registered(three, two, one).seconds).toBe(registered(one, two, three).seconds);
	});

	test('[RG1] the order of attempts changes nothing, to the last digit', () => {
		fc.assert(
			fc.property(
				histories({ maxLength: 60 }).chain((events) => {
					const attempts = attemptsOf(events);
					return fc.tuple(
						fc.constant(attempts),
						fc.shuffledSubarray(attempts, { minLength: attempts.length, maxLength: attempts.length })
					);
				}),
				([attempts, mixed]) => {
					expect(registered(...mixed)).toEqual(registered(...attempts));
				}
			)
		);
	});

	test('[SY3] events in any order, some twice, make the same registration', () => {
		fc.assert(
			fc.property(
				histories().chain((events) => fc.tuple(fc.constant(events), shuffledWithRepeats(events))),
				([events, mixed]) => {
					expect(registered(...attemptsOf(mixed))).toEqual(registered(...attemptsOf(events)));
				}
			)
		);
	});

	test('[AT5] more events never take a finished course back', () => {
		fc.assert(
			fc.property(
				histories({ courses: { c1: { packs: ['p1'], items: ['i1', 'i2', '*'] } } }),
				fc.nat(),
				(events, at) => {
					const early = registered(...attemptsOf(events.slice(0, at % (events.length + 1))));
					if (early.state === 'done') expect(registered(...attemptsOf(events)).state).toBe('done');
				}
			)
		);
	});

	test('[RG4] progress is between nothing and all, score between -1 and 1', () => {
		fc.assert(
			fc.property(histories({ maxLength: 60 }), (events) => {
				const { progress, score } = registered(...attemptsOf(events));
				expect(progress).toBeGreaterThanOrEqual(0);
				expect(progress).toBeLessThanOrEqual(1);
				if (score !== null) expect(Math.abs(score)).toBeLessThanOrEqual(1);
			})
		);
	});
});

describe('anomalies', () => {
	const now = Date.UTC(2026, 5, 1);
	const evidence = { seconds: 7200, startedAt: now - 10_000_000, lastAt: now - 1000, finishedAt: now };

	test('[RG7] ordinary work has none', () => expect(anomaliesOf(evidence, 2)).toEqual([]));
	test('[RG7] less than a tenth of the hours is fast', () => {
		expect(anomaliesOf({ ...evidence, seconds: 719 }, 2)).toEqual(['fast']);
		expect(anomaliesOf({ ...evidence, seconds: 720 }, 2)).toEqual([]);
		expect(anomaliesOf({ ...evidence, seconds: 0 }, null)).toEqual([]);
	});
	test.each([
		['1970', { startedAt: 5_000 }],
		['next year', { lastAt: now + 366 * 24 * 3600 * 1000 }],
		['an end before the beginning', { startedAt: now, lastAt: now - 1 }]
	])('[RG7] a clock in %s is seen', (_, times) =>
		expect(anomaliesOf({ ...evidence, ...times }, 2)).toEqual(['clock-jump'])
	);
});
