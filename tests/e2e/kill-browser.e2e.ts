/**
 * The browser is killed at random moments of a course, again and again on one profile. Nothing that the app acknowledged is
 * lost, at most the last few milliseconds of input are missing, and no attempt is corrupted.
 * WAYPOST_KILLS sets how often (50 in CI; 12 else), WAYPOST_SEED the moments.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anItem, aStructure, makePack, type MadePack } from '#tests/fixtures/make-pack.ts';
import { page12 } from '#tests/fixtures/scos/page.ts';
import { PlayerBench } from './player-setup.ts';

const kills = Number(process.env['WAYPOST_KILLS'] ?? (process.env['CI'] ? 50 : 12));
const seed = Number(process.env['WAYPOST_SEED'] ?? Date.now() % 100_000);

/** Writes a growing number every 5 ms, and commits now and then; the number and its moment are told to whoever listens. */
const course = page12(
	`api.LMSInitialize('');
	var count = Number(api.LMSGetValue('cmi.core.lesson_location')) || 0;
	var resumedAt = count;
	setInterval(function () {
		count += 1;
		api.LMSSetValue('cmi.core.lesson_location', String(count));
		if (count % 7 === 0) api.LMSSetValue('cmi.suspend_data', 'up to ' + count);
		if (count % 20 === 0) { api.LMSSetValue('cmi.core.score.raw', String(count % 100)); api.LMSCommit(''); }
		console.log('said ' + count + ' ' + Date.now());
	}, 5);`
);

/** Usually nothing or some milliseconds are missing; on a machine that is busy otherwise, the browser's storage waits its turn. */
const USUALLY_LOST_MS = 25;
const MOST_LOST_MS = 1_000;

let bench: PlayerBench;
let pack: MadePack;

beforeAll(async () => {
	bench = await PlayerBench.start(4960);
	pack = bench.server.add(makePack(aStructure([anItem('a', {})]), { 'a.html': course }));
	await bench.open();
	expect((await bench.install(pack)).state).toBe('installed');
	await bench.close();
	await bench.server.stop();
});

afterAll(() => bench?.end());

function random(state: number): () => number {
	let value = state || 1;
	return () => {
		value = (value * 48_271) % 2_147_483_647;
		return value / 2_147_483_647;
	};
}

/** @returns the newest number that survived */
async function checked(sessions: number, acknowledged: number): Promise<number> {
	const { attempts, branches, events } = await bench.report();
	expect(attempts, `attempts after ${sessions} kills`).toHaveLength(1);
	const [attempt] = attempts;
	const kept = Number(attempt?.play.cmi['cmi.core.lesson_location'] ?? 0);
	expect(kept).toBeGreaterThanOrEqual(acknowledged);
	expect(attempt).toMatchObject({ openSession: null, play: { sessions } });
	expect(attempt?.play.phase).toBe('ended');
	// The log and its projection agree, and numbers have no gaps.
	expect(branches[0]).toMatchObject({ sessions, location: String(kept) });
	for (const epoch of new Set(events.map((event) => event.epoch))) {
		const seqs = events.filter((event) => event.epoch === epoch).map(({ seq }) => seq);
		expect(seqs).toEqual(seqs.map((_, index) => index + 1));
	}
	return kept;
}

test(
	`${kills} kills, seed ${seed}`,
	async () => {
		const next = random(seed);
		const lost: number[] = [];
		/** Of the round before: what the app had acknowledged, and what the content had said, when the browser died. */
		let acknowledged = 0;
		let said: { count: number; at: number }[] = [];
		for (let round = 0; round <= kills; round++) {
			// The app page comes from the server; everything after it happens without.
			await bench.server.start();
			await bench.open();
			await bench.server.stop();
			if (round > 0) {
				await bench.page.evaluate(() => globalThis.waypost.drain());
				const kept = await checked(round, acknowledged);
				const firstLost = said.find(({ count }) => count > kept);
				lost.push(firstLost === undefined ? 0 : (said.at(-1)?.at ?? 0) - firstLost.at);
				acknowledged = kept;
			}
			if (round === kills) break;
			said = [];
			bench.page.on('console', (message) => {
				const [word, count, at] = message.text().split(' ');
				if (word === 'said') said.push({ count: Number(count), at: Number(at) });
			});
			const sco = await bench.play(pack);
			expect(await sco.evaluate('resumedAt')).toBe(acknowledged);
			await bench.page.waitForTimeout(50 + next() * 700);
			acknowledged = await bench.page.evaluate(async () => {
				const attempts = await globalThis.waypost.profileDb.attempts.toArray();
				return Number(attempts[0]?.play.cmi['cmi.core.lesson_location'] ?? 0);
			});
			await bench.kill();
		}
		const sorted = lost.toSorted((left, right) => left - right);
		console.log(
			`kills ${kills}: input lost, ms: median ${sorted[Math.floor(sorted.length / 2)]}, worst ${sorted.at(-1)}`
		);
		expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(USUALLY_LOST_MS);
		expect(sorted.at(-1)).toBeLessThan(MOST_LOST_MS);
	},
	20 * 60_000
);
