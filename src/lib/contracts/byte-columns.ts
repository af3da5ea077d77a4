/**
 * The alphabet of push-codec.ts: integers of variable length (7 bits a byte, lowest first), doubles, texts that know
 * when they are a UUID or hex, and whole columns of numbers or texts that lean on the value before.
 * Writer and reader mirror each other, method by method. The reader never trusts a length.
 */

export class MalformedBytes extends Error {
	override readonly name = 'MalformedBytes';
	readonly reason: 'malformed' | 'too-large' | 'needs-owner';

	constructor(reason: 'malformed' | 'too-large' | 'needs-owner') {
		super(reason);
		this.reason = reason;
	}
}

/** Kinds of text, in the low three bits of its first integer; the rest is a length. */
const UTF8 = 0;
const UTF16 = 1;
const UUID = 2;
const UUID_V7 = 3;
const HEX = 4;

/** How a column entry is said; numbers from FIRST_KNOWN on point into the dictionary. */
const LITERAL = 0;
const FRONT_CODED = 1;
const COUNTED_UP = 2;
const FIRST_KNOWN = 3;
/** Longer texts hardly repeat. */
const LONGEST_KNOWN = 80;

const SCALES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7] as const;
const DELTA = 8;
const UNSIGNED = 16;
/** Steps beyond those of a clock: time spent grows as the time of day does. */
const CLOCKED = 64;
const FRACTIONS = 32;
const MIXED = 33;
const DOUBLE = 255;
const LARGEST_DENOMINATOR = 255;
/** Zigzag doubles a number, and it must stay exact. */
const LARGEST_SIGNED = 2 ** 51;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const hexPattern = /^(?:[0-9a-f]{2})+$/;
const countedPattern = /^(.*?)(0|[1-9]\d{0,8})$/s;

/** Index of the value before in the same context, or -1. */
export type Before = (index: number) => number;
/** Milliseconds between the event of the value before (see Before) and this one's. */
export type Elapsed = (index: number) => number;

export class ByteWriter {
	#bytes = new Uint8Array(1024);
	#length = 0;
	readonly #known: Map<string, number>;
	/** UUIDs of version 7 are written as a distance from here, ms. */
	#epoch = 0;

	constructor(knownTexts: readonly string[]) {
		this.#known = new Map(knownTexts.map((text, index) => [text, index]));
	}

	bytes(): Uint8Array<ArrayBuffer> {
		return this.#bytes.slice(0, this.#length);
	}

	setEpoch(ms: number): void {
		this.#epoch = ms;
	}

	byte(value: number): void {
		this.#grow(1);
		this.#bytes[this.#length++] = value;
	}

