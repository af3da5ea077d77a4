/**
 * course lint [COURSE] [--stamp fr] [--reviewed]
 * Says what is not fit, where, and how to mend it. `--stamp` records that a translation follows the source of today.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { minutesOf } from '#lib/domain/authoring/reading-time.ts';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import { languageState } from '#lib/domain/authoring/strings.ts';
import { courseDirs } from '../course/course-dirs.ts';
import { readCourse } from '../course/read-course.ts';
import { SourceError } from '../course/source-error.ts';
import { stampTranslation } from '../course/stamp-translation.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { stamp: { type: 'string', multiple: true }, reviewed: { type: 'boolean', default: false } }
	});
	let errors = 0;
	for (const dir of courseDirs(positionals[0])) {
		try {
			for (const language of values.stamp ?? []) {
				const changed = stampTranslation(dir, language, values.reviewed ? 'reviewed' : 'draft');
				console.log(`${basename(dir)}: ${changed} texts recorded for ${language}`);
			}
			const course = readCourse(dir);
			const findings = lintCourse(course);
			for (const { rule, level, where, what, mend } of findings) {
				console.log(`${level === 'error' ? 'ERROR  ' : 'warning'} ${rule} ${where}\n        ${what}; ${mend}`);
			}
			errors += findings.filter(({ level }) => level === 'error').length;
			const [source] = course.versions;
			if (source === undefined) continue;
			const minutes = minutesOf(source, course.record.certificate.draw);
			const states = course.versions.map((version) => {
				const { state } = languageState(source, version, course.ledgers.get(version.language));
				return `${version.language} ${state}`;
			});
			console.log(
				`${course.record.code} ${source.title}: ${findings.length} findings; about ${(minutes / 60).toFixed(1)} h; ${states.join(', ')}`
			);
		} catch (error) {
			if (!(error instanceof SourceError)) throw error;
			errors += 1;
			console.error(`${basename(dir)}/${error.message}`);
		}
	}
	return errors === 0 ? 0 : 1;
}
