/**
 * course new CODE "TITLE" [--lang en]
 * Makes a small course that builds: one unit with a block of each kind, a quiz, a card. Write over it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandError } from '../command-error.ts';
import { COURSES_DIR } from '../course/course-dirs.ts';
import { newCourseFiles } from '../course/new-course.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { lang: { type: 'string', default: 'en' }, in: { type: 'string', default: COURSES_DIR } }
	});
	const [code, title] = positionals;
	if (code === undefined || title === undefined || !/^[A-Za-z0-9-]{1,20}$/.test(code)) {
		throw new CommandError('Say a code and a title: npm run cli -- course new C11 "Keeping bees"');
	}
	const slug = title
		.normalize('NFKD')
		.toLowerCase()
		.replaceAll(/[\u0300-\u036f]/g, '')
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '');
	const folder = join(values.in, slug === '' ? code.toLowerCase() : `${code.toLowerCase()}-${slug}`);
	if (existsSync(folder)) throw new CommandError(`${folder} is already there.`);
	for (const [name, text] of newCourseFiles(code, title, values.lang)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
	console.log(
		`${folder}\nLook at it with: npm run cli -- course preview ${values.in === COURSES_DIR ? code.toLowerCase() : folder}`
	);
	return 0;
}
