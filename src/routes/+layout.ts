import { browser } from '$app/environment';
import { isServedByWorker } from '#lib/client/served-by-worker.ts';
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
	const path = untrack(() => url.pathname);
	const own = wordsOf(path);
	const start = () => startI18n(languageHere(), own === 'sign-in' ? ['common', own] : ['common'], load, digitsHere());
	if (!isServedByWorker()) return { i18n: await start() };
	// From the device everything costs the same, so all the words of this page come at once.
	return {
		i18n: await createI18n(languageHere(), ['common', 'errors', own], load, digitsHere()).catch(start)
	};
};

/** A good guess is enough: pages ask for what they need themselves. */
function wordsOf(path: string): string {
	if (path === '/' || path === '/sign-in') return 'sign-in';
	return /^\/(learn|courses?|play|certificates|me)(\/|$)/.test(path) ? 'learner' : 'trainer';
}
