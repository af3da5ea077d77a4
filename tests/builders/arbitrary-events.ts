// Learning events as fast-check makes them: what a device may send, and the odd values content has been seen to report.
import fc from 'fast-check';
import type { Score } from '#lib/domain/attempt/status.ts';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';

const share = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(0, -0, 0.5, 1, -1, 7));
const points = fc.oneof(
	fc.integer({ min: 0, max: 100 }),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.constant(110)
);

export const scores: fc.Arbitrary<Score> = fc.record({
	scaled: fc.option(share),
	raw: fc.option(points),
	min: fc.option(points),
	max: fc.option(points)
});

const absent = undefined;

export const bodies: fc.Arbitrary<EventBody> = fc.oneof(
	fc.constant<EventBody>({ type: 'attempt.started' }),
	fc.record({
		type: fc.constant('attempt.updated' as const),
		completion: fc.option(
			fc.constantFrom('unknown' as const, 'not attempted' as const, 'incomplete' as const, 'completed' as const),
			{ nil: absent }
		),
		success: fc.option(fc.constantFrom('unknown' as const, 'failed' as const, 'passed' as const), { nil: absent }),
		score: fc.option(scores, { nil: absent }),
		progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: absent }),
		location: fc.option(fc.string({ unit: 'binary', maxLength: 5 }), { nil: absent }),
		seconds: fc.option(fc.double({ min: 0, max: 10_000, noNaN: true }), { nil: absent })
	}),
	fc.record({
		type: fc.constant('attempt.answered' as const),
		interactionId: fc.string({ unit: 'binary', maxLength: 5 }),
		kind: fc.constantFrom('choice', null),
		response: fc.option(fc.string({ unit: 'binary', maxLength: 5 })),
		result: fc.constantFrom('correct', 'incorrect', null),
		latency: fc.option(fc.double({ min: 0, max: 100, noNaN: true }))
	}),
	fc.record({
		type: fc.constant('attempt.saved' as const),
		cmi: fc.string({ unit: 'binary', maxLength: 8 }),
		sequencing: fc.option(fc.string({ maxLength: 3 }))
	}),
	fc.record({
		type: fc.constant('session.ended' as const),
		exit: fc.constantFrom('normal' as const, 'suspend' as const, 'abandoned' as const),
		seconds: fc.nat(1000)
	}),
	fc.record({ type: fc.constant('unknown' as const), original: fc.string({ maxLength: 5 }) })
);

export type EventSetting = {
	readonly learnerId?: string;
	readonly devices?: readonly string[];
	readonly epochs?: readonly string[];
	readonly courses?: Readonly<Record<string, { readonly packs: readonly string[]; readonly items: readonly string[] }>>;
	readonly maxLength?: number;
};

/** Where an event lies: one attempt is at one item of one pack of one course, as devices make them. */
type Place = Pick<LearningEvent, 'courseId' | 'packId' | 'attemptId' | 'scoId'>;

/** All events of one learner, each writer numbering its own 1, 2, 3 ..., in the order of writing. */
export function histories(setting: EventSetting = {}): fc.Arbitrary<LearningEvent[]> {
	const courses = setting.courses ?? { c1: { packs: ['p1', 'p2'], items: ['i1', 'i2', '*'] } };
	const places = Object.entries(courses).flatMap(([courseId, { packs, items }]) =>
		packs.flatMap((packId) =>
			items.flatMap((scoId) =>
				[1, 2].map((n): Place => ({ courseId, packId, scoId, attemptId: `${courseId}-${packId}-${scoId}-${n}` }))
			)
		)
	);
	const draft = fc.record({
		device: fc.constantFrom(...(setting.devices ?? ['phone', 'tablet'])),
		epoch: fc.constantFrom(...(setting.epochs ?? ['0001-aaaaaa', '0002-bbbbbb'])),
		place: fc.constantFrom(...places),
		at: fc.integer({ min: -1_000_000, max: 2_000_000_000_000 }),
		body: bodies
	});
	return fc.array(draft, { maxLength: setting.maxLength ?? 30 }).map((drafts) => {
		const last = new Map<string, number>();
		return drafts.map(({ device, epoch, place, at, body }) => {
			const writer = `${device}/${epoch}`;
			const seq = (last.get(writer) ?? 0) + 1;
			last.set(writer, seq);
			return { device, epoch, seq, learnerId: setting.learnerId ?? 'amina', ...place, at, body };
		});
	});
}

/** The same things in some other order, and some of them twice. */
export function shuffledWithRepeats<T>(things: readonly T[]): fc.Arbitrary<T[]> {
	return fc
		.tuple(
			fc.shuffledSubarray([...things], { minLength: things.length, maxLength: things.length }),
			fc.shuffledSubarray([...things])
		)
		.map(([all, again]) => [...all, ...again]);
}
