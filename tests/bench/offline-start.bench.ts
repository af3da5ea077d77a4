// How long the app takes to its first useful screen with the server gone: a browser that was closed, a worker that sleeps, a device
// with 50 courses and 20,000 events, against a PWA that does nothing but show a list (50 kB of script, cached by a dozen lines).
// Both are started in turn, the same way, fifteen times each.
//
// The budget is missed. A trace shows work rather than waiting: Svelte, Kit, Dexie and i18next are run for the first time in each
// process, two databases open, and two cores are busy throughout. Runs of one build differ by a tenth, so a smaller gain is not seen
// here. Nothing larger came of: preloading every chunk from the shell; compiling whole files ahead (`allFunctionsCalledOnLoad`, which
// takes 1,600 of 1,700 lazy compilations away); reading the home screen before the frame is drawn (three runs each, in turn); chunks
// answered with and without the worker (one run each).
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { demoLearnerPin } from '#lib/server/demo/people.ts';
import { findChromium, noChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent } from '#tests/browser/launch.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const pairs = 15;
const courses = 50;
const events = 20_000;

type Contender = { readonly url: string; readonly profile: string; readonly painted: string };

export async function run(): Promise<BenchRow[]> {
	if (!(await findChromium())) throw new Error(noChromium);
	const folder = await mkdtemp(join(tmpdir(), 'waypost-offline-'));
	const server = await WaypostServer.start({ DEMO: '1' });
	const control = await emptyPwa();
	try {
		const ours: Contender = {
			url: `${server.origin}/learn`,
			profile: join(folder, 'ours'),
			painted: 'main h2, main h1'
		};
		const theirs: Contender = {
			url: `http://control.waypost.localhost:${(control.address() as AddressInfo).port}/`,
			profile: join(folder, 'theirs'),
			painted: 'main li'
		};
		await prepare(ours, signInAndFill);
		await prepare(theirs, async (page) => {
			await page.goto(theirs.url);
			await workerReady(page);
		});
		await server.kill();
		control.close();
		control.closeAllConnections();
		const times = { ours: [] as number[], theirs: [] as number[] };
		for (let pair = 0; pair < pairs; pair++) {
			times.theirs.push(await start(theirs));
			times.ours.push(await start(ours));
		}
		const [mine, other] = [medianOf(times.ours), medianOf(times.theirs)];
		return [
			{
				name: `offline start with ${courses} courses and ${events} events, against an empty PWA`,
				ratio: mine / other,
				budget: 1.3,
				median: `${Math.round(mine)} ms against ${Math.round(other)} ms, from the start of the browser`,
				note: `in the page alone the ratio says little: the browser and its worker are most of both`
			}
		];

		async function signInAndFill(page: Page): Promise<void> {
			await page.goto(`${server.origin}/sign-in`);
			await page.getByText('English').click();
			await page.locator('input').nth(0).fill('amina');
			await page.locator('input').nth(1).fill(demoLearnerPin);
			await page.keyboard.press('Enter');
			await page.waitForURL('**/learn');
			await page.locator(ours.painted).first().waitFor();
			await workerReady(page);
			await page.evaluate(fill, { courses, events });
		}
	} finally {
		control.close();
		await server.remove();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function prepare({ profile }: Contender, work: (page: Page) => Promise<void>): Promise<void> {
	const browser = await launchPersistent(profile);
	try {
		await work(await browser.context.newPage());
	} finally {
		await browser.close();
	}
}

/** Milliseconds from starting the browser to the painted screen. */
async function start({ url, profile, painted }: Contender): Promise<number> {
	const started = performance.now();
	const browser = await launchPersistent(profile);
	try {
		const page = browser.context.pages()[0] ?? (await browser.context.newPage());
		await page.goto(url, { waitUntil: 'commit' });
		await page.locator(painted).first().waitFor({ timeout: 30_000 });
		await page.evaluate(
			() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
		);
		return performance.now() - started;
	} finally {
		await browser.close();
	}
}

async function workerReady(page: Page): Promise<void> {
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
		while (navigator.serviceWorker.controller === null) await new Promise((done) => setTimeout(done, 50));
	});
}

