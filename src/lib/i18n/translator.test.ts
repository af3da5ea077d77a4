import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { firstWords } from './first-words.ts';
import { startI18n } from './i18n.svelte.ts';
import { createTranslator, type LoadNamespace } from './translator.ts';
import { createFormats } from './formats.ts';
import { chooseLanguage, wishesOf } from './languages.ts';

const fromDisk: LoadNamespace = async (language, namespace) =>
	JSON.parse(await readFile(new URL(`../../../static/locales/${language}/${namespace}.json`, import.meta.url), 'utf8'));

const bytes = { n: { bytes_one: '{{count}} byte', bytes_other: '{{count}} bytes', hello: 'Hello {{name}}' } };

describe('a translator', () => {
	test('chooses the plural form of its language: six in Arabic', async () => {
		const ar = await createTranslator('ar', ['common'], fromDisk);
		const forms = [0, 1, 2, 3, 11, 100].map((count) => ar.t('common.safety.on-phone-sentence', { count }));
		expect(new Set(forms).size).toBe(6);
		expect(forms.every((form) => !form.includes('common.'))).toBe(true);
	});

	test('writes numbers with the chosen digits', async () => {
		const load: LoadNamespace = async () => bytes.n;
		expect((await createTranslator('ar', ['n'], load, 'latn')).t('n.hello', { name: 3 })).toBe('Hello 3');
		expect((await createTranslator('ar', ['n'], load, 'arab')).t('n.hello', { name: 3 })).toBe('Hello ٣');
		expect((await createTranslator('en', ['n'], load)).t('n.bytes', { count: 12345 })).toBe('12,345 bytes');
	});

	test('isolates a name in another script, and leaves a name in the same script alone', async () => {
		const load: LoadNamespace = async () => bytes.n;
		const en = await createTranslator('en', ['n'], load);
		expect(en.t('n.hello', { name: 'آمنة' })).toBe('Hello \u2068آمنة\u2069');
		expect(en.t('n.hello', { name: 'Amina' })).toBe('Hello Amina');
	});

	test('says the key when there is no text, and knows that there is none', async () => {
		const en = await createTranslator('en', ['common'], fromDisk);
		expect(en.t('common.no-such')).toBe('common.no-such');
		expect(en.has('common.no-such')).toBe(false);
		expect(en.has('common.close')).toBe(true);
	});

	test('falls back to the source language when the file of another cannot be read', async () => {
		const load: LoadNamespace = async (language) => {
			if (language === 'fr') throw new Error('no network');
			return bytes.n;
		};
		expect((await createTranslator('fr', ['n'], load)).t('n.hello', { name: 'A' })).toBe('Hello A');
	});
});

describe('formats', () => {
	const en = createFormats('en');
	test('sizes never say less than a download costs', () => {
		expect(en.bytes(1)).toBe('1 kB');
		expect(en.bytes(640_001)).toBe('641 kB');
		expect(en.bytes(2_410_000)).toBe('2.5 MB');
		expect(en.bytes(41_000_001)).toBe('42 MB');
		expect(en.bytes(1_200_000_000)).toBe('1.2 GB');
	});

	test('durations are said as a person would', () => {
		expect(en.duration(20)).toBe('1 min');
		expect(en.duration(300)).toBe('5 mins');
		expect(en.duration(3600)).toBe('1 hr');
		expect(en.duration(4800)).toBe('1 hr 20 mins');
	});

	test('a language tag that is none is shown as it is', () => {
		expect(en.languageName('ar')).toBe('Arabic');
		expect(en.languageName('not a tag')).toBe('not a tag');
	});
});

describe('the language', () => {
	test('is the first wish that the interface speaks', () => {
		expect(chooseLanguage([null, 'sw-KE', 'fr-CI', 'en'])).toBe('fr');
		expect(chooseLanguage(['zz'])).toBe('en');
	});

	test('of a request follows the weights of Accept-Language', () => {
		expect(wishesOf('en;q=0.3, ar-EG, fr;q=0.8, *;q=0.1')).toEqual(['ar-EG', 'fr', 'en']);
		expect(wishesOf(null)).toEqual([]);
	});
});

describe('the first words', () => {
	const values = { count: 7, name: 'Amina', date: '12 May', size: '2.5 MB', seconds: 30, length: 8, code: 'x', title: 'T', needs: 1, free: 2, done: 3, total: 4, left: 5, shown: 6 };

	test.each(['en', 'fr', 'ar'])('say the same as i18next in %s, but for plurals', async (language) => {
		const [first, full] = await Promise.all([
			firstWords(language, ['common', 'sign-in'], fromDisk, 'latn'),
			createTranslator(language, ['common', 'sign-in'], fromDisk)
		]);
		for (const namespace of ['common', 'sign-in']) {
			const keys = Object.keys(JSON.parse(await readFile(new URL(`notes/${namespace}.json`, import.meta.url), 'utf8')) as object);
			for (const key of keys.filter((candidate) => first.has(`${namespace}.${candidate}`))) {
				expect(first.t(`${namespace}.${key}`, values)).toBe(full.t(`${namespace}.${key}`, values));
			}
		}
	});

	test('a counted text shows its general form', async () => {
		const first = await firstWords('en', ['common'], fromDisk, 'latn');
		expect(first.t('common.pin.typed', { count: 3 })).toBe('3 digits typed');
	});
});

describe('the language of the screen', () => {
	test('two wishes at once: the last language wins, and the words of both are there', async () => {
		const i18n = await startI18n('en', ['common'], fromDisk);
		await Promise.all([i18n.need('errors'), i18n.use('ar')]);
		expect(i18n.language).toBe('ar');
		expect(i18n.has('errors.unreachable')).toBe(true);
		expect(i18n.t('common.close')).toBe('إغلاق');
	});
});

test('a moment names its day when that is near', () => {
	const en = createFormats('en');
	const now = new Date(2026, 4, 14, 9, 30).getTime();
	expect(en.longMoment(new Date(2026, 4, 14, 8, 5).getTime(), now)).toBe('today, 08:05');
	expect(en.longMoment(new Date(2026, 4, 13, 23, 59).getTime(), now)).toBe('yesterday, 23:59');
	expect(en.longMoment(new Date(2026, 4, 3, 7, 0).getTime(), now)).toBe('3 May, 07:00');
});
