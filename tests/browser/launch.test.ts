import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium, noChromium } from './find-chromium.ts';
import { launchPersistent } from './launch.ts';

let server: Server;
let port = 0;
let profile = '';

beforeAll(async () => {
	profile = mkdtempSync(join(tmpdir(), 'waypost-profile-'));
	server = createServer((_request, response) => {
		response.setHeader('content-type', 'text/html');
		response.end('<!doctype html><title>page</title>');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	port = (server.address() as AddressInfo).port;
});

afterAll(() => {
	server.close();
	rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test(
	'storage is partitioned between sites, and a killed browser finds its profile again',
	{ timeout: 120_000 },
	async ({ skip }) => {
		if (!(await findChromium())) return skip(noChromium);
		const first = await launchPersistent(profile, { locale: 'ar', colorScheme: 'dark' });
		const page = await first.context.newPage();
		await page.goto(`http://learn.waypost.localhost:${port}/`);
		expect(
			await page.evaluate(() => [navigator.language, innerWidth, matchMedia('(prefers-color-scheme: dark)').matches])
		).toEqual(['ar', 360, true]);
		await page.evaluate(async () => {
			const request = indexedDB.open('kept');
			request.onupgradeneeded = () => request.result.createObjectStore('words');
			await new Promise((resolve) => (request.onsuccess = resolve));
			const write = request.result.transaction('words', 'readwrite', { durability: 'strict' });
			write.objectStore('words').put('still here', 1);
			write.commit();
			await new Promise((resolve) => (write.oncomplete = resolve));
		});
		const seenInFrame = async (host: string) => {
			const top = await first.context.newPage();
			await top.goto(`http://${host}:${port}/`);
			await top.evaluate(() => localStorage.setItem('seen', 'yes'));
			await top.close();
			await page.evaluate(async (src) => {
				const frame = document.createElement('iframe');
				frame.src = src;
				const loaded = new Promise((resolve) => (frame.onload = resolve));
				document.body.append(frame);
				await loaded;
			}, `http://${host}:${port}/framed`);
			return page
				.frames()
				.find((frame) => frame.url().includes(`//${host}`))
				?.evaluate(() => localStorage.getItem('seen'));
		};
		await expect.poll(() => seenInFrame('c-1.waypost.localhost')).toBe('yes');
		expect(await seenInFrame('c-1.elsewhere.localhost')).toBe(null);
		await first.kill();

		const second = await launchPersistent(profile);
		const again = await second.context.newPage();
		await again.goto(`http://learn.waypost.localhost:${port}/`);
		const word = await again.evaluate(async () => {
			const request = indexedDB.open('kept');
			await new Promise((resolve) => (request.onsuccess = resolve));
			const read = request.result.transaction('words').objectStore('words').get(1);
			await new Promise((resolve) => (read.onsuccess = resolve));
			return read.result as string;
		});
		expect(word).toBe('still here');
		await second.close();
	}
);
