import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { voiceFor } from './read-aloud.ts';
import type { Message } from './words.ts';
import { fill } from './words.ts';

const folder = new URL('words/', import.meta.url);
const languages = readdirSync(folder).map((name) => name.replace('.json', ''));
const read = (language: string): Record<string, Message> =>
	JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'));
const places = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const forms = (message: Message): readonly string[] =>
	typeof message === 'string' ? [message] : Object.values(message);
/** Numbers that a lesson can say: counts, and hours with halves. */
const numbers = [...Array.from({ length: 201 }, (_, n) => n), 0.5, 1.5, 2.5, 12.5];

test('the languages of the courses are there', () => {
	expect(languages).toEqual(expect.arrayContaining(['ar', 'en', 'es', 'fr', 'pt', 'ru', 'sw', 'zh']));
});

describe.each(languages)('%s', (language) => {
	test('says everything that English says, with the same places to fill', () => {
		const english = read('en');
		const words = read(language);
		expect(Object.keys(words)).toEqual(Object.keys(english));
		for (const [key, message] of Object.entries(words)) {
			const wanted = new Set(forms(english[key] ?? '').flatMap(places));
			expect(typeof message, key).toBe(typeof english[key]);
			for (const text of forms(message)) {
				expect(text.trim(), key).not.toBe('');
				// "One question" and "two questions" may say their number in words.
				if (typeof message === 'string') expect(places(text), key).toEqual([...wanted]);
				else expect([...wanted], key).toEqual(expect.arrayContaining([...places(text)]));
			}
		}
	});

	test('has a form for every number that a lesson says, and none that no number uses', () => {
		const used = new Set(numbers.map((n) => new Intl.PluralRules(language).select(n)));
		for (const [key, message] of Object.entries(read(language))) {
			if (typeof message === 'string') continue;
			expect(Object.keys(message).toSorted(), key).toEqual([...used].toSorted());
			if ('other' in message) expect(places(message['other'] ?? ''), key).toEqual(['{n}']);
		}
	});
});

test('the number decides the words around it', () => {
	const hours = (language: string, n: number): string => fill(language, read(language)['hours'] ?? '', { n });
	expect([1, 2, 5, 21, 2.5].map((n) => hours('ru', n))).toEqual([
		'Около 1 часа вместе с заданиями',
		'Около 2 часов вместе с заданиями',
		'Около 5 часов вместе с заданиями',
		'Около 21 часа вместе с заданиями',
		'Около 2,5 часа вместе с заданиями'
	]);
	expect([1, 2, 3, 11].map((n) => hours('ar', n))).toEqual([
		'نحو ساعة واحدة مع التمارين',
		'نحو ساعتين مع التمارين',
		'نحو 3 ساعات مع التمارين',
		'نحو 11 ساعة مع التمارين'
	]);
	expect(hours('pt', 1)).toContain('1 hora ');
	expect(hours('zh', 4)).toBe('连同练习大约 4 小时');
	expect(fill('en', 'Move up: {t}', { t: 'a {n}' })).toBe('Move up: a {n}');
});

test('a voice is chosen by language, one on the device before one on the network, another language never', () => {
	const voices = [
		{ lang: 'en-US', localService: true },
		{ lang: 'fr-CA', localService: false },
		{ lang: 'fr_FR', localService: true },
		{ lang: 'pt-PT', localService: true },
		{ lang: 'pt-BR', localService: true },
		{ lang: 'cmn-Hans-CN', localService: true }
	];
	expect(voiceFor(voices, 'fr')).toBe(voices[2]);
	expect(voiceFor(voices, 'en')).toBe(voices[0]);
	expect(voiceFor(voices, 'pt-BR')).toBe(voices[4]);
	expect(voiceFor(voices, 'zh')).toBe(voices[5]);
	expect(voiceFor(voices, 'ar')).toBeNull();
	expect(voiceFor([], 'en')).toBeNull();
});
