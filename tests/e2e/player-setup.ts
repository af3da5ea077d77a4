/** What every player test starts from: the content build, the bundled test app, a server, a browser on a profile of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { build } from 'vite';
import { launchPersistent, type LaunchedBrowser } from '#tests/browser/launch.ts';
import { ContentServer } from '#tests/fixtures/content-server.ts';
import type { MadePack } from '#tests/fixtures/make-pack.ts';
import type { TestApp } from '#tests/fixtures/test-app/main.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import type { LocalAttempt } from '#lib/client/db/profile-db.ts';
import type { PackRecord } from '#lib/client/db/device-db.ts';

export const projectRoot = join(import.meta.dirname, '..', '..');

export type Report = {
	readonly events: readonly LearningEvent[];
	readonly branches: readonly Branch[];
	readonly attempts: readonly LocalAttempt[];
	readonly packs: readonly PackRecord[];
};

declare global {
	// Set by the test app.
	var waypost: TestApp;
}

let bundled: Promise<string> | null = null;

/** build/content must be there: `npm run build` makes it; a missing one is made here. */
async function ensureContentBuild(): Promise<void> {
	if (existsSync(join(projectRoot, 'build', 'content', 'sw.js'))) return;
	const configFile = join(projectRoot, 'vite.config.ts');
	await build({ configFile, mode: 'content', logLevel: 'error' });
	await build({ configFile, mode: 'content-worker', logLevel: 'error' });
}

function bundleTestApp(): Promise<string> {
	bundled ??= build({
		configFile: false,
		root: projectRoot,
		logLevel: 'error',
		publicDir: false,
		build: {
			write: false,
			minify: false,
			rolldownOptions: {
				input: join(projectRoot, 'tests', 'fixtures', 'test-app', 'main.ts'),
				output: { format: 'es', codeSplitting: false }
			}
		}
	}).then((result) => {
		const output = Array.isArray(result) ? result[0] : result;
		const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
		if (chunk?.type !== 'chunk') throw new Error('the test app was not bundled');
		return chunk.code;
	});
	return bundled;
}

const page = `<!doctype html><meta charset="utf-8"><title>starting</title>
<style>html,body{margin:0;height:100%}#player{height:100%}</style><div id="player"></div><script type="module" src="/app.js"></script>`;

export class PlayerBench {
	readonly server: ContentServer;
	readonly #profileDir: string;
	#browser: LaunchedBrowser | null = null;
	#page: Page | null = null;

	/** @param ownPort where the server itself listens, when a proxy stands at `port` */
	static async start(port: number, ownPort = port): Promise<PlayerBench> {
		await ensureContentBuild();
		const files = new Map([
			['/index.html', page],
			['/app.js', await bundleTestApp()]
		]);
		const server = new ContentServer(port, files, ownPort);
		await server.start();
		return new PlayerBench(server);
	}

	private constructor(server: ContentServer) {
		this.server = server;
		this.#profileDir = mkdtempSync(join(tmpdir(), 'waypost-player-'));
	}

	get page(): Page {
		if (this.#page === null) throw new Error('no page is open');
		return this.#page;
	}

	get browser(): LaunchedBrowser {
		if (this.#browser === null) throw new Error('no browser is open');
		return this.#browser;
	}

	/** Opens the browser (again) on the same profile, with the app open. */
	async open(person = 'person-1', extraArgs: readonly string[] = []): Promise<Page> {
		this.#browser = await launchPersistent(this.#profileDir, { extraArgs });
		return this.openApp(person);
	}

	async openApp(person = 'person-1'): Promise<Page> {
		this.#page = await this.browser.context.newPage();
		// Old content asks "resume?": yes.
		this.#page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
		await this.#page.goto(`${this.server.appOrigin}/?person=${person}`);
		await this.#page.waitForFunction(() => document.title === 'ready');
		return this.#page;
	}

	async kill(): Promise<void> {
		await this.#browser?.kill();
		[this.#browser, this.#page] = [null, null];
	}

	async close(): Promise<void> {
		await this.#browser?.close();
		[this.#browser, this.#page] = [null, null];
	}

	async end(): Promise<void> {
		await this.close().catch(() => undefined);
		await this.server.stop();
		rmSync(this.#profileDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}

	order(pack: MadePack, courseId = 'course-1', revision = 1) {
		return { courseId, packId: pack.packId, packSha256: pack.sha256, revision, packSize: pack.bytes.length };
	}

	/** @returns the record, whatever came of it */
	async install(pack: MadePack, courseId = 'course-1', revision = 1): Promise<PackRecord> {
		await this.page.evaluate((order) => globalThis.waypost.install(order), this.order(pack, courseId, revision));
		const record = (await this.report()).packs.find(({ packId }) => packId === pack.packId);
		if (record === undefined) throw new Error('no record');
		return record;
	}

	async play(pack: MadePack, item?: string): Promise<Frame> {
		await this.page.evaluate(([packId, id]) => globalThis.waypost.play(packId, id), [pack.packId, item] as const);
		await this.status('playing');
		return this.sco();
	}

	/** Waits for a state of the player. */
	async status(status: string): Promise<void> {
		await this.page
			.waitForFunction((wanted) => globalThis.waypost.host?.state.status === wanted, status, { timeout: 15_000 })
			.catch(async (error: unknown) => {
				const state = await this.page.evaluate(() => JSON.stringify(globalThis.waypost.host?.state));
				throw new Error(`waited for ${status}, the player says ${state}`, { cause: error });
			});
	}

	async state() {
		return this.page.evaluate(() => globalThis.waypost.host?.state ?? null);
	}

	/** The frame of the content: the child of the player page. */
	async sco(): Promise<Frame> {
		for (let tries = 0; tries < 100; tries++) {
			const player = this.page.frames().findLast((frame) => frame.url().endsWith('/player.html'));
			const sco = player?.childFrames()[0];
			if (sco !== undefined && sco.url().includes('/pkg/')) {
				await sco.waitForFunction(() => location.pathname.startsWith('/pkg/') && document.readyState === 'complete');
				return sco;
			}
			await this.page.waitForTimeout(50);
		}
		throw new Error(
			`no content frame: ${this.page
				.frames()
				.map((frame) => frame.url())
				.join(' ')}`
		);
	}

	async leave(): Promise<void> {
		await this.page.evaluate(() => globalThis.waypost.leave());
	}

	async report(): Promise<Report> {
		return this.page.evaluate(() => globalThis.waypost.report()) as Promise<Report>;
	}

	/** Branch of an item of this device, or undefined. */
	async branch(scoId: string): Promise<Branch | undefined> {
		return (await this.report()).branches
			.filter((branch) => branch.scoId === scoId)
			.toSorted((a, b) => (a.attemptId < b.attemptId ? -1 : 1))
			.at(-1);
	}
}
