/** Looks an event over before it is stored: whose it is, whether it can be stored at all, and the hash of its content. */
import { hash } from 'node:crypto';
import { canonicalBody, canonicalEvent } from '#lib/domain/event/canonical-event.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { QuarantinedEvent, SealedEvent } from '#lib/server/repositories/events.ts';

/** Ids are minted by us and short; PostgreSQL cannot index a text of 2.7 kB. */
const longestId = 300;

export type Writer = { readonly learnerId: string; readonly device: string; readonly epoch: string };

export type Looked =
	| { readonly type: 'sealed'; readonly sealed: SealedEvent }
	| { readonly type: 'aside'; readonly aside: QuarantinedEvent };

export function sealEvent(event: LearningEvent, writer: Writer): Looked {
	const body = canonicalBody(event.body);
	const contentHash = hashOf(canonicalEvent(event, body));
	const reason = isStorable(event, writer)
		? event.learnerId === writer.learnerId
			? null
			: 'not-own-record'
		: 'malformed';
	if (reason === null) return { type: 'sealed', sealed: { event, body, hash: contentHash } };
	return {
		type: 'aside',
		aside: { seq: storableSeq(event.seq), reason, hash: contentHash, json: JSON.stringify(event) }
	};
}

/** What could not even be decoded. */
export function setAside(seq: number, raw: unknown): QuarantinedEvent {
	const json = JSON.stringify(raw) ?? 'null';
	return { seq: storableSeq(seq), reason: 'malformed', hash: hashOf(json), json };
}

/** First 32 hex digits of the SHA-256: 128 bit tell any two events apart. */
export function hashOf(text: string): string {
	return hash('sha256', text, 'hex').slice(0, 32);
}

function isStorable(event: LearningEvent, writer: Writer): boolean {
	return (
		event.device === writer.device &&
		event.epoch === writer.epoch &&
		storableSeq(event.seq) > 0 &&
		Number.isSafeInteger(event.at) &&
		[event.learnerId, event.courseId, event.packId, event.attemptId, event.scoId].every(isStorableId)
	);
}

export function isStorableId(id: string): boolean {
	return id.length > 0 && id.length <= longestId;
}

function storableSeq(seq: number): number {
	return Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}
