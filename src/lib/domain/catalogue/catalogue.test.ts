import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CourseRecord, Level } from './course-record.ts';
import { fillPlace } from './course-record.ts';
import { entriesOf, foundEntries, type Listed } from './entry.ts';
import {
	countChosen,
	FACETS,
	facetValues,
	filterEntries,
	NO_FILTER,
	readFilter,
	SIZES,
	toggled,
	writeFilter,
	type CatalogueFilter
} from './filter.ts';

let count = 0;
function course(language: string, record: CourseRecord | null = null, change: Partial<Listed['card']> = {}): Listed {
	const courseId = `course-${++count}`;
	return {
		card: {
			courseId,
			code: courseId.toUpperCase(),
			title: courseId,
			description: '',
			language,
			level: null,
			hours: null,
			objectives: [],
			packSize: 50_000,
			...change
		},
		record
	};
}
const nowhere = (): boolean => false;
const languagesOf = (versions: readonly Listed[]): string[] => versions.map(({ card }) => card.language);

describe('an entry', () => {
	test('[CA1] the same code in several languages is one, a course without a code its own', () => {
		const entries = entriesOf([course('en', { code: 'C1' }), course('fr', { code: 'C1' }), course('en')], ['en']);
		expect(entries.map(({ versions }) => versions.length)).toEqual([2, 1]);
	});

	test('[CA1] a package without a record joins when an administrator gives it the code', () => {
		const entries = entriesOf([course('en', null, { code: 'X1' }), course('pt', { code: 'X1' })], ['en']);
		expect(entries.map(({ versions }) => languagesOf(versions))).toEqual([['en', 'pt']]);
	});

	test('[CA2] first what she takes, then her language, then the one it was written in', () => {
		const versions = [
			course('ar', { code: 'C1', translationOf: 'en' }),
			course('es', { code: 'C1', translationOf: 'en' }),
			course('fr-CI', { code: 'C1', translationOf: 'en' }),
			course('en', { code: 'C1' })
		];
		const first = (languages: readonly string[], taken?: Listed): string[] =>
			entriesOf(versions, languages, (one) => Number(one !== taken)).flatMap((entry) => languagesOf(entry.versions));
		expect(first(['fr'])).toEqual(['fr-CI', 'en', 'ar', 'es']);
		expect(first(['sw'])).toEqual(['en', 'ar', 'es', 'fr-CI']);
		expect(first(['fr'], versions[1])).toEqual(['es', 'fr-CI', 'en', 'ar']);
	});

	test('[CA2] the order in which courses came does not matter', () => {
		const versions = ['en', 'fr', 'ar', 'zh'].map((language) => course(language, { code: 'C1' }));
		const right = entriesOf(versions, ['ar']);
		fc.assert(
			fc.property(fc.shuffledSubarray(versions, { minLength: 4 }), (shuffled) => {
				expect(entriesOf(shuffled, ['ar'])).toEqual(right);
			})
		);
	});
});

test('what was found: the best first, and the version to show is one that was found', () => {
	const [en, fr, ar, other] = [
		course('en', { code: 'C1' }),
		course('fr', { code: 'C1', translationOf: 'en' }),
		course('ar', { code: 'C1', translationOf: 'en' }),
		course('en', { code: 'C2' })
	];
	const entries = entriesOf([en, fr, ar, other], ['en']);
	const found = (scores: ReadonlyMap<Listed, number>): Listed[] =>
		foundEntries(entries, (one) => scores.get(one) ?? null).map(({ versions }) => versions[0]);
	expect(
		found(
			new Map([
				[other, 3],
				[fr, 2],
				[ar, 5]
			])
		)
	).toEqual([ar, other]);
	expect(
		found(
			new Map([
				[en, 1],
				[ar, 5]
			])
		)
	).toEqual([en]);
	expect(found(new Map())).toEqual([]);
});

