import { expect, test } from 'vitest';
import { countries, countryName } from './countries.ts';

test('every country once, none that is a currency zone or a code for old data', () => {
	const list = countries('en');
	expect(list.length).toBeGreaterThan(230);
	expect(list.length).toBeLessThan(256);
	expect(new Set(list.map(({ code }) => code)).size).toBe(list.length);
	const codes = list.map(({ code }) => code);
	for (const code of ['ZM', 'GH', 'PK', 'CI', 'PG', 'CD', 'UZ']) expect(codes).toContain(code);
	for (const code of ['EU', 'SU', 'DD', 'YU', 'ZZ', 'XA']) expect(codes).not.toContain(code);
});

test('named in the language of the screen', () => {
	expect(countryName('ZM', 'fr')).toBe('Zambie');
	expect(countryName('EG', 'ar')).toBe('مصر');
	expect(countryName('', 'en')).toBe('–');
});
