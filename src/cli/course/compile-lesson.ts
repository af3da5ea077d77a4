/** One language of a course as the data that the lesson runtime reads. */
import { createHash } from 'node:crypto';
import type { LessonData, LessonPart, LessonScreen } from '#lesson/lesson-data.ts';
import type { Words } from '#lesson/words.ts';
import type { Block, CourseSource, LanguageVersion } from '#lib/domain/authoring/course-source.ts';
import { checkQuestions } from '#lib/domain/authoring/course-source.ts';
import type { Question } from '#lib/domain/authoring/question.ts';
import { picturesOfQuestion } from '#lib/domain/authoring/reading-time.ts';
import { languageState } from '#lib/domain/authoring/strings.ts';
import type { Pictures } from './render-html.ts';
import { blockHtml, blocksHtml, inlineHtml, listHtml, namedSvg, questionHtml } from './render-html.ts';

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi', 'dv', 'ckb']);

export function directionOf(language: string): 'ltr' | 'rtl' {
	return RIGHT_TO_LEFT.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

export function compileLesson(
	course: CourseSource,
	version: LanguageVersion,
	scorm: LessonData['scorm'],
	words: Words
): LessonData {
	const { record, pictures } = course;
	const source = course.versions[0] ?? version;
	const { state } = languageState(source, version, course.ledgers.get(version.language));
	const lesson: LessonData = {
		format: 1,
		scorm,
		code: record.code,
		edition: record.edition,
		fingerprint: '',
		language: version.language,
		direction: directionOf(version.language),
		cover: namedSvg({ file: 'cover.svg', alt: '' }, pictures).replace(
			' role="img" aria-label=""',
			' aria-hidden="true"'
		),
		title: version.title,
		description: inlineHtml(version.description),
		audience: inlineHtml(version.audience),
		entry: inlineHtml(version.entry),
		hours: record.hours,
		draft: state === 'draft' || state === 'stale',
		objectives: record.objectives.map(({ id }) => ({ id, text: inlineHtml(version.objectives.get(id) ?? '') })),
		units: version.units.map(({ id, title }) => ({ id, title })),
		screens: version.units.flatMap((unit, n) =>
			unit.screens.map((screen): LessonScreen => ({
				id: `${unit.id}/${screen.id}`,
				unit: n,
				title: screen.title,
				parts: joinHtml(screen.blocks.flatMap((block) => partOf(block, pictures, words)))
			}))
		),
		pictures: questionPictures([...checkQuestions(version), ...version.quiz], pictures),
		quiz: {
			pool: version.quiz.map(questionHtml),
			draw: record.certificate.draw,
			passMark: record.certificate.passMark,
			opens: record.certificate.opens
		},
		glossary: Object.fromEntries(
			version.glossary.map(({ id, term, meaning }) => [id, { term: inlineHtml(term), meaning: inlineHtml(meaning) }])
		),
		words
	};
	// The positions of screens and options are what suspend data points at: any change of content is another lesson.
	const fingerprint = createHash('sha256')
		.update(JSON.stringify({ ...lesson, scorm: '', words: null }))
		.digest('hex')
		.slice(0, 8);
	return typeset({ ...lesson, fingerprint }, version.language);
}

/** French sets a narrow space before ? ! ; : % » and after «, and it must not break the line there. Authors type a plain one. */
function typeset(lesson: LessonData, language: string): LessonData {
	if (!language.startsWith('fr')) return lesson;
	const french = (text: string): string =>
		text.startsWith('<svg') ? text : text.replaceAll(/ (?=[?!;:%»])/g, '\u202f').replaceAll('« ', '«\u202f');
	const through = (value: unknown): unknown => {
		if (typeof value === 'string') return french(value);
		if (Array.isArray(value)) return value.map(through);
		if (value === null || typeof value !== 'object') return value;
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, through(inner)]));
	};
	return through(lesson) as LessonData;
}

function partOf(block: Block, pictures: Pictures, words: Words): readonly LessonPart[] {
	switch (block.kind) {
		case 'text':
		case 'list':
		case 'heading':
		case 'picture':
			return [{ kind: 'html', html: blockHtml(block, pictures) }];
		case 'steps':
			return [{ kind: 'html', html: listHtml('ol', block.items, 'steps') }];
		case 'tip':
			return [aside('tip', words.tip, blocksHtml(block.blocks, pictures))];
		case 'local-notes':
			return [aside('local', words.localNotes, blocksHtml(block.blocks, pictures))];
		case 'compare':
			return [
				{
					kind: 'html',
					html: `<div class="compare">${block.sides
						.map((side) => {
							const sign = side.tone === 'plain' ? '' : `<span class="sign">${words[side.tone]}</span> `;
							return `<section class="side ${side.tone}"><h2>${sign}${inlineHtml(side.title)}</h2>${blocksHtml(side.blocks, pictures)}</section>`;
						})
						.join('')}</div>`
				}
			];
		case 'story':
			return [
				{
					kind: 'story',
					html: blocksHtml(block.blocks, pictures),
					choices: block.choices.map(({ text, outcome }) => ({ text: inlineHtml(text), outcome: inlineHtml(outcome) }))
				}
			];
		case 'practice':
			return [
				{
					kind: 'practice',
					html: blocksHtml(block.blocks, pictures),
					minutes: block.minutes,
					tasks: block.tasks.map(inlineHtml)
				}
			];
		case 'question':
			return [{ kind: 'question', question: questionHtml(block.question) }];
		case 'card':
			return [{ kind: 'card', html: blocksHtml(block.blocks, pictures) }];
		case 'tutor':
			return [];
	}
}

function aside(className: string, label: string, html: string): LessonPart {
	return { kind: 'html', html: `<div class="note ${className}"><h2>${label}</h2>${html}</div>` };
}

/** Neighbouring HTML in one part: less to carry, less to do. */
function joinHtml(parts: readonly LessonPart[]): readonly LessonPart[] {
	return parts.reduce<LessonPart[]>((joined, part) => {
		const last = joined.at(-1);
		if (part.kind === 'html' && last?.kind === 'html') {
			joined[joined.length - 1] = { kind: 'html', html: last.html + part.html };
		} else joined.push(part);
		return joined;
	}, []);
}

function questionPictures(questions: readonly Question[], pictures: Pictures): Readonly<Record<string, string>> {
	return Object.fromEntries(
		questions
			.flatMap(picturesOfQuestion)
			.map(({ file }) => [
				file,
				namedSvg({ file, alt: '' }, pictures).replace(' role="img" aria-label=""', ' aria-hidden="true"')
			])
	);
}
