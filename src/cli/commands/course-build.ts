/**
 * course build [COURSE] [--lang en] [--scorm 1.2|2004] [--edition text|standard|rich] [--country zm] [--out DIR]
 *              [--all] [--sizes FILE]
 * Builds every language of every course in SCORM 1.2 and the standard edition, unless told otherwise, into
 * `build/courses`, and says what each weighs. `--all` builds every edition; `--sizes` keeps the table in a file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Edition } from '#lib/domain/authoring/course-source.ts';
import { EDITIONS } from '#lib/domain/authoring/course-source.ts';
import { CommandError } from '../command-error.ts';
import { buildCourse, CourseNotFit } from '../course/build-course.ts';
import { courseDirs } from '../course/course-dirs.ts';
import { PhotoToolMissing } from '../course/encode-photo.ts';
import { readCourse } from '../course/read-course.ts';
import type { SizeRow } from '../course/size-table.ts';
import { sizeTable, withSizeTable } from '../course/size-table.ts';
import { SourceError } from '../course/source-error.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			lang: { type: 'string', multiple: true },
			scorm: { type: 'string', multiple: true },
			edition: { type: 'string', multiple: true },
			all: { type: 'boolean', default: false },
			sizes: { type: 'string' },
			country: { type: 'string' },
			out: { type: 'string' }
		}
	});
	const versions = (values.scorm ?? ['1.2']).map((version) => {
		if (version !== '1.2' && version !== '2004') throw new CommandError(`--scorm is 1.2 or 2004, not ${version}.`);
		return version;
	});
	const editions = values.all ? EDITIONS : (values.edition ?? ['standard']).map(editionNamed);
	if (values.sizes !== undefined && (!values.all || values.lang !== undefined || positionals.length > 0))
		throw new CommandError('--sizes wants the whole table: course build --all --sizes FILE');
	const outDir = resolve(values.out ?? 'build/courses');
	const rows: SizeRow[] = [];
	const warned = new Set<string>();
	let failed = false;
	for (const sourceDir of courseDirs(positionals[0])) {
		try {
			const { record } = readCourse(sourceDir);
			for (const language of values.lang ?? record.languages) {
				const sizes: Partial<Record<Edition, number>> = {};
				let row: SizeRow | undefined;
				for (const edition of editions) {
					for (const scorm of versions) {
						const built = await buildCourse({
							sourceDir,
							language,
							scorm,
							edition,
							outFile: join(outDir, fileName(sourceDir, language, edition, scorm)),
							country: values.country
						});
						sizes[edition] ??= built.size;
						const { state, counts } = built.translation;
						row ??= { code: built.code, title: built.title, language, state, hours: record.hours, sizes };
						const stale = counts.stale > 0 ? `, ${counts.stale} texts changed in the source since` : '';
						console.log(
							`${built.code} ${language} ${edition}  ${(built.size / 1000).toFixed(0)} kB  ${state}${stale}  ${built.outFile}`
						);
						for (const { rule, where, what, mend } of built.findings) {
							const line = `warning ${rule} ${where}: ${what}; ${mend}`;
							if (!warned.has(line)) console.log(line);
							warned.add(line);
						}
					}
				}
				if (row !== undefined) rows.push(row);
			}
		} catch (error) {
			const mendable = [CourseNotFit, SourceError, PhotoToolMissing].some((kind) => error instanceof kind);
			if (!mendable || !(error instanceof Error)) throw error;
			failed = true;
			console.error(`${basename(sourceDir)} was not built:\n${error.message}`);
		}
	}
	if (rows.length > 0) console.log(`\n${sizeTable(inOrder(rows))}`);
	if (values.sizes !== undefined && !failed) {
		writeFileSync(values.sizes, withSizeTable(readFileSync(values.sizes, 'utf8'), inOrder(rows)));
	}
	return failed ? 1 : 0;
}

function editionNamed(name: string): Edition {
	const edition = EDITIONS.find((known) => known === name);
	if (edition === undefined) throw new CommandError(`--edition is ${EDITIONS.join(', ')}, not ${name}.`);
	return edition;
}

/** `c1-everyday-digital-skills.en.scorm12.zip`; another edition than the standard one is named. */
function fileName(sourceDir: string, language: string, edition: Edition, scorm: '1.2' | '2004'): string {
	const media = edition === 'standard' ? '' : `.${edition}`;
	return `${basename(sourceDir)}.${language}${media}.scorm${scorm === '1.2' ? '12' : '2004'}.zip`;
}

/** C2 before C10. */
function inOrder(rows: readonly SizeRow[]): readonly SizeRow[] {
	return rows.toSorted((a, b) => a.code.localeCompare(b.code, 'en', { numeric: true }));
}
