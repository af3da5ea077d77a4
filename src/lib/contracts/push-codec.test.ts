import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import { ByteReader, ByteWriter, MalformedBytes } from './byte-columns.ts';
import { decodeBatch, encodeBatch, MOST_CHARACTERS, PUSH_FORMAT } from './push-codec.ts';

const OWNER = '01938f6e-0000-7000-8000-0000000000aa';

/** fast-check's records come without a prototype now and then; ours never do. */
const plain = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
	fc.record(fields, { noNullPrototype: true });

/** Anything a text can hold: emoji, right to left, U+0000, unpaired surrogates. */
const text = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc.string({ unit: 'grapheme', maxLength: 20 }),
	fc.constantFrom(
		'',
		'\0',
		'\ud83d',
		'\ude00x',
		'a\ud83d\ude00',
		'سؤال ٣',
		'\ufeffBOM',
		'page-9',
		'page-10',
		'007',
		'ff',
		'F0'
	),
	fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units))
);
const id = fc.oneof(
	fc.uuid(),
	fc.uuid({ version: 7 }),
	fc.uuid().map((uuid) => uuid.toUpperCase()),
	fc.stringMatching(/^[0-9a-f]{20}$/),
	text
);
const number = fc.oneof(
	fc.double(),
	fc.integer(),
	fc.maxSafeInteger(),
	fc.integer({ min: 0, max: 100 }).map((part) => part / 100),
	fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 30 })).map(([part, whole]) => part / whole),
	fc.constantFrom(-0, 0, 1e-9, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 2 ** 53)
);
const score = fc.record(
	{
		scaled: fc.option(number),
		raw: fc.option(number),
		min: fc.option(fc.oneof(fc.constant(0), number)),
		max: fc.option(fc.oneof(fc.constant(100), number))
	},
	{ noNullPrototype: true }
);
const body: fc.Arbitrary<EventBody> = fc.oneof(
	fc.constant({ type: 'attempt.started' } as const),
	fc.record(
		{
			type: fc.constant('attempt.updated' as const),
			completion: fc.constantFrom('unknown', 'not attempted', 'incomplete', 'completed' as const),
			success: fc.constantFrom('unknown', 'failed', 'passed' as const),
			score,
			progress: number,
			location: text,
			seconds: number
		},
		{ requiredKeys: ['type'], noNullPrototype: true }
	),
	plain({
		type: fc.constant('attempt.answered' as const),
		interactionId: text,
		kind: fc.option(text),
		response: fc.option(text),
		result: fc.option(text),
		latency: fc.option(number)
	}),
	plain({ type: fc.constant('attempt.saved' as const), cmi: text, sequencing: fc.option(text) }),
	plain({
		type: fc.constant('session.ended' as const),
		exit: fc.constantFrom('normal', 'suspend', 'logout', 'time-out', 'abandoned' as const),
		seconds: number
	}),
	fc.oneof(text, fc.json()).map((rest) => ({ type: 'unknown' as const, original: `{"type":"note.${rest}` }))
) as fc.Arbitrary<EventBody>;
const subject = plain({
	learnerId: fc.oneof(fc.constant(OWNER), id),
	courseId: id,
	packId: id,
	attemptId: id,
	scoId: text
});
const time = fc.oneof(
	fc.integer({ min: -1_000_000, max: 40_000_000_000 }).map((tenths) => tenths * 100),
	fc.integer(),
	fc.constantFrom(0, -62_135_596_800_000, 253_402_300_799_900, 0.5, -0)
);

const batch: fc.Arbitrary<readonly LearningEvent[]> = fc
	.record({
		device: fc.oneof(fc.stringMatching(/^[0-9a-f]{16}$/), text),
		epoch: fc.oneof(fc.stringMatching(/^[0-9a-z]{4}-[0-9a-z]{6}$/), text),
		first: fc.nat(1_000_000),
		subjects: fc.array(subject, { minLength: 1, maxLength: 4 }),
		rows: fc.array(fc.record({ gap: fc.constantFrom(1, 1, 1, 1, 2, 900), which: fc.nat(3), at: time, body }), {
			minLength: 1,
			maxLength: 40
		})
	})
	.map(({ device, epoch, first, subjects, rows }) => {
		let seq = first;
		return rows.map((row): LearningEvent => {
			seq += row.gap;
			const own = subjects[row.which % subjects.length] ?? subjects[0]!;
			return { device, epoch, seq, ...own, at: row.at, body: row.body };
		});
	});

async function roundTrip(events: readonly LearningEvent[], owner: string | null = OWNER) {
	return decodeBatch(await encodeBatch(events, owner), owner);
}

