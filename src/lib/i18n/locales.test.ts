// Every language has every text, with its own plural forms and a note for translators; code asks for texts that exist;
// templates hold no bare words.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, SOURCE_LANGUAGE } from './languages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const namespaces = globSync('static/locales/en/*.json', { cwd: root }).map((path) => path.replace(/^.*[\\/]|\.json$/g, ''));

type Texts = ReadonlyMap<string, string>;
function textsOf(language: string, namespace: string): Texts {
	const texts = new Map<string, string>();
	const walk = (value: unknown, path: string): void => {
		if (typeof value === 'string') texts.set(path, value);
		else for (const [key, child] of Object.entries(value as Record<string, unknown>)) walk(child, path ? `${path}.${key}` : key);
	};
	walk(read(`static/locales/${language}/${namespace}.json`), '');
	return texts;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const bare = (key: string): string => key.replace(PLURAL, '');
const bareKeys = (texts: Texts): string[] => [...new Set([...texts.keys()].map(bare))].toSorted();
const holes = (text: string): string[] => [...text.matchAll(/{{\s*(\w+)/g)].map((match) => match[1] ?? '').filter((name) => name !== 'count').toSorted();

describe.each(namespaces)('locales: %s', (namespace) => {
	const source = textsOf(SOURCE_LANGUAGE, namespace);

	test.each(LANGUAGES.map(({ code }) => code))('%s has the same keys, the right plural forms and the same holes', (code) => {
		const texts = textsOf(code, namespace);
		expect(bareKeys(texts)).toEqual(bareKeys(source));
		const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted();
		for (const key of bareKeys(source)) {
			const own = [...texts.keys()].filter((candidate) => bare(candidate) === key);
			if (own.length === 1 && own[0] === key) {
				expect(holes(texts.get(key) ?? ''), key).toEqual(holes(source.get(key) ?? ''));
				continue;
			}
			expect(own.map((candidate) => PLURAL.exec(candidate)?.[1]).toSorted(), key).toEqual(forms);
			const wanted = holes(source.get(`${key}_other`) ?? '');
			expect(holes(texts.get(`${key}_other`) ?? ''), key).toEqual(wanted);
		}
	});

	test('every text has a note for translators, and every note a text', () => {
		const notes = read(`src/lib/i18n/notes/${namespace}.json`) as Record<string, string>;
		expect(Object.keys(notes).toSorted()).toEqual(bareKeys(source));
		for (const [key, note] of Object.entries(notes)) expect(note, key).toMatch(/; \d+$/);
	});

	test('no text ends in an exclamation mark or says what INTERFACE forbids', () => {
		for (const [key, text] of source) expect(text, key).not.toMatch(/!|\bsynced?\b|\bcached?\b|\boffline mode\b|error \d/i);
	});
});

const sources = globSync('src/{lib,routes}/**/*.{svelte,ts}', { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
const all = new Set(namespaces.flatMap((namespace) => bareKeys(textsOf(SOURCE_LANGUAGE, namespace)).map((key) => `${namespace}.${key}`)));

test('every key that code asks for exists', () => {
	const missing: string[] = [];
	for (const path of sources) {
		const code = readFileSync(join(root, path), 'utf8');
		for (const [, key = ''] of code.matchAll(/\bt\(\s*'([^']+)'/g)) {
			if (namespaces.some((namespace) => key.startsWith(`${namespace}.`)) ? !all.has(key) : path.endsWith('.svelte')) missing.push(`${path}: ${key}`);
		}
		for (const [, template = ''] of code.matchAll(/\bt\(\s*`([^`]+)`/g)) {
			const form = new RegExp(`^${template.split(/\$\{[^}]*\}/).map(RegExp.escape ?? ((text: string) => text.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`))).join('.+')}$`);
			if (![...all].some((key) => form.test(key))) missing.push(`${path}: ${template}`);
		}
	}
	expect(missing).toEqual([]);
});

type Node = { readonly type: string; readonly [key: string]: unknown };

/** Words that stand in markup or in attributes that people read, outside any expression. */
function bareWords(node: unknown, found: string[]): void {
	if (Array.isArray(node)) {
		for (const child of node) bareWords(child, found);
		return;
	}
	if (typeof node !== 'object' || node === null) return;
	const own = node as Node;
	if (own.type === 'Text' && typeof own['data'] === 'string' && /\p{L}{2,}/u.test(own['data'])) found.push(own['data'].trim());
	if (own.type === 'StyleSheet' || own.type === 'Script') return;
	if (own.type === 'Attribute') {
		if (['aria-label', 'title', 'alt', 'placeholder', 'label', 'caption', 'hint', 'legend'].includes(String(own['name']))) bareWords(own['value'], found);
		return;
	}
	for (const [key, child] of Object.entries(own)) {
		if (key === 'parent' || key === 'instance' || key === 'module' || key === 'css' || key === 'expression') continue;
		bareWords(child, found);
	}
}

test('no words stand bare in a template: all text goes through i18next', () => {
	const bareTexts = sources
		.filter((path) => path.endsWith('.svelte'))
		.flatMap((path) => {
			const found: string[] = [];
			bareWords(parse(readFileSync(join(root, path), 'utf8'), { modern: true }).fragment, found);
			return found.map((text) => `${path}: ${text}`);
		});
	expect(bareTexts).toEqual([]);
});
