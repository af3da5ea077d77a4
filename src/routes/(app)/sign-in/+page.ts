import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
	const { i18n } = await parent();
	// There already when this is the first page; otherwise fetched now.
	if (!i18n.has('sign-in.title')) await i18n.need('sign-in');
};