function anEvent(seq: number, own: EventBody, change: Partial<LearningEvent> = {}): LearningEvent {
	return {
		device: '00112233445566ff',
		epoch: '0003-k3j9x2',
		seq,
		learnerId: OWNER,
		courseId: 'c1',
		packId: '0123456789abcdef0123',
		attemptId: '01938f6e-1234-7abc-8def-0123456789ab',
		scoId: 'item_1',
		at: 1_763_769_600_000 + seq * 100,
		body: own,
		...change
	};
}

describe('what goes in comes out', () => {
	test('[SY36] for any events at all, to the last bit and code unit', async () => {
		await fc.assert(
			fc.asyncProperty(batch, fc.constantFrom(OWNER, null), async (events, owner) => {
				const result = await roundTrip(events, owner);
				expect(result).toStrictEqual({
					type: 'decoded',
					device: events[0]!.device,
					epoch: events[0]!.epoch,
					events
				});
			}),
			{ numRuns: 2_000 }
		);
	});

	test('huge texts, and growing ones that differ in the middle', async () => {
		const events = Array.from({ length: 30 }, (_, index) =>
			anEvent(index + 1, {
				type: 'attempt.saved',
				cmi: `{"a":"${'😀'.repeat(index * 500)}","b":"${'x'.repeat(20_000)}"}`,
				sequencing: index % 2 ? 'y'.repeat(100_000) : null
			})
		);
		const bytes = await encodeBatch(events, OWNER);
		expect(await decodeBatch(bytes, OWNER)).toMatchObject({ type: 'decoded', events });
		expect(bytes.length).toBeLessThan(3_000);
	});

	test('ten thousand events, and not one more', async () => {
		const events = Array.from({ length: 10_000 }, (_, index) => anEvent(index + 1, { type: 'attempt.started' }));
		expect(await roundTrip(events)).toMatchObject({ type: 'decoded', events });
		await expect(encodeBatch([...events, anEvent(10_001, { type: 'attempt.started' })], OWNER)).rejects.toThrow(
			RangeError
		);
	});

	test("the owner's id costs nothing, and without an owner the batch is not guessed at", async () => {
		const events = [anEvent(1, { type: 'attempt.started' })];
		const bytes = await encodeBatch(events, OWNER);
		expect(bytes.length).toBe((await encodeBatch(events, null)).length - 18);
		expect(await decodeBatch(bytes, null)).toEqual({ type: 'refused', reason: 'needs-owner' });
	});

	test('another learner among the events keeps every id', async () => {
		const events = [
			anEvent(1, { type: 'attempt.started' }),
			anEvent(2, { type: 'attempt.started' }, { learnerId: 'x' })
		];
		expect(await roundTrip(events)).toMatchObject({ type: 'decoded', events });
	});
});

describe('[EV6] versions', () => {
	test('a type from the future comes out as unknown, with its own words', async () => {
		const future = { type: 'note.written', words: 'later' } as unknown as EventBody;
		expect(await roundTrip([anEvent(1, future)])).toMatchObject({
			events: [{ body: { type: 'unknown', original: '{"type":"note.written","words":"later"}' } }]
		});
	});

	test('a known type with a field from the future is not cut down to what is known', async () => {
		const future = { type: 'attempt.started', mood: 'calm' } as unknown as EventBody;
		expect(await roundTrip([anEvent(1, future)])).toMatchObject({
			events: [{ body: { type: 'unknown', original: '{"type":"attempt.started","mood":"calm"}' } }]
		});
	});

	test('what an older version kept as unknown is understood by the version that knows it', async () => {
		const kept: EventBody = { type: 'unknown', original: '{"type":"session.ended","exit":"suspend","seconds":4}' };
		expect(await roundTrip([anEvent(1, kept)])).toMatchObject({
			events: [{ body: { type: 'session.ended', exit: 'suspend', seconds: 4 } }]
		});
	});

	test('another format is refused by name, before anything else is believed', async () => {
		const bytes = await encodeBatch([anEvent(1, { type: 'attempt.started' })], OWNER);
		bytes[1] = PUSH_FORMAT + 1;
		expect(await decodeBatch(bytes, OWNER)).toEqual({ type: 'refused', reason: 'newer-version' });
		bytes[1] = PUSH_FORMAT - 1;
		expect(await decodeBatch(bytes, OWNER)).toEqual({ type: 'refused', reason: 'older-version' });
		expect(await decodeBatch(new TextEncoder().encode('<!doctype html><title>Sign in'), OWNER)).toEqual({
			type: 'refused',
			reason: 'not-a-batch'
		});
		expect(await decodeBatch(new Uint8Array(), OWNER)).toEqual({ type: 'refused', reason: 'not-a-batch' });
	});
});

