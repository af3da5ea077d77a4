import { describe, expect, test } from 'vitest';
import type { Block, CourseSource, LanguageVersion } from './course-source.ts';
import { lintCourse } from './lint-course.ts';
import type { ChoiceQuestion, Question, ScenarioQuestion, Spot } from './question.ts';
import { fingerprint, languageState, stringsOf } from './strings.ts';

function aQuestion(id: string, change: Partial<ChoiceQuestion> = {}): Question {
	return {
		id,
		type: 'single',
		objective: 'care',
		prompt: 'Which one?',
		options: ['a', 'b', 'c'].map((letter, n) => ({
			id: letter,
			text: `Choice ${letter}`,
			correct: n === 0,
			feedback: 'Because.'
		})),
		...change
	};
}

function aVersion(change: Partial<LanguageVersion> = {}): LanguageVersion {
	const blocks: Block[][] = [
		[{ kind: 'text', text: 'A phone is a tool for your work.' }],
		[{ kind: 'practice', minutes: 10, blocks: [], tasks: ['I tried it.'] }],
		[{ kind: 'question', question: aQuestion('u1') }],
		[{ kind: 'picture', file: 'phone.svg', alt: 'A phone on a table.', caption: '' }],
		[{ kind: 'card', blocks: [{ kind: 'text', text: 'Charge it often.' }] }]
	];
	return {
		language: 'en',
		title: 'Phones',
		description: 'About phones.',
		audience: 'Adults',
		entry: 'A phone',
		objectives: new Map([['care', 'Charge a phone']]),
		units: [
			{
				id: 'unit-1',
				title: 'One',
				file: 'unit-1.en.md',
				screens: blocks.map((screen, n) => ({ id: `s${n}`, title: `Screen ${n}`, line: n * 10, blocks: screen }))
			}
		],
		quiz: [aQuestion('q1'), aQuestion('q2'), aQuestion('q3')],
		glossary: [],
		...change
	};
}

function aCourse(
	change: {
		version?: Partial<LanguageVersion>;
		record?: Partial<CourseSource['record']>;
		others?: readonly LanguageVersion[];
		pictures?: ReadonlyMap<string, string>;
		photos?: CourseSource['photos'];
		media?: CourseSource['media'];
		ledgers?: CourseSource['ledgers'];
	} = {}
): CourseSource {
	return {
		record: {
			format: 1,
			code: 'T1',
			edition: 1,
			level: 'introductory',
			modality: 'online-self-paced',
			topics: [],
			audience: ['adult'],
			hours: 0.22,
			licence: 'CC-BY-4.0',
			languages: ['en'],
			objectives: [{ id: 'care', digcomp: ['5.1'] }],
			prerequisites: [],
			digcomp: [{ framework: 'DigComp', version: '2.2', code: '5.1', level: '1' }],
			sdg: [{ target: '4.4', screen: 'unit-1/s0', sentence: 'A phone is a tool for your work.' }],
			certificate: { passMark: 80, draw: 2, pool: 3, opens: 'after-units' },
			...change.record
		},
		versions: [aVersion(change.version), ...(change.others ?? [])],
		pictures:
			change.pictures ?? new Map([['phone.svg', '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>']]),
		photos: change.photos ?? new Map(),
		media: change.media ?? new Map(),
		ledgers: change.ledgers ?? new Map()
	};
}

function rules(course: CourseSource): readonly string[] {
	return lintCourse(course).map(({ rule }) => rule);
}

/** The course with the blocks of one screen exchanged. */
function withBlocks(...blocks: readonly Block[]): CourseSource {
	const [unit] = aVersion().units;
	if (unit === undefined) throw new Error('the builder has one unit');
	return aCourse({
		version: { units: [{ ...unit, screens: [...unit.screens, { id: 'more', title: 'More', line: 99, blocks }] }] }
	});
}

