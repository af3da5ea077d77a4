/** What the screens say, from the same files as the screens, so that a journey runs in any language. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Tree = { readonly [key: string]: string | Tree };
const locales = join(import.meta.dirname, '..', '..', 'static', 'locales');

export type Words = (key: string) => RegExp;

/** `words('admin.import.done')`: a pattern for the text of that key; what is filled in matches anything. */
export function wordsOf(language: string): Words {
	return (key) => {
		const [namespace = '', ...path] = key.split('.');
		let text: string | Tree | undefined = JSON.parse(readFileSync(join(locales, language, `${namespace}.json`), 'utf8'));
		for (const part of path) text = typeof text === 'object' ? text[part] : undefined;
		if (typeof text !== 'string') throw new Error(`no text for ${key} in ${language}`);
		const parts = text.split(/\{\{[^}]*\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
		return new RegExp(`^\\s*${parts.join('.*')}\\s*$`, 's');
	};
}
