/**
 * Is this course fit to be published? The rules of courses/FORMAT.md ("What the linter asks"), after the quality
 * checklist for self-paced courses. An error stops the build of a package; a warning asks for a second look.
 */
import { differencesBetween } from './compare-languages.ts';
import type { CourseSource, LanguageVersion, Screen, Unit } from './course-source.ts';
import { error, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { limitsFor, sentenceLengths } from './language-limits.ts';
import { lintMedia, lintMediaFiles, mediaBlocks } from './lint-media.ts';
import type { HotSpotQuestion, Option, Question, ScenarioQuestion } from './question.ts';
import { objectivesOf } from './question.ts';
import {
	minutesOf,
	picturesOfBlock,
	picturesOfQuestion,
	plain,
	textsOfBlock,
	textsOfQuestion,
	wordsOfScreen
} from './reading-time.ts';
import { boundsOf, overlap, viewBoxOf } from './region.ts';
import { languageState } from './strings.ts';

export const LIMITS = {
	questionsPerObjective: 2,
	poolPerDraw: 1.5,
	lowestPassMark: 70,
	screensPerUnit: { min: 5, max: 18 },
	pictureBytes: 6000,
	hoursAstray: 0.25,
	longestIsRight: 0.5,
	/** CSS pixels, WCAG 2.2 target size (enhanced) */
	spotPixels: 44,
	scenarioSteps: { min: 2, max: 3 }
} as const;

export function lintCourse(course: CourseSource): readonly Finding[] {
	const [source] = course.versions;
	if (source === undefined) return [];
	return [
		...lintRecord(course, source),
		...lintMediaFiles(course),
		...course.versions.flatMap((version) => [
			...lintQuestions(course, version),
			...lintUnits(version),
			...lintPictures(course, version),
			...lintMedia(course, version),
			...lintTexts(version)
		]),
		...course.versions.slice(1).flatMap((version) => lintTranslation(course, source, version))
	];
}

function lintRecord({ record }: CourseSource, source: LanguageVersion): readonly Finding[] {
	const { certificate } = record;
	const findings: Finding[] = [];
	const quizFile = `quiz.${source.language}.md`;
	for (const { id } of record.objectives) {
		const asked = source.quiz.filter((question) => objectivesOf(question).includes(id)).length;
		if (asked < LIMITS.questionsPerObjective) {
			findings.push(
				error(
					'CL1',
					quizFile,
					`objective "${id}" has ${asked} of the ${LIMITS.questionsPerObjective} questions it needs`,
					`add questions with objective=${id}`
				)
			);
		}
	}
	if (source.quiz.length < certificate.draw * LIMITS.poolPerDraw) {
		findings.push(
			error(
				'CL2',
				quizFile,
				`${source.quiz.length} questions for a draw of ${certificate.draw}`,
				`write at least ${Math.ceil(certificate.draw * LIMITS.poolPerDraw)}, or draw fewer`
			)
		);
	}
	if (source.quiz.length !== certificate.pool) {
		findings.push(
			error(
				'CL2',
				'course.yaml',
				`certificate.pool says ${certificate.pool}, the quiz has ${source.quiz.length} questions`,
				'make both the same'
			)
		);
	}
	if (certificate.passMark < LIMITS.lowestPassMark) {
		findings.push(
			error(
				'CL3',
				'course.yaml',
				`the pass mark is ${certificate.passMark}`,
				`ask for at least ${LIMITS.lowestPassMark}`
			)
		);
	}
	if (!source.units.some((unit) => unit.screens.some((screen) => screen.blocks.some(({ kind }) => kind === 'card')))) {
		findings.push(error('CL6', 'course.yaml', 'there is no printable card', 'add a :::card block to the last unit'));
	}
	for (const { screen, sentence, target } of record.sdg) {
		if (!screenText(source, screen).includes(squeeze(sentence))) {
			findings.push(
				error(
					'CL13',
					'course.yaml',
					`the sentence for SDG ${target} does not stand on screen ${screen}`,
					'quote the course word for word, or drop the tag'
				)
			);
		}
	}
	const unknown = record.objectives
		.flatMap(({ digcomp }) => digcomp)
		.filter((code) => !record.digcomp.some((entry) => entry.code === code));
	if (unknown.length > 0) {
		findings.push(
			error(
				'CL19',
				'course.yaml',
				`objectives name DigComp ${unknown.join(', ')}, which the list under digcomp does not have`,
				'add the framework, version, code and level'
			)
		);
	}
	if (source.language.startsWith('en')) {
		for (const [id, text] of source.objectives) {
			if (/^(know|understand|learn|be aware|appreciate|be familiar)\b/i.test(text)) {
				findings.push(
					error(
						'CL14',
						`course.${source.language}.yaml`,
						`objective "${id}" cannot be observed: "${text}"`,
						'open with what a trainer can see: send, find, compare, choose'
					)
				);
			}
		}
	}
	const hours = minutesOf(source, certificate.draw) / 60;
	if (Math.abs(hours - record.hours) > record.hours * LIMITS.hoursAstray) {
		findings.push(
			warning(
				'CL15',
				'course.yaml',
				`announced: ${record.hours} h; reading, questions and practice take about ${hours.toFixed(1)} h`,
				'say the honest number, or add practice'
			)
		);
	}
	return findings;
}

function lintQuestions({ record, pictures }: CourseSource, version: LanguageVersion): readonly Finding[] {
	const quizFile = `quiz.${version.language}.md`;
	const checks = version.units.flatMap((unit) =>
		unit.screens.flatMap((screen) =>
			screen.blocks.flatMap((block) =>
				block.kind === 'question' ? [{ question: block.question, file: `${unit.file}:${screen.line}` }] : []
			)
		)
	);
	const all = [...checks, ...version.quiz.map((question) => ({ question, file: quizFile }))];
	const findings: Finding[] = [];
	const seen = new Set<string>();
	for (const { question, file } of all) {
		const where = `${file}, question ${question.id}`;
		if (seen.has(question.id))
			findings.push(error('CL12', where, 'another question has the same id', 'give each question its own id'));
		seen.add(question.id);
		for (const objective of objectivesOf(question)) {
			if (record.objectives.some(({ id }) => id === objective)) continue;
			findings.push(
				error('CL12', where, `objective "${objective}" is not in course.yaml`, 'name one of its objectives')
			);
		}
		findings.push(...lintAnswers(question, where, pictures));
	}
	const choices = version.quiz.flatMap((question) => (question.type === 'single' ? [question] : []));
	const longest = choices.filter((question) => {
		const [first] = [...question.options].sort((a, b) => b.text.length - a.text.length);
		return first?.correct === true;
	});
	if (choices.length >= 6 && longest.length > choices.length * LIMITS.longestIsRight) {
		findings.push(
			warning(
				'CL20',
				quizFile,
				`in ${longest.length} of ${choices.length} questions the right answer is the longest`,
				'make some wrong options longer: a guesser looks at length'
			)
		);
	}
	return findings;
}

function lintAnswers(question: Question, where: string, pictures: CourseSource['pictures']): readonly Finding[] {
	const findings: Finding[] = [];
	const shape = (what: string, mend: string): void => void findings.push(error('CL12', where, what, mend));
	switch (question.type) {
		case 'single':
		case 'true-false':
		case 'multiple': {
			const right = question.options.filter((option) => option.correct).length;
			if (question.type !== 'multiple' && right !== 1)
				shape(`${right} options are marked right`, 'mark exactly one with [x]');
			if (question.type === 'multiple' && (right < 1 || right === question.options.length))
				shape('all or none of the options are right', 'mark some, not all, with [x]');
			if (question.type === 'true-false' ? question.options.length !== 2 : question.options.length < 3) {
				shape(
					`${question.options.length} options`,
					question.type === 'true-false' ? 'give two' : 'give at least three'
				);
			}
			return [...findings, ...silentOptions(question.options, where)];
		}
		case 'hot-spot':
			return [...findings, ...silentOptions(question.options, where), ...lintHotSpot(question, where, pictures)];
		case 'scenario':
			return [
				...findings,
				...question.steps.flatMap((step, n) => silentOptions(step.options, `${where}, step ${n + 1}`)),
				...lintScenario(question, where)
			];
		case 'match':
			if (question.pairs.length < 3) shape(`${question.pairs.length} pairs`, 'give at least three');
			break;
		case 'order':
			if (question.items.length < 3) shape(`${question.items.length} items`, 'give at least three');
			break;
		case 'numeric':
			if (question.tolerance < 0) shape('the tolerance is below zero', 'give 0 or more');
			break;
		case 'fill-in':
			if (question.accepted.length === 0) shape('no accepted answer', 'add "answer: word | other spelling"');
			break;
	}
	if (question.feedback.right.trim() === '' || question.feedback.wrong.trim() === '') {
		findings.push(error('CL4', where, 'feedback is missing', 'add lines "right: ..." and "wrong: ..."'));
	}
	return findings;
}

function silentOptions(options: readonly Option[], where: string): readonly Finding[] {
	return options
		.filter((option) => option.feedback.trim() === '')
		.map((option) =>
			error(
				'CL4',
				where,
				`option "${plain(option.text)}" has no feedback`,
				'add a line "  > why it is right or not" below it'
			)
		);
}

/** CL21: places that a finger can tell apart on a phone, and that stand in the picture. */
function lintHotSpot(question: HotSpotQuestion, where: string, pictures: CourseSource['pictures']): readonly Finding[] {
	const findings: Finding[] = [];
	const say = (what: string, mend: string): void => void findings.push(error('CL21', where, what, mend));
	const right = question.options.filter((option) => option.correct).length;
	if (question.options.length < 3) say(`${question.options.length} places`, 'give at least three');
	if (right === 0 || right === question.options.length)
		say('all or none of the places are right', 'mark some, not all, with [x]');
	const svg = pictures.get(question.picture.file);
	const frame = svg === undefined ? null : viewBoxOf(svg);
	if (frame === null) {
		say(`${question.picture.file} is not an SVG with a viewBox`, 'draw the picture of a hot spot as SVG');
		return findings;
	}
	// On a phone of 360 px the picture is about 320 px wide.
	const smallest = (LIMITS.spotPixels * (frame.right - frame.left)) / 320;
	const boxes = question.options.map((option) => boundsOf(option.region));
	question.options.forEach((option, n) => {
		const box = boxes[n];
		if (box === undefined) return;
		const name = `"${plain(option.text)}"`;
		if (box.left < frame.left || box.top < frame.top || box.right > frame.right || box.bottom > frame.bottom)
			say(`${name} reaches beyond the picture`, 'keep the region inside of the viewBox');
		if (box.right - box.left < smallest || box.bottom - box.top < smallest)
			say(`${name} is too small for a finger`, `make it at least ${Math.ceil(smallest)} units wide and high`);
		if (boxes.slice(n + 1).some((other) => overlap(box, other)))
			say(`${name} lies over another place`, 'keep the regions apart');
	});
	return findings;
}

/** CL22 */
function lintScenario({ steps }: ScenarioQuestion, where: string): readonly Finding[] {
	const findings: Finding[] = [];
	const { min, max } = LIMITS.scenarioSteps;
	if (steps.length < min || steps.length > max)
		findings.push(error('CL22', where, `${steps.length} steps`, `give ${min} or ${max}: one situation, not a course`));
	steps.forEach(({ options }, n) => {
		const right = options.filter((option) => option.correct).length;
		if (right !== 1)
			findings.push(
				error('CL22', `${where}, step ${n + 1}`, `${right} options are marked right`, 'mark exactly one with [x]')
			);
		if (options.length < 2)
			findings.push(error('CL22', `${where}, step ${n + 1}`, `${options.length} options`, 'give at least two'));
	});
	return findings;
}

function lintUnits(version: LanguageVersion): readonly Finding[] {
	return version.units.flatMap((unit) => {
		const findings: Finding[] = [];
		const { min, max } = LIMITS.screensPerUnit;
		if (unit.screens.length < min || unit.screens.length > max) {
			findings.push(
				warning('CL9', unit.file, `${unit.screens.length} screens`, `aim for ${min} to ${max}: split or join units`)
			);
		}
		if (!unit.screens.some((screen) => screen.blocks.some(({ kind }) => kind === 'question'))) {
			findings.push(error('CL11', unit.file, 'no check-your-understanding', 'add a screen with a :::question block'));
		}
		if (!unit.screens.some((screen) => screen.blocks.some(({ kind }) => kind === 'practice'))) {
			findings.push(warning('CL11', unit.file, "nothing to try on one's own phone", 'add a :::practice block'));
		}
		for (const id of duplicates(unit.screens.map((screen) => screen.id))) {
			findings.push(error('CL12', unit.file, `two screens are called ${id}`, 'give each screen its own id'));
		}
		return [...findings, ...unit.screens.flatMap((screen) => lintScreen(unit, screen, version.language))];
	});
}

function lintScreen(unit: Unit, screen: Screen, language: string): readonly Finding[] {
	const where = `${unit.file}:${screen.line}, screen ${screen.id}`;
	const findings: Finding[] = [];
	const active = screen.blocks.filter(({ kind }) => kind === 'question' || kind === 'story' || kind === 'practice');
	if (active.length > 1)
		findings.push(error('CL9', where, `${active.length} things to do on one screen`, 'give each its own screen'));
	if (screen.blocks.every(({ kind }) => kind === 'tutor'))
		findings.push(error('CL9', where, 'nothing for the learner', 'write a text or move the tutor note'));
	const words = wordsOfScreen(screen, language);
	const long = screen.blocks.some(({ kind }) => ['card', 'question', 'story', 'audio', 'video'].includes(kind));
	const { wordsPerScreen } = limitsFor(language);
	if (!long && words > wordsPerScreen) {
		findings.push(warning('CL9', where, `${words} words`, `one idea a screen: at most ${wordsPerScreen}`));
	}
	return findings;
}

function lintPictures(course: CourseSource, version: LanguageVersion): readonly Finding[] {
	const used = [
		...version.units.flatMap((unit) =>
			unit.screens.flatMap((screen) =>
				screen.blocks
					.flatMap(picturesOfBlock)
					.map((picture) => ({ ...picture, where: `${unit.file}:${screen.line}, screen ${screen.id}` }))
			)
		),
		...version.quiz.flatMap((question) =>
			picturesOfQuestion(question).map((picture) => ({
				...picture,
				where: `quiz.${version.language}.md, question ${question.id}`
			}))
		)
	];
	const { altCharacters } = limitsFor(version.language);
	const findings = used.flatMap(({ file, alt, where }) => {
		const found: Finding[] = [];
		if (!course.pictures.has(file) && !course.photos.has(file))
			found.push(error('CL16', where, `pictures/${file} is missing`, 'draw it, or correct the name'));
		if (alt.trim() === '' || /\.(svg|png|jpe?g|webp)\b/i.test(alt))
			found.push(
				error('CL5', where, `${file} has no alternative text`, 'say in the square brackets what the picture shows')
			);
		if (alt.length > altCharacters)
			found.push(
				warning(
					'CL5',
					where,
					`the alternative text has ${alt.length} characters`,
					`say it in ${altCharacters}; the rest belongs in the text`
				)
			);
		return found;
	});
	if (version !== course.versions[0]) return findings;
	const posters = mediaBlocks(version).flatMap(({ block }) => (block.kind === 'video' ? [block.poster] : []));
	const shown = new Set(['cover.svg', ...posters, ...used.map((picture) => picture.file)]);
	const unused = [...course.pictures.keys(), ...course.photos.keys()]
		.filter((file) => !shown.has(file))
		.map((file) => warning('CL16', `pictures/${file}`, 'no screen shows it', 'use it or delete it'));
	const files = [...course.pictures].flatMap(([file, svg]) => {
		const found: Finding[] = [];
		const where = `pictures/${file}`;
		if (/<(script|foreignObject|image|iframe|use)\b|\son\w+=|href=|url\(\s*['"]?(?!#)/i.test(withoutStylesheet(svg)))
			found.push(error('CL16', where, 'a script, a link or a foreign part', 'draw with plain shapes only'));
		if (/<text\b/.test(svg))
			found.push(
				error('CL16', where, 'words inside the picture cannot be translated or read aloud', 'put words into the text')
			);
		if (svg.length > LIMITS.pictureBytes)
			found.push(warning('CL16', where, `${svg.length} bytes`, `simplify to ${LIMITS.pictureBytes}`));
		return found;
	});
	return [...findings, ...files, ...unused];
}

function lintTexts(version: LanguageVersion): readonly Finding[] {
	const screens = version.units.flatMap((unit) =>
		unit.screens.map((screen) => ({
			where: `${unit.file}:${screen.line}, screen ${screen.id}`,
			texts: [screen.title, ...screen.blocks.flatMap(textsOfBlock), ...screen.blocks.flatMap(tutorTexts)]
		}))
	);
	const questions = version.quiz.map((question) => ({
		where: `quiz.${version.language}.md, question ${question.id}`,
		texts: textsOfQuestion(question)
	}));
	const terms = new Set(version.glossary.map(({ id }) => id));
	return [...screens, ...questions].flatMap(({ where, texts }) => {
		const found: Finding[] = [];
		const text = texts.join('\n');
		const address = /(?:\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.)[^\s)]+/i.exec(text);
		if (address !== null)
			found.push(
				error(
					'CL8',
					where,
					`an external address: ${address[0]}`,
					'describe how to find it; the course must work offline'
				)
			);
		for (const [, id = ''] of text.matchAll(/\]\(term:([^)]*)\)/g)) {
			if (!terms.has(id))
				found.push(
					error('CL18', where, `the glossary has no term "${id}"`, `add it to glossary.${version.language}.yaml`)
				);
		}
		const sentences = texts.flatMap((part) => sentenceLengths(part, version.language));
		const mean = sentences.reduce((sum, words) => sum + words, 0) / Math.max(1, sentences.length);
		const { wordsPerSentence } = limitsFor(version.language);
		if (mean > wordsPerSentence)
			found.push(
				warning(
					'CL10',
					where,
					`${mean.toFixed(1)} words in a sentence`,
					`write shorter ones: ${wordsPerSentence} on average`
				)
			);
		return found;
	});
}

function lintTranslation(course: CourseSource, source: LanguageVersion, version: LanguageVersion): readonly Finding[] {
	const { staleKeys } = languageState(source, version, course.ledgers.get(version.language));
	return [
		...differencesBetween(source, version).map(({ where, what }) =>
			error('CL7', where, what, 'bring the translation into step with the source')
		),
		...(staleKeys.length === 0
			? []
			: [
					warning(
						'CL17',
						`states.${version.language}.yaml`,
						`${staleKeys.length} texts changed in the source since they were translated: ${staleKeys.slice(0, 5).join(', ')}`,
						'translate them again, then run course lint with --stamp'
					)
				])
	];
}

/** Tutor notes are not read by learners, but may not hide an address either. */
function tutorTexts(block: Screen['blocks'][number]): readonly string[] {
	return block.kind === 'tutor' ? block.blocks.flatMap((inner) => textsOfBlock(inner)) : [];
}

function screenText(version: LanguageVersion, path: string): string {
	const [unitId, screenId] = path.split('/');
	const screen = version.units.find(({ id }) => id === unitId)?.screens.find(({ id }) => id === screenId);
	return squeeze((screen?.blocks ?? []).flatMap(textsOfBlock).map(plain).join(' '));
}

function squeeze(text: string): string {
	return text.replaceAll(/\s+/g, ' ').trim();
}

/** The line that lets a browser show the file alone in our palette; the build drops it. */
function withoutStylesheet(svg: string): string {
	return svg.replaceAll(/<\?xml-stylesheet[^>]*\?>/g, '').replaceAll(/\sxmlns="[^"]*"/g, '');
}

function duplicates(ids: readonly string[]): readonly string[] {
	return ids.filter((id, n) => ids.indexOf(id) !== n);
}
