import { expect, test } from 'vitest';
import { createTranslators } from '#lib/server/i18n/translators.ts';
import { createCertificatePdf } from './certificate-pdf.ts';
import type { CertificatePayload } from './certificate-payload.ts';

const payload = (name: string, title: string): CertificatePayload => ({
	type: 'waypost.certificate',
	v: 1,
	id: 'id',
	code: 'WP-7K3M-9QXA-7',
	issuedAt: Date.UTC(2026, 10, 22),
	issuer: { id: 'o', name: 'Riverside Learning Trust' },
	centre: { id: 'c', name: 'Mongu Digital Centre', country: 'ZM' },
	learner: { id: 'l', name },
	course: { id: 'c', code: 'C1-EN', title, language: 'en', packId: null, hours: 6 },
	result: { evidence: 'content-reported', score: 0.92, seconds: 100, finishedAt: 0 },
	rule: { version: 1, passMark: 0.8 }
});

const translators = createTranslators();
const draw = createCertificatePdf();

test.each([
	['en', 'Chanda Mwila', 'Everyday digital skills'],
	['fr', '王小明', 'Le numérique de tous les jours'],
	['ar', 'فاطمة الزهراء', 'المهارات الرقمية اليومية'],
	['en', '#read("/etc/passwd") *x* $1$ @y <z> \\', '#panic()'],
	['ar', 'X'.repeat(200), 'Y '.repeat(100)]
])('a certificate in %s for %s is one page', async (language, name, title) => {
	const pdf = draw({
		payload: payload(name, title),
		verifyUrl: 'https://learn.example.org/verify/WP-7K3M-9QXA-7',
		verifyPage: 'learn.example.org/verify',
		translator: await translators(language)
	});
	const text = Buffer.from(pdf).toString('latin1');
	expect(text.slice(0, 5)).toBe('%PDF-');
	expect([...text.matchAll(/\/Type\s*\/Page[^s]/g)]).toHaveLength(1);
});
