/**
 * The built product with courses of courses/ in it, the way a learner without network has it: she signed in and fetched
 * the courses while the server answered; then its process was killed. All of it in one browser, on one profile, where
 * several people share the phone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { profileDbName } from '#lib/client/db/names.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import { scaledOf } from '#lib/domain/attempt/status.ts';
import { WHOLE_COURSE } from '#lib/domain/registration/registration.ts';
import { directionOf } from '#lib/i18n/languages.ts';
import { createApp } from '#lib/server/app.ts';
import { readConfig } from '#lib/server/config/config.ts';
import { demoLearnerPin, demoLearners } from '#lib/server/demo/people.ts';
import { seedDemo } from '#lib/server/demo/seed.ts';
import { silentLog } from '#lib/server/log/log.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { buildCourse } from '../../src/cli/course/build-course.ts';
import { findOrganisation } from '../../src/cli/find-organisation.ts';

export type CoursePackage = {
	readonly dir: string;
	/** `C1` */
	readonly code: string;
	readonly language: string;
	readonly scorm: '1.2' | '2004';
};

/** What the phone holds of a course: the best that was reported. */
export type Outcome = {
	readonly completion: string;
	readonly success: string;
	/** 0 to 100; null when none was reported. */
	readonly score: number | null;
	readonly progress: number | null;
	readonly location: string | null;
};

export type Received = { readonly success: string; /** 0 to 1 */ readonly score: number | null };

/** People of the demo who have not begun anything. */
export const newcomers = demoLearners.filter(({ journey }) => journey === 'none').map(({ userName }) => userName);

export class OfflineProduct {
	readonly server: WaypostServer;
	/** What any page complained of. */
	readonly trouble: string[] = [];
	readonly #folder: string;
	readonly #browser: LaunchedBrowser;
	readonly #courseIds: ReadonlyMap<CoursePackage, string>;

	static async start(packages: readonly CoursePackage[]): Promise<OfflineProduct> {
		const folder = await mkdtemp(join(tmpdir(), 'waypost-courses-'));
		const courseIds = new Map<CoursePackage, string>();
		const server = await WaypostServer.start({ DEMO: '1', LOG_LEVEL: 'error' }, async (env) => {
			const app = await createApp({ config: readConfig(env, 'test'), log: silentLog });
			try {
				await seedDemo(app, []);
				const organisationId = await findOrganisation(app.db, undefined);
				const [cohort] = await app.db.all<{ id: string }>('SELECT id FROM cohorts');
				if (cohort === undefined) throw new Error('the demo has no cohort');
				for (const one of packages) {
					const fileName = `${one.code}.${one.language}.${one.scorm}.zip`;
					const built = await buildCourse({
						sourceDir: one.dir,
						language: one.language,
						scorm: one.scorm,
						outFile: join(folder, fileName)
					});
					const zipPath = built.outFile;
					const personId = 'command-line';
					const imported = await app.importCourse({ zipPath, fileName, organisationId, personId, publish: true });
					if (imported.type === 'refused') throw new Error(`${fileName} was refused: ${imported.code}`);
					const courseId = imported.course.id;
					await courseFeedBump(app.db, courseId);
					await enrolCohortInCourse(app.db, { cohortId: cohort.id, courseId, enrol: true, dueAt: null, now: app.now() });
					courseIds.set(one, courseId);
				}
			} finally {
				await app.close();
			}
		});
		try {
			const browser = await launchPersistent(join(folder, 'profile'), { reducedMotion: 'reduce' });
			return new OfflineProduct(server, folder, browser, courseIds);
		} catch (error) {
			await server.remove();
			throw error;
		}
	}

	private constructor(
		server: WaypostServer,
		folder: string,
		browser: LaunchedBrowser,
		courseIds: ReadonlyMap<CoursePackage, string>
	) {
		this.server = server;
		this.#folder = folder;
		this.#browser = browser;
		this.#courseIds = courseIds;
	}

	/** @param userName one of the `newcomers` */
	async signIn(userName: string): Promise<Learner> {
		const page = await this.#browser.context.newPage();
		page.setDefaultTimeout(20_000);
		page.on('pageerror', (error) => this.trouble.push(`${page.url()}: ${error.message}`));
		await page.goto(`${this.server.origin}/`);
		await page.evaluate(() => {
			localStorage.setItem('waypost-language', 'en');
			sessionStorage.removeItem('waypost-person');
			localStorage.removeItem('waypost-unlocked');
		});
		await page.goto(`${this.server.origin}/sign-in`);
		const name = page.locator('input[name=username]');
		const others = page.locator('main .people + div button');
		await name.or(others).first().waitFor();
		if ((await name.count()) === 0) await others.click();
		await name.fill(userName);
		await page.locator('input[name=password]').fill(demoLearnerPin);
		await page.locator('main button[type=submit]').click();
		await page.waitForURL('**/learn');
		// Without its worker the app does not open offline.
		await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
		const personId = await page.evaluate(() => sessionStorage.getItem('waypost-person') ?? '');
		return new Learner(page, personId, this.server.origin, (one) => this.courseId(one));
	}

	courseId(one: CoursePackage): string {
		const id = this.#courseIds.get(one);
		if (id === undefined) throw new Error(`${one.code} ${one.language} is not in this product`);
		return id;
	}

