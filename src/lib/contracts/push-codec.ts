/**
 * The push body: one batch of one (device, epoch) as columns of variable-length integers. Format 1:
 *
 *     'W'  0x57
 *     version  1 byte: 1
 *     packing  1 byte: 0 = plain, 1 = deflate-raw
 *     columns, packed as said
 *     trailer  8 bytes: the first of the SHA-256 of everything before
 *
 * Why not JSON columns with gzip: measured on the same events they cost 35 bytes an event in a batch of ten, twice this
 * format and over the budget of a sixth of xAPI JSON with gzip; ids, keys and digits are most of a small batch.
 * Why an own trailer: a body cut or bent on the way must never be counted, whatever stands between the two ends.
 *
 * Columns, in this order: flags; device; epoch; numbers as runs; dictionary of texts; contexts (course, pack, attempt,
 * item) and which event has which; one byte an event for its type and the fields it has; times; then one column a field.
 * Numbers are kept to the last bit, texts to the last code unit (also unpaired surrogates). Event types this version does
 * not know travel as JSON, so that newer devices and older servers understand each other (SPEC EV6).
 */
import type { EventBody, EventSubject, EventType, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Completion, Score, Success } from '#lib/domain/attempt/status.ts';
import { ByteReader, ByteWriter, MalformedBytes } from './byte-columns.ts';

export const PUSH_FORMAT = 1;
/** A batch that would need more than this, in events or in unpacked characters, is not decoded. */
export const MOST_EVENTS = 10_000;
export const MOST_CHARACTERS = 16_000_000;
const MOST_UNPACKED = 2 * MOST_CHARACTERS;

/**
 * Why a body was not decoded; the route answers 422 with code `batch-<reason>`. "corrupt" means damaged on the way (send
 * it again); "malformed" and "too-large" speak of the content.
 */
export const batchRefusals = [
	'not-a-batch',
	'older-version',
	'newer-version',
	'corrupt',
	'malformed',
	'too-large',
	'needs-owner'
] as const;
export type BatchRefusal = (typeof batchRefusals)[number];

export type DecodedBatch = {
	readonly type: 'decoded';
	readonly device: string;
	readonly epoch: string;
	/** Ascending by seq. */
	readonly events: readonly LearningEvent[];
};
export type BatchResult = DecodedBatch | { readonly type: 'refused'; readonly reason: BatchRefusal };

const MAGIC = 0x57;
const PLAIN = 0;
const DEFLATED = 1;
const HEADER = 3;
const TRAILER = 8;
/** Below this deflate gains next to nothing (measured: 2 % of a batch of ten) and costs time. */
const WORTH_PACKING = 384;

/**
 * @param events one to MOST_EVENTS, all of one (device, epoch), ascending by seq
 * @param owner the person whose session carries the batch: her own id is left out. Give the same to `decodeBatch`.
 * @throws RangeError when the events are not one batch
 */
export async function encodeBatch(
	events: readonly LearningEvent[],
	owner: string | null = null
): Promise<Uint8Array<ArrayBuffer>> {
	const columns = writeColumns(events, owner);
	const packed = columns.length < WORTH_PACKING ? columns : await pack(columns);
	const [packing, content] = packed.length < columns.length ? [DEFLATED, packed] : [PLAIN, columns];
	const body = new Uint8Array(HEADER + content.length + TRAILER);
	body.set([MAGIC, PUSH_FORMAT, packing]);
	body.set(content, HEADER);
	body.set(await trailerOf(body.subarray(0, -TRAILER)), body.length - TRAILER);
	return body;
}

/** Never throws for what the bytes hold. @param owner the signed-in person */
export async function decodeBatch(bytes: Uint8Array<ArrayBuffer>, owner: string | null = null): Promise<BatchResult> {
	if (bytes[0] !== MAGIC || bytes.length < HEADER + TRAILER) return refused('not-a-batch');
	const version = bytes[1] ?? 0;
	if (version !== PUSH_FORMAT) return refused(version < PUSH_FORMAT ? 'older-version' : 'newer-version');
	const trailer = await trailerOf(bytes.subarray(0, -TRAILER));
	if (!trailer.every((byte, index) => byte === bytes[bytes.length - TRAILER + index])) return refused('corrupt');
	try {
		return readColumns(await unpack(bytes[2] ?? 0, bytes.slice(HEADER, -TRAILER)), owner);
	} catch (error) {
		if (error instanceof MalformedBytes) return refused(error.reason);
		throw error;
	}
}

