// GET /api/certificates/<id>/pdf[?language=]: the printed face; one's own, or in reach.
import { chooseLanguage } from '#lib/i18n/languages.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { file, refusal } from '#lib/server/http/answers.ts';
import { personResource } from '#lib/server/http/resources.ts';
import { readPayload } from '#lib/server/credentials/certificate-payload.ts';
import { findCertificate } from '#lib/server/repositories/certificates-store.ts';

export const GET = apiRoute(
	{
		action: 'certificate.read',
		resource: async ({ app, params }) => {
			const certificate = await findCertificate(app.db, params['id'] ?? '');
			return certificate === null ? null : personResource(app.db, certificate.learnerId);
		},
		download: true
	},
	async ({ app, params, url }) => {
		const certificate = await findCertificate(app.db, params['id'] ?? '');
		if (certificate === null || certificate.revokedAt !== null) return refusal(404, 'nothing-to-print');
		const payload = readPayload(certificate.payload);
		const translator = await app.translator(
			chooseLanguage([url.searchParams.get('language'), payload.course.language])
		);
		const pdf = app.renderCertificatePdf({
			payload,
			verifyUrl: app.verifyUrlOf(payload.code),
			verifyPage: app.verifyUrlOf('').replace(/^https?:\/\/|\/$/g, ''),
			translator
		});
		const title = `${translator.t('public.certificate.file-name', { code: payload.code })}.pdf`.replace(
			/[\u2066-\u2069]/g,
			''
		);
		return file(pdf, { type: 'application/pdf', name: `certificate-${payload.code}.pdf`, title, inline: true });
	}
);
