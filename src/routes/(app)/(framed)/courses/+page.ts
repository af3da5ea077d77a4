import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
	const { i18n } = await parent();
	await i18n.need('learner', 'catalogue');
};
