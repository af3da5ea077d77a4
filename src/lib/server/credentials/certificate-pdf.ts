/**
 * The printed certificate, drawn by typst (which shapes Arabic and breaks Chinese rightly, where the usual PDF libraries do
 * not). Fonts come with us: what a machine has installed must not change a certificate.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { renderSVG } from 'uqr';
import { AppError } from '#lib/errors/app-error.ts';
import type { Translator } from '#lib/i18n/translator.ts';
import type { CertificatePayload } from './certificate-payload.ts';

export type PrintedCertificate = {
	readonly payload: CertificatePayload;
	/** What the square code holds, and what a person types (without the scheme). */
	readonly verifyUrl: string;
	/** Where a code can be typed: "learn.example.org/verify". */
	readonly verifyPage: string;
	/** With the namespace `public`; its language is the certificate's. */
	readonly translator: Translator;
};

export type RenderCertificatePdf = (certificate: PrintedCertificate) => Uint8Array;

const template = new URL('./certificate.typ', import.meta.url);

/** Opening the fonts takes a quarter of a second, so it happens with the first certificate; each one then takes a few ms. */
export function createCertificatePdf(): RenderCertificatePdf {
	let compiler: NodeCompiler | undefined;
	let source = '';
	return ({ payload, verifyUrl, verifyPage, translator }) => {
		if (compiler === undefined) {
			source = readFileSync(template, 'utf8');
			compiler = NodeCompiler.create({
				workspace: dirname(fileURLToPath(template)),
				fontArgs: [{ fontPaths: fontFolders() }]
			});
		}
		const { t, formats, language, direction } = translator;
		const percent = payload.result.score === null ? null : formats.percent(payload.result.score);
		const issuer =
			payload.centre === null
				? payload.issuer.name
				: t('public.organisation-line', { centre: payload.centre.name, organisation: payload.issuer.name });
		const facts: (readonly [string, string])[] = [
			[t('public.certificate.date'), formats.date(payload.issuedAt)],
			...(payload.course.hours === null
				? []
				: ([[t('public.certificate.hours'), formats.hours(payload.course.hours)]] as const)),
			...(percent === null ? [] : ([[t('public.certificate.score'), percent]] as const)),
			[t('public.certificate.course-code'), payload.course.code]
		];
		const inputs: Record<string, string> = {
			language,
			direction,
			kind: t('public.certificate.kind'),
			place: payload.centre?.name ?? payload.issuer.name,
			title: t('public.certificate.title'),
			certifies: t('public.certificate.this-certifies'),
			name: payload.learner.name,
			completed: t('public.certificate.completed'),
			course: payload.course.title,
			facts: JSON.stringify(facts),
			'issued-by': t('public.certificate.issued-by'),
			issuer,
			'number-label': t('public.certificate.code'),
			code: payload.code,
			check: t('public.certificate.check', { address: verifyPage }),
			reported: t('public.certificate.content-reported'),
			qr: renderSVG(verifyUrl, { ecc: 'M', border: 0, blackColor: '#221c15', whiteColor: '#ffffff' })
		};
		const result = compiler.compile({ mainFileContent: source, inputs });
		const document = result.result;
		if (document === null)
			throw new AppError('certificate-not-drawn', {
				cause: new Error(JSON.stringify(result.takeDiagnostics()?.shortDiagnostics ?? []))
			});
		const pdf = compiler.pdf(document, { creationTimestamp: Math.floor(payload.issuedAt / 1000) });
		// Memory of pages drawn long ago is given back.
		compiler.evictCache(10);
		return new Uint8Array(pdf);
	};
}

/** Each package has its files in fonts/, beside the dist/ that its name leads to. */
function fontFolders(): string[] {
	const require = createRequire(import.meta.url);
	return ['latin', 'arabic', 'sc'].map((script) =>
		join(dirname(dirname(require.resolve(`@embedpdf/fonts-${script}`))), 'fonts')
	);
}
