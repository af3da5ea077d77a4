/**
 * Does every course work? Each of courses/, in every language:
 *
 *   look   every screen, answer and question of the pool under axe, light and dark, at 360 px
 *   keys   C1 in English and in Arabic by the keyboard alone, in the built product, without network
 *   play   both SCORM versions in the built product, without network (the server's process is killed): all right by one
 *          learner, all wrong by another, each left half-way and taken up again; at the end the server must have the same
 *
 *     npm run courses                     all of it (half an hour)
 *     npm run courses -- c1 c4 ar         only these courses, only these languages
 *     npm run courses -- look sw          only this part of it
 *     npm run courses -- --resume         leaves out what passed before, if nothing has changed that it rests on
 *
 * What passed stands in test-results/courses.json, the screen on which a play stopped in test-results/courses/.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { packageFiles } from '../../src/cli/course/build-course.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { readCourse } from '../../src/cli/course/read-course.ts';
import { projectRoot, sourceHash } from '../../src/cli/source-hash.mjs';
import { findChromium, noChromium } from '../browser/find-chromium.ts';
import { launchPersistent } from '../browser/launch.ts';
import { temporaryFolder } from '../e2e/lesson-host.ts';
import { lookAtCourse } from './look-at-course.ts';
import type { CoursePackage, Learner } from './offline-product.ts';
import { newcomers, OfflineProduct } from './offline-product.ts';
import type { Play } from './play-course.ts';
import { playCourse, serverProblems } from './play-course.ts';

const PARTS = ['look', 'keys', 'play'] as const;

type Check = {
	readonly part: (typeof PARTS)[number];
	readonly name: string;
	readonly one: CoursePackage;
	/** Of `keys` and `play`. */
	readonly play: Play | null;
};

const results = join(projectRoot, 'test-results');
const pictures = join(results, 'courses');
const keptFile = join(results, 'courses.json');

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { resume: { type: 'boolean', default: false } }
});
const checks = chosen(everyCheck());
const prints = await fingerprints(checks);
/** Name of a check that passed to the fingerprint of what it rested on. */
const passed = new Map(values.resume ? readKept().filter(([name, print]) => prints.get(name) === print) : []);
const earlier = passed.size;
const due = checks.filter(({ name }) => !passed.has(name));
const failed: string[] = [];

if ((await findChromium()) === undefined) throw new Error(noChromium);
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const started = Date.now();
await lookAtAll(due.filter(({ part }) => part === 'look'));
await playAll(due.filter(({ play }) => play !== null));
if (failed.length > 0) console.log(`\nFailed:\n${failed.map((line) => `  ${line}\n`).join('')}`);
const minutes = Math.round((Date.now() - started) / 60_000);
console.log(`${minutes} min${earlier > 0 ? `; ${earlier} had passed before` : ''}`);
console.log(`${passed.size} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || passed.size === 0 ? 1 : 0;

function everyCheck(): readonly Check[] {
	return courseDirs().flatMap((dir) => {
		const { record } = readCourse(dir);
		return record.languages.flatMap((language) => {
			const named = `${record.code} ${language}`;
			const look: Check = {
				part: 'look',
				name: `look  ${named}`,
				one: { dir, code: record.code, language, scorm: '1.2' },
				play: null
			};
			const plays = (['1.2', '2004'] as const).flatMap((scorm) =>
				[true, false].map((right): Check => {
					const byKeys = right && ['C1 en 1.2', 'C1 ar 2004'].includes(`${named} ${scorm}`);
					const part = byKeys ? 'keys' : 'play';
					return {
						part,
						name: `${part}  ${named} SCORM ${scorm}, all ${right ? 'right' : 'wrong'}`,
						one: { dir, code: record.code, language, scorm },
						// Both ways of leaving in both versions and with both kinds of answers.
						play: { right, leaves: right === (scorm === '1.2') ? 'units' : 'quiz', by: byKeys ? 'keys' : 'quick' }
					};
				})
			);
			return [look, ...plays];
		});
	});
}

/** By the words on the command line: of each kind that is named at all, only those. */
function chosen(all: readonly Check[]): readonly Check[] {
	const words = positionals.map((word) => word.toLowerCase());
	const kinds = (['part', 'code', 'language'] as const).map((kind) => {
		const of = (check: Check): string => (kind === 'part' ? check.part : check.one[kind]).toLowerCase();
		const known = new Set(all.map(of));
		return { of, known, named: new Set(words.filter((word) => known.has(word))) };
	});
	const unknown = words.filter((word) => !kinds.some(({ known }) => known.has(word)));
	if (unknown.length > 0) {
		const known = kinds.map(({ known: some }) => [...some].join(' ')).join('; ');
		throw new Error(`What is "${unknown.join(' ')}"? There are: ${known}`);
	}
	return all.filter((check) => kinds.every(({ of, named }) => named.size === 0 || named.has(of(check))));
}

/** Of everything a check rests on: the package, the product, and the code of the check. */
async function fingerprints(all: readonly Check[]): Promise<ReadonlyMap<string, string>> {
	const code = sourceHash(['src', 'service-worker', 'static', 'tests/courses', 'tests/e2e', 'tests/browser']);
	const found = new Map<string, string>();
	for (const dir of new Set(all.map(({ one }) => one.dir))) {
		const course = readCourse(dir);
		for (const { name, one } of all.filter((check) => check.one.dir === dir)) {
			const version = course.versions.find(({ language }) => language === one.language);
			if (version === undefined) continue;
			const hash = createHash('sha256').update(code);
			for (const file of await packageFiles(course, version, one.scorm)) hash.update(file.name).update(file.bytes);
			found.set(name, hash.digest('hex').slice(0, 16));
		}
	}
	return found;
}

function readKept(): readonly (readonly [string, string])[] {
	return existsSync(keptFile) ? Object.entries(JSON.parse(readFileSync(keptFile, 'utf8')) as Record<string, string>) : [];
}

/** Does it, says how it went, and keeps it. */
async function report(name: string, page: Page | null, work: () => Promise<readonly string[]>): Promise<void> {
	const begun = Date.now();
	const problems = await work().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
	const seconds = ((Date.now() - begun) / 1000).toFixed(1);
	console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name}  (${seconds} s)`);
	for (const problem of problems) console.log(problem.replaceAll(/^/gm, '        '));
	if (problems.length > 0) {
		failed.push(`${name}: ${problems[0]?.split('\n')[0] ?? ''}`);
		const path = join(pictures, `${name.replaceAll(/[^\w.]+/g, '-')}.png`);
		await page?.screenshot({ path }).catch(() => undefined);
		return;
	}
	passed.set(name, prints.get(name) ?? '');
	writeFileSync(keptFile, `${JSON.stringify(Object.fromEntries(passed), null, '\t')}\n`);
}