function refused(reason: BatchRefusal): BatchResult {
	return { type: 'refused', reason };
}

async function trailerOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).subarray(0, TRAILER);
}

async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpack(packing: number, content: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	if (packing === PLAIN) return content;
	if (packing !== DEFLATED) throw new MalformedBytes('malformed');
	const reader = new Blob([content]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
	const parts: Uint8Array[] = [];
	let length = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			length += value.length;
			if (length > MOST_UNPACKED) throw new MalformedBytes('too-large');
			parts.push(value);
		}
	} catch (error) {
		await reader.cancel().catch(() => undefined);
		throw error instanceof MalformedBytes ? error : new MalformedBytes('malformed');
	}
	const all = new Uint8Array(length);
	let offset = 0;
	for (const part of parts) {
		all.set(part, offset);
		offset += part.length;
	}
	return all;
}

/* ---- columns ---- */

const completions: readonly Completion[] = ['unknown', 'not attempted', 'incomplete', 'completed'];
const successes: readonly Success[] = ['unknown', 'failed', 'passed'];
const exits = ['normal', 'suspend', 'logout', 'time-out', 'abandoned'] as const;

/** One byte says which event this is and which of its fields are there. */
const STARTED = 1;
const UNKNOWN = 2;
const ENDED = 0x10; // + index of the exit
const SAVED = 0x20; // + 1 when there is sequencing
const ANSWERED = 0x40; // + 1 kind, 2 response, 4 result, 8 latency
const UPDATED = 0x80; // + 1 completion, 2 success, 4 score, 8 progress, 16 location, 32 seconds

/** All events are the owner's, and her id is left out. */
const OF_OWNER = 1;

/** Texts that answers are full of; part of the format, so only ever appended to. */
const KNOWN_TEXTS = [
	'',
	'true-false',
	'choice',
	'fill-in',
	'long-fill-in',
	'matching',
	'performance',
	'sequencing',
	'likert',
	'numeric',
	'other',
	'correct',
	'incorrect',
	'wrong',
	'unanticipated',
	'neutral',
	'true',
	'false',
	't',
	'f',
	'*'
] as const;

function writeColumns(events: readonly LearningEvent[], owner: string | null): Uint8Array<ArrayBuffer> {
	const [first] = events;
	if (first === undefined || events.length > MOST_EVENTS) throw new RangeError('a batch has 1 to 10000 events');
	const out = new ByteWriter(KNOWN_TEXTS);
	const hasOwner = owner !== null && events.every((event) => event.learnerId === owner);
	out.byte(hasOwner ? OF_OWNER : 0);
	out.text(first.device);
	writeEpoch(out, first.epoch);
	writeNumbers(out, events, first);
	out.setEpoch(
		writeTimes(
			out,
			events.map((event) => event.at)
		)
	);
	const contextOf = writeContexts(out, events, hasOwner);
	writeBodies(
		out,
		events.map((event) => event.body),
		events.map(({ at }, index) => ({ at, context: contextOf[index] ?? 0 }))
	);
	return out.bytes();
}

function readColumns(bytes: Uint8Array, owner: string | null): DecodedBatch {
	const from = new ByteReader(bytes, KNOWN_TEXTS, MOST_CHARACTERS);
	const flags = from.byte();
	if (flags > OF_OWNER) throw new MalformedBytes('malformed');
	if (flags === OF_OWNER && owner === null) throw new MalformedBytes('needs-owner');
	const device = from.text();
	const epoch = readEpoch(from);
	const seqs = readNumbers(from);
	const { times, base } = readTimes(from, seqs.length);
	from.setEpoch(base);
	const { subjects, contextOf } = readContexts(from, seqs.length, flags === OF_OWNER ? owner : null);
	const places = contextOf.map((context, index) => ({ context, at: times[index] ?? 0 }));
	const bodies = readBodies(from, seqs.length, places);
	from.end();
	const events = seqs.map((seq, index): LearningEvent => {
		const subject = subjects[index];
		const body = bodies[index];
		if (subject === undefined || body === undefined) throw new MalformedBytes('malformed');
		return { device, epoch, seq, ...subject, at: times[index] ?? 0, body };
	});
	return { type: 'decoded', device, epoch, events };
}

