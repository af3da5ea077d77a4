import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importPackage } from '#lib/server/packages/import-package.ts';
import type { MadePack } from '#tests/fixtures/make-pack.ts';
import { answerGolfQuiz, goToGolfPage, golfPackages as packages } from './golf.ts';
import { PlayerBench } from './player-setup.ts';

async function packOf(name: string): Promise<MadePack> {
	const packsDir = await mkdtemp(join(tmpdir(), 'waypost-packs-'));
	const imported = await importPackage(join(packages, name), { packsDir });
	if (imported.type !== 'accepted') throw new Error(`${name} was refused`);
	const { sha256, path, manifest } = imported.pack;
	const bytes = await readFile(path);
	await rm(packsDir, { recursive: true });
	return { packId: sha256.slice(0, 20), sha256, bytes, manifest };
}

describe.skipIf(!existsSync(packages))('the packages of ../shared/packages (not on this machine: skipped)', () => {
	let bench: PlayerBench;
	let basic12: MadePack;
	let basic2004: MadePack;
	let minimum: MadePack;

	beforeAll(async () => {
		bench = await PlayerBench.start(4920);
		basic12 = bench.server.add(await packOf('RuntimeBasicCalls_SCORM12.zip'));
		basic2004 = bench.server.add(await packOf('RuntimeBasicCalls_SCORM20043rdEdition.zip'));
		minimum = bench.server.add(await packOf('RuntimeMinimumCalls_SCORM12.zip'));
		await bench.open('installer');
		for (const [pack, course] of [
			[basic12, 'basic12'],
			[basic2004, 'basic2004'],
			[minimum, 'minimum']
		] as const) {
			expect((await bench.install(pack, course)).state).toBe('installed');
		}
		await bench.page.close();
	});

	afterAll(() => bench?.end());

	for (const isOnline of [true, false]) {
		describe(isOnline ? 'online' : 'with the servers dead', () => {
			const someone = (who: string) => `${who}-${isOnline ? 'online' : 'offline'}`;

			beforeAll(async () => {
				if (!isOnline) await bench.close();
				if (!isOnline) await bench.open('nobody');
			});

			/** A new person, so that each test begins with nothing; the app page itself comes before the server goes. */
			async function open(who: string): Promise<void> {
				if (!isOnline) await bench.server.start().catch(() => undefined);
				await bench.openApp(someone(who));
				if (!isOnline) await bench.server.stop();
			}

			test('1.2: all right is passed with 100', async () => {
				await open('right');
				const sco = await bench.play(basic12);
				await goToGolfPage(sco, 14);
				await answerGolfQuiz(sco, true);
				await sco.locator('#butExit').click();
				await bench.leave();
				expect(await bench.branch('item_1')).toMatchObject({
					completion: 'completed',
					success: 'passed',
					score: { raw: 100, min: 0, max: 100 },
					location: '14'
				});
				expect((await bench.report()).events.at(-1)?.body).toMatchObject({ type: 'session.ended', exit: 'normal' });
				await bench.page.close();
			});

			test('1.2: all wrong is failed with 0', async () => {
				await open('wrong');
				const sco = await bench.play(basic12);
				await goToGolfPage(sco, 14);
				await answerGolfQuiz(sco, false);
				await sco.locator('#butExit').click();
				await bench.leave();
				expect(await bench.branch('item_1')).toMatchObject({ success: 'failed', score: { raw: 0 } });
				const [attempt] = (await bench.report()).attempts;
				expect(attempt?.play.cmi['cmi.core.lesson_status']).toBe('failed');
				await bench.page.close();
			});

			test('1.2: left at page 5 is incomplete and resumes there', async () => {
				await open('left');
				const first = await bench.play(basic12);
				await goToGolfPage(first, 5);
				await bench.leave();
				expect(await bench.branch('item_1')).toMatchObject({
					completion: 'incomplete',
					success: 'unknown',
					location: '5',
					sessions: 1
				});
				expect((await bench.report()).events.at(-1)?.body).toMatchObject({ type: 'session.ended', exit: 'suspend' });
				const again = await bench.play(basic12);
				expect(await again.evaluate('API.LMSGetValue("cmi.core.entry")')).toBe('resume');
				await expect.poll(() => again.evaluate('currentPage')).toBe(5);
				await bench.leave();
				expect(await bench.branch('item_1')).toMatchObject({ sessions: 2, location: '5' });
				await bench.page.close();
			});

			test('2004: all right is completed and passed, scaled 1, and the course closes by exitAll', async () => {
				await open('right2004');
				const sco = await bench.play(basic2004);
				await goToGolfPage(sco, 14);
				await answerGolfQuiz(sco, true);
				await sco.locator('#butExit').click();
				await bench.status('closed');
				expect((await bench.state())?.isOver).toBe(true);
				expect(await bench.branch('item_1')).toMatchObject({
					completion: 'completed',
					success: 'passed',
					score: { scaled: 1, raw: 100 },
					location: '14'
				});
				expect(await bench.branch('*')).toMatchObject({
					completion: 'completed',
					success: 'passed',
					score: { scaled: 1 }
				});
				await bench.page.close();
			});

			test('2004: all wrong is completed and failed, scaled 0', async () => {
				await open('wrong2004');
				const sco = await bench.play(basic2004);
				await goToGolfPage(sco, 14);
				await answerGolfQuiz(sco, false);
				await sco.locator('#butExit').click();
				await bench.status('closed');
				expect(await bench.branch('item_1')).toMatchObject({
					completion: 'completed',
					success: 'failed',
					score: { scaled: 0, raw: 0 }
				});
				expect(await bench.branch('*')).toMatchObject({ completion: 'completed', success: 'failed' });
				await bench.page.close();
			});

			test('2004: left at page 5 by the content itself (suspendAll) resumes there', async () => {
				await open('left2004');
				const first = await bench.play(basic2004);
				await goToGolfPage(first, 5);
				await first.locator('#butExit').click();
				await bench.status('closed');
				expect(await bench.branch('item_1')).toMatchObject({
					completion: 'incomplete',
					success: 'unknown',
					location: '5'
				});
				expect(
					(await bench.report()).events.filter(({ body }) => body.type === 'session.ended').at(-1)?.body
				).toMatchObject({ exit: 'suspend' });
				const again = await bench.play(basic2004);
				expect(await again.evaluate('API.GetValue("cmi.entry")')).toBe('resume');
				await expect.poll(() => again.evaluate('currentPage')).toBe(5);
				await bench.leave();
				expect(await bench.branch('item_1')).toMatchObject({ sessions: 2, location: '5' });
				await bench.page.close();
			});

			test('1.2 minimum calls: 18 items, each done when it was left', async () => {
				await open('minimum');
				await bench.play(minimum);
				for (let item = 1; item < 18; item++) {
					const before = (await bench.state())?.item?.id;
					await bench.sco();
					await bench.page.evaluate(() => globalThis.waypost.host?.next());
					await expect
						.poll(async () => (await bench.state())?.item?.id ?? before, { timeout: 15_000 })
						.not.toBe(before);
					await bench.status('playing');
				}
				expect((await bench.state())?.allowed).toMatchObject({ next: false, previous: true });
				await bench.sco();
				await bench.leave();
				const { branches } = await bench.report();
				expect(branches).toHaveLength(18);
				expect(new Set(branches.map(({ completion }) => completion))).toEqual(new Set(['completed']));
				await bench.page.close();
			});
		});
	}
});
