/**
 * One language, ready to speak: `t('learner.home.continue')`. The first part of a key is its namespace, that is its file:
 * static/locales/<language>/<namespace>.json. Runs in pages, on the server and in tests; files come in by `load`.
 */
import i18next, { type FormatterModule, type i18n as I18next, type ResourceKey } from 'i18next';
import { shown, splitKey } from './fill.ts';
import { createFormats, type Digits, type Formats } from './formats.ts';
import { SOURCE_LANGUAGE, directionOf, type Direction } from './languages.ts';

export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: string, values?: Values) => string;
/** Reads one file of static/locales; rejects when it cannot. */
export type LoadNamespace = (language: string, namespace: string) => Promise<unknown>;

export type Translator = {
	readonly language: string;
	readonly direction: Direction;
	readonly formats: Formats;
	readonly t: Translate;
	/** True when the key has a text. */
	readonly has: (key: string) => boolean;
	readonly namespaces: readonly string[];
};

export async function createTranslator(
	language: string,
	namespaces: readonly string[],
	load: LoadNamespace,
	digits: Digits = 'latn'
): Promise<Translator> {
	const direction = directionOf(language);
	const formats = createFormats(language, digits);
	const speech = i18next.createInstance().use(valueFormatter(formats, direction));
	await speech.init({
		lng: language,
		fallbackLng: SOURCE_LANGUAGE,
		ns: [...namespaces],
		resources: {},
		// Keys are split here, at the first dot.
		nsSeparator: false,
		interpolation: {
			// Svelte escapes.
			escapeValue: false,
			alwaysFormat: true
		}
	});
	await Promise.all(namespaces.map((namespace) => addNamespace(speech, language, namespace, load)));

	return {
		language,
		direction,
		formats,
		namespaces,
		t: (key, values) => {
			const [namespace, rest] = splitKey(key);
			return speech.t(rest, { ...values, ns: namespace, defaultValue: key });
		},
		has: (key) => {
			const [namespace, rest] = splitKey(key);
			return speech.exists(rest, { ns: namespace });
		}
	};
}

/** Values in a sentence, without any format names in the texts: numbers in the person's digits, words isolated. */
function valueFormatter(formats: Formats, direction: Direction): FormatterModule {
	return {
		type: 'formatter',
		init: () => {},
		add: () => {},
		addCached: () => {},
		format: (value: unknown) => shown(value, formats, direction)
	};
}

/** A language that cannot be fetched now (never used before, no network) leaves the source language, and that leaves keys. */
async function addNamespace(speech: I18next, language: string, namespace: string, load: LoadNamespace): Promise<void> {
	try {
		speech.addResourceBundle(language, namespace, (await load(language, namespace)) as ResourceKey);
	} catch (error) {
		if (language === SOURCE_LANGUAGE) throw error;
		speech.addResourceBundle(SOURCE_LANGUAGE, namespace, (await load(SOURCE_LANGUAGE, namespace)) as ResourceKey);
	}
}
