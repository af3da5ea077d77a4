/** One language of a course, built into a SCORM package that runs in any LMS and, unzipped, as a plain web page. */
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LessonData } from '#lesson/lesson-data.ts';
import type { Words } from '#lesson/words.ts';
import type { CourseSource, Edition, LanguageVersion } from '#lib/domain/authoring/course-source.ts';
import type { Finding } from '#lib/domain/authoring/finding.ts';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { lintPackageSize } from '#lib/domain/authoring/lint-media.ts';
import { plain } from '#lib/domain/authoring/reading-time.ts';
import type { LanguageState } from '#lib/domain/authoring/strings.ts';
import { languageState } from '#lib/domain/authoring/strings.ts';
import { lessonRuntime } from './bundle-runtime.ts';
import { compileLesson } from './compile-lesson.ts';
import type { PackageFile } from './edition-files.ts';
import { editionFiles } from './edition-files.ts';
import { manifestXml } from './manifest.ts';
import { readCourse } from './read-course.ts';
import type { Pictures } from './render-html.ts';
import { blocksHtml, escapeHtml } from './render-html.ts';
import { zip } from './zip.ts';

export type BuildOptions = {
	readonly sourceDir: string;
	/** BCP 47, one of the languages of course.yaml. */
	readonly language: string;
	readonly scorm: LessonData['scorm'];
	readonly outFile: string;
	/** `standard` if not said; `edition-files.ts` tells what each carries. */
	readonly edition?: Edition | undefined;
	/** ISO 3166, lower case: fills the local notes. */
	readonly country?: string | undefined;
};

export type BuiltCourse = {
	readonly outFile: string;
	readonly code: string;
	readonly title: string;
	readonly language: string;
	readonly edition: Edition;
	/** Bytes of the package. */
	readonly size: number;
	readonly translation: LanguageState;
	readonly findings: readonly Finding[];
};

/** A course with linter errors is not built. */
export class CourseNotFit extends Error {
	readonly findings: readonly Finding[];

	constructor(findings: readonly Finding[]) {
		super(findings.map(({ rule, where, what, mend }) => `${rule} ${where}: ${what} (${mend})`).join('\n'));
		this.name = 'CourseNotFit';
		this.findings = findings;
	}
}

/**
 * Same source, same bytes.
 * @throws SourceError when the source cannot be read, CourseNotFit when the linter finds errors.
 */
export async function buildCourse(options: BuildOptions): Promise<BuiltCourse> {
	const course = readCourse(options.sourceDir, options.country);
	const version = course.versions.find(({ language }) => language === options.language);
	const source = course.versions[0];
	if (version === undefined || source === undefined) {
		throw new Error(`${course.record.code} has no version in "${options.language}"`);
	}
	const findings = lintCourse(course);
	const errors = findings.filter(({ level }) => level === 'error');
	if (errors.length > 0) throw new CourseNotFit(errors);

	const edition = options.edition ?? 'standard';
	const files = await packageFiles(course, version, options.scorm, edition);
	const bytes = zip(files);
	mkdirSync(dirname(options.outFile), { recursive: true });
	writeFileSync(options.outFile, bytes);
	return {
		outFile: options.outFile,
		code: course.record.code,
		title: version.title,
		language: version.language,
		edition,
		size: bytes.length,
		translation: languageState(source, version, course.ledgers.get(version.language)),
		findings: [
			...findings,
			...lintPackageSize(
				edition,
				bytes.length,
				files.some(({ name }) => name.startsWith('media/')),
				`${course.record.code} ${version.language}`
			)
		]
	};
}

