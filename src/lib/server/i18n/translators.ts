/** Translators outside pages: one for each language, read once. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTranslator, type LoadNamespace, type Translator } from '#lib/i18n/translator.ts';

export function createTranslators(): (language: string) => Promise<Translator> {
	const known = new Map<string, Promise<Translator>>();
	return (language) => {
		const translator = known.get(language) ?? createTranslator(language, ['public'], readNamespace);
		known.set(language, translator);
		return translator;
	};
}

const readNamespace: LoadNamespace = async (language, namespace) => JSON.parse(await readFile(join(localesFolder(), language, `${namespace}.json`), 'utf8')) as unknown;

/** Beside the sources; for `vite dev`, whose modules have no place of their own, below where it was started. */
function localesFolder(): string {
	const beside = new URL('../../../../static/locales', import.meta.url);
	return beside.protocol === 'file:' && existsSync(beside) ? fileURLToPath(beside) : join(process.cwd(), 'static', 'locales');
}
