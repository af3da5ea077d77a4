/**
 * course build [COURSE] [--lang en] [--scorm 1.2|2004] [--country zm] [--out DIR]
 * Builds every language of every course in SCORM 1.2, unless told otherwise, into `build/courses`.
 */
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError } from '../command-error.ts';
import { buildCourse, CourseNotFit } from '../course/build-course.ts';
import { courseDirs } from '../course/course-dirs.ts';
import { readCourse } from '../course/read-course.ts';
import { SourceError } from '../course/source-error.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			lang: { type: 'string', multiple: true },
			scorm: { type: 'string', multiple: true },
			country: { type: 'string' },
			out: { type: 'string' }
		}
	});
	const versions = (values.scorm ?? ['1.2']).map((version) => {
		if (version !== '1.2' && version !== '2004') throw new CommandError(`--scorm is 1.2 or 2004, not ${version}.`);
		return version;
	});
	const outDir = resolve(values.out ?? 'build/courses');
	let failed = false;
	for (const sourceDir of courseDirs(positionals[0])) {
		try {
			const languages = values.lang ?? readCourse(sourceDir).record.languages;
			for (const language of languages) {
				for (const scorm of versions) {
					const name = `${basename(sourceDir)}.${language}.scorm${scorm === '1.2' ? '12' : '2004'}.zip`;
					const built = await buildCourse({
						sourceDir,
						language,
						scorm,
						outFile: join(outDir, name),
						country: values.country
					});
					const { state, counts } = built.translation;
					const stale = counts.stale > 0 ? `, ${counts.stale} texts changed in the source since` : '';
					console.log(
						`${built.code} ${language}  ${(built.size / 1000).toFixed(0)} kB  ${state}${stale}  ${built.outFile}`
					);
				}
			}
		} catch (error) {
			if (!(error instanceof CourseNotFit || error instanceof SourceError)) throw error;
			failed = true;
			console.error(`${basename(sourceDir)} was not built:\n${error.message}`);
		}
	}
	return failed ? 1 : 0;
}
