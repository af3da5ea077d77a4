/** The language of the screen, which may change under it: `const { t } = useI18n()` in any component. */
import { createContext } from 'svelte';
import type { Digits, Formats } from './formats.ts';
import type { Direction } from './languages.ts';
import { createTranslator, type LoadNamespace, type Translate, type Translator } from './translator.ts';

export class I18n {
	#translator: Translator;
	readonly #load: LoadNamespace;
	#digits: Digits;

	constructor(translator: Translator, load: LoadNamespace, digits: Digits = 'latn') {
		this.#translator = $state.raw(translator);
		this.#load = load;
		this.#digits = digits;
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
	async need(...namespaces: readonly string[]): Promise<void> {
		const missing = namespaces.filter((namespace) => !this.#translator.namespaces.includes(namespace));
		if (missing.length > 0) await this.#speak(this.language, [...this.#translator.namespaces, ...missing], this.#digits);
	}

	/** Changes the language (and the digits) of everything on the screen. */
	async use(language: string, digits: Digits = this.#digits): Promise<void> {
		if (language === this.language && digits === this.#digits) return;
		await this.#speak(language, this.#translator.namespaces, digits);
	}

	async #speak(language: string, namespaces: readonly string[], digits: Digits): Promise<void> {
		this.#translator = await createTranslator(language, namespaces, this.#load, digits);
		this.#digits = digits;
	}
}

export async function createI18n(
	language: string,
	namespaces: readonly string[],
	load: LoadNamespace,
	digits: Digits = 'latn'
): Promise<I18n> {
	return new I18n(await createTranslator(language, namespaces, load, digits), load, digits);
}

export const [useI18n, provideI18n] = createContext<I18n>();
