/**
 * C1 with a diary in its suspend data, many times what SCORM 1.2 has room for, in the real player: every way of leaving
 * keeps the place, and so does the browser being killed (SPEC SC17).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importPackage } from '#lib/server/packages/import-package.ts';
import { findChromium } from '#tests/browser/find-chromium.ts';
import type { MadePack } from '#tests/fixtures/make-pack.ts';
import { oversizeTwin } from '#tests/fixtures/packages/negative-twins.ts';
import { press, screenName } from './lesson-steps.ts';
import { PlayerBench } from './player-setup.ts';

const chromium = await findChromium();

async function packOf(bytes: Uint8Array): Promise<MadePack> {
	const folder = await mkdtemp(join(tmpdir(), 'waypost-oversize-'));
	try {
		const zip = join(folder, 'course.zip');
		await writeFile(zip, bytes);
		const imported = await importPackage(zip, { packsDir: folder });
		if (imported.type !== 'accepted') throw new Error(imported.reason);
		const { sha256, path, manifest } = imported.pack;
		return { packId: sha256.slice(0, 20), sha256, bytes: await readFile(path), manifest };
	} finally {
		await rm(folder, { recursive: true });
	}
}

describe.skipIf(chromium === undefined)('suspend data far beyond 4,096 characters (needs a Chromium)', () => {
	let bench: PlayerBench;
	let pack: MadePack;

	// More than a request that outlives its page may carry, and still within what is kept.
	const characters = 60_000;

	beforeAll(async () => {
		bench = await PlayerBench.start(4720);
		pack = bench.server.add(await packOf(await oversizeTwin(characters)));
		await bench.open('installer');
		expect((await bench.install(pack)).state).toBe('installed');
		await bench.page.close();
	}, 120_000);

	afterAll(() => bench?.end());

	const savedLength = async (): Promise<number> => {
		const [attempt] = (await bench.report()).attempts;
		return attempt?.play.cmi['cmi.suspend_data']?.length ?? 0;
	};

	test('[SC17] left in the ordinary way: the place comes back, and travels to the server', async () => {
		await bench.openApp('left');
		const lesson = await bench.play(pack);
		for (let step = 0; step < 4; step++) await press(lesson, 'next');
		const place = await screenName(lesson);
		expect(place).toMatch(/^unit-/);
		await bench.leave();
		expect(await savedLength()).toBeGreaterThan(characters);
		const saved = (await bench.report()).events.flatMap(({ body }) =>
			body.type === 'attempt.saved' ? [body.cmi] : []
		);
		expect(saved.at(-1)?.length).toBeGreaterThan(characters);

		const again = await bench.play(pack);
		await expect.poll(() => screenName(again)).toBe(place);
		await bench.leave();
		await bench.page.close();
	}, 60_000);

	test('[SC17] the tab closed, and the browser killed: nothing that was saved is lost', async () => {
		for (const way of ['closed', 'killed'] as const) {
			await bench.openApp(way);
			const lesson = await bench.play(pack);
			for (let step = 0; step < 3; step++) await press(lesson, 'next');
			const place = await screenName(lesson);
			if (way === 'closed') {
				await bench.page.close();
				await bench.openApp(way);
			} else {
				// What a page says in its last moments is not what is tested here: the screens before are on the disk.
				await bench.page.waitForTimeout(500);
				await bench.kill();
				await bench.open(way);
			}
			const again = await bench.play(pack);
			await expect.poll(() => screenName(again)).toBe(place);
			expect(await savedLength()).toBeGreaterThan(characters);
			await bench.leave();
			await bench.page.close();
		}
	}, 90_000);
});
