/** The demonstration courses as packages, made once and kept in the data folder until their sources change. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintCourse } from '#lib/domain/authoring/lint-course.ts';
import type { Config } from '#lib/server/config/config.ts';
import type { DemoPackage } from '#lib/server/demo/seed.ts';
import { packageFiles } from './course/build-course.ts';
import { COURSES_DIR, courseDirs } from './course/course-dirs.ts';
import { readCourse } from './course/read-course.ts';
import { zip } from './course/zip.ts';
import { projectRoot } from './source-hash.mjs';

/** What the cohort of the demo takes, the one it is furthest in first. */
const taken = ['c1.en.zip', 'c1.fr.zip', 'c2.en.zip', 'c3.en.zip'];

/** Another mark, other packages: of all that a package is made from. */
export function demoMark(which: Config['demoCourses']): string {
	const hash = createHash('sha256').update(which);
	const rooms = [
		COURSES_DIR,
		...['src/lesson', 'src/cli/course', 'src/lib/domain/authoring'].map((room) => join(projectRoot, room))
	];
	for (const room of rooms) {
		const files = readdirSync(room, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		for (const file of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted())
			hash.update(file.slice(room.length)).update(readFileSync(file));
	}
	return hash.digest('hex').slice(0, 20);
}

/** @param mark as `demoMark` gives it now */
export async function demoPackages(
	config: Pick<Config, 'dataDir' | 'demoCourses'>,
	mark: string,
	say: (line: string) => void
): Promise<DemoPackage[]> {
	const folder = join(config.dataDir, 'demo');
	const markFile = join(folder, 'made-from');
	if (!existsSync(markFile) || readFileSync(markFile, 'utf8') !== mark) {
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		for (const sourceDir of config.demoCourses === 'few' ? courseDirs('c1') : courseDirs())
			await makePackages(sourceDir, folder, config.demoCourses === 'few' ? ['en', 'fr'] : null, say);
		// Last, so that a start that was cut off makes them again.
		writeFileSync(markFile, mark);
	}
	const fileNames = readdirSync(folder).filter((name) => name.endsWith('.zip'));
	const others = fileNames
		.filter((name) => !taken.includes(name))
		.toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }));
	return [...taken.filter((name) => fileNames.includes(name)), ...others].map((fileName) => ({
		zipPath: join(folder, fileName),
		fileName,
		enrol: taken.includes(fileName)
	}));
}

/** A course that is not fit is left out: the demo starts without it. */
async function makePackages(
	sourceDir: string,
	folder: string,
	languages: readonly string[] | null,
	say: (line: string) => void
): Promise<void> {
	try {
		const course = readCourse(sourceDir);
		const [error] = lintCourse(course).filter(({ level }) => level === 'error');
		if (error !== undefined) throw new Error(`${error.where}: ${error.what}`);
		for (const version of course.versions.filter(({ language }) => languages?.includes(language) ?? true)) {
			const fileName = `${course.record.code.toLowerCase()}.${version.language}.zip`;
			writeFileSync(join(folder, fileName), zip(await packageFiles(course, version, '1.2')));
		}
	} catch (error) {
		say(`  without ${sourceDir}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