/** "0003-k3j9x2" as two integers; anything else as text. */
function writeEpoch(out: ByteWriter, epoch: string): void {
	const [, counter, chance] = /^([0-9a-z]{4})-([0-9a-z]{6})$/.exec(epoch) ?? [];
	if (counter === undefined || chance === undefined) {
		out.unsigned(0);
		out.text(epoch);
	} else {
		out.unsigned(Number.parseInt(counter, 36) + 1);
		out.unsigned(Number.parseInt(chance, 36));
	}
}

function readEpoch(from: ByteReader): string {
	const counter = from.unsigned();
	if (counter === 0) return from.text();
	const chance = from.unsigned();
	if (counter > 36 ** 4 || chance >= 36 ** 6) throw new MalformedBytes('malformed');
	return `${(counter - 1).toString(36).padStart(4, '0')}-${chance.toString(36).padStart(6, '0')}`;
}

/** Runs of consecutive numbers: how many numbers are left out before, how many follow. Length 0 ends the list. */
function writeNumbers(out: ByteWriter, events: readonly LearningEvent[], first: LearningEvent): void {
	const runs: { skipped: number; length: number }[] = [];
	let next = 0;
	for (const { seq, device, epoch } of events) {
		if (device !== first.device || epoch !== first.epoch) throw new RangeError('a batch is of one device and epoch');
		if (!Number.isSafeInteger(seq) || seq < next) throw new RangeError('a batch ascends by seq');
		const run = runs.at(-1);
		if (run === undefined || seq > next) runs.push({ skipped: seq - next, length: 1 });
		else run.length += 1;
		next = seq + 1;
	}
	for (const { skipped, length } of runs) {
		out.unsigned(length);
		out.unsigned(skipped);
	}
	out.unsigned(0);
}

function readNumbers(from: ByteReader): number[] {
	const seqs: number[] = [];
	let next = 0;
	for (let length = from.unsigned(); length > 0; length = from.unsigned()) {
		if (seqs.length + length > MOST_EVENTS) throw new MalformedBytes('too-large');
		next += from.unsigned();
		for (let count = 0; count < length; count++) seqs.push(next++);
		if (!Number.isSafeInteger(next)) throw new MalformedBytes('malformed');
	}
	if (seqs.length === 0) throw new MalformedBytes('malformed');
	return seqs;
}

const TENTHS = 0;
const MILLISECONDS = 1;
const DOUBLES = 2;
const RISING = 4;

/** Times in tenths of a second where they are such, as steps. @returns the first time, for what is written relative to it */
function writeTimes(out: ByteWriter, times: readonly number[]): number {
	const first = times[0] ?? 0;
	const unit = [100, 1].find((size) =>
		times.every((time) => Number.isInteger(time / size) && Math.abs(time) < 2 ** 50 && !Object.is(time, -0))
	);
	if (unit === undefined) {
		out.byte(DOUBLES);
		for (const time of times) out.double(time);
		return 0;
	}
	const steps = times.map((time, index) => (time - (times[index - 1] ?? 0)) / unit).slice(1);
	const isRising = steps.every((step) => step >= 0);
	out.byte((unit === 100 ? TENTHS : MILLISECONDS) + (isRising ? RISING : 0));
	out.signed(first / unit);
	for (const step of steps) out.step(step, isRising);
	return first;
}

function readTimes(from: ByteReader, count: number): { readonly times: number[]; readonly base: number } {
	const how = from.byte();
	const times: number[] = [];
	if (how === DOUBLES) {
		for (let index = 0; index < count; index++) times.push(from.double());
		return { times, base: 0 };
	}
	if (how > RISING + MILLISECONDS || (how & DOUBLES) !== 0) throw new MalformedBytes('malformed');
	const unit = (how & MILLISECONDS) === 0 ? 100 : 1;
	let time = from.signed();
	times.push(time * unit);
	for (let index = 1; index < count; index++) {
		time += (how & RISING) === 0 ? from.signed() : from.unsigned();
		times.push(time * unit);
	}
	return { times, base: times[0] ?? 0 };
}

/**
 * Runs of events of one context. A run names its context by distance: 0 = a new one, spelt out here, 1 = the newest,
 * 2 = the one before. @returns for the i-th event with some field: which earlier one is of the same context
 */
