import { error } from '@sveltejs/kit';
import { catalogue } from '#lib/server/public-pages/catalogue-page.ts';
import { readerOf } from '#lib/server/public-pages/reader.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const reader = await readerOf(event);
	if (reader === null) error(503);
	return { catalogue: await catalogue(reader, event.url.searchParams) };
};
