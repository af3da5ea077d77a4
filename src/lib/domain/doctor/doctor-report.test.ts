import { describe, expect, test } from 'vitest';
import { anItem, aStructure } from '#tests/fixtures/make-pack.ts';
import { DOCTOR, countOf, examine, withMeasured } from './doctor-report.ts';
import { MOST_PLACES, SEVERITIES } from './finding.ts';
import type { FileFacts, Reference, Sign, TextFacts } from './package-facts.ts';

const structure = aStructure([anItem('one', { kind: 'asset', path: 'index.html' })]);
const text = (more: Partial<TextFacts>): TextFacts => ({
	kind: 'page',
	isWhole: true,
	isGenerated: false,
	base: null,
	references: [],
	mentions: [],
	signs: [],
	...more
});
const file = (path: string, more: Partial<TextFacts> | null = null): FileFacts => ({
	path,
	size: 100,
	packed: 50,
	type: 'text/html',
	text: more === null ? null : text(more),
	picture: null,
	seconds: null
});
const refer = (use: Reference['use'], address: string): Reference => ({ use, address, line: 1, isPlain: true });
const sign = (name: Sign['sign'], count: number): Sign => ({ sign: name, count, spots: [{ line: 1, what: '' }] });

describe('[DR0] the report', () => {
	test('is ordered by weight, and tells equal things once with a count and the first places', () => {
		const scripts = Array.from({ length: 20 }, (_, n) => refer('script', `gone-${n}.js`));
		const report = examine({
			structure,
			files: [
				file('index.html', {
					references: [refer('link', 'https://example.net/'), refer('image', 'gone.png'), ...scripts],
					signs: [sign('tab-order', 7), sign('old-browser', 2), sign('document-domain', 3)]
				})
			]
		});
		const weights = report.findings.map(({ severity }) => SEVERITIES.indexOf(severity));
		expect(weights).toEqual(weights.toSorted((a, b) => a - b));
		expect(report.findings[0]).toMatchObject({ code: 'missing-needed', count: 20 });
		expect(report.findings[0]?.places).toHaveLength(MOST_PLACES);
		expect(report.findings.filter(({ code }) => code === 'old-browser')).toMatchObject([{ count: 5 }]);
		expect(report).toMatchObject({ doctor: DOCTOR, offline: 'blocked' });
		expect(countOf(report, 'blocks')).toBe(1);
	});

	test('a reference in a script that a page names leads to its files, a page nobody names leads nowhere', () => {
		const report = examine({
			structure,
			files: [
				file('index.html', { references: [refer('script', 'a.js')] }),
				file('a.js', { kind: 'script', mentions: ['two.html'] }),
				file('deep/two.html', { signs: [sign('no-zoom', 1)] }),
				file('three.html', { signs: [sign('tab-order', 1)] })
			]
		});
		expect(report.findings.map(({ code }) => code)).toEqual(['no-zoom', 'no-scorm']);
	});
});

describe('[DR30] measured', () => {
	const guessed = examine({
		structure: {
			...structure,
			items: structure.items.map((item) => ({
				...item,
				launch: item.launch && { ...item.launch, kind: 'sco' as const }
			}))
		},
		files: [
			file('index.html', {
				signs: (['initialises', 'finishes', 'sets-status', 'speaks-12', 'suspend-data', 'serialises'] as const).map(
					(name) => sign(name, 1)
				)
			})
		]
	});
	const codes = (longest: number, attempts = 3, report = guessed): string[] =>
		withMeasured(report, { attempts, longest }).findings.map(({ code }) => code);

	test('nothing measured leaves the guess; what fits so far is told beside it', () => {
		expect(guessed.findings.map(({ code }) => code)).toEqual(['suspend-long']);
		expect(codes(0, 0)).toEqual(['suspend-long']);
		expect(codes(4_096)).toEqual(['suspend-long', 'suspend-measured']);
	});

	test('too long is no guess any more, and almost full blocks', () => {
		expect(codes(4_097)).toEqual(['suspend-over']);
		expect(codes(60_000)).toEqual(['suspend-over']);
		expect(codes(60_001)).toEqual(['suspend-full']);
		expect(withMeasured(guessed, { attempts: 2, longest: 9_000 }).findings[0]).toMatchObject({
			isSure: true,
			count: 2,
			params: { longest: 9_000, limit: 4_096, kept: 64_000 }
		});
	});

	test('SCORM 2004 has more room', () => {
		expect(codes(9_000, 3, { ...guessed, scormVersion: '2004', findings: [] })).toEqual(['suspend-measured']);
	});
});
