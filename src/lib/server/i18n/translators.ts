/** Translators outside pages: one for each language, read once. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTranslator, type LoadNamespace, type Translator } from '#lib/i18n/translator.ts';

export function createTranslators(): (language: string) => Promise<Translator> {
	const known = new Map<string, Promise<Translator>>();
	return (language) => {
		const translator = known.get(language) ?? createTranslator(language, ['public', 'catalogue', 'frameworks'], readNamespace);
		known.set(language, translator);
		return translator;
	};
}

export const readNamespace: LoadNamespace = async (language, namespace) => {
	const text = await readLocaleFile(`/locales/${language}/${namespace}.json`);
	if (text === null) throw new Error(`no words for ${language}/${namespace}`);
	return JSON.parse(text) as unknown;
};

/** The text of "/locales/fr/public.json"; null for any other path. */
export async function readLocaleFile(path: string): Promise<string | null> {
	const [, language, namespace] = /^\/locales\/([\w-]+)\/([\w-]+)\.json$/.exec(path) ?? [];
	if (language === undefined || namespace === undefined) return null;
	return readFile(join(localesFolder(), language, `${namespace}.json`), 'utf8').catch(
		(error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return null;
			throw error;
		}
	);
}

/** In static/ of the project, whether this runs from the sources or from somewhere in the build. */
function localesFolder(): string {
	for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
		const here = join(folder, 'static', 'locales');
		if (existsSync(here)) return here;
		if (folder === dirname(folder)) return join(process.cwd(), 'static', 'locales');
	}
}