function writeContexts(out: ByteWriter, events: readonly LearningEvent[], hasOwner: boolean): readonly number[] {
	const contexts = new Map<string, number>();
	const subjects: LearningEvent[] = [];
	const contextOf: number[] = [];
	for (let index = 0; index < events.length;) {
		const event = events[index];
		if (event === undefined) break;
		const key = contextKey(event);
		let end = index + 1;
		for (let next = events[end]; next !== undefined && contextKey(next) === key; next = events[end]) end += 1;
		const known = contexts.get(key);
		out.unsigned(known === undefined ? 0 : contexts.size - known);
		// The last run says 0: it goes on to the end.
		out.unsigned(end === events.length ? 0 : end - index);
		if (known === undefined) {
			writeSubject(out, event, subjects.at(-1), hasOwner);
			contexts.set(key, contexts.size);
			subjects.push(event);
		}
		const context = known ?? contexts.size - 1;
		for (; index < end; index++) contextOf.push(context);
	}
	return contextOf;
}

function contextKey(event: LearningEvent): string {
	return JSON.stringify([event.attemptId, event.scoId, event.packId, event.courseId, event.learnerId]);
}

function writeSubject(
	out: ByteWriter,
	event: LearningEvent,
	before: LearningEvent | undefined,
	hasOwner: boolean
): void {
	if (!hasOwner) out.entry(event.learnerId, before?.learnerId);
	out.entry(event.courseId, before?.courseId);
	out.entry(event.packId, before?.packId);
	out.entry(event.scoId, before?.scoId);
	out.entry(event.attemptId, before?.attemptId);
}

type ReadContexts = { readonly subjects: readonly EventSubject[]; readonly contextOf: readonly number[] };

function readContexts(from: ByteReader, count: number, owner: string | null): ReadContexts {
	const known: EventSubject[] = [];
	const subjects: EventSubject[] = [];
	const contextOf: number[] = [];
	while (subjects.length < count) {
		const distance = from.unsigned();
		const said = from.unsigned();
		const length = said === 0 ? count - subjects.length : said;
		if (length > count - subjects.length || distance > known.length) throw new MalformedBytes('malformed');
		if (distance === 0) known.push(readSubject(from, known.at(-1), owner));
		const context = distance === 0 ? known.length - 1 : known.length - distance;
		const subject = known[context];
		if (subject === undefined) throw new MalformedBytes('malformed');
		from.spend(length * Object.values(subject).reduce((sum, id) => sum + id.length, 0));
		for (let index = 0; index < length; index++) {
			subjects.push(subject);
			contextOf.push(context);
		}
	}
	return { subjects, contextOf };
}

function readSubject(from: ByteReader, before: EventSubject | undefined, owner: string | null): EventSubject {
	return {
		learnerId: owner ?? from.entry(before?.learnerId),
		courseId: from.entry(before?.courseId),
		packId: from.entry(before?.packId),
		scoId: from.entry(before?.scoId),
		attemptId: from.entry(before?.attemptId)
	};
}

/** One column: the values of those events that have the field, and for each the last before it in the same context. */
class Column<T> {
	readonly values: T[] = [];
	readonly #places: number[] = [];
	readonly #times: number[] = [];
	readonly #last = new Map<number, number>();

	/** Notes that an event of `context` has the field; its value may follow later. @returns its place */
	add({ context, at }: Place): number {
		const place = this.#places.length;
		this.#times.push(at);
		this.#places.push(this.#last.get(context) ?? -1);
		this.#last.set(context, place);
		return place;
	}

	put(place: Place, value: T): void {
		this.values[this.add(place)] = value;
	}

	get count(): number {
		return this.#places.length;
	}

	/** A column's first value of a context leans on the value just before, whatever its context. */
	readonly before = (index: number): number => {
		const place = this.#places[index] ?? -1;
		return place === -1 ? index - 1 : place;
	};

