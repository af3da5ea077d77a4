/** Where the courses of this project are. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../command-error.ts';

export const COURSES_DIR = fileURLToPath(new URL('../../../courses/', import.meta.url));

/** @param wanted a folder, the name of a folder in courses/, or a code such as `c1`; none means every course. */
export function courseDirs(wanted?: string): readonly string[] {
	const all = readdirSync(COURSES_DIR, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(COURSES_DIR, entry.name, 'course.yaml')))
		.map((entry) => join(COURSES_DIR, entry.name))
		.sort();
	if (wanted === undefined) return all;
	if (existsSync(join(resolve(wanted), 'course.yaml'))) return [resolve(wanted)];
	const name = wanted.toLowerCase();
	const found = all.filter((dir) => basename(dir) === name || basename(dir).startsWith(`${name}-`));
	if (found.length === 0)
		throw new CommandError(`There is no course "${wanted}" (${all.map((dir) => basename(dir)).join(', ')})`);
	return found;
}
