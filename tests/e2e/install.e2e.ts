import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CuttingProxy } from '#tests/fixtures/cutting-proxy.ts';
import { anItem, aStructure, makePack, type MadePack } from '#tests/fixtures/make-pack.ts';
import { PlayerBench } from './player-setup.ts';

const page = '<!doctype html><title>page</title><p>Here.</p>';

/** Files that do not compress, so that bytes are bytes. */
function bigPack(megabytes: number, more: Record<string, string | Buffer> = {}): MadePack {
	const files: Record<string, string | Buffer> = { 'a.html': page, ...more };
	for (let index = 0; index < megabytes * 2; index++) files[`media/part-${index}.bin`] = randomBytes(512 * 1024);
	return makePack(aStructure([anItem('a', {})]), files);
}

describe('installing', () => {
	let bench: PlayerBench;
	const proxy = new CuttingProxy();

	beforeAll(async () => {
		bench = await PlayerBench.start(4930, 4931);
		await proxy.start(4930, 4931);
		await bench.open();
	});

	afterAll(async () => {
		await bench?.end();
		await proxy.stop();
	});

	test('[PK2] an installation cut again and again fetches almost nothing twice', async () => {
		const pack = bench.server.add(bigPack(6));
		// A first visit fetches the shell as well, which is no part of the pack.
		await bench.install(pack);
		await bench.page.evaluate((packId) => globalThis.waypost.packs.remove(packId), pack.packId);
		proxy.toClient = 0;
		proxy.rate = 3_000_000;
		const cuts = setInterval(() => proxy.cut(), 700);
		const record = await bench.install(pack).finally(() => clearInterval(cuts));
		proxy.rate = 0;
		expect(record).toMatchObject({ state: 'installed', error: null });
		expect(record.fetched).toBeLessThan(pack.bytes.length * 1.02);
		expect(proxy.toClient).toBeLessThan(pack.bytes.length * 1.02);
	});

	test('[PK2] a browser that is killed goes on where it was', async () => {
		const pack = bench.server.add(bigPack(4));
		proxy.rate = 2_000_000;
		void bench.page
			.evaluate((order) => globalThis.waypost.install(order), bench.order(pack, 'killed'))
			.catch(() => undefined);
		await expect
			.poll(async () => (await bench.report()).packs.find(({ packId }) => packId === pack.packId)?.done ?? 0, {
				timeout: 20_000
			})
			.toBeGreaterThan(1_000_000);
		await bench.kill();
		proxy.rate = 0;
		bench.server.sent.clear();
		await bench.open();
		await bench.page.evaluate(() => globalThis.waypost.packs.settle());
		expect((await bench.report()).packs.find(({ packId }) => packId === pack.packId)?.state).toBe('paused');
		expect((await bench.install(pack, 'killed')).state).toBe('installed');
		expect(bench.server.sent.get(pack.packId)).toBeLessThan(pack.bytes.length - 800_000);
	});

	test('pause keeps what came, and going on finishes', async () => {
		const pack = bench.server.add(bigPack(3));
		proxy.rate = 1_500_000;
		const running = bench.page.evaluate((order) => globalThis.waypost.install(order), bench.order(pack, 'paused'));
		const done = async () => (await bench.report()).packs.find(({ packId }) => packId === pack.packId)?.done ?? 0;
		await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(500_000);
		await bench.page.evaluate((packId) => globalThis.waypost.packs.pause(packId), pack.packId);
		await running;
		expect((await bench.report()).packs.find(({ packId }) => packId === pack.packId)).toMatchObject({
			state: 'paused',
			error: null
		});
		proxy.rate = 0;
		bench.server.sent.clear();
		expect((await bench.install(pack, 'paused')).state).toBe('installed');
		expect(bench.server.sent.get(pack.packId)).toBeLessThan(pack.bytes.length - 400_000);
	});

	test('[PK5] a new revision fetches only what changed', async () => {
		const parts: Record<string, Buffer> = {};
		for (let index = 0; index < 30; index++) parts[`part-${index}.bin`] = randomBytes(100_000);
		const first = bench.server.add(makePack(aStructure([anItem('a', {})]), { 'a.html': page, ...parts }));
		expect((await bench.install(first, 'revised', 1)).state).toBe('installed');
		const changed = { ...parts, 'part-3.bin': randomBytes(100_000), 'part-20.bin': randomBytes(50_000) };
		const second = bench.server.add(
			makePack(aStructure([anItem('a', {})]), { 'a.html': `${page}<p>New.</p>`, ...changed })
		);
		expect((await bench.install(second, 'revised', 2)).state).toBe('installed');
		const manifest = Buffer.byteLength(JSON.stringify(second.manifest));
		expect(bench.server.sent.get(second.packId)).toBeLessThan(150_000 + manifest + 70_000);
		const sco = await bench.play(second);
		expect(await sco.locator('body').innerText()).toContain('New.');
		await bench.leave();
	});

	test('[PK3] damaged bytes are fetched once more; damage that stays is called corrupt', async () => {
		const pack = bench.server.add(bigPack(1));
		const [, file] = pack.manifest.files;
		const head = pack.bytes.length - pack.manifest.dataLength;
		let times = 0;
		bench.server.tamper = (packId, bytes, start) => {
			const at = head + (file?.offset ?? 0) - start - 200;
			if (packId !== pack.packId || at < 0 || at >= bytes.length - 1 || times > 0) return bytes;
			times += 1;
			const copy = Buffer.from(bytes);
			copy[at + 5_000] = (copy[at + 5_000] ?? 0) ^ 0xff;
			return copy;
		};
		expect((await bench.install(pack, 'damaged-once')).state).toBe('installed');
		expect(times).toBe(1);

		const other = bench.server.add(bigPack(1));
		bench.server.tamper = (packId, bytes) => {
			if (packId !== other.packId || bytes.length < 70_000) return bytes;
			const copy = Buffer.from(bytes);
			copy[copy.length - 1_000] = (copy[copy.length - 1_000] ?? 0) ^ 0xff;
			return copy;
		};
		expect(await bench.install(other, 'damaged')).toMatchObject({ state: 'failed', error: 'corrupt' });
		bench.server.tamper = null;
		expect((await bench.install(other, 'damaged')).state).toBe('installed');
	});

	test('[PK4] a captive portal is no network, and nothing of its page is stored', async () => {
		const pack = bench.server.add(bigPack(1));
		bench.server.isPortal = true;
		const running = bench.page.evaluate((order) => globalThis.waypost.install(order), bench.order(pack, 'portal'));
		await bench.page.waitForTimeout(1500);
		expect((await bench.report()).packs.find(({ packId }) => packId === pack.packId)).toMatchObject({
			state: 'downloading',
			done: 0
		});
		bench.server.isPortal = false;
		await running;
		expect((await bench.report()).packs.find(({ packId }) => packId === pack.packId)?.state).toBe('installed');
	});

	test('an expired permission is renewed without a byte lost', async () => {
		const pack = bench.server.add(bigPack(2));
		const before = bench.server.log.length;
		proxy.rate = 2_000_000;
		const running = bench.page.evaluate((order) => globalThis.waypost.install(order), bench.order(pack, 'expired'));
		await expect
			.poll(() => bench.server.log.slice(before).some(({ url }) => url.startsWith('/pack?')), { timeout: 20_000 })
			.toBe(true);
		for (const { url } of bench.server.log.slice(before)) {
			if (url.startsWith('/pack?cap=')) bench.server.expired.add(url.slice('/pack?cap='.length));
		}
		await running;
		proxy.rate = 0;
		expect((await bench.report()).packs.find(({ packId }) => packId === pack.packId)?.state).toBe('installed');
		expect(bench.server.sent.get(pack.packId)).toBeLessThan(pack.bytes.length * 1.02);
	});

	test('[PK6] [PK7] a full device says so, keeps what has come, and goes on when there is room', async () => {
		const pack = bench.server.add(bigPack(4));
		const session = await bench.browser.context.newCDPSession(bench.page);
		const origin = bench.server.contentOrigin(pack.packId);
		await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_500_000 });
		expect(await bench.install(pack, 'full')).toMatchObject({ state: 'failed', error: 'device-full' });
		await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000_000 });
		bench.server.sent.clear();
		expect((await bench.install(pack, 'full')).state).toBe('installed');
		expect(bench.server.sent.get(pack.packId) ?? 0).toBeLessThan(pack.bytes.length);
		const usage = async () => (await session.send('Storage.getUsageAndQuota', { origin })).usage;
		expect(await usage()).toBeGreaterThan(4_000_000);
		await bench.page.evaluate((packId) => globalThis.waypost.packs.remove(packId), pack.packId);
		await expect.poll(usage, { timeout: 10_000 }).toBeLessThan(1_500_000);
		expect((await bench.report()).packs.some(({ packId }) => packId === pack.packId)).toBe(false);
	});

	test('verify finds what the browser lost, and installing again fetches just that', async () => {
		const pack = bench.server.add(bigPack(1));
		await bench.install(pack, 'verified');
		expect(await bench.page.evaluate((packId) => globalThis.waypost.packs.verify(packId), pack.packId)).toBe(0);
		const tab = await bench.browser.context.newPage();
		await tab.goto(`${bench.server.contentOrigin(pack.packId)}/installer.html`);
		await tab.evaluate(async (packId) => {
			await (await caches.open(`pkg-${packId}`)).put(`/pkg/${packId}/media/part-0.bin`, new Response('odd'));
		}, pack.packId);
		await tab.close();
		expect(await bench.page.evaluate((packId) => globalThis.waypost.packs.verify(packId), pack.packId)).toBe(1);
		bench.server.sent.clear();
		expect((await bench.install(pack, 'verified')).state).toBe('installed');
		expect(bench.server.sent.get(pack.packId)).toBeLessThan(600_000);
	});

	test('media seek: ranges of a stored file, case and query forgiven, nothing else served', async () => {
		const media = randomBytes(10_000);
		const pack = bench.server.add(
			makePack(aStructure([anItem('a', {})]), { 'a.html': page, 'Film/Clip 1.mp4': media })
		);
		await bench.install(pack, 'media');
		const sco = await bench.play(pack);
		const ask = (path: string, range?: string) =>
			sco.evaluate(
				async ([address, wanted]) => {
					const response = await fetch(address, wanted === undefined ? {} : { headers: { range: wanted } });
					const bytes = new Uint8Array(await response.arrayBuffer());
					return {
						status: response.status,
						range: response.headers.get('content-range'),
						type: response.headers.get('content-type'),
						size: bytes.length,
						first: bytes[0]
					};
				},
				[path, range] as const
			);
		const file = `/pkg/${pack.packId}/Film/Clip%201.mp4`;
		expect(await ask(file)).toMatchObject({ status: 200, size: 10_000, type: 'video/mp4' });
		expect(await ask(`${file}?v=3`)).toMatchObject({ status: 200, size: 10_000 });
		expect(await ask(file.toLowerCase())).toMatchObject({ status: 200, size: 10_000 });
		expect(await ask(file, 'bytes=10-19')).toMatchObject({
			status: 206,
			size: 10,
			range: 'bytes 10-19/10000',
			first: media[10]
		});
		expect(await ask(file, 'bytes=9990-')).toMatchObject({ status: 206, size: 10, range: 'bytes 9990-9999/10000' });
		expect(await ask(file, 'bytes=-5')).toMatchObject({ status: 206, size: 5, range: 'bytes 9995-9999/10000' });
		expect(await ask(file, 'bytes=0-99999')).toMatchObject({ status: 206, size: 10_000 });
		expect(await ask(file, 'bytes=20000-')).toMatchObject({ status: 416 });
		expect(await ask(file, 'bytes=0-1,5-6')).toMatchObject({ status: 200, size: 10_000 });
		expect(await ask(`/pkg/${pack.packId}/none.html`)).toMatchObject({ status: 404 });
		expect(await ask('/nowhere')).toMatchObject({ status: 404 });
		await bench.leave();
	});
});