/** In the page: a year of one learner, straight into her database. */
async function fill(amount: { courses: number; events: number }): Promise<void> {
	const name = (await indexedDB.databases()).map((one) => one.name ?? '').find((one) => one.startsWith('waypost-p-'));
	if (name === undefined) throw new Error('nobody is signed in');
	const db = await new Promise<IDBDatabase>((done, fail) => {
		const opening = indexedDB.open(name);
		opening.onsuccess = () => done(opening.result);
		opening.onerror = () => fail(opening.error);
	});
	const stores = ['courses', 'enrolments', 'events', 'branches'];
	const tx = db.transaction(stores, 'readwrite');
	const [card, enrolment] = await Promise.all(
		['courses', 'enrolments'].map(
			(store) =>
				new Promise<Record<string, unknown>>((done) => {
					const asked = tx.objectStore(store).openCursor();
					asked.onsuccess = () => done((asked.result?.value ?? {}) as Record<string, unknown>);
				})
		)
	);
	for (let index = 0; index < amount.courses; index++) {
		const courseId = `bench-${index}`;
		tx.objectStore('courses').put({ ...card, courseId, title: `Course ${index}` });
		tx.objectStore('enrolments').put({ ...enrolment, courseId, dueAt: null });
	}
	const learnerId = name.slice('waypost-p-'.length);
	for (let index = 0; index < amount.events; index++) {
		const attemptId = `attempt-${index % 400}`;
		const courseId = `bench-${(index % 400) % amount.courses}`;
		const event = {
			device: 'bench',
			epoch: '0001-bench0',
			seq: index + 1,
			learnerId,
			courseId,
			packId: 'p',
			attemptId,
			scoId: 'i',
			at: index,
			body: { type: 'attempt.updated', location: `page-${index}` }
		};
		tx.objectStore('events').put({ epoch: event.epoch, seq: event.seq, event, waiting: 0, ackedAt: Date.now() });
		if (index >= 400) continue;
		tx.objectStore('branches').put({
			attemptId,
			device: 'bench',
			learnerId,
			courseId,
			packId: 'p',
			scoId: 'i',
			completion: 'incomplete',
			success: 'unknown',
			score: null,
			progress: 0.5,
			location: '5',
			seconds: 60,
			sessions: 1,
			answers: 3,
			saved: { cmi: 'x'.repeat(2_000), sequencing: null },
			startedAt: index,
			lastAt: index,
			epoch: event.epoch,
			seq: event.seq
		});
	}
	await new Promise<void>((done, fail) => {
		tx.oncomplete = () => done();
		tx.onerror = () => fail(tx.error);
	});
	db.close();
}

/** The control: a shell from the cache, 50 kB of script, a list of fifty. */
async function emptyPwa(): Promise<Server> {
	const filler = Array.from(
		{ length: 600 },
		(_, index) => `function f${index}(a,b){return a*${index}+b-(a^b)+${index * 7}}`
	).join('\n');
	const script = `${filler}\nconst list=document.querySelector('ul');for(let i=0;i<50;i++){const li=document.createElement('li');li.textContent='Course '+f1(i,1);list.append(li)}\nnavigator.serviceWorker.register('/sw.js')`;
	const files: Record<string, readonly [string, string]> = {
		'/': [
			'text/html',
			`<!doctype html><html lang="en"><meta charset="utf-8"><title>Control</title><main><h1>Courses</h1><ul></ul></main><script src="/app.js"></script></html>`
		],
		'/app.js': ['text/javascript', script],
		'/sw.js': [
			'text/javascript',
			`addEventListener('install',e=>e.waitUntil(caches.open('c').then(c=>c.addAll(['/','/app.js'])).then(()=>skipWaiting())));addEventListener('activate',e=>e.waitUntil(clients.claim()));addEventListener('fetch',e=>e.respondWith(caches.match(e.request).then(r=>r||fetch(e.request))))`
		]
	};
	const server = createServer((request, response) => {
		const file = files[request.url ?? ''];
		response.writeHead(file ? 200 : 404, { 'content-type': file?.[0] ?? 'text/plain' });
		response.end(file?.[1]);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}
