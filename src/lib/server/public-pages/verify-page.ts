/** The certificate check as a page: what the signature says now, in words, for someone who may never have been here before. */
import { readCertificateCode } from '#lib/domain/credential/certificate-code.ts';
import { networkOf } from '#lib/server/auth/rate-limit.ts';
import { readPayload, type CertificatePayload } from '#lib/server/credentials/certificate-payload.ts';
import { findCertificateByCode } from '#lib/server/repositories/certificates-store.ts';
import { findPerson } from '#lib/server/repositories/people.ts';
import type { Reader } from './reader.ts';

export const EXAMPLE_CODE = 'WP-7K3M-9QXA-7';

export type VerifyForm = {
	readonly lead: string;
	readonly label: string;
	readonly example: string;
	readonly button: string;
	readonly typed: string;
	readonly lang: string | null;
};

export type VerifyPage = {
	readonly title: string;
	readonly verdict: {
		readonly kind: 'valid' | 'revoked' | 'unknown' | 'mistyped' | 'broken' | 'too-many';
		readonly title: string;
		readonly sentence: string;
	} | null;
	readonly facts: readonly { readonly label: string; readonly value: string; readonly note?: string | undefined }[];
	readonly code: string | null;
	readonly advice: string | null;
	readonly form: VerifyForm;
	readonly formTitle: string | null;
};

export type Checked = { readonly page: VerifyPage; readonly status: number };

export function verifyForm(reader: Reader, typed: string): VerifyForm {
	const { t } = reader.translator;
	return {
		lead: t('public.verify.lead'),
		label: t('public.verify.label'),
		example: t('public.verify.example', { code: EXAMPLE_CODE }),
		button: t('public.verify.button'),
		typed,
		lang: reader.langQuery === '' ? null : reader.language
	};
}

export function emptyPage(reader: Reader): VerifyPage {
	return {
		title: reader.translator.t('public.verify.title'),
		verdict: null,
		facts: [],
		code: null,
		advice: null,
		form: verifyForm(reader, ''),
		formTitle: null
	};
}

/** Every look-up counts against the asking network: codes are many, but names stand behind them. */
export async function checkCertificate(reader: Reader, typed: string, address: string): Promise<Checked> {
	const { app, translator } = reader;
	const { t, formats } = translator;
	const answer = (
		kind: NonNullable<VerifyPage['verdict']>['kind'],
		status: number,
		values: Record<string, string | number> = {},
		more: Partial<VerifyPage> = {}
	): Checked => ({
		status,
		page: {
			title: t('public.verify.title'),
			verdict: { kind, title: t(`public.verify.${kind}`), sentence: t(`public.verify.${kind}-sentence`, values) },
			facts: [],
			code: null,
			advice: null,
			form: verifyForm(reader, kind === 'mistyped' || kind === 'unknown' ? typed.slice(0, 40) : ''),
			formTitle: t('public.verify.another'),
			...more
		}
	});
	const code = readCertificateCode(typed);
	if (code === null) return answer('mistyped', 404, { code: EXAMPLE_CODE });
	const verdict = app.lookups.take([networkOf(address)]);
	if (verdict.type === 'wait') return answer('too-many', 429, { seconds: verdict.seconds });
	const certificate = await findCertificateByCode(app.db, code);
	if (certificate === null) return answer('unknown', 404);
	const isGenuine = app.issuer.verify(certificate.payload, {
		signature: certificate.signature,
		keyId: certificate.keyId
	});
	const payload = isGenuine ? readPayload(certificate.payload) : null;
	// A right signature on another certificate is no proof of this one.
	if (payload === null || payload.code !== code || payload.learner.id !== certificate.learnerId) {
		app.log.error('certificate.signature-wrong', { certificateId: certificate.certificateId });
		return answer('broken', 200);
	}
	const issuer = issuerOf(payload, translator.t);
	const learner = await findPerson(app.db, certificate.learnerId);
	const isMinor = learner !== null && (learner.ageBand === 'under_15' || learner.ageBand === '15_17');
	const facts: VerifyPage['facts'] = [
		{ label: t('public.verify.learner'), value: isMinor ? t('public.verify.minor') : payload.learner.name },
		{ label: t('public.verify.course'), value: payload.course.title },
		{ label: t('public.verify.date'), value: formats.date(payload.issuedAt) },
		{ label: t('public.verify.issuer'), value: issuer },
		...(payload.course.hours === null
			? []
			: [{ label: t('public.verify.hours'), value: formats.hours(payload.course.hours) }]),
		...(payload.result.score === null
			? []
			: [
					{
						label: t('public.verify.score'),
						value: formats.percent(payload.result.score),
						note: t('public.verify.score-note')
					}
				]),
		{ label: t('public.verify.signature'), value: t('public.verify.signature-value', { key: certificate.keyId }) }
	];
	if (certificate.revokedAt !== null)
		return answer('revoked', 200, { issuer, date: formats.date(certificate.revokedAt) }, { facts, code });
	return answer('valid', 200, { issuer }, { facts, code, advice: isMinor ? null : t('public.verify.compare') });
}

function issuerOf(payload: CertificatePayload, t: Reader['translator']['t']): string {
	return payload.centre === null
		? payload.issuer.name
		: t('public.organisation-line', { centre: payload.centre.name, organisation: payload.issuer.name });
}
