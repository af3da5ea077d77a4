import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histories, scores, shuffledWithRepeats } from '#tests/builders/arbitrary-events.ts';
import type { EventBody, LearningEvent } from '../event/learning-event.ts';
import { compareEvents } from '../event/learning-event.ts';
import { foldBranch, foldEvent, type Branch } from './branch.ts';
import { mergeBranches } from './merge-branches.ts';
import { bestCompletion, bestScore, bestSuccess, scaledOf, type Score } from './status.ts';

const noScore: Score = { scaled: null, raw: null, min: null, max: null };

function events(...bodies: EventBody[]): LearningEvent[] {
	return bodies.map((body, index) => ({
		device: 'phone',
		epoch: '0001-abcdef',
		seq: index + 1,
		learnerId: 'amina',
		courseId: 'c1',
		packId: 'p1',
		attemptId: 'a1',
		scoId: 'i1',
		at: 1000 * (index + 1),
		body
	}));
}

function aBranch(change: Partial<Branch> = {}): Branch {
	const branch = foldBranch(events({ type: 'attempt.started' }));
	if (branch === null) throw new Error('no branch');
	return { ...branch, ...change };
}

/** One attempt on one device. */
const branchHistories = histories({ devices: ['phone'], courses: { c1: { packs: ['p1'], items: ['i1'] } } }).map(
	(all) => all.map((event) => ({ ...event, attemptId: 'a1' }))
);

describe('branches', () => {
	test('[AT1] a session folds into what the learner reached and where to go on', () => {
		const branch = foldBranch(
			events(
				{ type: 'attempt.started' },
				{ type: 'attempt.updated', location: 'page-2', progress: 0.5, seconds: 60 },
				{ type: 'attempt.answered', interactionId: 'q1', kind: 'choice', response: 'a', result: 'correct', latency: 2 },
				{ type: 'attempt.saved', cmi: '{"cmi.location":"page-2"}', sequencing: null },
				{ type: 'session.ended', exit: 'suspend', seconds: 60 }
			)
		);
		expect(branch).toMatchObject({
			completion: 'incomplete',
			success: 'unknown',
			score: null,
			progress: 0.5,
			location: 'page-2',
			seconds: 60,
			sessions: 1,
			answers: 1,
			saved: { cmi: '{"cmi.location":"page-2"}', sequencing: null },
			startedAt: 1000,
			lastAt: 5000,
			epoch: '0001-abcdef',
			seq: 5
		});
	});

	test('[AT2] receiving the same events again changes nothing', () => {
		fc.assert(
			fc.property(branchHistories, (all) => {
				const sorted = all.toSorted(compareEvents);
				const once = foldBranch(sorted);
				expect(sorted.reduce<Branch | null>(foldEvent, once)).toEqual(once);
			})
		);
	});

	test('[AT3] events in any order, some of them twice, fold to the same branch', () => {
		fc.assert(
			fc.property(
				branchHistories.chain((all) => fc.tuple(fc.constant(all), shuffledWithRepeats(all))),
				([all, mixed]) => {
					expect(foldBranch(mixed)).toEqual(foldBranch(all));
				}
			)
		);
	});

	test('[AT4] what was reached never shrinks as events come', () => {
		fc.assert(
			fc.property(branchHistories, (all) => {
				let before: Branch | null = null;
				for (const event of all.toSorted(compareEvents)) {
					const after: Branch = foldEvent(before, event);
					if (before !== null) {
						expect(bestCompletion(before.completion, after.completion)).toBe(after.completion);
						expect(bestSuccess(before.success, after.success)).toBe(after.success);
						expect(bestScore(before.score, after.score)).toEqual(after.score);
						expect(after.progress ?? -1).toBeGreaterThanOrEqual(before.progress ?? -1);
						for (const count of ['seconds', 'sessions', 'answers'] as const)
							expect(after[count]).toBeGreaterThanOrEqual(before[count]);
						if (before.saved !== null) expect(after.saved).not.toBeNull();
					}
					before = after;
				}
			})
		);
	});

	test('[AT4] progress above the whole and centuries of time are cut down to what can be', () => {
		const branch = foldBranch(events({ type: 'attempt.updated', progress: 40, seconds: 1e300 }));
		expect(branch?.progress).toBe(1);
		expect(branch?.seconds).toBeLessThan(400_000_000);
	});

	test('[AT4] a score is kept in one shape, so that branches are equal to the byte', () => {
		const [left, right] = [
			{ scaled: 1, raw: null, min: null, max: null },
			{ max: null, min: null, raw: null, scaled: 1 }
		].map((score) => JSON.stringify(foldBranch(events({ type: 'attempt.updated', score }))));
		expect(left).toBe(right);
	});

	test('[AT5] failing after passing, and beginning anew after completing, take nothing away', () => {
		const branch = foldBranch(
			events(
				{ type: 'attempt.updated', completion: 'completed', success: 'passed' },
				{ type: 'attempt.started' },
				{ type: 'attempt.updated', completion: 'incomplete', success: 'failed' }
			)
		);
		expect(branch).toMatchObject({ completion: 'completed', success: 'passed' });
	});

	test('[EV6] an event of an unknown type moves the branch on and changes nothing else', () => {
		const [first, unknown] = events(
			{ type: 'attempt.started' },
			{ type: 'unknown', original: '{"type":"attempt.smelled"}' }
		);
		if (first === undefined || unknown === undefined) throw new Error('no events');
		const before = foldEvent(null, first);
		expect(foldEvent(before, unknown)).toEqual({ ...before, seq: 2, lastAt: 2000 });
	});

	test('[EV7] a clock that jumps back does not undo anything', () => {
		const [first, second] = events({ type: 'attempt.started' }, { type: 'attempt.updated', progress: 0.5 });
		if (first === undefined || second === undefined) throw new Error('no events');
		expect(foldBranch([first, { ...second, at: -5 }])).toMatchObject({ progress: 0.5, startedAt: 1000, lastAt: -5 });
	});
});

