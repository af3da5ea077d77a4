import { describe, expect, test } from 'vitest';
import { limitsFor, sentenceLengths } from './language-limits.ts';
import { countWords } from './reading-time.ts';

describe('sentences', () => {
	test.each([
		['en', 'Wait. It costs 2.5 MB. Write to ann@example.org "now." Good?', [1, 4, 5, 1]],
		['es', '¿Qué haces? ¡Espera! No la abras.', [2, 1, 3]],
		['ru', 'Подождите. Это стоит 2,5 МБ! Готово?', [1, 4, 1]],
		['ar', 'انتظر. هل أنت متأكد؟ نعم!', [1, 3, 1]],
		['sw', 'Subiri. Simu ina joto!', [1, 3]],
		['pt', 'Espere… Depois tente.', [1, 2]],
		['hi', 'रुको। फिर देखो।', [1, 2]]
	])('%s: a stop, then a space', (language, text, lengths) => {
		expect(sentenceLengths(text, language)).toEqual(lengths);
	});

	test('Chinese sentences end without a space, inside quotation marks too', () => {
		const text = '请等一下。“电池满了吗？”她问。手机很热！';
		expect(sentenceLengths(text, 'zh')).toHaveLength(4);
		// Cut at its stops it is as many words as it is whole.
		expect(sentenceLengths(text, 'zh').reduce((sum, words) => sum + words, 0)).toBe(countWords(text, 'zh'));
		expect(Math.max(...sentenceLengths(text, 'zh'))).toBeLessThan(5);
	});

	test('inline marks are not words', () => {
		expect(sentenceLengths('Tap the **[icon](term:icon)** now.', 'en')).toEqual([4]);
	});
});

test('limits go by the language, whatever its region', () => {
	expect(limitsFor('zh-Hans')).toBe(limitsFor('zh'));
	expect(limitsFor('pt-BR').wordsPerSentence).toBe(16);
	expect(limitsFor('sw').wordsPerSentence).toBe(14);
	expect(limitsFor('xx')).toBe(limitsFor('en'));
});
