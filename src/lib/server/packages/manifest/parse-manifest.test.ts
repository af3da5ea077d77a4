import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { courseStructureSchema } from '#lib/contracts/course-manifest.ts';
import type { CourseStructure, ItemLaunch } from '#lib/domain/course/course-structure.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import {
	NAMESPACES_2004,
	ONE_ITEM,
	ONE_RESOURCE_12,
	course2004,
	manifest12,
	manifest2004
} from '#tests/fixtures/packages/manifests.ts';
import { REFUSAL_REASONS } from '../import-result.ts';
import type { WarningCode } from '../import-result.ts';
import { addParameters } from './href.ts';
import { parseManifest } from './parse-manifest.ts';

const FILES = ['index.html', 'imsmanifest.xml'];

function parse(source: string | Buffer, files: readonly string[] = FILES) {
	const result = parseManifest(source, files);
	if (result.type === 'refused') throw new Error(`${result.reason} ${JSON.stringify(result.detail)}`);
	expect(v.parse(courseStructureSchema, JSON.parse(JSON.stringify(result.structure)))).toEqual(result.structure);
	return { structure: result.structure, codes: result.warnings.map(({ code }) => code), warnings: result.warnings };
}

function launchesOf(structure: CourseStructure): readonly ItemLaunch[] {
	return launchableItems(structure.items).map(({ launch }) => launch);
}

function launchOf(source: string, files: readonly string[] = FILES): ItemLaunch {
	const [launch] = launchesOf(parse(source, files).structure);
	if (launch === undefined) throw new Error('nothing to launch');
	return launch;
}

const item = (inside: string, attributes = '') =>
	manifest12({ items: `<item identifier="I1" identifierref="R1" ${attributes}><title>One</title>${inside}</item>` });
const resource = (attributes: string, inside = '') =>
	manifest12({ resources: `<resource identifier="R1" adlcp:scormtype="sco" ${attributes}>${inside}</resource>` });

describe('a plain SCORM 1.2 course', () => {
	test('is read whole, without warnings', () => {
		const { structure, codes } = parse(manifest12({ title: 'Maps' }));
		expect(codes).toEqual([]);
		expect(structure).toEqual({
			scormVersion: '1.2',
			schemaVersion: '1.2',
			title: 'Maps',
			language: null,
			organizationId: 'ORG',
			items: [
				{
					id: 'I1',
					title: 'One',
					visible: true,
					children: [],
					launch: {
						kind: 'sco',
						path: 'index.html',
						suffix: '',
						dataFromLms: null,
						masteryScore: null,
						scaledPassingScore: null,
						completionThreshold: null,
						maxTimeAllowed: null,
						timeLimitAction: null,
						prerequisites: null,
						objectiveIds: [],
						hideLmsUi: []
					}
				}
			],
			sequencing: null,
			objectivesGlobalToSystem: true
		});
	});

	test('has its adlcp elements', () => {
		const launch = launchOf(
			item(
				'<adlcp:prerequisites type="aicc_script">A&amp;B</adlcp:prerequisites><adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>' +
					'<adlcp:timelimitaction>Exit, No Message</adlcp:timelimitaction><adlcp:datafromlms>\n a=1\nb=2 </adlcp:datafromlms>' +
					'<adlcp:masteryscore>80</adlcp:masteryscore>',
				'parameters="?x=1" isvisible="false"'
			)
		);
		expect(launch).toMatchObject({
			prerequisites: 'A&B',
			maxTimeAllowed: 1800,
			timeLimitAction: 'exit,no message',
			dataFromLms: 'a=1\nb=2',
			masteryScore: 80,
			suffix: '?x=1'
		});
		expect(parse(item('', 'isvisible="false"')).structure.items[0]?.visible).toBe(false);
	});

	test.each([
		['<adlcp:masteryscore>many</adlcp:masteryscore>', 'mastery-score-invalid'],
		['<adlcp:masteryscore>101</adlcp:masteryscore>', 'mastery-score-invalid'],
		['<adlcp:maxtimeallowed>soon</adlcp:maxtimeallowed>', 'time-limit-invalid'],
		['<adlcp:timelimitaction>explode</adlcp:timelimitaction>', 'time-limit-action-invalid']
	] as const)('tells of %s', (inside, code) => expect(parse(item(inside)).codes).toEqual([code]));

	test.each([
		['80%', 80],
		['62,5', 62.5],
		['0', 0]
	])('mastery score "%s" is %d', (written, score) =>
		expect(launchOf(item(`<adlcp:masteryscore>${written}</adlcp:masteryscore>`)).masteryScore).toBe(score)
	);
});

