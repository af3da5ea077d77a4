/** The language of the screen, which may change under it: `const { t } = useI18n()` in any component. */
import { createContext } from 'svelte';
import type { Digits, Formats } from './formats.ts';
import type { Direction } from './languages.ts';
import { firstWords } from './first-words.ts';
import type { LoadNamespace, Translate, Translator } from './translator.ts';

type Wish = { readonly language: string; readonly digits: Digits; readonly namespaces: readonly string[] };

export class I18n {
	#translator: Translator;
	#digits: Digits;
	/** False while the first words speak. */
	#isGrown: boolean;
	readonly #load: LoadNamespace;
	/** What was asked for last, all in all; it may be on its way. */
	#wish: Wish;
	#working: Promise<void> = Promise.resolve();

	constructor(translator: Translator, load: LoadNamespace, digits: Digits, isGrown: boolean) {
		this.#translator = $state.raw(translator);
		this.#digits = digits;
		this.#isGrown = isGrown;
		this.#load = load;
		this.#wish = { language: translator.language, digits, namespaces: translator.namespaces };
	}

	/** Reads the reactive translator at every call: what is shown follows a change of language. */
	readonly t: Translate = (key, values) => this.#translator.t(key, values);
	readonly has = (key: string): boolean => this.#translator.has(key);

	get language(): string {
		return this.#translator.language;
	}

	get direction(): Direction {
		return this.#translator.direction;
	}

	get formats(): Formats {
		return this.#translator.formats;
	}

	get digits(): Digits {
		return this.#digits;
	}

	/** Adds namespaces, for example in the load function of the pages that need them. */
	need(...namespaces: readonly string[]): Promise<void> {
		return this.#want({ namespaces: [...new Set([...this.#wish.namespaces, ...namespaces])] });
	}

	/** Changes the language (and the digits) of everything on the screen. */
	use(language: string, digits: Digits = this.#wish.digits): Promise<void> {
		return this.#want({ language, digits });
	}

	/** After the first paint: i18next with its plural forms, and the sentences for errors. */
	grow(): Promise<void> {
		return this.need('errors');
	}

	/** One after the other, each with all that was wished until then: no wish is lost, and the last language wins. */
	#want(change: Partial<Wish>): Promise<void> {
		this.#wish = { ...this.#wish, ...change };
		this.#working = this.#working.catch(() => undefined).then(() => this.#fulfil());
		return this.#working;
	}

	async #fulfil(): Promise<void> {
		const { language, digits, namespaces } = this.#wish;
		const known = this.#translator;
		const isThere =
			this.#isGrown && language === known.language && digits === this.#digits && namespaces.every((name) => known.namespaces.includes(name));
		if (isThere) return;
		const { createTranslator } = await import('./translator.ts');
		this.#translator = await createTranslator(language, namespaces, this.#load, digits);
		this.#digits = digits;
		this.#isGrown = true;
	}
}

/** Complete from the start: on the server, and in tests. */
export async function createI18n(
	language: string,
	namespaces: readonly string[],
	load: LoadNamespace,
	digits: Digits = 'latn'
): Promise<I18n> {
	const { createTranslator } = await import('./translator.ts');
	return new I18n(await createTranslator(language, namespaces, load, digits), load, digits, true);
}

/** In a browser: speaks with as few bytes as can be; call `grow` after the first paint. `need` and `use` grow it as well. */
export async function startI18n(
	language: string,
	namespaces: readonly string[],
	load: LoadNamespace,
	digits: Digits = 'latn'
): Promise<I18n> {
	return new I18n(await firstWords(language, namespaces, load, digits), load, digits, false);
}

export const [useI18n, provideI18n] = createContext<I18n>();
