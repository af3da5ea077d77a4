import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodies, histories, shuffledWithRepeats } from '#tests/builders/arbitrary-events.ts';
import { canonicalEvent } from './canonical-event.ts';
import { nextEpoch } from './epoch.ts';
import { addToFrontier, EMPTY_FRONTIER, frontierHas } from './frontier.ts';
import { compareEvents, eventKey, type LearningEvent } from './learning-event.ts';

describe('epochs', () => {
	test('[EV2] the first epoch has the counter 1, each next one more', () => {
		expect(nextEpoch(null, 'abc123')).toBe('0001-abc123');
		expect(nextEpoch('0001-abc123', 'zzzzzz')).toBe('0002-zzzzzz');
		expect(nextEpoch('000z-abc123', 'zzzzzz')).toBe('0010-zzzzzz');
	});

	test('[EV2] epochs sort by age, whatever chance gave them', () => {
		fc.assert(
			fc.property(fc.array(fc.stringMatching(/^[0-9a-z]{6}$/), { minLength: 2, maxLength: 60 }), (chances) => {
				const epochs = chances.reduce<string[]>(
					(list, chance) => [...list, nextEpoch(list.at(-1) ?? null, chance)],
					[]
				);
				expect(epochs.toSorted((left, right) => (left < right ? -1 : 1))).toEqual(epochs);
			})
		);
	});

	test('[EV2] an epoch that cannot be read counts as the first', () => {
		expect(nextEpoch('????-abc123', 'abcdef')).toBe('0001-abcdef');
	});
});

describe('frontiers', () => {
	const numbers = fc.array(fc.integer({ min: 1, max: 40 }));

	test('[EV4] numbers without a gap raise `upto`, others wait beyond', () => {
		expect(addToFrontier(EMPTY_FRONTIER, [1, 2, 5, 4])).toEqual({ upto: 2, beyond: [4, 5] });
		expect(addToFrontier({ upto: 2, beyond: [4, 5] }, [3])).toEqual({ upto: 5, beyond: [] });
	});

	test('[EV4] a frontier holds exactly the numbers that were added', () => {
		fc.assert(
			fc.property(numbers, (seqs) => {
				const frontier = addToFrontier(EMPTY_FRONTIER, seqs);
				for (let seq = 1; seq <= 41; seq++) expect(frontierHas(frontier, seq)).toBe(seqs.includes(seq));
				expect(frontier.beyond).not.toContain(frontier.upto + 1);
			})
		);
	});

	test('[EV4] order, grouping and repetition change nothing', () => {
		fc.assert(
			fc.property(
				numbers.chain((seqs) => fc.tuple(fc.constant(seqs), shuffledWithRepeats(seqs), fc.nat(seqs.length * 2))),
				([seqs, mixed, cut]) => {
					const parts = addToFrontier(addToFrontier(EMPTY_FRONTIER, mixed.slice(0, cut)), mixed.slice(cut));
					expect(parts).toEqual(addToFrontier(EMPTY_FRONTIER, seqs));
				}
			)
		);
	});

	test('[EV4] numbers that were never given are not taken for arrived', () => {
		expect(addToFrontier(EMPTY_FRONTIER, [0, -1])).toEqual(EMPTY_FRONTIER);
	});
});

describe('canonical text', () => {
	const first: LearningEvent = {
		device: 'd',
		epoch: '0001-abcdef',
		seq: 1,
		learnerId: 'l',
		courseId: 'c',
		packId: 'p',
		attemptId: 'a',
		scoId: 's',
		at: 100,
		body: { type: 'attempt.updated', completion: 'completed', score: { scaled: 1, raw: null, min: null, max: null } }
	};

	test('[EV5] the order of keys and keys without a value change nothing', () => {
		const other: LearningEvent = {
			body: {
				score: { max: null, min: null, raw: null, scaled: 1 },
				completion: 'completed',
				type: 'attempt.updated',
				location: undefined
			},
			at: 100,
			scoId: 's',
			attemptId: 'a',
			packId: 'p',
			courseId: 'c',
			learnerId: 'l',
			seq: 1,
			epoch: '0001-abcdef',
			device: 'd'
		};
		expect(canonicalEvent(other)).toBe(canonicalEvent(first));
	});

	test('[EV5] any other content gives another text', () => {
		const changed: Partial<LearningEvent>[] = [
			{ device: 'e' },
			{ epoch: '0002-abcdef' },
			{ seq: 2 },
			{ learnerId: 'm' },
			{ courseId: 'd' },
			{ packId: 'q' },
			{ attemptId: 'b' },
			{ scoId: 't' },
			{ at: 200 },
			{ body: { type: 'attempt.updated', completion: 'completed' } }
		];
		const texts = new Set(
			[first, ...changed.map((change) => ({ ...first, ...change }))].map((event) => canonicalEvent(event))
		);
		expect(texts.size).toBe(changed.length + 1);
	});

	test('[EV5] the text survives a journey as JSON', () => {
		fc.assert(
			fc.property(bodies, (body) => {
				const event = { ...first, body };
				const travelled = JSON.parse(JSON.stringify(event)) as LearningEvent;
				expect(canonicalEvent(travelled)).toBe(canonicalEvent(event));
			})
		);
	});

	test('[EV5] a body that this version does not know counts as the version that knows it would count it', () => {
		const known = bodies.filter((body) => body.type !== 'unknown');
		fc.assert(
			fc.property(known, (body) => {
				const original = JSON.stringify(Object.fromEntries(Object.entries(body).toReversed()));
				expect(canonicalEvent({ ...first, body: { type: 'unknown', original } })).toBe(
					canonicalEvent({ ...first, body })
				);
			})
		);
		const cut = canonicalEvent({ ...first, body: { type: 'unknown', original: '{"type":"note.wri' } });
		expect(cut).not.toBe(canonicalEvent({ ...first, body: { type: 'unknown', original: '{"type":"note.wro' } }));
	});

	test('[EV5] texts with U+0000 and lone surrogates stay apart and are well-formed', () => {
		const [left, right] = ['\u0000', '\ud800'].map((location) =>
			canonicalEvent({ ...first, body: { type: 'attempt.updated', location } })
		);
		expect(left).not.toBe(right);
		expect(right?.isWellFormed()).toBe(true);
		expect(left).not.toContain('\u0000');
	});
});

test('[EV1] an identity is one string, and two identities are two', () => {
	fc.assert(
		fc.property(histories(), (events) => {
			expect(new Set(events.map(eventKey)).size).toBe(events.length);
		})
	);
});

test('[EV3] events of one device sort by epoch, then by number', () => {
	fc.assert(
		fc.property(
			histories({ devices: ['phone'] }).chain((events) => fc.tuple(fc.constant(events), shuffledWithRepeats(events))),
			([events, mixed]) => {
				const sorted = mixed.toSorted(compareEvents);
				for (const [index, event] of sorted.entries()) {
					const before = sorted[index - 1];
					if (before !== undefined)
						expect(before.epoch < event.epoch || (before.epoch === event.epoch && before.seq <= event.seq)).toBe(true);
				}
				expect(new Set(sorted.map(eventKey)).size).toBe(events.length);
			}
		)
	);
});
