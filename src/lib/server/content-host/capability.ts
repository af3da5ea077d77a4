/**
 * A pack capability: a ticket that lets its bearer fetch one pack for some minutes. Content hosts know no session, so the app
 * hands the ticket to whoever may take the course. "<base64url JSON>.<base64url HMAC-SHA256>".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

export const CAPABILITY_LIFE_MS = 15 * 60_000;

export type PackTicket = {
	readonly packId: string;
	/** Hex, of the pack's bytes: also the file's name. */
	readonly sha256: string;
	/** Bound to a person, so that a leaked ticket can be traced. */
	readonly personId: string;
	readonly expiresAt: number;
};

const ticketSchema = v.object({
	p: v.pipe(v.string(), v.regex(/^[0-9a-f]{20}$/)),
	s: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	u: v.string(),
	e: v.number()
});

export function signTicket(key: Buffer, ticket: PackTicket): string {
	const body = Buffer.from(
		JSON.stringify({ p: ticket.packId, s: ticket.sha256, u: ticket.personId, e: ticket.expiresAt })
	).toString('base64url');
	return `${body}.${macOf(key, body)}`;
}

/** null when forged, damaged or out of time. */
export function readTicket(key: Buffer, text: string, now: number): PackTicket | null {
	const [body = '', mac = '', more] = text.split('.');
	const [expected, given] = [Buffer.from(macOf(key, body)), Buffer.from(mac)];
	if (more !== undefined || expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
	const parsed = v.safeParse(ticketSchema, JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
	if (!parsed.success || parsed.output.e <= now) return null;
	return { packId: parsed.output.p, sha256: parsed.output.s, personId: parsed.output.u, expiresAt: parsed.output.e };
}

function macOf(key: Buffer, body: string): string {
	return createHmac('sha256', key).update(`waypost pack ticket 1\n${body}`).digest('base64url');
}
