import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent }) => {
	const { i18n } = await parent();
	await i18n.need('admin', 'catalogue');
};
