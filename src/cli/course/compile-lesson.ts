/** One language of a course as the data that the lesson runtime reads. */
import { createHash } from 'node:crypto';
import type { LessonData, LessonPart, LessonScreen } from '#lesson/lesson-data.ts';
import type { Words } from '#lesson/words.ts';
import type { Block, CourseSource, Edition, LanguageVersion } from '#lib/domain/authoring/course-source.ts';
import { checkQuestions } from '#lib/domain/authoring/course-source.ts';
import type { Question } from '#lib/domain/authoring/question.ts';
import { picturesOfQuestion, plain } from '#lib/domain/authoring/reading-time.ts';
import { languageState } from '#lib/domain/authoring/strings.ts';
import { picturesOfAnyEdition, posterPath } from './edition-files.ts';
import type { Pictures } from './render-html.ts';
import {
	blockHtml,
	blocksHtml,
	escapeHtml,
	inlineHtml,
	listHtml,
	questionHtml,
	unnamedPicture
} from './render-html.ts';

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi', 'dv', 'ckb']);

export function directionOf(language: string): 'ltr' | 'rtl' {
	return RIGHT_TO_LEFT.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

export function compileLesson(
	course: CourseSource,
	version: LanguageVersion,
	scorm: LessonData['scorm'],
	words: Words,
	edition: Edition,
	pictures: Pictures
): LessonData {
	const lesson = compileEdition(course, version, scorm, words, { edition, pictures });
	// The positions of screens and options are what suspend data points at: any change of content is another lesson. The
	// editions of one course are the same lesson, so who changes to one with films stays where she is.
	const any = compileEdition(course, version, scorm, words, {
		edition: 'rich',
		pictures: picturesOfAnyEdition(course)
	});
	const fingerprint = createHash('sha256')
		.update(JSON.stringify({ ...any, scorm: '', words: null }))
		.digest('hex')
		.slice(0, 8);
	return typeset({ ...lesson, fingerprint }, version.language);
}

type Look = { readonly edition: Edition; readonly pictures: Pictures };

function compileEdition(
	course: CourseSource,
	version: LanguageVersion,
	scorm: LessonData['scorm'],
	words: Words,
	look: Look
): LessonData {
	const { record } = course;
	const { pictures } = look;
	const source = course.versions[0] ?? version;
	const { state } = languageState(source, version, course.ledgers.get(version.language));
	return {
		format: 1,
		scorm,
		code: record.code,
		edition: record.edition,
		fingerprint: '',
		language: version.language,
		direction: directionOf(version.language),
		cover: unnamedPicture('cover.svg', pictures) ?? '',
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
				parts: joinHtml(screen.blocks.flatMap((block) => partOf(block, look, words, version.language)))
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

function partOf(block: Block, look: Look, words: Words, language: string): readonly LessonPart[] {
	const { pictures } = look;
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
		case 'audio':
		case 'video':
			return [{ kind: 'html', html: mediumHtml(block, look, words, language) }];
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
		questions.flatMap(picturesOfQuestion).flatMap(({ file }) => {
			const markup = unnamedPicture(file, pictures);
			return markup === null ? [] : [[file, markup]];
		})
	);
}

/** Nothing is fetched before it is asked for. Where the edition leaves the recording or film out, its words stand open. */
function mediumHtml(
	block: Extract<Block, { kind: 'audio' | 'video' }>,
	{ edition, pictures }: Look,
	words: Words,
	language: string
): string {
	const title = `<figcaption>${inlineHtml(block.title)}</figcaption>`;
	const transcript = blocksHtml(block.transcript, pictures);
	const plays = block.kind === 'audio' ? edition !== 'text' : edition === 'rich';
	if (!plays) {
		const poster = block.kind === 'video' ? (unnamedPicture(block.poster, pictures) ?? '') : '';
		return `<figure class="medium picture">${poster}${title}<div class="transcript">${transcript}</div></figure>`;
	}
	const name = escapeHtml(plain(block.title));
	const src = escapeHtml(`media/${block.file}`);
	const player =
		block.kind === 'audio'
			? `<audio controls preload="none" src="${src}" aria-label="${name}"></audio>`
			: `<video controls preload="none" playsinline src="${src}" poster="${escapeHtml(posterPath(block.poster))}" aria-label="${name}"><track kind="captions" default srclang="${language}" label="${escapeHtml(words.captions)}" src="${escapeHtml(`media/${block.captions.file}`)}"></video>`;
	return `<figure class="medium">${title}${player}<details class="transcript"><summary>${words.transcript}</summary>${transcript}</details></figure>`;
}