describe('damage', () => {
	const events = Array.from({ length: 60 }, (_, index) =>
		anEvent(
			index + 1,
			index % 3 === 0
				? { type: 'attempt.updated', progress: index / 60, location: `page-${index}`, seconds: index * 12.5 }
				: {
						type: 'attempt.answered',
						interactionId: `q${index}`,
						kind: 'choice',
						response: 'b',
						result: 'correct',
						latency: 4.2
					}
		)
	);

	test('[SY37] of 100,000 damaged bodies none is taken for something else', { timeout: 120_000 }, async () => {
		const small = await encodeBatch(events.slice(0, 4), OWNER);
		const large = await encodeBatch(events, OWNER);
		const random = mulberry32(20_261_122);
		const below = (limit: number) => Math.floor(random() * limit);
		let refusals = 0;
		let same = 0;
		for (let round = 0; round < 100_000; round++) {
			const original = round % 2 ? small : large;
			const damaged = damage(original, below);
			const result = await decodeBatch(damaged, OWNER);
			if (result.type === 'refused') refusals += 1;
			else if (isSame(damaged, original)) same += 1;
			else throw new Error(`round ${round} was accepted`);
		}
		expect(refusals + same).toBe(100_000);
		expect(refusals).toBeGreaterThan(99_000);
	});

	test(
		'with a right trailer, nonsense inside is refused or read, but never crashes or grows without bound',
		{ timeout: 120_000 },
		async () => {
			const plain = await encodeBatch(events.slice(0, 4), OWNER);
			const large = await encodeBatch(events, OWNER);
			const random = mulberry32(7);
			const below = (limit: number) => Math.floor(random() * limit);
			for (let round = 0; round < 10_000; round++) {
				const result = await decodeBatch(
					await withTrailer(damage(round % 4 ? plain : large, below).slice(0, -8)),
					OWNER
				);
				if (result.type === 'decoded') {
					const characters = result.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
					expect(characters).toBeLessThan(6 * MOST_CHARACTERS);
				}
			}
		}
	);

	test('a small body that unpacks to gigabytes is stopped', async () => {
		const zeros = new Uint8Array(1024 * 1024);
		const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
			start(controller) {
				for (let count = 0; count < 64; count++) controller.enqueue(zeros);
				controller.close();
			}
		}).pipeThrough(new CompressionStream('deflate-raw'));
		const packed = new Uint8Array(await new Response(stream).arrayBuffer());
		const body = await withTrailer(new Uint8Array([0x57, PUSH_FORMAT, 1, ...packed]));
		expect(await decodeBatch(body, OWNER)).toEqual({ type: 'refused', reason: 'too-large' });
	});

	test('a text repeated by every event counts every time', async () => {
		const events = Array.from({ length: 5_000 }, (_, index) =>
			anEvent(index + 1, { type: 'attempt.started' }, { scoId: 's'.repeat(10_000) })
		);
		expect(await roundTrip(events)).toEqual({ type: 'refused', reason: 'too-large' });
	});

	test('a length that is longer than the body is refused at once', () => {
		const out = new ByteWriter([]);
		out.unsigned(2 ** 50 * 8);
		expect(() => new ByteReader(out.bytes(), [], 100).text()).toThrow(MalformedBytes);
	});
});

test('events of two epochs, or out of order, are not a batch', async () => {
	const first = anEvent(1, { type: 'attempt.started' });
	await expect(encodeBatch([first, { ...first, seq: 2, epoch: '0004-aaaaaa' }], OWNER)).rejects.toThrow(RangeError);
	await expect(encodeBatch([{ ...first, seq: 2 }, first], OWNER)).rejects.toThrow(RangeError);
	await expect(encodeBatch([], OWNER)).rejects.toThrow(RangeError);
});

function damage(original: Uint8Array<ArrayBuffer>, below: (limit: number) => number): Uint8Array<ArrayBuffer> {
	const bytes = original.slice();
	switch (below(6)) {
		case 0:
			return bytes.slice(0, below(bytes.length));
		case 1:
			return new Uint8Array([...bytes, ...Array.from({ length: 1 + below(9) }, () => below(256))]);
		case 2: {
			const at = below(bytes.length);
			return new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1 + below(4))]);
		}
		case 3: {
			const [from, to] = [below(bytes.length), below(bytes.length)];
			bytes.copyWithin(to, from, from + 1 + below(12));
			return bytes;
		}
		default:
			for (let count = 1 + below(3); count > 0; count--) bytes[below(bytes.length)]! ^= 1 << below(8);
			return bytes;
	}
}

async function withTrailer(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return new Uint8Array([...bytes, ...digest.subarray(0, 8)]);
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
	return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}
