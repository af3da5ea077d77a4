import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, isFound, markedBy, tokensOf, wantedOf } from './search-text.ts';

/** Something of every script the courses may come in, besides anything at all. */
const phrases = [
	'Everyday digital skills',
	'Compétences numériques à l’œuvre',
	'المهارات الرقميّة لكلّ يومٍ',
	'日常数字技能',
	'デジタルの基礎',
	'한국어로 배우기',
	'ทักษะดิจิทัลในชีวิตประจำวัน',
	'ທັກສະດິຈິຕອນ',
	'ជំនាញឌីជីថល',
	'Повседневные навыки',
	'डिजिटल कौशल',
	'ዲጂታል ክህሎት',
	'Ujuzi wa kidijitali',
	'ডিজিটাল দক্ষতা',
	'Kỹ năng số',
	'מיומנויות דיגיטליות'
];
const text = fc.oneof(fc.constantFrom(...phrases), fc.string({ unit: 'grapheme', maxLength: 40 }));

describe('[CA4] folding', () => {
	test('twice is once, however the text is composed', () => {
		fc.assert(
			fc.property(text, (own) => {
				expect(fold(fold(own))).toBe(fold(own));
				expect(fold(own.normalize('NFD'))).toBe(fold(own.normalize('NFC')));
			})
		);
	});

	test.each([
		['École', 'ecole'],
		['İstanbul', 'istanbul'],
		['straße', 'strasse'],
		['أإآٱا', 'ااااا'],
		['مَدْرَسَةٌ', 'مدرسه'],
		['رقـــمي', 'رقمي'],
		['على', 'علي'],
		['کیفیت', 'كيفيت'],
		['٤٢ ४२ ４２', '42 42 42'],
		['ﬁle', 'file'],
		['Ελλάς', 'ελλασ'],
		['שָׁלוֹם', 'שלום'],
		['कौशल', 'कौशल'],
		['ﻻ', 'لا']
	])('%s is %s', (written, folded) => expect(fold(written)).toBe(folded));
});

describe('terms', () => {
	test('every term stands where it says', () => {
		fc.assert(
			fc.property(text, (own) => {
				for (const { term, start, end } of tokensOf(own)) {
					expect(start).toBeLessThan(end);
					expect(end).toBeLessThanOrEqual(own.length);
					expect(term).not.toBe('');
				}
			})
		);
	});

	test('every text is found by itself, and by each of its words', () => {
		fc.assert(
			fc.property(text, (own) => {
				const terms = new Set(tokensOf(own).map(({ term }) => term));
				expect(isFound(wantedOf(own), terms)).toBe(true);
				if (!phrases.includes(own)) return;
				for (const { segment, isWordLike } of new Intl.Segmenter('und', { granularity: 'word' }).segment(own))
					if (isWordLike === true) expect(isFound(wantedOf(segment), terms), segment).toBe(true);
			})
		);
	});

	test('scripts without spaces are found by any part, also one that no dictionary cuts there', () => {
		const terms = new Set(tokensOf('日常数字技能').map(({ term }) => term));
		for (const part of ['日', '能', '常数', '字技能', '数字', '日常数字技能'])
			expect(isFound(wantedOf(part), terms)).toBe(true);
		for (const part of ['电', '手机', '数学']) expect(isFound(wantedOf(part), terms)).toBe(false);
	});

	test('Arabic is found with and without its article; e-mail as email', () => {
		const terms = new Set(tokensOf('الهاتف والبريد e-mail').map(({ term }) => term));
		for (const asked of ['هاتف', 'الهاتف', 'بريد', 'email', 'E-Mail', 'mail'])
			expect(isFound(wantedOf(asked), terms)).toBe(true);
	});

	test('a question of nothing but signs asks for nothing, and a long one for a little', () => {
		expect(wantedOf('... ؟ !')).toEqual([]);
		expect(wantedOf('word '.repeat(1_000))).toHaveLength(8);
	});
});

describe('marks', () => {
	test('the pieces are the text, and what is marked is under the terms', () => {
		fc.assert(
			fc.property(text, fc.nat(5), (own, n) => {
				const term = tokensOf(own)[n]?.term;
				const pieces = markedBy(own, new Set(term === undefined ? [] : [term]));
				expect(pieces.map((piece) => piece.text).join('')).toBe(own);
				expect(pieces.some(({ marked }) => marked)).toBe(term !== undefined);
				expect(pieces.every((piece) => piece.text !== '')).toBe(true);
			})
		);
	});

	test('the word is marked as it is written', () => {
		expect(markedBy('Une école, L’École.', new Set(['ecole']))).toEqual([
			{ text: 'Une ', marked: false },
			{ text: 'école', marked: true },
			{ text: ', L’', marked: false },
			{ text: 'École', marked: true },
			{ text: '.', marked: false }
		]);
		expect(markedBy('日常数字技能', new Set(['数字', '字技'])).filter(({ marked }) => marked)).toEqual([
			{ text: '数字技', marked: true }
		]);
	});
});