	/** What the server holds of a learner, by course id. */
	async received(personId: string): Promise<ReadonlyMap<string, Received>> {
		const app = await createApp({ config: readConfig({ DATA_DIR: this.server.dataDir }, 'test'), log: silentLog });
		try {
			const rows = await app.db.all<{ course_id: string; success: string; score: number | null }>(
				'SELECT course_id, success, score FROM registrations WHERE learner_id = ?',
				[personId]
			);
			return new Map(rows.map(({ course_id, success, score }) => [course_id, { success, score }]));
		} finally {
			await app.close();
		}
	}

	async end(): Promise<void> {
		await this.#browser.close();
		await this.server.remove();
		await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

/** One person's tab. */
export class Learner {
	readonly page: Page;
	readonly personId: string;
	readonly #origin: string;
	readonly #courseIdOf: (one: CoursePackage) => string;

	constructor(page: Page, personId: string, origin: string, courseIdOf: (one: CoursePackage) => string) {
		this.page = page;
		this.personId = personId;
		this.#origin = origin;
		this.#courseIdOf = courseIdOf;
	}

	/** Brings the course onto the phone; at once where somebody else on it has fetched it. */
	async fetch(one: CoursePackage): Promise<void> {
		await this.#goto(`/course/${this.#courseIdOf(one)}`, one);
		const [offered, here] = ['none', 'installed'].map((state) => this.page.locator(`[data-download=${state}]`));
		if (offered === undefined || here === undefined) return;
		await offered.or(here).first().waitFor();
		if (await offered.count()) await offered.locator('button').first().click();
		await here.waitFor({ timeout: 60_000 });
	}

	/** Opens the course in the player; the frame of the lesson, at its place. */
	async play(one: CoursePackage): Promise<Frame> {
		await this.#goto(`/play/${this.#courseIdOf(one)}`, one);
		await this.page.locator('[data-player=playing]').waitFor({ timeout: 30_000 });
		const frame = await this.#lesson();
		await frame.locator('[data-lesson-screen]').waitFor();
		return frame;
	}

	/** By the player's own button, as anyone does in the middle of a course. */
	async leave(): Promise<void> {
		await this.page.locator('.bar.top button').first().click();
		await this.page.waitForURL(/\/course\//);
	}

	/** After the lesson ended its session: in 2004 it asked to leave; in 1.2 nothing can ask, and the player offers it. */
	async finish({ scorm }: CoursePackage): Promise<void> {
		if (scorm === '1.2') await this.page.locator('.bar.end button').last().click();
		await this.page.waitForURL(/\/course\//);
	}

	/** Null before anything was recorded. */
	async outcome(one: CoursePackage): Promise<Outcome | null> {
		const rows = await this.#rows<Branch>('branches');
		const branch = rows.find(({ courseId, scoId }) => courseId === this.#courseIdOf(one) && scoId !== WHOLE_COURSE);
		if (branch === undefined) return null;
		const { completion, success, score, progress, location } = branch;
		const scaled = score === null ? null : scaledOf(score);
		return { completion, success, score: scaled === null ? null : Math.round(scaled * 100), progress, location };
	}

	/** Resolves once the server, which is there again, has acknowledged every event. */
	async sendAll(): Promise<void> {
		await this.page.bringToFront();
		await this.page.goto(`${this.#origin}/learn`);
		for (let tries = 0; tries < 300; tries++) {
			const events = await this.#rows<{ readonly waiting: 0 | 1 }>('events');
			if (events.every(({ waiting }) => waiting === 0)) return;
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		throw new Error('the phone could not send its work');
	}

	/** The app in Arabic around a course that runs right to left, in English around the others. */
	async #goto(path: string, { language }: CoursePackage): Promise<void> {
		// A tab in the background draws nothing, and nothing in it can be pressed.
		await this.page.bringToFront();
		const shown = directionOf(language) === 'rtl' ? 'ar' : 'en';
		await this.page.evaluate((next) => localStorage.setItem('waypost-language', next), shown);
		await this.page.goto(`${this.#origin}${path}`);
		await this.page.locator(`html[dir=${directionOf(shown)}]`).waitFor();
	}

	async #lesson(): Promise<Frame> {
		for (let tries = 0; tries < 200; tries++) {
			const player = this.page.frames().findLast((frame) => frame.url().endsWith('/player.html'));
			const lesson = player?.childFrames()[0];
			if (lesson?.url().includes('/pkg/')) return lesson;
			await new Promise((resolve) => setTimeout(resolve, 25));
		}
		throw new Error(`no lesson: ${this.page.frames().map((frame) => frame.url()).join(' ')}`);
	}

	#rows<T>(store: string): Promise<readonly T[]> {
		return this.page.evaluate(
			([name, table]) =>
				new Promise<readonly T[]>((resolve, reject) => {
					const opening = indexedDB.open(name);
					opening.onerror = () => reject(new Error(`${name} does not open`));
					opening.onsuccess = () => {
						const asking = opening.result.transaction(table).objectStore(table).getAll();
						asking.onerror = () => reject(new Error(`${table} cannot be read`));
						asking.onsuccess = () => {
							opening.result.close();
							resolve(asking.result as T[]);
						};
					};
				}),
			[profileDbName(this.personId), store] as const
		);
	}
}
