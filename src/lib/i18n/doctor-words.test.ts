/** Everything the doctor can say has words (locales.test.ts holds the languages to the same keys). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FINDINGS, SEVERITIES } from '#lib/domain/doctor/finding.ts';
import { SIZE_KINDS } from '#lib/domain/doctor/judge-size.ts';
import { findingWords } from './doctor-words.ts';
import { createTranslator } from './translator.ts';

const read = async (language: string, namespace: string): Promise<unknown> =>
	JSON.parse(readFileSync(new URL(`../../../static/locales/${language}/${namespace}.json`, import.meta.url), 'utf8'));

test('[DR0] every finding, group and kind of file has its words, and there are no others', async () => {
	const words = (await read('en', 'admin-doctor')) as Readonly<
		Record<'finding' | 'group' | 'kind', Readonly<Record<string, unknown>>>
	>;
	expect(Object.keys(words.finding).toSorted()).toEqual(Object.keys(FINDINGS).toSorted());
	expect(Object.keys(words.group)).toEqual([...SEVERITIES]);
	expect(Object.keys(words.kind)).toEqual([...SIZE_KINDS]);
});

test('bytes are said in the unit of a shop, and a code from a newer server as it is', async () => {
	const translator = await createTranslator('en', ['admin-doctor'], read);
	const heavy = findingWords(translator, {
		code: 'heavy-course',
		params: { totalBytes: 2_400_000, limitBytes: 1_000_000 }
	});
	expect(heavy.title).toBe('A large download: 2.4 MB');
	expect(heavy.means).toContain('1 MB');
	expect(findingWords(translator, { code: 'from-the-future', params: {} })).toEqual({
		title: 'from-the-future',
		means: '',
		mend: ''
	});
});