/** Every file of a package, manifest first, then in the order in which a page needs them. */
export async function packageFiles(
	course: CourseSource,
	version: LanguageVersion,
	scorm: LessonData['scorm'],
	edition: Edition = 'standard'
): Promise<readonly PackageFile[]> {
	const runtime = await lessonRuntime();
	const words = readWords(version.language);
	const { pictures, files: media } = await editionFiles(course, version, edition);
	const lesson = compileLesson(course, version, scorm, words, edition, pictures);
	const content: readonly (readonly [string, string])[] = [
		['index.html', pageHtml(lesson)],
		['lesson.css', runtime.style],
		['course.js', `globalThis.waypostLesson=${scriptJson(lesson)};\n`],
		['lesson.js', runtime.script],
		['tutor-notes.html', tutorNotesHtml(version, lesson, pictures)],
		['waypost-course.json', `${JSON.stringify(recordJson(course, version, edition), null, '\t')}\n`]
	];
	const files = [...content.map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) })), ...media];
	const manifest = manifestXml(scorm, {
		code: course.record.code,
		mediaEdition: edition,
		edition: course.record.edition,
		language: version.language,
		title: version.title,
		description: version.description,
		hours: course.record.hours,
		passMark: course.record.certificate.passMark,
		objectiveIds: course.record.objectives.map(({ id }) => id),
		files: files.map(({ name }) => name)
	});
	return [{ name: 'imsmanifest.xml', bytes: new TextEncoder().encode(manifest) }, ...files];
}

/** The runtime's words in this language; English where nobody has translated them yet. */
export function readWords(language: string): Words {
	const read = (name: string): Partial<Words> => {
		try {
			return JSON.parse(readFileSync(new URL(`../../lesson/words/${name}.json`, import.meta.url), 'utf8'));
		} catch {
			return {};
		}
	};
	return { ...read('en'), ...read(language.split('-')[0] ?? ''), ...read(language) } as Words;
}

function pageHtml(lesson: LessonData): string {
	return `<!doctype html>
<html lang="${lesson.language}" dir="${lesson.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(lesson.title)}</title>
<link rel="stylesheet" href="lesson.css">
</head>
<body>
<noscript><p>${escapeHtml(lesson.words.needsScript)}</p></noscript>
<div id="lesson"></div>
<script src="course.js"></script>
<script src="lesson.js"></script>
</body>
</html>
`;
}

/** What the trainer reads: no script, made for paper. Not linked from the lesson. */
function tutorNotesHtml(version: LanguageVersion, lesson: LessonData, pictures: Pictures): string {
	const units = version.units
		.map((unit, n) => {
			const notes = unit.screens.flatMap((screen) =>
				screen.blocks.flatMap((block) =>
					block.kind === 'tutor' ? [`<h3>${escapeHtml(screen.title)}</h3>${blocksHtml(block.blocks, pictures)}`] : []
				)
			);
			const heading = lesson.words.unit.replace('{n}', String(n + 1));
			return notes.length === 0 ? '' : `<h2>${escapeHtml(`${heading}: ${unit.title}`)}</h2>${notes.join('')}`;
		})
		.join('\n');
	return `<!doctype html>
<html lang="${lesson.language}" dir="${lesson.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${version.title}: ${lesson.words.tutorNotes}`)}</title>
<link rel="stylesheet" href="lesson.css">
</head>
<body>
<main id="lesson">
<h1>${escapeHtml(`${version.title}: ${lesson.words.tutorNotes}`)}</h1>
${units}
</main>
</body>
</html>
`;
}

/** The course record beside the content, for any system that wants more than a manifest says. */
function recordJson(course: CourseSource, version: LanguageVersion, edition: Edition): unknown {
	const { record } = course;
	const source = course.versions[0] ?? version;
	return {
		...record,
		mediaEdition: edition,
		language: version.language,
		translationOf: version.language === source.language ? null : source.language,
		state: languageState(source, version, course.ledgers.get(version.language)).state,
		title: version.title,
		description: plain(version.description),
		audienceText: plain(version.audience),
		entry: plain(version.entry),
		objectives: record.objectives.map((objective) => ({
			...objective,
			text: plain(version.objectives.get(objective.id) ?? '')
		})),
		sdg: record.sdg.map((tag) => ({ ...tag, sentence: plain(tag.sentence) })),
		// CL8: no external address, so nothing is missing without a network.
		offline: true,
		units: version.units.map(({ id, title, screens }) => ({ id, title, screens: screens.length })),
		glossary: version.glossary.map(({ id, term, meaning }) => ({ id, term: plain(term), meaning: plain(meaning) }))
	};
}

/** JSON that may stand in a script: U+2028 and U+2029 end lines in old engines. */
function scriptJson(value: unknown): string {
	return JSON.stringify(value)
		.replaceAll('<', '\\u003c')
		.replaceAll('\u2028', '\\u2028')
		.replaceAll('\u2029', '\\u2029');
}
