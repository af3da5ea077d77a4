/** What crosses the wire, hashed: whoever changes a schema or the push format meets this test, and then bumps the version. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import {
	apiErrorSchema,
	capabilitySchema,
	publicConfigSchema,
	signInRequestSchema,
	signInResponseSchema
} from './api.ts';
import { PROTOCOL_VERSION } from './protocol-version.ts';
import { decodeBatch, encodeBatch, PUSH_FORMAT } from './push-codec.ts';
import { pullRequestSchema, pullResponseSchema, pushResponseSchema } from './sync.ts';

/** Version of the protocol, and the hash that belongs to it. Add a line to protocol-version.ts with every change. */
const KNOWN = { version: 2, hash: '8fde806712ca50a9' };

const wire = {
	pushResponseSchema,
	pullRequestSchema,
	pullResponseSchema,
	signInRequestSchema,
	signInResponseSchema,
	capabilitySchema,
	publicConfigSchema,
	apiErrorSchema
};

describe('the protocol', () => {
	test('a changed schema means a new version', () => {
		const hash = createHash('sha256')
			.update(JSON.stringify(shapeOf(wire)))
			.digest('hex')
			.slice(0, 16);
		expect({ version: PROTOCOL_VERSION, hash }).toEqual(KNOWN);
	});

	test('this test sees a change, in depth', () => {
		const before = JSON.stringify(shapeOf(pullResponseSchema));
		const changed = {
			...pullResponseSchema,
			entries: { ...pullResponseSchema.entries, more: pullResponseSchema.entries.now }
		};
		expect(JSON.stringify(shapeOf(changed))).not.toBe(before);
	});

	test('[SY36] bodies that devices have waiting in flight are read for ever: format 1, as first written', async () => {
		const body = Uint8Array.from(Buffer.from(GOLDEN, 'hex'));
		expect(PUSH_FORMAT).toBe(1);
		expect(await decodeBatch(body, OWNER)).toEqual({
			type: 'decoded',
			device: events[0]!.device,
			epoch: events[0]!.epoch,
			events
		});
		expect(Buffer.from(await encodeBatch(events, OWNER)).toString('hex')).toBe(GOLDEN);
	});
});

const OWNER = '01938f6e-0000-7000-8000-0000000000aa';
const subject = {
	device: '00112233445566ff',
	epoch: '0003-k3j9x2',
	learnerId: OWNER,
	courseId: '5b0c1d52-8a55-4f0e-9d3f-1f2e3d4c5b6a',
	packId: '0123456789abcdef0123',
	attemptId: '019aa8a4-9a80-7abc-8def-0123456789ab',
	scoId: 'item_1'
};
const events: LearningEvent[] = [
	{ ...subject, seq: 41, at: 1_763_769_600_000, body: { type: 'attempt.started' } },
	{
		...subject,
		seq: 42,
		at: 1_763_769_612_300,
		body: { type: 'attempt.updated', progress: 0.25, location: 'page-3', seconds: 12.3, completion: 'incomplete' }
	},
	{
		...subject,
		seq: 43,
		at: 1_763_769_630_000,
		body: {
			type: 'attempt.answered',
			interactionId: 'q1',
			kind: 'choice',
			response: 'b',
			result: 'correct',
			latency: 3.5
		}
	},
	{
		...subject,
		seq: 44,
		at: 1_763_769_640_000,
		body: { type: 'attempt.updated', score: { scaled: 0.85, raw: 85, min: 0, max: 100 }, success: 'passed' }
	},
	{
		...subject,
		seq: 45,
		at: 1_763_769_640_100,
		body: { type: 'attempt.saved', cmi: '{"cmi.location":"3"}', sequencing: null }
	},
	{ ...subject, seq: 46, at: 1_763_769_641_000, body: { type: 'session.ended', exit: 'suspend', seconds: 41 } },
	{ ...subject, seq: 50, at: 1_763_769_700_000, body: { type: 'unknown', original: '{"type":"note.written"}' } }
];
const GOLDEN =
	'570100014400112233445566ff04f6d7bdc3040629010300048088cfb483017bb101640109ce04000000025b0c1d528a554f0e9d3f1f2e3d4c5b6a00540123456789abcdef012300306974656d5f310003ffb5bd030abc0def0123456789ab01b94f86201102020232105512190030706167652d33117b00107131050008620e112310290000a0017b22636d692e6c6f636174696f6e223a2233227d0000b8017b2274797065223a226e6f74652e7772697474656e227de5b09bb18c87508f';

/** What of a valibot schema decides which values pass: kinds, fields, options, literals, limits. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(shapeOf);
	if (value instanceof RegExp) return String(value);
	if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'function' : value;
	const told = new Set([
		'kind',
		'type',
		'entries',
		'item',
		'items',
		'options',
		'literal',
		'wrapped',
		'key',
		'value',
		'pipe',
		'requirement',
		'default',
		'rest'
	]);
	const isSchema = 'kind' in value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([name]) => !isSchema || told.has(name))
			.toSorted(([left], [right]) => (left < right ? -1 : 1))
			.map(([name, own]) => [name, shapeOf(own)])
	);
}
