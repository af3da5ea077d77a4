/** The files of a course that has just been begun: small, whole, and without findings of the linter. */

export function newCourseFiles(code: string, title: string, language: string): readonly (readonly [string, string])[] {
	return [
		['course.yaml', record(code, language)],
		[
			`course.${language}.yaml`,
			`title: ${JSON.stringify(title)}
description: Say in two sentences what a learner gains.
audience: Say who it is for
entry: Say what a learner needs before starting
objectives:
  first: Name something a trainer can see
`
		],
		[`unit-1.${language}.md`, unit],
		[`quiz.${language}.md`, quiz],
		[`glossary.${language}.yaml`, `example:\n  term: example\n  meaning: A word explained in one sentence.\n`],
		['pictures/example.svg', picture]
	];
}

function record(code: string, language: string): string {
	return `# What is the same in every language (../FORMAT.md says what each line means).
format: 1
code: ${code}
edition: 1
level: introductory
modality: online-self-paced
topics: [digital skills]
audience: [adult]
hours: 0.25
licence: CC-BY-4.0
languages: [${language}]
objectives:
  - id: first
    digcomp: ['5.2']
prerequisites: []
digcomp:
  - { framework: DigComp, version: '2.2', code: '5.2', level: '1-2' }
sdg: []
certificate:
  passMark: 80
  draw: 2
  pool: 3
  opens: after-units
`;
}

const unit = `---
title: The first unit
---

## One idea {#idea}

![Say here what the picture shows.](pictures/example.svg)

One idea a screen. Explain an [example](term:example) in short, plain sentences.

:::tutor
Only the trainer reads this.
:::

## Step by step {#steps}

:::steps
1. First do this.
2. Then do that.
:::

:::tip
A tip that saves trouble.
:::

## A choice {#choice}

:::story {#story}
Somebody stands before a choice.

- One way
  > What happens then.
- Another way
  > What happens then.
:::

## Your turn {#try}

:::practice {#try-it minutes=10}
- [ ] I tried it on my own phone.
:::

## Check yourself {#check}

:::question single {#u1-check objective=first}
Which one is right?

- [x] This one
  > Yes, because it says so.
- [ ] The other one
  > No. Say why, kindly.
- [ ] Yet another one
  > No. Say why, kindly.
:::

## Your card {#card}

:::card
### Keep in mind
- What matters most
:::
`;

const quiz = ['one', 'two', 'three']
	.map(
		(name) => `:::question single {#q-${name} objective=first}
Question ${name}: which one is right?

- [ ] A wrong answer
  > No. Say why, kindly.
- [x] The right answer
  > Yes. Say why.
- [ ] Another wrong answer
  > No. Say why, kindly.
:::
`
	)
	.join('\n');

const picture = `<?xml-stylesheet type="text/css" href="../../pictures.css"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">
	<circle cx="160" cy="90" r="50" class="p-sun p-line"/>
	<path d="M136 92l16 18 32-38" class="p-ink"/>
</svg>
`;
