import { error } from '@sveltejs/kit';
import { cataloguePage } from '#lib/server/public-pages/catalogue-page.ts';
import { readerOf } from '#lib/server/public-pages/reader.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const reader = await readerOf(event);
	if (reader === null) error(503);
	const course = await cataloguePage(reader, event.params.courseId);
	if (course === null) event.locals.status = 404;
	return {
		course,
		gone: reader.translator.t('public.catalogue.not-found'),
		back: { href: `/catalogue${reader.langQuery}`, text: reader.translator.t('public.catalogue.back') }
	};
};
