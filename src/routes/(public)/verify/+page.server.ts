import { error, redirect } from '@sveltejs/kit';
import { readCertificateCode } from '#lib/domain/credential/certificate-code.ts';
import { addressOf } from '#lib/server/http/address-of.ts';
import { checkCertificate, emptyPage } from '#lib/server/public-pages/verify-page.ts';
import { readerOf } from '#lib/server/public-pages/reader.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const reader = await readerOf(event);
	if (reader === null) error(503);
	event.setHeaders({ 'cache-control': 'no-store' });
	const typed = event.url.searchParams.get('code');
	if (typed === null) return { view: emptyPage(reader) };
	const code = readCertificateCode(typed);
	if (code !== null) redirect(303, `/verify/${code}${reader.langQuery}`);
	const { page, status } = await checkCertificate(reader, typed, addressOf(event));
	event.locals.status = status;
	return { view: page };
};