	raw(bytes: Uint8Array): void {
		this.#grow(bytes.length);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** 0 to 2^53 - 1 */
	unsigned(value: number): void {
		let rest = value;
		while (rest >= 0x80) {
			this.byte((rest % 0x80) | 0x80);
			rest = Math.floor(rest / 0x80);
		}
		this.byte(rest);
	}

	/** Whole numbers up to LARGEST_SIGNED on either side. */
	signed(value: number): void {
		this.unsigned(zigzag(value));
	}

	step(value: number, isUnsigned: boolean): void {
		if (isUnsigned) this.unsigned(value);
		else this.signed(value);
	}

	double(value: number): void {
		const bytes = new Uint8Array(8);
		new DataView(bytes.buffer).setFloat64(0, value);
		this.raw(bytes);
	}

	text(text: string): void {
		if (uuidV7Pattern.test(text) && Math.abs(v7Time(text) - this.#epoch) < LARGEST_SIGNED) {
			this.unsigned(UUID_V7);
			this.signed(v7Time(text) - this.#epoch);
			// Version and variant are known: 74 of 80 bits are left, the upper two bits of the variant byte stay in place as 0.
			const rest = hexBytes(text.replaceAll('-', '').slice(12));
			rest[0] = (rest[0] ?? 0) & 0x0f;
			rest[2] = (rest[2] ?? 0) & 0x3f;
			this.raw(rest);
		} else if (uuidPattern.test(text)) {
			this.unsigned(UUID);
			this.raw(hexBytes(text.replaceAll('-', '')));
		} else if (hexPattern.test(text)) {
			this.unsigned((text.length / 2) * 8 + HEX);
			this.raw(hexBytes(text));
		} else if (text.isWellFormed()) {
			const bytes = new TextEncoder().encode(text);
			this.unsigned(bytes.length * 8 + UTF8);
			this.raw(bytes);
		} else {
			// TextEncoder would turn unpaired surrogates into U+FFFD, and the content hash would not match any more.
			this.unsigned(text.length * 8 + UTF16);
			const bytes = new Uint8Array(text.length * 2);
			const view = new DataView(bytes.buffer);
			for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index));
			this.raw(bytes);
		}
	}

	/** A text that may have come before, or resembles `before`. */
	entry(text: string, before: string | undefined): void {
		const known = this.#known.get(text);
		if (known !== undefined) return this.unsigned(known + FIRST_KNOWN);
		if (before !== undefined && countedUp(before) === text) {
			this.unsigned(COUNTED_UP);
		} else {
			const shared = before === undefined ? 0 : sharedPrefix(before, text);
			// Front coding breaks up what text() knows to shorten.
			if (shared >= 3 && !hexPattern.test(text) && !uuidPattern.test(text)) {
				this.unsigned(FRONT_CODED);
				this.unsigned(shared);
				this.text(text.slice(shared));
			} else {
				this.unsigned(LITERAL);
				this.text(text);
			}
		}
		if (text.length <= LONGEST_KNOWN) this.#known.set(text, this.#known.size);
	}

	entries(texts: readonly string[], before: Before): void {
		texts.forEach((text, index) => this.entry(text, texts[before(index)]));
	}

	/** Large texts, each a change of the one before: what they share at both ends is not repeated. */
	revisions(texts: readonly string[], before: Before): void {
		texts.forEach((text, index) => {
			const old = texts[before(index)] ?? '';
			const prefix = sharedPrefix(old, text);
			const suffix = sharedSuffix(old, text, Math.min(old.length, text.length) - prefix);
			this.unsigned(prefix);
			this.unsigned(suffix);
			this.text(text.slice(prefix, text.length - suffix));
		});
	}

	/** Numbers to the last bit, by whatever is shortest for the column. */
	numbers(values: readonly number[], before: Before, elapsed?: Elapsed): void {
		if (values.length === 0) return;
		const scale = SCALES.findIndex((factor) => values.every((value) => isWholeAt(value, factor)));
		const candidates: ByteWriter[] = [this.#mixed(values)];
		if (scale >= 0) {
			candidates.push(this.#scaled(values, scale, null), this.#scaled(values, scale, before));
			if (elapsed) candidates.push(this.#clocked(values, scale, before, elapsed));
		}
		const fractions = values.map(fractionOf);
		if (fractions.every((fraction) => fraction !== null)) candidates.push(this.#fractions(fractions, before));
		this.raw(candidates.reduce((best, one) => (one.#length < best.#length ? one : best)).bytes());
	}

	#scaled(values: readonly number[], scale: number, before: Before | null): ByteWriter {
		const whole = values.map((value) => Math.round(value * (SCALES[scale] ?? 1)));
		const steps = whole.map((value, index) => value - (before === null ? 0 : (whole[before(index)] ?? 0)));
		const isUnsigned = steps.every((step) => step >= 0);
		const out = new ByteWriter([]);
		out.byte(scale + (before === null ? 0 : DELTA) + (isUnsigned ? UNSIGNED : 0));
		for (const step of steps) out.step(step, isUnsigned);
		return out;
	}

	#clocked(values: readonly number[], scale: number, before: Before, elapsed: Elapsed): ByteWriter {
		const factor = SCALES[scale] ?? 1;
		const whole = values.map((value) => Math.round(value * factor));
		const out = new ByteWriter([]);
		out.byte(scale + CLOCKED);
		whole.forEach((value, index) => out.signed(value - (whole[before(index)] ?? 0) - ticks(elapsed(index), factor)));
		return out;
	}

	#fractions(fractions: readonly (readonly [number, number])[], before: Before): ByteWriter {
		const out = new ByteWriter([]);
		out.byte(FRACTIONS);
		fractions.forEach(([part, whole], index) => {
			const [partBefore, wholeBefore] = fractions[before(index)] ?? [0, 0];
			out.signed(whole - wholeBefore);
			out.signed(part - partBefore);
		});
		return out;
	}

	#mixed(values: readonly number[]): ByteWriter {
		const out = new ByteWriter([]);
		out.byte(MIXED);
		for (const value of values) {
			const scale = SCALES.findIndex((factor) => isWholeAt(value, factor));
			out.byte(scale < 0 ? DOUBLE : scale);
			if (scale < 0) out.double(value);
			else out.signed(Math.round(value * (SCALES[scale] ?? 1)));
		}
		return out;
	}

	#grow(count: number): void {
		if (this.#length + count <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
		larger.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = larger;
	}
}

export class ByteReader {
	readonly #bytes: Uint8Array;
	#position = 0;
	#characters = 0;
	readonly #mostCharacters: number;
	readonly #known: string[];
	#epoch = 0;

	constructor(bytes: Uint8Array, knownTexts: readonly string[], mostCharacters: number) {
		this.#bytes = bytes;
		this.#known = [...knownTexts];
		this.#mostCharacters = mostCharacters;
	}

	setEpoch(ms: number): void {
		this.#epoch = ms;
	}

	end(): void {
		if (this.#position !== this.#bytes.length) throw new MalformedBytes('malformed');
	}

	/** Every text handed out counts, also repeated ones: whoever stores the events writes each of them out. */
	spend(characters: number): void {
		this.#characters += characters;
		if (this.#characters > this.#mostCharacters) throw new MalformedBytes('too-large');
	}

	byte(): number {
		const value = this.#bytes[this.#position];
		if (value === undefined) throw new MalformedBytes('malformed');
		this.#position += 1;
		return value;
	}

	raw(length: number): Uint8Array {
		if (length > this.#bytes.length - this.#position) throw new MalformedBytes('malformed');
		this.#position += length;
		return this.#bytes.subarray(this.#position - length, this.#position);
	}

	unsigned(): number {
		let value = 0;
		let factor = 1;
		for (;;) {
			const byte = this.byte();
			value += (byte & 0x7f) * factor;
			if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('malformed');
			if (byte < 0x80) return value;
			factor *= 0x80;
			if (factor > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('malformed');
		}
	}

	signed(): number {
		const value = this.unsigned();
		return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
	}

	double(): number {
		const bytes = this.raw(8);
		return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
	}

	text(): string {
		const first = this.unsigned();
		const length = Math.floor(first / 8);
		switch (first % 8) {
			case UTF8:
				return this.#spent(decodeUtf8(this.raw(length)));
			case UTF16: {
				const bytes = this.raw(length * 2);
				const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
				const parts: string[] = [];
				for (let index = 0; index < length; index++) parts.push(String.fromCharCode(view.getUint16(index * 2)));
				return this.#spent(parts.join(''));
			}
			case UUID:
				return this.#spent(dashed(hexText(this.raw(16))));
			case UUID_V7: {
				const time = this.#epoch + this.signed();
				const rest = this.raw(10).slice();
				if (time < 0 || time > 0xffff_ffff_ffff || !Number.isInteger(time)) throw new MalformedBytes('malformed');
				if ((rest[0] ?? 0) > 0x0f || (rest[2] ?? 0) > 0x3f) throw new MalformedBytes('malformed');
				rest[0] = (rest[0] ?? 0) | 0x70;
				rest[2] = (rest[2] ?? 0) | 0x80;
				return this.#spent(dashed(time.toString(16).padStart(12, '0') + hexText(rest)));
			}
			case HEX:
				return this.#spent(hexText(this.raw(length)));
			default:
				throw new MalformedBytes('malformed');
		}
	}

	entry(before: string | undefined): string {
		const how = this.unsigned();
		if (how >= FIRST_KNOWN) {
			const text = this.#known[how - FIRST_KNOWN];
			if (text === undefined) throw new MalformedBytes('malformed');
			return this.#spent(text);
		}
		const text = this.#newEntry(how, before);
		if (text.length <= LONGEST_KNOWN) this.#known.push(text);
		return text;
	}

	entries(count: number, before: Before): string[] {
		const texts: string[] = [];
		for (let index = 0; index < count; index++) texts.push(this.entry(texts[before(index)]));
		return texts;
	}

	revisions(count: number, before: Before): string[] {
		const texts: string[] = [];
		for (let index = 0; index < count; index++) {
			const old = texts[before(index)] ?? '';
			const prefix = this.unsigned();
			const suffix = this.unsigned();
			if (prefix + suffix > old.length) throw new MalformedBytes('malformed');
			this.spend(prefix + suffix);
			texts.push(old.slice(0, prefix) + this.text() + old.slice(old.length - suffix));
		}
		return texts;
	}

	numbers(count: number, before: Before, elapsed?: Elapsed): number[] {
		if (count === 0) return [];
		const how = this.byte();
		if (how === FRACTIONS) return this.#fractions(count, before);
		if (how === MIXED) return this.#mixed(count);
		const scale = SCALES[how % 8];
		if (how >= CLOCKED && how < CLOCKED + 8 && elapsed && scale) return this.#clocked(count, scale, before, elapsed);
		if (how > 7 + DELTA + UNSIGNED || scale === undefined) throw new MalformedBytes('malformed');
		const whole: number[] = [];
		for (let index = 0; index < count; index++) {
			const step = (how & UNSIGNED) === 0 ? this.signed() : this.unsigned();
			whole.push(step + ((how & DELTA) === 0 ? 0 : (whole[before(index)] ?? 0)));
		}
		return whole.map((value) => value / scale);
	}

	#clocked(count: number, scale: number, before: Before, elapsed: Elapsed): number[] {
		const whole: number[] = [];
		for (let index = 0; index < count; index++) {
			whole.push(this.signed() + (whole[before(index)] ?? 0) + ticks(elapsed(index), scale));
		}
		return whole.map((value) => value / scale);
	}

	#newEntry(how: number, before: string | undefined): string {
		if (how === LITERAL) return this.text();
		if (before === undefined) throw new MalformedBytes('malformed');
		if (how === COUNTED_UP) {
			const text = countedUp(before);
			if (text === undefined) throw new MalformedBytes('malformed');
			return this.#spent(text);
		}
		const shared = this.unsigned();
		if (shared > before.length) throw new MalformedBytes('malformed');
		this.spend(shared);
		return before.slice(0, shared) + this.text();
	}

	#fractions(count: number, before: Before): number[] {
		const fractions: [number, number][] = [];
		for (let index = 0; index < count; index++) {
			const [partBefore, wholeBefore] = fractions[before(index)] ?? [0, 0];
			const whole = wholeBefore + this.signed();
			fractions.push([partBefore + this.signed(), whole]);
		}
		return fractions.map(([part, whole]) => part / whole);
	}

	#mixed(count: number): number[] {
		const values: number[] = [];
		for (let index = 0; index < count; index++) {
			const how = this.byte();
			const scale = SCALES[how];
			if (how === DOUBLE) values.push(this.double());
			else if (scale === undefined) throw new MalformedBytes('malformed');
			else values.push(this.signed() / scale);
		}
		return values;
	}

	#spent(text: string): string {
		this.spend(text.length);
		return text;
	}
}

function zigzag(value: number): number {
	return value >= 0 ? value * 2 : -value * 2 - 1;
}

function isWholeAt(value: number, factor: number): boolean {
	const whole = Math.round(value * factor);
	// -0 divides back to -0 and would come out of zigzag as 0.
	return Math.abs(whole) < LARGEST_SIGNED && Object.is(whole === 0 ? 0 : whole / factor, value);
}

/** A stretch of a clock in units of 1/scale seconds; clocks that jumped by ages predict nothing. */
function ticks(ms: number, scale: number): number {
	const count = Math.round((ms * scale) / 1000);
	return Math.abs(count) < 2 ** 40 ? count : 0;
}

/** The shortest k/n that gives exactly this number, or null. */
function fractionOf(value: number): readonly [number, number] | null {
	if (!Number.isFinite(value) || Math.abs(value) > 1e6 || Object.is(value, -0)) return null;
	for (let whole = 1; whole <= LARGEST_DENOMINATOR; whole++) {
		const part = Math.round(value * whole);
		if ((part === 0 ? 0 : part / whole) === value) return [part === 0 ? 0 : part, whole];
	}
	return null;
}

function countedUp(text: string): string | undefined {
	if (text.length > LONGEST_KNOWN) return undefined;
	const match = countedPattern.exec(text);
	return match === null ? undefined : `${match[1]}${Number(match[2]) + 1}`;
}

function sharedPrefix(left: string, right: string): number {
	const most = Math.min(left.length, right.length);
	let length = 0;
	while (length < most && left.charCodeAt(length) === right.charCodeAt(length)) length += 1;
	// Half a surrogate pair would make the rest ill-formed, and twice as long.
	return length > 0 && isHigh(right.charCodeAt(length - 1)) ? length - 1 : length;
}

function sharedSuffix(left: string, right: string, most: number): number {
	let length = 0;
	while (length < most && left.charCodeAt(left.length - 1 - length) === right.charCodeAt(right.length - 1 - length)) {
		length += 1;
	}
	return length > 0 && isLow(right.charCodeAt(right.length - length)) ? length - 1 : length;
}

function isHigh(unit: number): boolean {
	return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
	return unit >= 0xdc00 && unit < 0xe000;
}

function v7Time(uuid: string): number {
	return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

function hexBytes(hex: string): Uint8Array {
	const bytes = new Uint8Array(hex.length / 2);
	for (let index = 0; index < bytes.length; index++) {
		bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
	}
	return bytes;
}

function hexText(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function dashed(hex: string): string {
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function decodeUtf8(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new MalformedBytes('malformed');
	}
}
