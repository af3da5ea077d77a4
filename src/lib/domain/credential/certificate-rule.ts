/**
 * When a certificate is earned (SPEC CR1 to CR4). The rule belongs to a course revision and is copied into every
 * certificate, so that a later change of the rule changes nothing already earned.
 */
import type { Registration } from '../registration/registration.ts';

export type CertificateRule = {
	/** Counts up with every change; starts at 1. */
	readonly version: number;
	/** 0 to 1; null when the course has no scored part. */
	readonly passMark: number | null;
};

export type Eligibility =
	| { readonly type: 'earned' }
	| { readonly type: 'not-yet'; readonly missing: readonly ('completion' | 'score' | 'success')[] };

export function eligibilityOf(rule: CertificateRule, registration: Registration): Eligibility {
	const missing: ('completion' | 'score' | 'success')[] = [];
	if (registration.state !== 'done') missing.push('completion');
	if (rule.passMark !== null && (registration.score === null || registration.score + 1e-9 < rule.passMark))
		missing.push('score');
	// CR3: content that says "failed" outweighs a score that would do: it knows more than the number.
	if (registration.success === 'failed') missing.push('success');
	return missing.length === 0 ? { type: 'earned' } : { type: 'not-yet', missing };
}
