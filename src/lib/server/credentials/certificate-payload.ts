/**
 * What is signed when a certificate is issued. The printed face and the check page show nothing else. Stored and signed as
 * canonical JSON (RFC 8785). How it maps to Open Badges 3.0, which comes later, stands in README.md of this folder.
 */
import * as v from 'valibot';
import { canonicalJson } from '#lib/domain/credential/canonical-json.ts';

export const certificatePayloadSchema = v.object({
	type: v.literal('waypost.certificate'),
	v: v.literal(1),
	id: v.string(),
	/** "WP-7K3M-9QXA-2" */
	code: v.string(),
	/** ms since 1970, by the server's clock. */
	issuedAt: v.number(),
	issuer: v.object({ id: v.string(), name: v.string() }),
	/** The centre that approved it. */
	centre: v.nullable(v.object({ id: v.string(), name: v.string(), country: v.string() })),
	learner: v.object({ id: v.string(), name: v.string() }),
	course: v.object({
		id: v.string(),
		code: v.string(),
		title: v.string(),
		language: v.string(),
		/** The revision on which it was earned. */
		packId: v.nullable(v.string()),
		hours: v.nullable(v.number())
	}),
	result: v.object({
		/** Whose word it is: scores in SCORM are the content's claim. */
		evidence: v.literal('content-reported'),
		/** 0 to 1; null when the course has no scored part. */
		score: v.nullable(v.number()),
		seconds: v.number(),
		/** When the centre first knew it was done. */
		finishedAt: v.number()
	}),
	/** As it stood when earned: later changes of the rule change nothing. */
	rule: v.object({ version: v.number(), passMark: v.nullable(v.number()) })
});
export type CertificatePayload = v.InferOutput<typeof certificatePayloadSchema>;

/** The bytes that are signed, as text. */
export function payloadText(payload: CertificatePayload): string {
	return canonicalJson(payload);
}

export function readPayload(text: string): CertificatePayload {
	return v.parse(certificatePayloadSchema, JSON.parse(text));
}
