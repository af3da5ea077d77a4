/** The search over the real courses, in every language there is of them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSearch, type Search, type Searchable } from './search.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'courses');
const documents: readonly Searchable[] = readdirSync(folder, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'course.yaml')))
	.flatMap(({ name }) =>
		readdirSync(join(folder, name)).flatMap((file): Searchable[] => {
			const language = /^course\.([\w-]+)\.yaml$/.exec(file)?.[1];
			if (language === undefined) return [];
			const { title, description } = parse(readFileSync(join(folder, name, file), 'utf8')) as Record<string, string>;
			return [{ id: `${name}/${language}`, texts: { title: title ?? '', description: description ?? '' } }];
		})
	);
const boosts = { title: 4, description: 1 };
const ids = (search: Search, question: string): string[] => search.find(question).map(({ id }) => id);

describe('[CA4] the catalogue', () => {
	let search: Search;
	beforeAll(async () => {
		search = await createSearch(documents, boosts);
	});

	test.each(documents.map(({ id, texts }) => [id, texts['title'] ?? ''] as const))(
		'%s is found by each word of its title, and first by all of them',
		(id, title) => {
			const language = id.split('/')[1];
			for (const { segment, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(title))
				if (isWordLike === true) expect(ids(search, segment), segment).toContain(id);
			expect(ids(search, title)[0]).toBe(id);
		}
	);

	test.each([
		['everyday', 'c1-everyday-digital-skills/en'],
		['evryday', 'c1-everyday-digital-skills/en'],
		['EVERYD', 'c1-everyday-digital-skills/en'],
		['numeriques', 'c1-everyday-digital-skills/fr'],
		['رقميه', 'c1-everyday-digital-skills/ar'],
		['المهارات الرقمية', 'c1-everyday-digital-skills/ar']
	])('%s finds %s', (question, id) => expect(ids(search, question)).toContain(id));

	test('what is nowhere finds nothing', () => {
		for (const question of ['xylophone', 'قيثارة', '钢琴', '', '  ', '؟']) expect(search.find(question)).toEqual([]);
	});

	test('all words must be there, in any order', () => {
		const words = ['digital', 'skills', 'phone', 'photos'];
		const sorted = ids(search, words.join(' ')).toSorted();
		expect(sorted).toContain('c1-everyday-digital-skills/en');
		fc.assert(
			fc.property(fc.shuffledSubarray(words, { minLength: 4 }), (shuffled) => {
				expect(ids(search, shuffled.join(' ')).toSorted()).toEqual(sorted);
			})
		);
	});
});

test('[CA4] in whichever order courses came, the answer is the same', async () => {
	const search = await createSearch(documents, boosts);
	await fc.assert(
		fc.asyncProperty(
			fc.shuffledSubarray([...documents], { minLength: documents.length }),
			fc.constantFrom('digital', 'phone', 'téléphone', 'الهاتف', '手机', 'skil'),
			async (shuffled, question) => {
				expect((await createSearch(shuffled, boosts)).find(question)).toEqual(search.find(question));
			}
		),
		{ numRuns: 20 }
	);
});
