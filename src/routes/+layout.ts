import { browser } from '$app/environment';
import { fetchNamespaces } from '#lib/i18n/fetch-namespace.ts';
import { createI18n, startI18n } from '#lib/i18n/i18n.svelte.ts';
import { SOURCE_LANGUAGE } from '#lib/i18n/languages.ts';
import { languageHere, digitsHere } from '#lib/i18n/language-here.ts';
import type { LayoutLoad } from './$types';

// Universal, never a server load: the cached shell must start without asking anyone. Pages rendered on the server change
// the language in their own load (`await i18n.use(...)`); there is one I18n for each such request.
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
	const load = fetchNamespaces(fetch);
	if (!browser) return { i18n: await createI18n(SOURCE_LANGUAGE, ['common', 'errors'], load) };
	// The very first pages bring their own few words along, all in one round trip. Untracked: this runs once, or each
	// navigation would make another I18n than the one the components hold.
	const words = ['/', '/sign-in'].includes(untrack(() => url.pathname)) ? ['common', 'sign-in'] : ['common'];
	return { i18n: await startI18n(languageHere(), words, load, digitsHere()) };
};
