/** Language, digits and text size of this device's screen: settings of the phone, not of a person, so that the first page speaks before anyone signs in. */
import type { Digits } from './formats.ts';
import { chooseLanguage, type LanguageCode } from './languages.ts';

/** Name of the setting, and of the cookie that tells it to the server. */
export const LANGUAGE = 'waypost-language';
const DIGITS = 'waypost-digits';
const TEXT_SIZE = 'waypost-text-size';

export const TEXT_SIZES = ['normal', 'large', 'larger', 'largest'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** Some browsers refuse storage altogether (private windows, settings): then nothing is remembered. */
function stored(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

function store(key: string, value: string): void {
	try {
		localStorage.setItem(key, value);
	} catch {
		// Not remembered; the setting still holds until the page closes.
	}
}

export function languageHere(): LanguageCode {
	return chooseLanguage([stored(LANGUAGE), ...navigator.languages]);
}

export function rememberLanguage(language: string): void {
	store(LANGUAGE, language);
	// For pages rendered on the server.
	document.cookie = `${LANGUAGE}=${encodeURIComponent(language)}; path=/; max-age=31536000; samesite=lax`;
}

/** Somebody chose this by hand before signing in: it is her wish, which comes before what her profile says. Of this tab, once. */
export function wishLanguage(language: string): void {
	rememberLanguage(language);
	try {
		sessionStorage.setItem(LANGUAGE, language);
	} catch {
		// Her profile's language, then.
	}
}

export function takeWish(): string | null {
	try {
		const wish = sessionStorage.getItem(LANGUAGE);
		sessionStorage.removeItem(LANGUAGE);
		return wish;
	} catch {
		return null;
	}
}

export function hasChosenLanguage(): boolean {
	return stored(LANGUAGE) !== null;
}

export function digitsHere(): Digits {
	return stored(DIGITS) === 'arab' ? 'arab' : 'latn';
}

export function rememberDigits(digits: Digits): void {
	store(DIGITS, digits);
}

export function textSizeHere(): TextSize {
	return TEXT_SIZES.find((size) => size === stored(TEXT_SIZE)) ?? 'normal';
}

export function rememberTextSize(size: TextSize): void {
	store(TEXT_SIZE, size);
}

/** Tells the page itself: screen readers and CSS follow `lang`, `dir` and the text size. */
export function dressPage(language: string, direction: string, size: TextSize): void {
	const root = document.documentElement;
	root.lang = language;
	root.dir = direction;
	if (size === 'normal') delete root.dataset['textSize'];
	else root.dataset['textSize'] = size;
}