describe('scores', () => {
	test.each<[string, Partial<Score>, number | null]>([
		['scaled as given', { scaled: 0.7, raw: 10 }, 0.7],
		['raw within its range', { raw: 15, min: 10, max: 20 }, 0.5],
		['raw of a hundred where no maximum is given', { raw: 80 }, 0.8],
		['raw of zero', { raw: 0, max: 50 }, 0],
		['more than all points', { raw: 110, max: 100 }, 1],
		['less than none', { raw: -500, max: 100 }, -1],
		['an empty range', { raw: 5, min: 5, max: 5 }, null],
		['a range upside down', { raw: 5, min: 10, max: 0 }, null],
		['numbers too large to divide', { raw: 1e308, min: -1e308, max: 1e308 }, null],
		['nothing', {}, null]
	])('[AT6] the share reached: %s', (_, score, share) => expect(scaledOf({ ...noScore, ...score })).toBe(share));

	test('[AT6] the better of two scores does not depend on order, grouping or repetition', () => {
		fc.assert(
			fc.property(scores, scores, scores, (one, two, three) => {
				expect(bestScore(one, two)).toEqual(bestScore(two, one));
				expect(bestScore(bestScore(one, two), three)).toEqual(bestScore(one, bestScore(two, three)));
				expect(bestScore(one, one)).toEqual(one);
				expect(bestScore(one, null)).toEqual(one);
			})
		);
	});

	test('[AT6] a score that can be told beats one that cannot, and any score beats none', () => {
		const untold = { ...noScore };
		const told = { ...noScore, scaled: -1 };
		expect(bestScore(untold, told)).toBe(told);
		expect(bestScore(null, untold)).toBe(untold);
	});

	test('[AT6] zero has one sign', () => {
		expect(Object.is(scaledOf({ ...noScore, scaled: -0 }), 0)).toBe(true);
		expect(Object.is(scaledOf({ ...noScore, raw: -0 }), 0)).toBe(true);
	});
});

describe('merging', () => {
	/** Branches of one attempt on two devices, with older copies of them. */
	const copies = histories({ courses: { c1: { packs: ['p1'], items: ['i1'] } } })
		.map((all) => all.map((event) => ({ ...event, attemptId: 'a1' })))
		.map((all) =>
			['phone', 'tablet'].flatMap((device) => {
				const own = all.filter((event) => event.device === device).toSorted(compareEvents);
				return own.map((_, index) => foldBranch(own.slice(0, index + 1))).filter((branch) => branch !== null);
			})
		);

	test('[AT9] order and repetition of branches, and older copies among them, change nothing', () => {
		fc.assert(
			fc.property(
				copies.chain((all) => fc.tuple(fc.constant(all), shuffledWithRepeats(all))),
				([all, mixed]) => {
					const latest = ['phone', 'tablet'].flatMap((device) =>
						all.filter((branch) => branch.device === device).slice(-1)
					);
					expect(mergeBranches(mixed)).toEqual(mergeBranches(latest));
				}
			)
		);
	});

	test('[AT9] merging a merge with more branches is merging them all', () => {
		fc.assert(
			fc.property(copies, fc.nat(), (all, at) => {
				const cut = all.length === 0 ? 0 : at % (all.length + 1);
				const part = mergeBranches(all.slice(0, cut));
				expect(mergeBranches([...(part?.branches ?? []), ...all.slice(cut)])).toEqual(mergeBranches(all));
			})
		);
	});

	test('[AT5] what either device reached is reached', () => {
		const merged = mergeBranches([
			aBranch({ completion: 'completed' }),
			aBranch({ device: 'tablet', success: 'passed' })
		]);
		expect(merged).toMatchObject({ completion: 'completed', success: 'passed' });
	});

	test('[AT7] time, sessions and answers of two devices add up', () => {
		const merged = mergeBranches([
			aBranch({ seconds: 60, sessions: 1, answers: 4 }),
			aBranch({ device: 'tablet', seconds: 30, sessions: 2, answers: 1 })
		]);
		expect(merged).toMatchObject({ seconds: 90, sessions: 3, answers: 5 });
	});

	test.each<[string, Partial<Branch>, Partial<Branch>]>([
		['a resume state goes before completion', { saved: { cmi: '{}', sequencing: null } }, { completion: 'completed' }],
		['completion before progress', { completion: 'completed' }, { progress: 0.9 }],
		['progress before time', { progress: 0.2 }, { seconds: 9000 }],
		['time before answers', { seconds: 10 }, { answers: 50 }],
		['answers before nothing', { answers: 1 }, { lastAt: 9e12 }]
	])('[AT8] going on: %s', (_, further, other) => {
		const merged = mergeBranches([aBranch({ device: 'zebra', ...further }), aBranch({ device: 'ant', ...other })]);
		expect(merged?.resume.device).toBe('zebra');
	});

	test('[EV7] the device whose clock runs ahead does not win', () => {
		const merged = mergeBranches([
			aBranch({ progress: 0.9, lastAt: 5 }),
			aBranch({ device: 'tablet', progress: 0.1, lastAt: 9e12 })
		]);
		expect(merged?.resume.device).toBe('phone');
	});

	test('nothing merges to nothing', () => expect(mergeBranches([])).toBeNull());
});
