/** Builds the courses the demo shows, in every language there is of them, and seeds the demo with them. */
import type { App } from '#lib/server/app.ts';
import {
	demoCourses,
	demoSignIns,
	demoState,
	noteDemoCourses,
	renewDemoCourses,
	seedDemo,
	type DemoSignIn
} from '#lib/server/demo/seed.ts';
import { demoMark, demoPackages } from './demo-packages.ts';

/** Null when somebody's own data is here: then there are no demo sign-ins to tell of. */
export async function ensureDemo(app: App, say: (line: string) => void): Promise<readonly DemoSignIn[] | null> {
	const state = await demoState(app);
	if (state === 'other') return null;
	const mark = demoMark(app.config.demoCourses);
	if (state === 'seeded' && (await demoCourses(app)) === mark) return demoSignIns;
	say(state === 'seeded' ? 'Bringing the courses of the demo up to date ...' : 'Preparing the demo (once) ...');
	const packages = await demoPackages(app.config, mark, say);
	if (state === 'seeded') await renewDemoCourses(app, packages);
	else await seedDemo(app, packages);
	await noteDemoCourses(app, mark);
	return demoSignIns;
}
