/**
 * What a device has seen, as it carries it from pull to pull: opaque to it, a few bytes to us. Binary, base64url:
 *
 *     version (1)  flags (1)  organisation (3)  scope (5)  least head  reference head  own head  { bucket (1)  head }*
 *
 * Heads are feed numbers as base-128 integers, those after the least counted from it: feeds begin at the time of the server's
 * start (repositories/feed.ts), so they are large and lie close together. `scope` and `organisation` are the first bytes of hashes: when who the person may
 * see changes, what she saw before says nothing about the newcomers.
 */
import { hash } from 'node:crypto';

export type PullCursor = {
	/** True until everything was sent once: a device that holds nothing also needs what it sent itself. */
	readonly fresh: boolean;
	readonly organisation: string;
	readonly scope: string;
	readonly reference: number;
	readonly own: number;
	/** By bucket of the learners she may see; absent = 0. */
	readonly heads: ReadonlyMap<number, number>;
};

const version = 2;
const organisationLength = 3;
const scopeLength = 5;

export function fingerprints(
	organisationId: string,
	cohortIds: readonly string[]
): Pick<PullCursor, 'organisation' | 'scope'> {
	return {
		organisation: fingerprint(organisationId, organisationLength),
		scope: fingerprint(JSON.stringify(cohortIds.toSorted()), scopeLength)
	};
}

export function writeCursor(cursor: PullCursor): string {
	const heads = [...cursor.heads];
	const least = Math.min(cursor.reference, cursor.own, ...heads.map(([, head]) => head));
	return Buffer.from([
		version,
		Number(cursor.fresh),
		...Buffer.from(cursor.organisation, 'hex'),
		...Buffer.from(cursor.scope, 'hex'),
		...base128(least),
		...base128(cursor.reference - least),
		...base128(cursor.own - least),
		...heads.flatMap(([bucket, head]) => [bucket, ...base128(head - least)])
	]).toString('base64url');
}

/** null for what is no cursor of ours: the device then gets everything again, which is slow and right. */
export function readCursor(text: string | null): PullCursor | null {
	if (text === null) return null;
	const bytes = Buffer.from(text, 'base64url');
	const start = 2 + organisationLength + scopeLength;
	if (bytes[0] !== version || bytes.length < start + 3) return null;
	let position = start;
	const number = (): number => {
		let value = 0;
		for (let factor = 1; position < bytes.length; factor *= 128) {
			const byte = bytes[position++] ?? 0;
			value += (byte & 0x7f) * factor;
			if (byte < 0x80) return value;
		}
		return Number.NaN;
	};
	const least = number();
	const [reference, own] = [least + number(), least + number()];
	const heads = new Map<number, number>();
	while (position < bytes.length) heads.set(bytes[position++] ?? 0, least + number());
	if (![reference, own, ...heads.values()].every(Number.isSafeInteger)) return null;
	return {
		fresh: bytes[1] === 1,
		organisation: bytes.subarray(2, 2 + organisationLength).toString('hex'),
		scope: bytes.subarray(2 + organisationLength, start).toString('hex'),
		reference,
		own,
		heads
	};
}

function fingerprint(text: string, length: number): string {
	return hash('sha256', text, 'hex').slice(0, length * 2);
}

function base128(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	while (rest >= 128) {
		bytes.push((rest % 128) | 0x80);
		rest = Math.floor(rest / 128);
	}
	return [...bytes, rest];
}
