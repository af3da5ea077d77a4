import { frameOf, readerOf } from '#lib/server/public-pages/reader.ts';
import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
	const reader = await readerOf(event);
	if (reader === null) error(503);
	return { frame: frameOf(reader, event.url) };
};