async function lookAtAll(looks: readonly Check[]): Promise<void> {
	if (looks.length === 0) return;
	const folder = temporaryFolder();
	const browser = await launchPersistent(join(folder.path, 'profile'), { reducedMotion: 'reduce' });
	try {
		for (const { name, one } of looks) {
			const page = await browser.context.newPage();
			await report(name, null, () => lookAtCourse(page, one.dir, one.language));
			await page.close();
		}
	} finally {
		await browser.close();
		folder.remove();
	}
}

async function playAll(plays: readonly Check[]): Promise<void> {
	if (plays.length === 0) return;
	const packages = new Map(plays.map(({ one }) => [`${one.code} ${one.language} ${one.scorm}`, one]));
	const same = (one: CoursePackage): CoursePackage => packages.get(`${one.code} ${one.language} ${one.scorm}`) ?? one;
	console.log(`Building ${packages.size} packages and fetching them onto one phone ...`);
	const product = await OfflineProduct.start([...packages.values()]);
	try {
		const learners: Learner[] = [];
		for (const userName of newcomers.slice(0, 2)) {
			const learner = await product.signIn(userName);
			for (const one of packages.values()) await learner.fetch(one);
			learners.push(learner);
		}
		const who = (right: boolean): Learner => learners[right ? 0 : 1] as Learner;
		await product.server.kill();

		const done: Check[] = [];
		for (const check of plays) {
			const { name, one, play } = check;
			if (play === null) continue;
			const learner = who(play.right);
			await report(name, learner.page, async () => {
				product.trouble.length = 0;
				const problems = await playCourse(learner, same(one), play);
				return [...problems, ...product.trouble.map((line) => `threw: ${line}`)];
			});
			if (passed.has(name)) done.push(check);
		}

		await product.server.start();
		for (const right of [true, false]) {
			const mine = done.filter(({ play }) => play?.right === right);
			if (mine.length === 0) continue;
			const name = `sent  the server has the results of ${mine.length} courses, all ${right ? 'right' : 'wrong'}`;
			await report(name, who(right).page, async () => {
				await who(right).sendAll();
				const received = await product.received(who(right).personId);
				return mine.flatMap(({ name: played, one }) =>
					serverProblems(received.get(product.courseId(same(one))), right).map((problem) => `${played}: ${problem}`)
				);
			});
		}
	} finally {
		await product.end();
	}
}
