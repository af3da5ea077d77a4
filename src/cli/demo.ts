/** Builds the demonstration course in the languages the demo shows, and seeds the demo with it. */
import { join } from 'node:path';
import type { App } from '#lib/server/app.ts';
import { demoSignIns, demoState, seedDemo, type DemoSignIn } from '#lib/server/demo/seed.ts';
import { buildCourse } from './course/build-course.ts';
import { courseDirs } from './course/course-dirs.ts';

const demoCourse = 'c1';
const demoLanguages = ['en', 'fr'] as const;

/** Null when somebody's own data is here: then there are no demo sign-ins to tell of. */
export async function ensureDemo(app: App, say: (line: string) => void): Promise<readonly DemoSignIn[] | null> {
	const state = await demoState(app);
	if (state === 'other') return null;
	if (state === 'seeded') return demoSignIns;
	say('Preparing the demo (once) ...');
	const [sourceDir] = courseDirs(demoCourse);
	const packages = [];
	for (const language of sourceDir === undefined ? [] : demoLanguages) {
		const fileName = `everyday-digital-skills-${language}.zip`;
		const built = await buildCourse({
			sourceDir: sourceDir ?? '',
			language,
			scorm: '1.2',
			outFile: join(app.config.dataDir, 'demo', fileName)
		});
		packages.push({ zipPath: built.outFile, fileName });
	}
	await seedDemo(app, packages);
	return demoSignIns;
}