describe('a filter', () => {
	const records: fc.Arbitrary<CourseRecord | null> = fc.option(
		fc.record({
			code: fc.constantFrom('C1', 'C2', 'C3'),
			topics: fc.subarray(['health', 'money', 'safety']),
			audience: fc.subarray(['adult', 'minor']),
			modality: fc.constantFrom('blended' as const, undefined),
			offline: fc.constantFrom(true, undefined)
		})
	);
	const courses = fc
		.array(
			fc.tuple(
				fc.constantFrom('en', 'fr', 'ar-EG'),
				records,
				fc.record({
					level: fc.constantFrom<Level | null>('introductory', 'advanced', null),
					packSize: fc.nat(30_000_000)
				})
			),
			{ maxLength: 12 }
		)
		.map((all) => all.map((one) => course(...one)));
	const filters: fc.Arbitrary<CatalogueFilter> = fc.record({
		topic: fc.subarray(['health', 'money']),
		level: fc.subarray(['introductory', 'advanced']),
		language: fc.subarray(['en', 'ar']),
		audience: fc.subarray(['adult', 'minor']),
		modality: fc.subarray(['blended']),
		size: fc.constantFrom(null, ...SIZES),
		where: fc.constantFrom(null, 'offline' as const, 'here' as const)
	});
	const isHere = (one: Listed): boolean => one.card.packSize % 2 === 0;

	test('is an address, and comes back from it', () => {
		fc.assert(
			fc.property(filters, (filter) => {
				expect(readFilter(writeFilter(filter))).toEqual(filter);
			})
		);
	});

	test('anything in an address is read as a filter', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.constantFrom('topic', 'size', 'where', 'q'), fc.string())), (pairs) => {
				const filter = readFilter(new URLSearchParams(pairs));
				expect(readFilter(writeFilter(filter))).toEqual(filter);
			})
		);
		expect(readFilter(new URLSearchParams('size=12&where=moon&level='))).toEqual(NO_FILTER);
	});

	test('[CA3] leaves entries of which one version is all that is asked, that version first', () => {
		fc.assert(
			fc.property(courses, filters, (all, filter) => {
				const entries = entriesOf(all, ['en']);
				const left = filterEntries(entries, filter, isHere);
				for (const { code, versions } of left) {
					expect(filterEntries([{ code, versions: [versions[0]] }], filter, isHere)).toHaveLength(1);
					expect(versions.toSorted(byId)).toEqual(entries.find((one) => one.code === code)?.versions.toSorted(byId));
				}
				// Nothing that fits is lost.
				for (const { code, versions } of entries)
					for (const one of versions)
						if (filterEntries([{ code, versions: [one] }], filter, isHere).length > 0)
							expect(left.map((entry) => entry.code)).toContain(code);
			})
		);
	});

	test('asking for less leaves more, and the number beside a value is what choosing it alone would leave', () => {
		fc.assert(
			fc.property(courses, filters, fc.constantFrom(...FACETS), (all, filter, facet) => {
				const entries = entriesOf(all, ['en']);
				const without = { ...filter, [facet]: [] };
				const more = filterEntries(entries, without, isHere).map(({ code }) => code);
				expect(more).toEqual(expect.arrayContaining(filterEntries(entries, filter, isHere).map(({ code }) => code)));
				for (const { value, count: promised, chosen } of facetValues(entries, filter, facet, isHere)) {
					const alone = { ...without, [facet]: [value] };
					expect(filterEntries(entries, alone, isHere)).toHaveLength(promised);
					expect(chosen).toBe(filter[facet].includes(value));
				}
			})
		);
	});

	test('a value is chosen, and no longer', () => {
		const chosen = toggled(NO_FILTER, 'topic', 'health');
		expect(countChosen(chosen)).toBe(1);
		expect(toggled(chosen, 'topic', 'health')).toEqual(NO_FILTER);
	});

	test('"works offline" believes only who says so, or what is here', () => {
		const [offline, unknown] = [course('en', { code: 'A', offline: true }), course('en', { code: 'B' })];
		const entries = entriesOf([offline, unknown], ['en']);
		const left = (where: 'offline' | 'here', here: (one: Listed) => boolean): string[] =>
			filterEntries(entries, { ...NO_FILTER, where }, here).map(({ code }) => code);
		expect(left('offline', nowhere)).toEqual(['A']);
		expect(left('offline', (one) => one === unknown)).toEqual(['A', 'B']);
		expect(left('here', (one) => one === unknown)).toEqual(['B']);
	});
});

test('[CA5] a new revision fills what nobody has said, and changes nothing that stands', () => {
	expect(fillPlace({ topics: [], audience: ['adult'] }, { topics: ['health'], modality: 'blended' })).toEqual({
		topics: [],
		audience: ['adult'],
		modality: 'blended',
		prerequisites: undefined
	});
});

function byId(left: Listed, right: Listed): number {
	return left.card.courseId < right.card.courseId ? -1 : 1;
}
