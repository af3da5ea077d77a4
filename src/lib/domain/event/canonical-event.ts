/**
 * One text for one event, however it was decoded (SPEC EV5): what its content hash is taken over, and how its body is stored.
 * Keys stand in alphabetical order, absent and `undefined` alike are left out. A body of a type that this version does not know
 * counts by what its device wrote, so that the version that knows it, meeting it again, finds the same content.
 */
import type { EventBody, LearningEvent } from './learning-event.ts';

/** `{"type":"attempt.updated","completion":"completed", ...}` with sorted keys. */
export function canonicalBody(body: EventBody): string {
	return canonicalJson(body);
}

/** @param body of the event as `canonicalBody` writes it, where the caller has it already */
export function canonicalEvent(event: LearningEvent, body: string = canonicalBody(event.body)): string {
	const { device, epoch, seq, learnerId, courseId, packId, attemptId, scoId, at } = event;
	const content = event.body.type === 'unknown' ? asWritten(event.body.original) : body;
	return `${JSON.stringify([device, epoch, seq, learnerId, courseId, packId, attemptId, scoId, at])}${content}`;
}

function asWritten(original: string): string {
	try {
		return canonicalJson(JSON.parse(original));
	} catch {
		return JSON.stringify(original);
	}
}

function canonicalJson(value: unknown): string {
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	const parts: string[] = [];
	for (const key of Object.keys(value).toSorted()) {
		const part = (value as Record<string, unknown>)[key];
		if (part !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(part)}`);
	}
	return `{${parts.join(',')}}`;
}
