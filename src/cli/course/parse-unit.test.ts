import { describe, expect, test } from 'vitest';
import { parseQuiz, parseUnit } from './parse-unit.ts';

const unit = `---
title: One
---

## First {#first}

Some words
over two lines.

- one
- two
  and more

![A phone](pictures/phone.svg "Mine")

:::compare
### Left {good}
Good.
### Right {careful}
- Bad
:::

## Second {#second}

:::story {#s}
Once.

- Go
  > You went.
- Stay
  > You stayed.
:::
`;

describe('reading a unit', () => {
	test('screens, blocks and lines', () => {
		const { title, screens } = parseUnit('unit-1', 'unit-1.en.md', unit);
		expect(title).toBe('One');
		expect(screens).toMatchObject([
			{
				id: 'first',
				line: 5,
				blocks: [
					{ kind: 'text', text: 'Some words over two lines.' },
					{ kind: 'list', ordered: false, items: ['one', 'two and more'] },
					{ kind: 'picture', file: 'phone.svg', alt: 'A phone', caption: 'Mine' },
					{
						kind: 'compare',
						sides: [
							{ title: 'Left', tone: 'good' },
							{ title: 'Right', tone: 'careful', blocks: [{ kind: 'list' }] }
						]
					}
				]
			},
			{
				id: 'second',
				blocks: [
					{
						kind: 'story',
						choices: [
							{ text: 'Go', outcome: 'You went.' },
							{ text: 'Stay', outcome: 'You stayed.' }
						]
					}
				]
			}
		]);
	});

	test('a byte order mark and Windows line ends are no matter', () => {
		expect(parseUnit('unit-1', 'f', `\uFEFF${unit.replaceAll('\n', '\r\n')}`)).toEqual(parseUnit('unit-1', 'f', unit));
	});

	test('every type of question', () => {
		const questions = parseQuiz(
			'quiz.en.md',
			`:::question single {#a objective=o}
Which?

- [ ] ![One](pictures/one.svg) One
  > No.
- [x] Two
  > Yes,
  > indeed.
:::

:::question match {#b objective=o}
Match.

- left :: right
- up :: down

right: Good.
wrong: Not
  yet.
:::

:::question order {#c objective=o}
Order.

1. x
2. y

right: r
wrong: w
:::

:::question numeric {#d objective=o}
How many?

answer: 1.5
tolerance: 0.5
unit: MB
right: r
wrong: w
:::

:::question fill-in {#e objective=o}
What?

answer: one | two words
right: r
wrong: w
:::
`
		);
		expect(questions).toMatchObject([
			{
				type: 'single',
				id: 'a',
				prompt: 'Which?',
				options: [
					{ id: 'a', correct: false, text: 'One', picture: { file: 'one.svg', alt: 'One' } },
					{ id: 'b', correct: true, feedback: 'Yes, indeed.' }
				]
			},
			{
				type: 'match',
				pairs: [
					{ id: 'a', left: 'left', right: 'right' },
					{ id: 'b', left: 'up', right: 'down' }
				],
				feedback: { right: 'Good.', wrong: 'Not yet.' }
			},
			{ type: 'order', items: [{ text: 'x' }, { text: 'y' }] },
			{ type: 'numeric', answer: 1.5, tolerance: 0.5, unit: 'MB' },
			{ type: 'fill-in', accepted: ['one', 'two words'] }
		]);
	});

	test('a hot spot, and a scenario of two steps for two objectives', () => {
		const [spot, scenario] = parseQuiz(
			'quiz.en.md',
			`:::question hot-spot {#h objective=o}
Where is it?

![A phone](pictures/phone.svg)

- [ ] Above {rect 10 20 60 44}
  > No.
- [x] In the
  middle {circle 160 90 24}
  > Yes.
- [ ] Below {polygon 10,100 60,100 60,150}
  > No.
:::

:::question scenario {#s objective=care,share}
Asha is on the bus.

### What first?

- [x] Call
  > Good.
- [ ] Sleep
  > No.

### Her phone is empty.

What now?

- [ ] Shout
  > No.
- [x] Ask
  > Yes.
:::
`
		);
		expect(spot).toMatchObject({
			type: 'hot-spot',
			picture: { file: 'phone.svg' },
			options: [
				{ text: 'Above', correct: false, region: { shape: 'rect', x: 10, y: 20, width: 60, height: 44 } },
				{ text: 'In the middle', correct: true, region: { shape: 'circle', x: 160, y: 90, radius: 24 } },
				{
					text: 'Below',
					region: {
						shape: 'polygon',
						points: [
							[10, 100],
							[60, 100],
							[60, 150]
						]
					}
				}
			]
		});
		expect(spot).not.toHaveProperty('also');
		expect(scenario).toMatchObject({
			type: 'scenario',
			objective: 'care',
			also: ['share'],
			prompt: 'Asha is on the bus.',
			steps: [
				{ prompt: 'What first?', options: [{ text: 'Call', correct: true, feedback: 'Good.' }, { correct: false }] },
				{ prompt: 'Her phone is empty.\n\nWhat now?', options: [{ correct: false }, { text: 'Ask', correct: true }] }
			]
		});
	});

	test('a recording and a film, each with its words', () => {
		const [screen] = parseUnit(
			'unit-1',
			'unit-1.en.md',
			`---
title: T
---

## Market {#market}

:::audio {file=media/market.en.opus}
### At the market

Asha: Good morning.

- Joseph laughs
:::

:::video {file=media/ball.webm captions=media/ball.en.vtt poster=pictures/ball.svg}
### A ball

It rolls.
:::
`
		).screens;
		expect(screen?.blocks).toMatchObject([
			{
				kind: 'audio',
				title: 'At the market',
				file: 'market.en.opus',
				transcript: [{ kind: 'text', text: 'Asha: Good morning.' }, { kind: 'list' }]
			},
			{
				kind: 'video',
				title: 'A ball',
				file: 'ball.webm',
				captions: { file: 'ball.en.vtt', text: '' },
				poster: 'ball.svg',
				transcript: [{ kind: 'text', text: 'It rolls.' }]
			}
		]);
	});

	test.each([
		['## No id', 2, 'expected a screen'],
		['## A {#a}\n\n<b>bold</b>', 4, 'HTML'],
		['## A {#a}\n\n:::tip\nnever closed', 4, 'not closed'],
		['## A {#a}\n\n:::dance\n:::', 4, 'there is no block'],
		['## A {#a}\n\n:::question single {#q}\nWhich?\n:::', 4, 'objective'],
		['## A {#a}\n\n:::question single {#q objective=o}\nWhich?\n- no box\n:::', 6, 'an option opens with'],
		['## A {#a}\n\n:::question hot-spot {#q objective=o}\nWhere?\n- [x] Here\n:::', 4, 'its picture'],
		[
			'## A {#a}\n\n:::question hot-spot {#q objective=o}\nWhere?\n![P](pictures/p.svg)\n- [x] Here {ring 1 2}\n:::',
			7,
			'ends with its region'
		],
		['## A {#a}\n\n:::audio {file=media/a.opus}\nNo title.\n:::', 4, 'opens with its title'],
		['## A {#a}\n\n:::audio {file=a.opus}\n### T\n:::', 4, 'a file of media/'],
		['## A {#a}\n\n:::audio {file=media/../a.opus}\n### T\n:::', 4, 'a file of media/'],
		['## A {#a}\n\n:::video {file=media/a.webm poster=pictures/a.svg}\n### T\n:::', 4, 'captions='],
		['## A {#a}\n\n:::question scenario {#q objective=o}\nWhat?\n- [x] Go\n:::', 4, 'under "### What now']
	])('%j is refused with its line', (text, line, message) => {
		expect(() => parseUnit('unit-1', 'unit-1.en.md', `---\ntitle: T\n---\n${text}`)).toThrow(
			new RegExp(`^unit-1\\.en\\.md:${line + 2}: .*${message}`)
		);
	});
});
