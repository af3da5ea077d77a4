// What a new learner downloads before she sees something she can use: every byte on the wire, from an empty cache, up to the moment
// the first choices stand on the screen. The link is slow (256 kbit/s, 600 ms), so that what arrives later does not count and what
// is in the way does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { findChromium, noChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const budget = 57_000;
const visits = 5;
const screens = [
	{ name: 'sign-in', path: '/sign-in', usable: 'main button, main [role=radio], main label' },
	{ name: 'catalogue', path: '/catalogue', usable: 'main h1' }
] as const;

export async function run(): Promise<BenchRow[]> {
	if (!(await findChromium())) throw new Error(noChromium);
	const server = await WaypostServer.start();
	try {
		const rows: BenchRow[] = [];
		for (const screen of screens) {
			const seen: { bytes: number; ms: number }[] = [];
			for (let visit = 0; visit < visits; visit++) seen.push(await visitOf(server, screen));
			const bytes = medianOf(seen.map((one) => one.bytes));
			rows.push({
				name: `first screen from an empty cache (${screen.name}), of 57 kB`,
				ratio: bytes / budget,
				budget: 1,
				median: `${(bytes / 1000).toFixed(1)} kB, ${(medianOf(seen.map((one) => one.ms)) / 1000).toFixed(1)} s at 256 kbit/s and 600 ms`
			});
		}
		return rows;
	} finally {
		await server.remove();
	}
}

async function visitOf(
	server: WaypostServer,
	{ path, usable }: (typeof screens)[number]
): Promise<{ bytes: number; ms: number }> {
	const folder = await mkdtemp(join(tmpdir(), 'waypost-first-'));
	const browser = await launchPersistent(folder);
	try {
		const page = await browser.context.newPage();
		const session = await browser.context.newCDPSession(page);
		await session.send('Network.enable');
		await session.send('Network.emulateNetworkConditions', {
			offline: false,
			latency: 600,
			downloadThroughput: 32_000,
			uploadThroughput: 32_000
		});
		const count = countBytes(session);
		const started = Date.now();
		await page.goto(`${server.origin}${path}`, { waitUntil: 'commit' });
		await painted(page, usable);
		return { bytes: count(), ms: Date.now() - started };
	} finally {
		await browser.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Headers and bodies as they came over the wire, also of answers that are not complete yet. */
function countBytes(session: CDPSession): () => number {
	const finished = new Map<string, number>();
	const partial = new Map<string, number>();
	session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
		partial.set(requestId, (partial.get(requestId) ?? 0) + encodedDataLength);
	});
	session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
		finished.set(requestId, encodedDataLength)
	);
	return () => {
		const open = [...partial].filter(([requestId]) => !finished.has(requestId));
		return [...finished, ...open].reduce((sum, [, bytes]) => sum + bytes, 0);
	};
}

async function painted(page: Page, selector: string): Promise<void> {
	await page.locator(selector).first().waitFor({ state: 'visible', timeout: 60_000 });
	await page.evaluate(
		() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
	);
}
