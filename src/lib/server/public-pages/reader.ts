/** Who reads a public page, as far as we know: a language. Pages without sign-in and without JavaScript. */
import type { App } from '#lib/server/app.ts';
import { LANGUAGE } from '#lib/i18n/language-here.ts';
import { LANGUAGES, chooseLanguage, directionOf, wishesOf } from '#lib/i18n/languages.ts';
import type { Translator } from '#lib/i18n/translator.ts';

export type PageEvent = {
	readonly request: Request;
	readonly url: URL;
	readonly cookies: { get(name: string): string | undefined };
	readonly locals: { app?: App | undefined; language?: string | undefined; status?: number | undefined };
	readonly setHeaders: (headers: Record<string, string>) => void;
	readonly getClientAddress: () => string;
};

export type Reader = {
	readonly app: App;
	readonly translator: Translator;
	readonly language: string;
	/** To carry along in links; "" when nothing was asked for here. */
	readonly langQuery: string;
};

/** `?lang=fr`, else what was chosen on this device, else what the browser asks for. Null while pages are prerendered. */
export async function readerOf(event: PageEvent): Promise<Reader | null> {
	const { app } = event.locals;
	if (app === undefined) return null;
	const wish = event.url.searchParams.get('lang');
	const language = chooseLanguage([
		wish,
		event.cookies.get(LANGUAGE),
		...wishesOf(event.request.headers.get('accept-language'))
	]);
	event.locals.language = language;
	return {
		app,
		language,
		translator: await app.translator(language),
		langQuery: wish === null ? '' : `?lang=${language}`
	};
}

export type Frame = {
	readonly language: string;
	readonly direction: 'ltr' | 'rtl';
	readonly home: string;
	readonly links: readonly { readonly href: string; readonly text: string; readonly current: boolean }[];
	readonly languagesLabel: string;
	readonly languages: readonly {
		readonly code: string;
		readonly name: string;
		readonly href: string;
		readonly direction: 'ltr' | 'rtl';
		readonly current: boolean;
	}[];
};

/** What stands above and below every public page. */
export function frameOf({ translator: { t }, language, langQuery }: Reader, url: URL): Frame {
	const withLanguage = (code: string): string => {
		const params = new URLSearchParams(url.searchParams);
		params.set('lang', code);
		return `${url.pathname}?${params.toString()}`;
	};
	return {
		language,
		direction: directionOf(language),
		home: t('public.nav.home'),
		links: [
			{ href: `/catalogue${langQuery}`, text: t('public.nav.courses'), current: url.pathname === '/catalogue' },
			{ href: `/verify${langQuery}`, text: t('public.nav.check'), current: url.pathname === '/verify' },
			{ href: '/sign-in', text: t('public.nav.sign-in'), current: false }
		],
		languagesLabel: t('public.nav.languages'),
		languages: LANGUAGES.map(({ code, name, direction }) => ({
			code,
			name,
			direction,
			href: withLanguage(code),
			current: code === language
		}))
	};
}
