import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { voiceFor } from './read-aloud.ts';

const folder = new URL('words/', import.meta.url);
const languages = readdirSync(folder).map((name) => name.replace('.json', ''));
const read = (language: string): Record<string, string> =>
	JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'));
const places = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test.each(languages)('%s says everything that English says, with the same places to fill', (language) => {
	const english = read('en');
	const words = read(language);
	expect(Object.keys(words)).toEqual(Object.keys(english));
	for (const [key, text] of Object.entries(words)) {
		expect(text.trim(), key).not.toBe('');
		expect(places(text), key).toEqual(places(english[key] ?? ''));
	}
});

test('a voice is chosen by language, one on the device before one on the network, another language never', () => {
	const voices = [
		{ lang: 'en-US', localService: true },
		{ lang: 'fr-CA', localService: false },
		{ lang: 'fr_FR', localService: true }
	];
	expect(voiceFor(voices, 'fr')).toBe(voices[2]);
	expect(voiceFor(voices, 'en')).toBe(voices[0]);
	expect(voiceFor(voices, 'ar')).toBeNull();
});
