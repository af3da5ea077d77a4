import { error } from '@sveltejs/kit';
import { addressOf } from '#lib/server/http/address-of.ts';
import { checkCertificate } from '#lib/server/public-pages/verify-page.ts';
import { readerOf } from '#lib/server/public-pages/reader.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const reader = await readerOf(event);
	if (reader === null) error(503);
	event.setHeaders({ 'cache-control': 'no-store' });
	const { page, status } = await checkCertificate(reader, event.params.code, addressOf(event));
	event.locals.status = status;
	return { view: page };
};