	/** Milliseconds since the value that `before` names. */
	readonly elapsed = (index: number): number => (this.#times[index] ?? 0) - (this.#times[this.before(index)] ?? 0);
}

/** Where an event stands: its context and its time. */
type Place = { readonly context: number; readonly at: number };
const NOWHERE: Place = { context: 0, at: 0 };

function newColumns() {
	return {
		completion: new Column<number>(),
		success: new Column<number>(),
		scoreShape: new Column<number>(),
		scaled: new Column<number>(),
		raw: new Column<number>(),
		min: new Column<number>(),
		max: new Column<number>(),
		progress: new Column<number>(),
		location: new Column<string>(),
		seconds: new Column<number>(),
		interaction: new Column<string>(),
		kind: new Column<string>(),
		response: new Column<string>(),
		result: new Column<string>(),
		latency: new Column<number>(),
		cmi: new Column<string>(),
		sequencing: new Column<string>(),
		session: new Column<number>(),
		original: new Column<string>()
	};
}
type Columns = ReturnType<typeof newColumns>;

/** Score as one byte and what it does not imply: 1 scaled, 2 raw, 4 min, 8 max; 16: min 0 and max 100; 32: scaled is raw / 100. */
const HUNDRED = 16;
const PERCENT = 32;

function writeBodies(out: ByteWriter, bodies: readonly EventBody[], places: readonly Place[]): void {
	const columns = newColumns();
	bodies.forEach((body, index) => out.byte(putBody(columns, body, places[index] ?? NOWHERE)));
	for (const code of columns.completion.values) out.byte(code);
	for (const code of columns.success.values) out.byte(code);
	for (const shape of columns.scoreShape.values) out.byte(shape);
	out.numbers(columns.scaled.values, columns.scaled.before);
	out.numbers(columns.raw.values, columns.raw.before);
	out.numbers(columns.min.values, columns.min.before);
	out.numbers(columns.max.values, columns.max.before);
	out.numbers(columns.progress.values, columns.progress.before);
	out.entries(columns.location.values, columns.location.before);
	out.numbers(columns.seconds.values, columns.seconds.before, columns.seconds.elapsed);
	out.entries(columns.interaction.values, columns.interaction.before);
	out.entries(columns.kind.values, columns.kind.before);
	out.entries(columns.response.values, columns.response.before);
	out.entries(columns.result.values, columns.result.before);
	out.numbers(columns.latency.values, columns.latency.before);
	out.numbers(columns.session.values, columns.session.before);
	out.revisions(columns.cmi.values, columns.cmi.before);
	out.revisions(columns.sequencing.values, columns.sequencing.before);
	out.revisions(columns.original.values, columns.original.before);
}

/** @returns the event's type byte */
function putBody(columns: Columns, body: EventBody, place: Place): number {
	if (body.type === 'unknown' || !isKnownBody(body)) {
		columns.original.put(place, body.type === 'unknown' ? body.original : JSON.stringify(body));
		return UNKNOWN;
	}
	switch (body.type) {
		case 'attempt.started':
			return STARTED;
		case 'session.ended':
			columns.session.put(place, body.seconds);
			return ENDED + exits.indexOf(body.exit);
		case 'attempt.saved':
			columns.cmi.put(place, body.cmi);
			if (body.sequencing !== null) columns.sequencing.put(place, body.sequencing);
			return SAVED + (body.sequencing === null ? 0 : 1);
		case 'attempt.answered':
			columns.interaction.put(place, body.interactionId);
			if (body.kind !== null) columns.kind.put(place, body.kind);
			if (body.response !== null) columns.response.put(place, body.response);
			if (body.result !== null) columns.result.put(place, body.result);
			if (body.latency !== null) columns.latency.put(place, body.latency);
			return (
				ANSWERED +
				(body.kind === null ? 0 : 1) +
				(body.response === null ? 0 : 2) +
				(body.result === null ? 0 : 4) +
				(body.latency === null ? 0 : 8)
			);
		case 'attempt.updated':
			if (body.completion !== undefined) columns.completion.put(place, completions.indexOf(body.completion));
			if (body.success !== undefined) columns.success.put(place, successes.indexOf(body.success));
			if (body.score !== undefined) putScore(columns, body.score, place);
			if (body.progress !== undefined) columns.progress.put(place, body.progress);
			if (body.location !== undefined) columns.location.put(place, body.location);
			if (body.seconds !== undefined) columns.seconds.put(place, body.seconds);
			return (
				UPDATED +
				(body.completion === undefined ? 0 : 1) +
				(body.success === undefined ? 0 : 2) +
				(body.score === undefined ? 0 : 4) +
				(body.progress === undefined ? 0 : 8) +
				(body.location === undefined ? 0 : 16) +
				(body.seconds === undefined ? 0 : 32)
			);
	}
}

function putScore(columns: Columns, score: Score, place: Place): void {
	const isHundred = Object.is(score.min, 0) && score.max === 100;
	const isPercent = score.raw !== null && score.scaled !== null && Object.is(score.raw / 100, score.scaled);
	if (score.scaled !== null && !isPercent) columns.scaled.put(place, score.scaled);
	if (score.raw !== null) columns.raw.put(place, score.raw);
	if (score.min !== null && !isHundred) columns.min.put(place, score.min);
	if (score.max !== null && !isHundred) columns.max.put(place, score.max);
	columns.scoreShape.put(
		place,
		(score.scaled === null || isPercent ? 0 : 1) +
			(score.raw === null ? 0 : 2) +
			(score.min === null || isHundred ? 0 : 4) +
			(score.max === null || isHundred ? 0 : 8) +
			(isHundred ? HUNDRED : 0) +
			(isPercent ? PERCENT : 0)
	);
}

function readBodies(from: ByteReader, count: number, places: readonly Place[]): EventBody[] {
	const columns = newColumns();
	const types: number[] = [];
	for (let index = 0; index < count; index++) {
		const type = from.byte();
		types.push(type);
		expectFields(columns, type, places[index] ?? NOWHERE);
	}
	columns.completion.values.push(...codes(from, columns.completion.count, completions.length));
	columns.success.values.push(...codes(from, columns.success.count, successes.length));
	columns.scoreShape.values.push(...codes(from, columns.scoreShape.count, 64));
	expectScores(columns, types, places);
	for (const column of [columns.scaled, columns.raw, columns.min, columns.max, columns.progress]) {
		column.values.push(...from.numbers(column.count, column.before));
	}
	columns.location.values.push(...from.entries(columns.location.count, columns.location.before));
	columns.seconds.values.push(...from.numbers(columns.seconds.count, columns.seconds.before, columns.seconds.elapsed));
	for (const column of [columns.interaction, columns.kind, columns.response, columns.result]) {
		column.values.push(...from.entries(column.count, column.before));
	}
	columns.latency.values.push(...from.numbers(columns.latency.count, columns.latency.before));
	columns.session.values.push(...from.numbers(columns.session.count, columns.session.before));
	for (const column of [columns.cmi, columns.sequencing, columns.original]) {
		column.values.push(...from.revisions(column.count, column.before));
	}
	const next = cursors(columns);
	return types.map((type) => takeBody(next, type));
}

function codes(from: ByteReader, count: number, below: number): number[] {
	return Array.from({ length: count }, () => {
		const code = from.byte();
		if (code >= below) throw new MalformedBytes('malformed');
		return code;
	});
}

function expectFields(columns: Columns, type: number, place: Place): void {
	if (type >= UPDATED) {
		if (type >= UPDATED + 64) throw new MalformedBytes('malformed');
		if (type & 1) columns.completion.add(place);
		if (type & 2) columns.success.add(place);
		if (type & 4) columns.scoreShape.add(place);
		if (type & 8) columns.progress.add(place);
		if (type & 16) columns.location.add(place);
		if (type & 32) columns.seconds.add(place);
	} else if (type >= ANSWERED && type < ANSWERED + 16) {
		columns.interaction.add(place);
		if (type & 1) columns.kind.add(place);
		if (type & 2) columns.response.add(place);
		if (type & 4) columns.result.add(place);
		if (type & 8) columns.latency.add(place);
	} else if (type === SAVED || type === SAVED + 1) {
		columns.cmi.add(place);
		if (type & 1) columns.sequencing.add(place);
	} else if (type >= ENDED && type < ENDED + exits.length) {
		columns.session.add(place);
	} else if (type === UNKNOWN) {
		columns.original.add(place);
	} else if (type !== STARTED) {
		throw new MalformedBytes('malformed');
	}
}

function expectScores(columns: Columns, types: readonly number[], places: readonly Place[]): void {
	let next = 0;
	types.forEach((type, index) => {
		if (type < UPDATED || (type & 4) === 0) return;
		const shape = columns.scoreShape.values[next++] ?? 0;
		const place = places[index] ?? NOWHERE;
		if ((shape & HUNDRED && shape & 12) || (shape & PERCENT && (shape & 3) !== 2))
			throw new MalformedBytes('malformed');
		if (shape & 1) columns.scaled.add(place);
		if (shape & 2) columns.raw.add(place);
		if (shape & 4) columns.min.add(place);
		if (shape & 8) columns.max.add(place);
	});
}

type Next = { readonly [Name in keyof Columns]: () => Columns[Name]['values'][number] };

/** Takes the values of each column one after the other. */
function cursors(columns: Columns): Next {
	const cursor = <T>(column: Column<T>) => {
		let place = 0;
		return (): T => {
			const value = column.values[place++];
			if (value === undefined) throw new MalformedBytes('malformed');
			return value;
		};
	};
	const entries = Object.entries(columns).map(([name, column]) => [name, cursor(column as Column<unknown>)]);
	return Object.fromEntries(entries) as Next;
}

function takeBody(next: Next, type: number): EventBody {
	if (type >= UPDATED) {
		return {
			type: 'attempt.updated',
			...(type & 1 ? { completion: oneOf(completions, next.completion()) } : {}),
			...(type & 2 ? { success: oneOf(successes, next.success()) } : {}),
			...(type & 4 ? { score: takeScore(next) } : {}),
			...(type & 8 ? { progress: next.progress() } : {}),
			...(type & 16 ? { location: next.location() } : {}),
			...(type & 32 ? { seconds: next.seconds() } : {})
		};
	}
	if (type >= ANSWERED) {
		return {
			type: 'attempt.answered',
			interactionId: next.interaction(),
			kind: type & 1 ? next.kind() : null,
			response: type & 2 ? next.response() : null,
			result: type & 4 ? next.result() : null,
			latency: type & 8 ? next.latency() : null
		};
	}
	if (type >= SAVED) return { type: 'attempt.saved', cmi: next.cmi(), sequencing: type & 1 ? next.sequencing() : null };
	if (type >= ENDED) return { type: 'session.ended', exit: oneOf(exits, type - ENDED), seconds: next.session() };
	if (type === STARTED) return { type: 'attempt.started' };
	return bodyOf(next.original());
}

function takeScore(next: Next): Score {
	const shape = next.scoreShape();
	const scaled = shape & 1 ? next.scaled() : null;
	const raw = shape & 2 ? next.raw() : null;
	const min = shape & 4 ? next.min() : shape & HUNDRED ? 0 : null;
	const max = shape & 8 ? next.max() : shape & HUNDRED ? 100 : null;
	return { scaled: shape & PERCENT && raw !== null ? raw / 100 : scaled, raw, min, max };
}

function oneOf<T>(values: readonly T[], index: number): T {
	const value = values[index];
	if (value === undefined) throw new MalformedBytes('malformed');
	return value;
}

/** What travelled as JSON: understood if this version knows it (the sender was newer then, or is the same now), else kept as it came. */
function bodyOf(original: string): EventBody {
	try {
		const body: unknown = JSON.parse(original);
		if (isKnownBody(body)) return body;
	} catch {
		// Not even JSON: still kept.
	}
	return { type: 'unknown', original };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const orNull =
	(check: (value: unknown) => boolean) =>
	(value: unknown): boolean =>
		value === null || check(value);
const optional =
	(check: (value: unknown) => boolean) =>
	(value: unknown): boolean =>
		value === undefined || check(value);
const among =
	(values: readonly string[]) =>
	(value: unknown): boolean =>
		values.includes(value as string);

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const scoreShape: Shape = {
	scaled: orNull(isNumber),
	raw: orNull(isNumber),
	min: orNull(isNumber),
	max: orNull(isNumber)
};

const bodyShapes: Readonly<Record<EventType, Shape>> = {
	'attempt.started': {},
	'attempt.updated': {
		completion: optional(among(completions)),
		success: optional(among(successes)),
		score: optional((value) => hasShape(value, scoreShape)),
		progress: optional(isNumber),
		location: optional(isText),
		seconds: optional(isNumber)
	},
	'attempt.answered': {
		interactionId: isText,
		kind: orNull(isText),
		response: orNull(isText),
		result: orNull(isText),
		latency: orNull(isNumber)
	},
	'attempt.saved': { cmi: isText, sequencing: orNull(isText) },
	'session.ended': { exit: among(exits), seconds: isNumber }
};

/** Exactly what the columns can hold: a known type with its fields and no others. */
function isKnownBody(body: unknown): body is Exclude<EventBody, { type: 'unknown' }> {
	if (typeof body !== 'object' || body === null || !('type' in body) || typeof body.type !== 'string') return false;
	if (!Object.hasOwn(bodyShapes, body.type)) return false;
	return hasShape(body, { type: isText, ...bodyShapes[body.type as EventType] });
}

function hasShape(value: unknown, shape: Shape): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const record = value as Record<string, unknown>;
	return (
		Object.keys(record).every((key) => record[key] === undefined || Object.hasOwn(shape, key)) &&
		Object.entries(shape).every(([key, check]) => check(record[key]))
	);
}