describe('the linter', () => {
	test('a good course has no findings', () => {
		expect(lintCourse(aCourse())).toEqual([]);
	});

	test('[CL1] fewer than two questions for an objective', () => {
		expect(
			rules(
				aCourse({
					record: {
						objectives: [
							{ id: 'care', digcomp: [] },
							{ id: 'share', digcomp: [] }
						]
					}
				})
			)
		).toEqual(['CL1']);
	});

	test('[CL2] a pool below one and a half times the draw, or another size than announced', () => {
		const small = { passMark: 80, draw: 3, pool: 3, opens: 'always' } as const;
		expect(rules(aCourse({ record: { certificate: small } }))).toEqual(['CL2']);
		expect(rules(aCourse({ record: { certificate: { ...small, draw: 2, pool: 9 } } }))).toEqual(['CL2']);
	});

	test('[CL3] a pass mark below 70', () => {
		expect(rules(aCourse({ record: { certificate: { passMark: 60, draw: 2, pool: 3, opens: 'always' } } }))).toEqual([
			'CL3'
		]);
	});

	test('[CL4] an option or a judged question without feedback', () => {
		const silent = aQuestion('q1', {
			options: ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n === 0, feedback: n === 2 ? '' : 'Yes.' }))
		});
		expect(rules(aCourse({ version: { quiz: [silent, aQuestion('q2'), aQuestion('q3')] } }))).toEqual(['CL4']);
		const order: Question = {
			id: 'q1',
			type: 'order',
			objective: 'care',
			prompt: '?',
			items: ['a', 'b', 'c'].map((id) => ({ id, text: id })),
			feedback: { right: 'Yes.', wrong: '' }
		};
		expect(rules(aCourse({ version: { quiz: [order, aQuestion('q2'), aQuestion('q3')] } }))).toEqual(['CL4']);
	});

	test('[CL5] a picture without words, or with its file name for words', () => {
		expect(rules(withBlocks({ kind: 'picture', file: 'phone.svg', alt: '', caption: '' }))).toEqual(['CL5']);
		expect(
			rules(
				withBlocks({ kind: 'tip', blocks: [{ kind: 'picture', file: 'phone.svg', alt: 'phone.svg', caption: '' }] })
			)
		).toEqual(['CL5']);
	});

	test('[CL6] no card to print', () => {
		const [unit] = aVersion().units;
		expect(
			rules(
				aCourse({
					version: {
						units:
							unit === undefined
								? []
								: [
										{
											...unit,
											screens: [
												...unit.screens.slice(0, 4),
												{ id: 'end', title: 'End', line: 1, blocks: [{ kind: 'text', text: 'Bye.' }] }
											]
										}
									]
					}
				})
			)
		).toEqual(['CL6']);
	});

	test('[CL7] a translation with a missing screen, or another right answer', () => {
		const french = aVersion({ language: 'fr' });
		const [unit] = french.units;
		if (unit === undefined) throw new Error('the builder has one unit');
		const short = { ...french, units: [{ ...unit, screens: unit.screens.filter(({ id }) => id !== 's0') }] };
		expect(rules(aCourse({ others: [short] }))).toContain('CL7');
		const other = aQuestion('q2', {
			options: ['a', 'b', 'c'].map((id, n) => ({ id, text: id, correct: n === 1, feedback: 'Oui.' }))
		});
		const [finding] = lintCourse(aCourse({ others: [{ ...french, quiz: [aQuestion('q1'), other, aQuestion('q3')] }] }));
		expect(finding).toMatchObject({ rule: 'CL7', where: 'quiz.fr.md, question q2' });
	});

	test('[CL8] an address of the outside world, in a text or in a tutor note', () => {
		expect(rules(withBlocks({ kind: 'text', text: 'See https://example.org/page for more.' }))).toEqual(['CL8']);
		expect(
			rules(
				withBlocks(
					{ kind: 'text', text: 'Hello.' },
					{ kind: 'tutor', blocks: [{ kind: 'text', text: 'Open www.example.org first.' }] }
				)
			)
		).toEqual(['CL8']);
	});

	test('[CL9] two things to do, or too many words, on one screen', () => {
		expect(
			rules(withBlocks({ kind: 'question', question: aQuestion('x') }, { kind: 'question', question: aQuestion('y') }))
		).toEqual(['CL9']);
		expect(rules(withBlocks({ kind: 'text', text: 'Short words here. '.repeat(45) }))).toEqual(['CL9']);
	});

	test('[CL10] long sentences', () => {
		expect(rules(withBlocks({ kind: 'text', text: `${'word '.repeat(30)}.` }))).toEqual(['CL10']);
	});

	test.each([
		[
			'zh',
			'手机是工作的工具。你可以用它打电话、发消息、拍照片，也可以用它查天气和价格。每天晚上充电，白天就不用担心。'
		],
		[
			'es',
			'El teléfono es una herramienta de trabajo. Con él puede usted llamar a sus clientes y ver el precio del maíz.'
		],
		['pt', 'O telemóvel é uma ferramenta de trabalho. Com ele pode ligar aos seus clientes e ver o preço do milho.'],
		['ru', 'Телефон помогает в работе. С ним можно звонить покупателям и узнавать цену кукурузы на рынке.'],
		['sw', 'Simu ni chombo cha kazi. Unaweza kuwapigia wateja wako na kuona bei ya mahindi sokoni.'],
		['ar', 'الهاتف أداة للعمل. به تتصل بزبائنك وتعرف سعر الذرة في السوق كل صباح.']
	])('[CL9] [CL10] plain text in %s has no finding, and text that goes on and on has', (language, text) => {
		const translation = (words: string): LanguageVersion => {
			const [unit] = aVersion().units;
			if (unit === undefined) throw new Error('the builder has one unit');
			const screens = unit.screens.map((screen, n) =>
				n === 0 ? { ...screen, blocks: [{ kind: 'text' as const, text: words }] } : screen
			);
			return aVersion({ language, units: [{ ...unit, screens }] });
		};
		expect(rules(aCourse({ others: [translation(text)] }))).toEqual([]);
		expect(rules(aCourse({ others: [translation(`${text} `.repeat(9))] }))).toEqual(['CL9']);
		const endless = text.replaceAll(/[.。،،,，]/g, ' ').repeat(4);
		expect(rules(aCourse({ others: [translation(endless)] }))).toEqual(['CL10']);
	});

	test('[CL12] questions that cannot be asked: two right answers, an unknown objective, the same id twice', () => {
		const twice = aQuestion('q1', {
			options: ['a', 'b', 'c'].map((id) => ({ id, text: id, correct: id !== 'c', feedback: 'Yes.' }))
		});
		expect(rules(aCourse({ version: { quiz: [twice, aQuestion('q2'), aQuestion('q3')] } }))).toEqual(['CL12']);
		expect(
			rules(aCourse({ version: { quiz: [aQuestion('q1'), aQuestion('q2'), aQuestion('q3', { objective: 'fly' })] } }))
		).toEqual(['CL12']);
		expect(rules(aCourse({ version: { quiz: [aQuestion('q1'), aQuestion('q1'), aQuestion('q3')] } }))).toEqual([
			'CL12'
		]);
	});

	test('[CL13] an SDG tag whose sentence the course does not say', () => {
		expect(
			rules(aCourse({ record: { sdg: [{ target: '4.4', screen: 'unit-1/s0', sentence: 'Something else.' }] } }))
		).toEqual(['CL13']);
	});

	test('[CL14] an objective that nobody can observe', () => {
		expect(rules(aCourse({ version: { objectives: new Map([['care', 'Understand phones']]) } }))).toEqual(['CL14']);
	});

	test('[CL15] hours that are not honest', () => {
		expect(rules(aCourse({ record: { hours: 6 } }))).toEqual(['CL15']);
	});

	test('[CL16] a picture that is missing, carries a script, or has words in it', () => {
		expect(rules(aCourse({ pictures: new Map() }))).toEqual(['CL16']);
		for (const svg of [
			'<svg onload="x()"></svg>',
			'<svg><script/></svg>',
			'<svg><image href="http://a"/></svg>',
			'<svg><text>Hi</text></svg>'
		]) {
			expect(rules(aCourse({ pictures: new Map([['phone.svg', svg]]) }))).toEqual(['CL16']);
		}
	});

	test('[CL17] a source text that changed after it was translated', () => {
		const source = aVersion();
		const ledger = new Map(
			[...stringsOf(source)].map(([key, text]) => [key, { of: fingerprint(text), state: 'reviewed' as const }])
		);
		const ledgers = new Map([['fr', ledger]]);
		const french = aVersion({ language: 'fr' });
		expect(rules(aCourse({ others: [french], ledgers }))).toEqual([]);
		expect(languageState(source, french, ledger).state).toBe('reviewed');
		const changed = aCourse({ version: { title: 'Telephones' }, others: [french], ledgers });
		expect(lintCourse(changed)).toMatchObject([{ rule: 'CL17', what: expect.stringContaining('course/title') }]);
		expect(languageState(aVersion({ title: 'Telephones' }), french, ledger).state).toBe('stale');
	});

	test('[CL18] a word in no glossary', () => {
		expect(rules(withBlocks({ kind: 'text', text: 'Open the [app](term:app).' }))).toEqual(['CL18']);
	});

	test('[CL21] a hot spot with places too small, outside, over one another, or in a picture without units', () => {
		const spots = (change: (options: Spot[]) => Spot[]): Question => ({
			id: 'q1',
			type: 'hot-spot',
			objective: 'care',
			prompt: 'Where?',
			picture: { file: 'phone.svg', alt: 'A phone.' },
			options: change(
				['a', 'b', 'c'].map((id, n) => ({
					id,
					text: `Place ${id}`,
					correct: n === 0,
					feedback: 'Because.',
					region: { shape: 'rect', x: 10 + 60 * n, y: 10, width: 44, height: 44 }
				}))
			)
		});
		const pictures = new Map([['phone.svg', '<svg viewBox="0 0 320 180"><path d="M0 0"/></svg>']]);
		const found = (question: Question, drawn: CourseSource['pictures'] = pictures): readonly string[] =>
			lintCourse(aCourse({ version: { quiz: [question, aQuestion('q2'), aQuestion('q3')] }, pictures: drawn })).map(
				({ rule, what }) => `${rule} ${what}`
			);
		expect(found(spots((all) => all))).toEqual([]);
		const first = (region: Spot['region']) => (all: Spot[]) =>
			all.map((spot, n) => (n === 0 ? { ...spot, region } : spot));
		expect(found(spots(first({ shape: 'circle', x: 30, y: 30, radius: 12 })))).toEqual([
			'CL21 "Place a" is too small for a finger'
		]);
		expect(found(spots(first({ shape: 'rect', x: 290, y: 100, width: 60, height: 60 })))).toEqual([
			'CL21 "Place a" reaches beyond the picture'
		]);
		expect(found(spots(first({ shape: 'rect', x: 10, y: 10, width: 80, height: 60 })))).toEqual([
			'CL21 "Place a" lies over another place'
		]);
		expect(found(spots((all) => all.slice(0, 2)))).toEqual(['CL21 2 places']);
		expect(found(spots((all) => all.map((spot) => ({ ...spot, correct: true }))))).toEqual([
			'CL21 all or none of the places are right'
		]);
		expect(
			found(
				spots((all) => all),
				new Map([['phone.svg', '<svg><path d="M0 0"/></svg>']])
			)
		).toEqual(['CL21 phone.svg is not an SVG with a viewBox']);
		expect(found(spots((all) => all.map((spot) => ({ ...spot, feedback: '' }))))).toHaveLength(3);
	});

	test('[CL22] a scenario of one step, or with a step that has two right answers', () => {
		const options = ['a', 'b'].map((id, n) => ({ id, text: id, correct: n === 0, feedback: 'Because.' }));
		const scenario = (...steps: readonly ScenarioQuestion['steps'][number][]): CourseSource =>
			aCourse({
				version: {
					quiz: [
						{ id: 'q1', type: 'scenario', objective: 'care', prompt: 'A day.', steps },
						aQuestion('q2'),
						aQuestion('q3')
					]
				}
			});
		const step = { prompt: 'What now?', options };
		expect(rules(scenario(step, step))).toEqual([]);
		expect(rules(scenario(step))).toEqual(['CL22']);
		expect(rules(scenario(step, step, step, step))).toEqual(['CL22']);
		expect(
			rules(scenario(step, { ...step, options: options.map((option) => ({ ...option, correct: true })) }))
		).toEqual(['CL22']);
		expect(rules(scenario(step, { ...step, options: options.slice(0, 1) }))).toEqual(['CL22']);
		expect(rules(scenario(step, { ...step, options: options.map((option) => ({ ...option, feedback: '' })) }))).toEqual(
			['CL4', 'CL4']
		);
	});

	test('[CL1] a question for two objectives counts for both', () => {
		const record = {
			objectives: [
				{ id: 'care', digcomp: [] },
				{ id: 'share', digcomp: [] }
			]
		};
		const both = (id: string): Question => ({ ...aQuestion(id), also: ['share'] });
		expect(rules(aCourse({ record, version: { quiz: [both('q1'), both('q2'), aQuestion('q3')] } }))).toEqual([]);
		expect(rules(aCourse({ version: { quiz: [both('q1'), aQuestion('q2'), aQuestion('q3')] } }))).toEqual(['CL12']);
	});

	test('[CL7] a hot spot whose places moved, or a scenario whose steps are answered otherwise', () => {
		const spot = (x: number): Question => ({
			id: 'q1',
			type: 'hot-spot',
			objective: 'care',
			prompt: 'Where?',
			picture: { file: 'phone.svg', alt: 'A phone.' },
			options: ['a', 'b', 'c'].map((id, n) => ({
				id,
				text: id,
				correct: n === 0,
				feedback: 'Because.',
				region: { shape: 'rect', x: x + 60 * n, y: 10, width: 44, height: 44 }
			}))
		});
		const scenario = (right: number): Question => ({
			id: 'q2',
			type: 'scenario',
			objective: 'care',
			prompt: 'A day.',
			steps: [0, right].map((at) => ({
				prompt: 'What now?',
				options: ['a', 'b'].map((id, n) => ({ id, text: id, correct: n === at, feedback: 'Because.' }))
			}))
		});
		const pictures = new Map([['phone.svg', '<svg viewBox="0 0 320 180"><path d="M0 0"/></svg>']]);
		const quiz = (x: number, right: number): readonly Question[] => [spot(x), scenario(right), aQuestion('q3')];
		const course = (x: number, right: number): CourseSource =>
			aCourse({
				version: { quiz: quiz(10, 0) },
				others: [aVersion({ language: 'fr', quiz: quiz(x, right) })],
				pictures
			});
		expect(rules(course(10, 0))).toEqual([]);
		expect(rules(course(12, 0))).toEqual(['CL7']);
		expect(rules(course(10, 1))).toEqual(['CL7']);
	});

	test('every finding says where and how to mend it', () => {
		const findings = lintCourse(
			aCourse({ record: { hours: 9, sdg: [{ target: '1', screen: 'x', sentence: 'y' }] }, pictures: new Map() })
		);
		expect(findings.length).toBeGreaterThan(2);
		for (const { where, what, mend } of findings)
			expect([where, what, mend].every((part) => part.length > 5)).toBe(true);
	});
});