describe('encodings', () => {
	const text = manifest12({ title: 'Cours d\u2019\u00e9t\u00e9 \u0627\u0644\u0639\u0631\u0628\u064a\u0629' });
	const title = 'Cours d\u2019\u00e9t\u00e9 \u0627\u0644\u0639\u0631\u0628\u064a\u0629';
	const utf16 = text.replace('UTF-8', 'UTF-16');
	const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
	test.each([
		['UTF-8', Buffer.from(text)],
		['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
		['UTF-16LE with a mark', Buffer.from(`\ufeff${utf16}`, 'utf16le')],
		['UTF-16BE with a mark', swapped(Buffer.from(`\ufeff${utf16}`, 'utf16le'))],
		['UTF-16LE without a mark', Buffer.from(utf16, 'utf16le')],
		['UTF-16BE without a mark', swapped(Buffer.from(utf16, 'utf16le'))],
		['UTF-8 that claims to be UTF-16', Buffer.from(utf16)],
		['blank lines before the declaration', Buffer.from(`\n\n  ${text}`)],
		['a NUL after the end', Buffer.from(`${text}\0`)]
	])('%s', (_, bytes) => expect(parse(bytes)).toMatchObject({ structure: { title }, codes: [] }));

	const latin = manifest12({ title: '\u00c9t\u00e9 \u00e0 No\u00ebl' });
	test.each([
		['declared ISO-8859-1', latin.replace('UTF-8', 'ISO-8859-1'), []],
		['declared windows-1252', latin.replace('UTF-8', 'windows-1252'), []],
		['declared UTF-8, yet not', latin, ['manifest-encoding-wrong']],
		['declared nonsense', latin.replace('UTF-8', 'klingon-8'), ['manifest-encoding-wrong']]
	] as const)('Latin 1, %s', (_, source, codes) =>
		expect(parse(Buffer.from(source, 'latin1'))).toMatchObject({
			structure: { title: '\u00c9t\u00e9 \u00e0 No\u00ebl' },
			codes
		})
	);
});

describe('XML oddities', () => {
	test('character references and CDATA are text', () => {
		expect(parse(manifest12({ title: 'R&amp;D &#233;&#x4e2d; <![CDATA[<b>]]>' })).structure.title).toBe(
			'R&D \u00e9\u4e2d <b>'
		);
	});

	test('entities that nobody declared stay as written', () => {
		expect(parse(manifest12({ title: 'a&nbsp;b' }))).toMatchObject({
			structure: { title: 'a&nbsp;b' },
			codes: ['manifest-unknown-entities']
		});
	});

	test('any prefix will do', () => {
		const source = manifest2004({ title: 'T' })
			.replaceAll('adlcp:', 'q:')
			.replaceAll('xmlns:adlcp', 'xmlns:q')
			.replace(' xmlns="', ' xmlns:z="')
			.replace(/<(\/?)(?=[a-z])/g, '<$1z:');
		expect(parse(source)).toMatchObject({ structure: { title: 'T', scormVersion: '2004' }, codes: [] });
	});

	test('prefixes may be undeclared', () => {
		const source = manifest12({ namespaces: '' });
		expect(parse(source)).toMatchObject({
			structure: { scormVersion: '1.2', items: [{ launch: { kind: 'sco' } }] },
			codes: ['manifest-undeclared-prefixes']
		});
	});

	test('a DOCTYPE in a comment is a comment', () => {
		expect(parse(manifest12({ afterResources: '<!-- <!DOCTYPE x> -->' })).codes).toEqual([]);
	});
});

describe('version', () => {
	const withVersion = (schemaVersion: string | null, namespaces?: string) =>
		parse(manifest12({ schemaVersion, ...(namespaces === undefined ? {} : { namespaces }) }));
	test.each([
		['1.2', '1.2'],
		[' SCORM 1.2 ', '1.2'],
		['1.1', '1.2']
	])('"%s" is %s', (schemaVersion, scormVersion) =>
		expect(withVersion(schemaVersion)).toMatchObject({ structure: { scormVersion }, codes: [] })
	);
	test.each(['CAM 1.3', '2004 2nd Edition', '2004 3rd Edition', '2004 4th Edition'])('"%s" is 2004', (schemaVersion) =>
		expect(parse(manifest2004({ schemaVersion }))).toMatchObject({
			structure: { scormVersion: '2004', schemaVersion },
			codes: []
		})
	);
	test('missing: the namespace decides', () => {
		expect(withVersion(null)).toMatchObject({
			structure: { scormVersion: '1.2', schemaVersion: null },
			codes: ['schema-version-missing']
		});
		expect(parse(manifest2004({ schemaVersion: null }))).toMatchObject({
			structure: { scormVersion: '2004' },
			codes: ['schema-version-missing']
		});
	});
	test('unknown: likewise', () =>
		expect(withVersion('latest')).toMatchObject({
			structure: { scormVersion: '1.2' },
			codes: ['schema-version-unknown']
		}));
	test('at odds with the namespace: the text decides, and it is told', () =>
		expect(withVersion('1.2', NAMESPACES_2004)).toMatchObject({
			structure: { scormVersion: '1.2' },
			codes: ['schema-version-conflict']
		}));
	test('a content package without SCORM is played as assets', () => {
		const source = manifest12({
			schemaVersion: null,
			namespaces: 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"',
			resources: '<resource identifier="R1" type="webcontent" href="index.html"/>'
		});
		expect(parse(source)).toMatchObject({
			structure: { items: [{ launch: { kind: 'asset' } }] },
			codes: ['not-scorm']
		});
	});
});

describe('addresses', () => {
	const at = (attributes: string, files: readonly string[]) => {
		const { structure, codes } = parse(resource(attributes), [...files, 'imsmanifest.xml']);
		const [launch] = launchesOf(structure);
		return [`${launch?.path ?? ''}|${launch?.suffix ?? ''}`, codes.join()];
	};
	test.each([
		['href="a/b.html"', ['a/b.html'], 'a/b.html|', ''],
		['href="./a/../a/b.html"', ['a/b.html'], 'a/b.html|', ''],
		['href="a.html?x=1&amp;y=../../2#z"', ['a.html'], 'a.html|?x=1&y=../../2#z', ''],
		['href="a%20b.html"', ['a b.html'], 'a b.html|', ''],
		['href="a b.html"', ['a b.html'], 'a b.html|', ''],
		['href="a%20b.html"', ['a%20b.html'], 'a%20b.html|', ''],
		['href="100%.html"', ['100%.html'], '100%.html|', ''],
		['href="a#1.html"', ['a#1.html'], 'a#1.html|', ''],
		['href="%D8%A7.html"', ['\u0627.html'], '\u0627.html|', ''],
		['href="cafe\u0301.html"', ['caf\u00e9.html'], 'caf\u00e9.html|', ''],
		['href="A.HTM"', ['A.HTM'], 'A.HTM|', ''],
		['href="INDEX.html"', ['index.HTML'], 'index.HTML|', 'file-name-case'],
		['href="a\\b.html"', ['a/b.html'], 'a/b.html|', 'href-backslashes'],
		['href="/a.html"', ['a.html'], 'a.html|', 'href-leading-slash'],
		['href=" a.html&#10;"', ['a.html'], 'a.html|', ''],
		['xml:base="x/" href="a.html"', ['x/a.html'], 'x/a.html|', ''],
		['xml:base="x/y" href="a.html"', ['x/a.html'], 'x/a.html|', '']
	] as const)('%s in %j', (attributes, files, launch, codes) => expect(at(attributes, files)).toEqual([launch, codes]));

	test('xml:base adds up from manifest to resource', () => {
		const source = resource('xml:base="c/" href="d.html"')
			.replace('<resources>', '<resources xml:base="b/">')
			.replace('identifier="M"', 'identifier="M" xml:base="a/"');
		expect(launchOf(source, ['a/b/c/d.html']).path).toBe('a/b/c/d.html');
	});

	test.each([
		['', 'x=1', '?x=1'],
		['', '?x=1', '?x=1'],
		['', '&x=1', '?x=1'],
		['?a=1', 'x=1', '?a=1&x=1'],
		['?a=1#f', 'x=1', '?a=1&x=1#f'],
		['#f', 'x=1', '?x=1#f'],
		['', '#f', '#f'],
		['#f', '#g', '#f'],
		['?a', null, '?a'],
		['?', null, ''],
		['', '', '']
	])('"%s" with parameters "%s" is "%s"', (suffix, parameters, result) =>
		expect(addParameters(suffix, parameters)).toBe(result)
	);

	test('files listed but missing, present but not listed, and elsewhere are told with examples', () => {
		const listed = '<file href="index.html"/><file href="gone.png"/><file href="http://example.org/x.js"/>';
		const { warnings } = parse(resource('href="index.html"', listed), [...FILES, 'extra.js', 'schema.xsd']);
		expect(warnings).toEqual([
			{ code: 'files-missing', detail: { number: 1, examples: 'gone.png' } },
			{ code: 'external-files', detail: { number: 1, examples: 'http://example.org/x.js' } },
			{ code: 'files-not-listed', detail: { number: 1, examples: 'extra.js' } }
		]);
	});

	test('one missing page of several leaves the others', () => {
		const source = manifest12({
			items: `${ONE_ITEM}<item identifier="I2" identifierref="R2"><title>Two</title></item>`,
			resources: `${ONE_RESOURCE_12}<resource identifier="R2" adlcp:scormtype="sco" href="gone.html"/>`
		});
		const { structure, codes } = parse(source);
		expect(structure.items.map(({ launch }) => launch?.path ?? null)).toEqual(['index.html', null]);
		expect(codes).toEqual(['files-missing', 'launch-file-missing']);
	});
});

describe('organizations and items', () => {
	const organization = (id: string, title = id) =>
		`<organization identifier="${id}"><title>${title}</title>${ONE_ITEM}</organization>`;

	test.each([
		['default="B"', 'B', ['several-organizations']],
		['default="C"', 'A', ['default-organization-missing', 'several-organizations']],
		['', 'A', ['several-organizations']]
	] as const)('several, %s', (attribute, id, codes) => {
		const organizations = `<organizations ${attribute}>${organization('A')}${organization('B')}</organizations>`;
		expect(parse(manifest12({ organizations }))).toMatchObject({ structure: { organizationId: id }, codes });
	});

	test('none: the SCOs are the items', () => {
		const resources =
			'<resource identifier="x" adlcp:scormtype="asset" href="a.html"/><resource identifier="y" adlcp:scormtype="sco" href="unit-1/Read_me.html"/>';
		const { structure, codes } = parse(manifest12({ organizations: '<organizations/>', resources }), [
			'a.html',
			'unit-1/Read_me.html'
		]);
		expect(structure.items.map(({ id, title }) => [id, title])).toEqual([['y', 'Read me']]);
		expect(codes).toContain('no-organization');
		expect(structure.title).toBe('Read me');
	});

	test('nested items keep their order and depth', () => {
		const items =
			'<item identifier="u1"><title>Unit</title><item identifier="a" identifierref="R1"><title>A</title></item>' +
			'<item identifier="u2"><title>Deeper</title><item identifier="b" identifierref="R1"><title>B</title></item></item></item>';
		const { structure } = parse(manifest12({ items }));
		expect(launchableItems(structure.items).map(({ id }) => id)).toEqual(['a', 'b']);
		expect(structure.items[0]?.children[1]?.children[0]?.title).toBe('B');
	});

	test('empty titles are filled from the page, repeated and missing identifiers made unique', () => {
		const items =
			'<item identifier="a" identifierref="R1"><title> </title></item><item identifier="a" identifierref="R1"/>' +
			'<item identifierref="R1"><title>x</title></item><item identifierref="R1"><title>y</title></item>';
		const resources = '<resource identifier="R1" adlcp:scormtype="sco" href="My_first-page.html"/>';
		const { structure, codes } = parse(manifest12({ items, resources, title: '' }), ['My_first-page.html']);
		expect(structure.items.map(({ id, title }) => [id, title])).toEqual([
			['a', 'My first page'],
			['a-2', 'My first page'],
			['item-1', 'x'],
			['item-2', 'y']
		]);
		expect([...codes].sort()).toEqual([
			'identifiers-missing',
			'identifiers-repeated',
			'titles-missing'
		] satisfies WarningCode[]);
	});

	test('a course without title takes the one of its metadata, and its language', () => {
		const lom =
			'<lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general><title><langstring xml:lang="fr">Les cartes</langstring></title><language>fr_ca</language></general></lom>';
		const source = manifest12({ title: '' }).replace('</metadata>', `${lom}</metadata>`);
		expect(parse(source).structure).toMatchObject({ title: 'Les cartes', language: 'fr-CA' });
	});

	test('resources of sub-manifests are found', () => {
		const source = manifest12({
			items: '<item identifier="I1" identifierref="INNER"><title>One</title></item>',
			resources: '',
			afterResources:
				'<manifest identifier="S" xml:base="sub/"><organizations/><resources><resource identifier="INNER" adlcp:scormtype="sco" href="index.html"/></resources></manifest>'
		});
		expect(parse(source, ['sub/index.html'])).toMatchObject({
			structure: { items: [{ launch: { path: 'sub/index.html' } }] },
			codes: ['sub-manifests']
		});
	});

	test('a page without SCORM type counts as a SCO, and is told', () => {
		const source = manifest12({ resources: '<resource identifier="R1" href="index.html"/>' });
		expect(parse(source)).toMatchObject({
			structure: { items: [{ launch: { kind: 'sco' } }] },
			codes: ['scorm-type-missing']
		});
	});
});

describe('SCORM 2004 launch data', () => {
	const files = ['a.html', 'b.html'];
	const leaf = (sequencing: string, extra = '') =>
		launchOf(course2004([{ id: 'a', sequencing, extra }], '<imsss:controlMode flow="true"/>'), files);

	test('passing score, objectives, time limit', () => {
		expect(
			leaf(
				'<imsss:limitConditions attemptAbsoluteDurationLimit="PT1H30M"/><imsss:objectives>' +
					'<imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective>' +
					'<imsss:objective objectiveID="S1"/><imsss:objective objectiveID="S2"/></imsss:objectives>',
				'<adlcp:timeLimitAction>continue,message</adlcp:timeLimitAction><adlcp:dataFromLMS>go</adlcp:dataFromLMS>'
			)
		).toMatchObject({
			scaledPassingScore: 0.7,
			objectiveIds: ['P', 'S1', 'S2'],
			maxTimeAllowed: 5400,
			timeLimitAction: 'continue,message',
			dataFromLms: 'go'
		});
	});

	test.each([
		['<imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"/></imsss:objectives>', 1],
		['<imsss:objectives><imsss:primaryObjective/></imsss:objectives>', null],
		[
			'<imsss:objectives><imsss:primaryObjective objectiveID="x"><imsss:minNormalizedMeasure>0.5</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>',
			null
		],
		['', null]
	])('passing score of %s', (sequencing, score) => {
		const launch = leaf(sequencing);
		expect(launch.scaledPassingScore).toBe(score);
		expect(launch.objectiveIds.every((id) => id.trim() !== '')).toBe(true);
	});

	test.each([
		['<adlcp:completionThreshold>0.75</adlcp:completionThreshold>', 0.75],
		['<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.6" progressWeight="0.5"/>', 0.6],
		['<adlcp:completionThreshold completedByMeasure="true"/>', 1],
		['<adlcp:completionThreshold minProgressMeasure="0.6"/>', null]
	])('completion threshold of %s', (extra, threshold) => expect(leaf('', extra).completionThreshold).toBe(threshold));

	test('hidden controls', () => {
		const hide = ['suspendall', 'continue', 'nonsense']
			.map((name) => `<adlnav:hideLMSUI>${name}</adlnav:hideLMSUI>`)
			.join('');
		expect(
			leaf(
				'',
				`<adlnav:presentation><adlnav:navigationInterface>${hide}</adlnav:navigationInterface></adlnav:presentation>`
			).hideLmsUi
		).toEqual(['continue', 'suspendAll']);
	});

	test('objectives global to the system, or not', () => {
		const source = (value: string) =>
			parse(manifest2004({ organizationAttributes: value })).structure.objectivesGlobalToSystem;
		expect(source('')).toBe(true);
		expect(source('adlseq:objectivesGlobalToSystem="false"')).toBe(false);
	});

	test('a cluster is not launched itself; a leaf without a page is no activity', () => {
		const source = manifest2004({
			items:
				'<item identifier="c" identifierref="R1"><title>C</title><item identifier="l" identifierref="R1"><title>L</title></item>' +
				'<item identifier="gone"><title>G</title></item></item>'
		});
		const { structure, codes } = parse(source);
		expect(structure.items[0]?.launch).toBeNull();
		expect(codes).toEqual(['cluster-with-resource']);
		expect(structure.sequencing).toMatchObject({ activityTree: { children: [{ id: 'c', children: [{ id: 'l' }] }] } });
		expect(JSON.stringify(structure.sequencing)).not.toContain('gone');
	});
});

describe('damage', () => {
	const whole = course2004(
		[{ id: 'a', sequencing: '<imsss:objectives><imsss:primaryObjective objectiveID="P"/></imsss:objectives>' }],
		'<imsss:controlMode flow="true"/>'
	);
	const answers = (source: string | Buffer) => {
		const result = parseManifest(source, ['a.html']);
		if (result.type === 'refused') expect(REFUSAL_REASONS).toContain(result.reason);
		else v.parse(courseStructureSchema, result.structure);
	};

	test('random changes to a manifest never cause anything but an answer', () => {
		const change = fc.record({
			at: fc.nat(whole.length - 1),
			text: fc.constantFrom('<', '>', '"', '&', '/', 'x', '', '\0', '\ud800', ':')
		});
		fc.assert(
			fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
				let text = whole;
				for (const { at, text: put } of changes) text = text.slice(0, at) + put + text.slice(at + 1);
				answers(text);
				answers(Buffer.from(text));
			}),
			{ numRuns: 1500 }
		);
	});

	test('neither do random bytes, nor whole pieces that move or repeat', () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => answers(Buffer.from(bytes))));
		const pieces = whole.split(/(?=<)/);
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (some) => answers(some.join(''))),
			{ numRuns: 500 }
		);
	});
});
