import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REFUSAL_REASONS, WARNING_CODES, WarningList, shorten } from './import-result.ts';

const locales = join(import.meta.dirname, '../../../../static/locales');

describe.each(['en', 'fr', 'ar'])('what an administrator reads in %s', (language) => {
	test('there is a sentence for every refusal and every warning, and none to spare', async () => {
		const texts = JSON.parse(await readFile(join(locales, language, 'admin-import.json'), 'utf8')) as {
			import: { refused: Record<string, string>; warning: Record<string, string> };
		};
		expect(Object.keys(texts.import.refused).sort()).toEqual([...REFUSAL_REASONS].sort());
		// What the course record says oddly is told beside what the importer found (requests/import-course.ts).
		const warnings = Object.keys(texts.import.warning).map((key) =>
			key.replace(/_(?:zero|one|two|few|many|other)$/, '')
		);
		expect([...new Set(warnings)].sort()).toEqual([...WARNING_CODES, 'glossary-shortened'].sort());
	});
});

test('warnings of one kind are told once, with a number and three examples', () => {
	const warnings = new WarningList();
	for (const name of ['a', 'b', 'c', 'd']) warnings.addExample('files-missing', name);
	warnings.add('not-scorm');
	warnings.add('not-scorm');
	expect(warnings.list()).toEqual([
		{ code: 'files-missing', detail: { number: 4, examples: 'a, b, c' } },
		{ code: 'not-scorm', detail: {} }
	]);
});

test('names of strangers become one short line', () => {
	expect(shorten('a\nb\u202ec\u0007')).toBe('a b c');
	expect(shorten('x'.repeat(500))).toHaveLength(120);
});
