/**
 * The words of the first screen, before i18next (15 kB, a quarter of what that screen may weigh) has arrived: simple
 * sentences with values, no plurals (a counted text shows its general form for that moment).
 */
import { shown, splitKey } from './fill.ts';
import { createFormats, type Digits } from './formats.ts';
import { SOURCE_LANGUAGE, directionOf } from './languages.ts';
import type { LoadNamespace, Translator, Values } from './translator.ts';

export async function firstWords(
	language: string,
	namespaces: readonly string[],
	load: LoadNamespace,
	digits: Digits
): Promise<Translator> {
	const direction = directionOf(language);
	const formats = createFormats(language, digits);
	const texts = new Map(
		await Promise.all(
			namespaces.map(async (namespace) => {
				// A language never used before, and no network now: the source language speaks.
				const own = await load(language, namespace).catch(() => load(SOURCE_LANGUAGE, namespace));
				return [namespace, own] as const;
			})
		)
	);

	function find(key: string): string | undefined {
		const [namespace, rest] = splitKey(key);
		const found = rest.split('.').reduce<unknown>((level, part) => (level as Record<string, unknown> | undefined)?.[part], texts.get(namespace));
		return typeof found === 'string' ? found : undefined;
	}

	function t(key: string, values: Values = {}): string {
		const text = find(key) ?? find(`${key}_other`);
		return text === undefined ? key : text.replace(/{{(\w+)}}/g, (hole, name: string) => (name in values ? shown(values[name], formats, direction) : hole));
	}

	return { language, direction, formats, namespaces, t, has: (key) => find(key) !== undefined };
}
