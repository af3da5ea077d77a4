import type { LayoutLoad } from './$types';

// What an import says is kept on no phone (service-worker/words.ts): these pages need the server anyway.
export const load: LayoutLoad = async ({ parent }) => {
	const { i18n } = await parent();
	await i18n.need('admin-import');
};
