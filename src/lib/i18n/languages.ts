/** The languages of the interface, each with its name in its own script. All are complete; those but English are drafts until people review them. */

export type Direction = 'ltr' | 'rtl';

export type Language = {
	/** BCP 47 */
	readonly code: string;
	readonly name: string;
	readonly direction: Direction;
};

export const LANGUAGES = [
	{ code: 'en', name: 'English', direction: 'ltr' },
	{ code: 'fr', name: 'Français', direction: 'ltr' },
	{ code: 'ar', name: 'العربية', direction: 'rtl' },
	{ code: 'es', name: 'Español', direction: 'ltr' },
	{ code: 'ru', name: 'Русский', direction: 'ltr' },
	{ code: 'zh', name: '中文', direction: 'ltr' }
] as const satisfies readonly Language[];

export type LanguageCode = (typeof LANGUAGES)[number]['code'];

/** Texts missing in a language are shown in this one. */
export const SOURCE_LANGUAGE: LanguageCode = 'en';

const rightToLeft = new Set(['ar', 'ur', 'fa', 'ps', 'sd', 'he', 'dv', 'ckb', 'ug', 'yi']);

/** Works for any BCP 47 tag, also for content in languages that the interface does not have. */
export function directionOf(language: string): Direction {
	return rightToLeft.has(language.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

/** The first wish that the interface speaks: `chooseLanguage(['sw', 'fr-CI'])` is "fr". */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): LanguageCode {
	for (const wish of wishes) {
		const base = wish?.toLowerCase().split(/[-_]/)[0];
		const found = LANGUAGES.find((language) => language.code === base);
		if (found) return found.code;
	}
	return SOURCE_LANGUAGE;
}

/** Wishes of an `Accept-Language` header, best first (RFC 9110 section 12.5.4). */
export function wishesOf(acceptLanguage: string | null): readonly string[] {
	return (acceptLanguage ?? '')
		.split(',')
		.map((part) => {
			const [tag = '', ...params] = part.trim().split(';');
			const quality = params.map((param) => /^\s*q=([\d.]+)/.exec(param)?.[1]).find((value) => value !== undefined);
			return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
		})
		.filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
		.toSorted((left, right) => right.quality - left.quality)
		.map(({ tag }) => tag);
}
