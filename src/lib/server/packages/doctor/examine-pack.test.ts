/** The doctor on small packages that each have one thing wrong, on real ones, on our own courses, and on their spoiled twins. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import type { FindingCode } from '#lib/domain/doctor/finding.ts';
import { course2004, manifest12, manifest2004 } from '#tests/fixtures/packages/manifests.ts';
import {
	builtCourse,
	inaccessibleTwin,
	INACCESSIBLE_TWIN_FINDINGS,
	oversizeTwin
} from '#tests/fixtures/packages/negative-twins.ts';
import { largePackage, packageOf } from '#tests/fixtures/packages/odd-packages.ts';
import { importPackage } from '../import-package.ts';
import { examinePack, gatherFacts } from './examine-pack.ts';

let folder: string;
let number = 0;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'waypost-doctor-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function packOf(bytes: Uint8Array): Promise<string> {
	const path = join(folder, `${(number += 1)}.zip`);
	await writeFile(path, bytes);
	const imported = await importPackage(path, { packsDir: join(folder, 'packs') });
	if (imported.type === 'refused') throw new Error(imported.reason);
	return imported.pack.path;
}

async function reportOf(bytes: Uint8Array): Promise<DoctorReport> {
	const report = await examinePack(await packOf(bytes));
	if (report === null) throw new Error('no report');
	return report;
}

/** Deterministic, and no compressor gets it smaller. */
function noise(length: number): Buffer {
	let state = 1;
	return Buffer.from(Array.from({ length }, () => (state = (state * 48271) % 0x7fffffff) & 0xff));
}

type Files = Readonly<Record<string, string | Buffer>>;
const GOOD_SCRIPT =
	"api.LMSInitialize(''); api.LMSSetValue('cmi.core.lesson_status', 'completed'); api.LMSSetValue('cmi.core.score.raw', '90'); api.LMSFinish('');";
const WORDS =
	'A page for people, with enough words of its own to be a page that somebody wrote, and not an empty frame.';
const page = (body: string, head = ''): string =>
	`<!doctype html><html lang="en"><head><title>A page</title>${head}</head><body><p>${WORDS}</p>${body}<script>${GOOD_SCRIPT}</script></body></html>`;
const packed = (files: Files, manifest = manifest12()): Buffer =>
	packageOf(
		manifest,
		Object.entries(files).map(([name, data]) => ({ name, data }))
	);
const report = (files: Files, manifest?: string): Promise<DoctorReport> => reportOf(packed(files, manifest));
const inPage = (body: string, head?: string, more: Files = {}): Promise<DoctorReport> =>
	report({ 'index.html': page(body, head), ...more });
const codes = (found: DoctorReport): string[] => found.findings.map(({ code, isSure }) => (isSure ? code : `${code}?`));
const one = (found: DoctorReport, code: FindingCode) => found.findings.find((finding) => finding.code === code);

test('[DR0] a sound package has no findings, and the same package the same report', async () => {
	const first = await inPage('<p>All well.</p>');
	expect(first).toMatchObject({ offline: 'works', findings: [], scormVersion: '1.2' });
	expect(await inPage('<p>All well.</p>')).toEqual(first);
	expect(first.sizes.map(({ kind, files }) => [kind, files])).toEqual([
		['pages', 1],
		['other', 1]
	]);
});

describe('addresses', () => {
	test.each([
		['a script', '<script src="https://cdn.example.net/a.js"></script>'],
		['a script without a scheme', '<script src=//cdn.example.net/a.js></script>'],
		['a style sheet', '<link rel=stylesheet href="https://cdn.example.net/a.css">'],
		['an imported style sheet', '<style>@import url("https://cdn.example.net/a.css");</style>'],
		['a frame', "<iframe src='https://video.example.net/embed/1'></iframe>"],
		['a film', '<video muted loop><source src="https://cdn.example.net/a.mp4"></video>'],
		['data', '<script>fetch("https://data.example.net/x.json")</script>'],
		['data the old way', "<script>r.open('GET', 'https://data.example.net/x')</script>"],
		[
			'a script that is written',
			`<script>document.write('<script src="https://cdn.example.net/a.js"><\\/script>')</script>`
		],
		['a base elsewhere', '<base href="https://cdn.example.net/"><script src="a.js"></script>']
	])('[DR1] %s from another server blocks', async (_, body) => {
		const found = await inPage(body);
		expect(codes(found)).toContain('loads-elsewhere');
		expect(found.offline).toBe('blocked');
	});

	test('[DR1] pictures are worth mending, typefaces and counters good to know', async () => {
		const found = await inPage(
			'<img alt="" src="https://pictures.example.net/a.png"><div style="background:url(https://pictures.example.net/b.png)"></div>',
			'<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Lato"><script src="https://www.googletagmanager.com/gtm.js"></script>'
		);
		expect(codes(found)).toEqual(['pictures-elsewhere', 'fonts-elsewhere', 'counters-elsewhere']);
		expect(one(found, 'pictures-elsewhere')).toMatchObject({ count: 2, severity: 'mend' });
		expect(found.offline).toBe('gaps');
	});

	test('[DR1] what was commented out, and names of formats, are nothing', async () => {
		const found = await inPage(`<!-- <script src="https://cdn.example.net/a.js"></script> -->
			<script>
				// fetch("https://data.example.net/x")
				/* r.open('GET', 'https://data.example.net/x') */
				var ns = 'http://www.w3.org/2000/svg', divided = 4 / 2, text = "// no comment";
			</script>`);
		expect(codes(found)).toEqual([]);
	});

	test('[DR0] libraries make no flood: one finding, that says perhaps', async () => {
		const library = `/*! jQuery v9 */${'fetch("https://a.example.net/1");localStorage.setItem(1,2);window.open(x);document.domain="x";'.repeat(500)}`;
		const found = await inPage('', '<script src="jquery.min.js"></script>', { 'jquery.min.js': library });
		expect(codes(found)).toEqual(['loads-elsewhere?', 'popups?', 'old-browser?', 'own-storage?']);
		expect(found.findings.every(({ severity, places }) => severity === 'know' && places.length <= 5)).toBe(true);
		expect(one(found, 'popups')?.count).toBe(500);
	});

	test('[DR0] a page nobody comes to blocks nobody', async () => {
		const found = await report({
			'index.html': page(''),
			'old.html': page('<script src="https://cdn.example.net/a.js"></script>')
		});
		expect(codes(found)).toEqual(['loads-elsewhere?']);
	});

	test('[DR2] links to other websites are good to know', async () => {
		const found = await inPage(
			'<a href="http://www.example.net/">More</a><a href="mailto:a@example.net">Write</a><a href="#top">Up</a>'
		);
		expect(codes(found)).toEqual(['links-elsewhere', 'http-addresses']);
		expect(found.offline).toBe('works');
	});

	test('[DR3] a missing script blocks, a missing picture is worth mending, both with their place', async () => {
		const found = await inPage(
			'\n<img alt="" src="gone.png">\n<a href="gone.html">On</a>',
			'<script src="js/gone.js?v=2"></script>'
		);
		expect(codes(found)).toEqual(['missing-needed', 'missing-seen']);
		expect(one(found, 'missing-needed')?.places).toEqual([{ path: 'index.html', line: 1, what: 'js/gone.js?v=2' }]);
		expect(one(found, 'missing-seen')).toMatchObject({ count: 2, places: [{ line: 2 }, { line: 3 }] });
	});

	test('[DR3] names in another spelling are found as our player finds them', async () => {
		const found = await inPage(
			'<img alt="" src="Images\\A%20B.PNG?x=1#y"><img alt="" src="./images/../images/a b.png"><img alt="" srcset="images/a%20b.png 2x">',
			'',
			{ 'images/a b.png': 'x' }
		);
		expect(codes(found)).toEqual(['other-spelling']);
	});

	test('[DR4] files that nothing leads to are told with their bytes; those a script names are not', async () => {
		const found = await inPage('<script>show("film.mp3"); list("photos/")</script>', '', {
			'film.mp3': noise(30_000),
			'photos/1.png': noise(30_000),
			'left-over.bin': noise(30_000)
		});
		expect(one(found, 'unused-files')).toMatchObject({ count: 1, places: [{ path: 'left-over.bin' }] });
	});

	test('[DR5] a page for a server blocks where it is shown', async () => {
		expect(codes(await inPage('<iframe src="quiz.php?n=1"></iframe>', '', { 'quiz.php': '<?php ?>' }))).toEqual([
			'server-pages'
		]);
		expect(codes(await inPage('', '', { 'quiz.asp': '<% %>' }))).toEqual(['server-files']);
		expect(codes(await inPage('<form action="https://forms.example.net/"></form>'))).toEqual(['forms-to-server']);
	});

	test('[DR6] plugins block where they are shown, and are good to know where they lie about', async () => {
		expect(
			codes(await inPage('<object data="a.swf" type="application/x-shockwave-flash"></object>', '', { 'a.swf': 'x' }))
		).toEqual(['dead-technology']);
		expect(codes(await inPage('<applet code="A.class"></applet>'))).toEqual(['dead-technology']);
		expect(codes(await inPage('', '', { 'a.swf': 'x' }))).toEqual(['dead-files']);
		expect(codes(await inPage('<video muted loop src="a.wmv"></video>', '', { 'a.wmv': 'x' }))).toEqual([
			'media-format'
		]);
	});

	test('[DR7] leaving the frame, windows and old browsers are worth mending', async () => {
		expect(codes(await inPage('<a href="two.html" target="_top">On</a>', '', { 'two.html': page('') }))).toEqual([
			'leaves-frame'
		]);
		expect(
			codes(await inPage('<script>if (top.location != self.location) top.location = self.location</script>'))
		).toEqual(['leaves-frame']);
		expect(
			codes(await inPage('<button onclick="window.open(\'two.html\')">On</button>', '', { 'two.html': page('') }))
		).toEqual(['popups']);
		expect(codes(await inPage('<script>window.showModalDialog("two.html")</script>'))).toEqual(['old-browser']);
	});

	test('[DR8] storage of its own and workers are good to know', async () => {
		expect(codes(await inPage('<script>localStorage.setItem("a", 1); document.cookie = "a=1"</script>'))).toEqual([
			'own-storage'
		]);
		expect(codes(await inPage('<script>navigator.serviceWorker.register("sw.js")</script>'))).toEqual([
			'service-worker'
		]);
	});

	test('[DR9] compiled programs are told', async () => {
		expect(one(await inPage('', '', { 'a.wasm': 'x' }), 'webassembly')).toMatchObject({ params: { totalBytes: 1 } });
	});
});

describe('everybody can take it', () => {
	test('[DR10] pictures have words; empty on purpose is a word', async () => {
		const found = await inPage(
			`<img src="a.png"><img src="a.png" alt=""><img src="a.png" role="presentation"><svg role="img"></svg><svg role="img"><title>A tree</title></svg>
			<svg role="img" aria-label="A tree"></svg><svg aria-hidden="true"></svg><input type="image" src="a.png">`,
			'',
			{ 'a.png': 'x' }
		);
		expect(codes(found)).toEqual(['picture-without-words']);
		expect(one(found, 'picture-without-words')?.count).toBe(3);
	});

	test('[DR10] markup that a script keeps as data is read too', async () => {
		const data = 'window.course={"screens":[{"html":"\\u003cimg src=\\"a.png\\">\\u003cinput type=\\"text\\">"}]};';
		const found = await inPage('', '<script src="data.js"></script>', { 'data.js': data });
		expect(codes(found)).toEqual(['picture-without-words', 'field-without-label']);
	});

	test('[DR11] [DR12] a page says its language and has a title', async () => {
		const found = await report({
			'index.html': page('').replace(' lang="en"', '').replace('<title>A page</title>', '')
		});
		expect(codes(found)).toEqual(['page-without-language', 'page-without-title']);
	});

	test('[DR13] fields have labels', async () => {
		const found =
			await inPage(`<label>Name <input></label><label for="b">Age</label><input id="b"><input aria-label="Town"><input type="hidden">
			<input type="submit"><input placeholder="Street"><select></select><textarea id="c"></textarea>`);
		expect(one(found, 'field-without-label')?.count).toBe(3);
		expect(codes(found)).toEqual(['field-without-label']);
	});

	test('[DR14] [DR15] [DR16] order, start and size are the learner’s', async () => {
		const found = await inPage(
			'<p tabindex="0">a</p><p tabindex="-1">b</p><p tabindex="3">c</p><video muted loop autoplay src="a.mp4"></video>',
			'<meta name="viewport" content="width=device-width, user-scalable=no">',
			{ 'a.mp4': 'x' }
		);
		expect(codes(found)).toEqual(['tab-order', 'plays-by-itself', 'no-zoom', 'media-unknown?']);
	});

	test('[DR17] videos have captions', async () => {
		const more = { 'a.mp4': 'x', 'a.vtt': 'WEBVTT' };
		expect(codes(await inPage('<video src="a.mp4"></video>', '', more))).toEqual(['video-without-captions']);
		expect(codes(await inPage('<video src="a.mp4"><track src="a.vtt" kind="captions"></video>', '', more))).toEqual([]);
		expect(codes(await inPage('<script>play("a.mp4")</script>', '', { 'a.mp4': 'x' }))).toEqual(['media-unknown?']);
	});

	test('[DR18] sound has a transcript, as far as one can guess', async () => {
		const sound = '<audio controls src="a.mp3"></audio>';
		const found = await inPage(sound, '', { 'a.mp3': 'x' });
		expect(codes(found)).toEqual(['audio-without-transcript?']);
		expect(one(found, 'audio-without-transcript')?.severity).toBe('mend');
		expect(
			codes(await inPage(`${sound}<details><summary>Transcript</summary>Hello.</details>`, '', { 'a.mp3': 'x' }))
		).toEqual([]);
	});

	test('[DR19] what may hold the keyboard fast is a guess, and a dialog is none', async () => {
		expect(codes(await inPage('<input aria-label="a" onblur="this.focus()">'))).toEqual(['keyboard-trap?']);
		expect(codes(await inPage('<script>document.onkeydown = function (e) { return false; }</script>'))).toEqual([
			'keyboard-trap?'
		]);
		expect(
			codes(await inPage('<script>function f(e) { if (e.key === "Tab") { e.preventDefault(); } }</script>'))
		).toEqual(['keyboard-trap?']);
		expect(
			codes(
				await inPage(
					'<script>function f(e) { if (e.key === "Tab") { e.preventDefault(); (e.shiftKey ? last : first).focus(); } }</script>'
				)
			)
		).toEqual([]);
	});
});

describe('bytes', () => {
	const png = (width: number): Buffer => {
		const bytes = Buffer.alloc(60);
		Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
		bytes.writeUInt32BE(width, 16);
		bytes.writeUInt32BE(100, 20);
		return bytes;
	};
	test('[DR20] a course of text has at most a megabyte, one with sound eight', async () => {
		const text = await inPage('<a href="a.pdf">Read</a>', '', { 'a.pdf': noise(1_100_000) });
		expect(one(text, 'heavy-course')?.params).toMatchObject({ limitBytes: 1_000_000 });
		const sound = await inPage('<script>play("a.mp3")</script>', '', { 'a.mp3': noise(1_100_000) });
		expect(one(sound, 'heavy-course')).toBeUndefined();
	});

	test('[DR21] pictures are at most 1,280 wide and 200 kB', async () => {
		const found = await inPage('<img alt="" src="w.png"><img alt="" src="b.jpg"><img alt="" src="s.png">', '', {
			'w.png': png(1281),
			'b.jpg': noise(210_000),
			's.png': png(1280)
		});
		expect(one(found, 'large-pictures')).toMatchObject({
			count: 2,
			places: [{ path: 'b.jpg' }, { path: 'w.png', what: '1281 × 100' }]
		});
	});

	test('[DR22] sound is compressed', async () => {
		expect(codes(await inPage('<script>play("a.wav")</script>', '', { 'a.wav': noise(210_000) }))).toContain(
			'uncompressed-media'
		);
	});

	test('[DR23] a video has at most 800 kbit/s', async () => {
		const movie = (seconds: number): Buffer => {
			const header = Buffer.alloc(8 + 8 + 100);
			header.writeUInt32BE(header.length, 0);
			header.write('moov', 4);
			header.writeUInt32BE(108, 8);
			header.write('mvhd', 12);
			header.writeUInt32BE(1000, 8 + 20);
			header.writeUInt32BE(seconds * 1000, 8 + 24);
			const media = Buffer.alloc(500_000, 1);
			media.writeUInt32BE(media.length, 0);
			media.write('mdat', 4);
			return Buffer.concat([media, header]);
		};
		const video = '<video src="a.mp4"><track src="a.vtt"></video>';
		expect(one(await inPage(video, '', { 'a.mp4': movie(4), 'a.vtt': '' }), 'heavy-video')?.places[0]?.what).toBe(
			'1000 kbit/s'
		);
		expect(codes(await inPage(video, '', { 'a.mp4': movie(6), 'a.vtt': '' }))).toEqual([]);
	});
});

describe('what it tells the learning system', () => {
	const bare = (script: string): Files => ({
		'index.html': `<!doctype html><html lang="en"><title>A page</title><p>${WORDS}</p><script>${script}</script></html>`
	});

	test('[DR30] serialising without a look at 4,096 may be too long, in SCORM 1.2 alone', async () => {
		const careless = "api.LMSSetValue('cmi.suspend_data', JSON.stringify(state));";
		const found = await report(bare(GOOD_SCRIPT + careless));
		expect(codes(found)).toEqual(['suspend-long?']);
		expect(one(found, 'suspend-long')?.severity).toBe('mend');
		expect(codes(await report(bare(`${GOOD_SCRIPT} if (text.length <= 4096) ${careless}`)))).toEqual([]);
		const script =
			"API_1484_11.Initialize(''); s('cmi.completion_status', 'completed'); s('cmi.suspend_data', JSON.stringify(a)); Terminate('')";
		expect(codes(await report(bare(script), manifest2004()))).toEqual([]);
	});

	test('[DR30] tools that are known for it are named', async () => {
		const found = await report({
			'index.html': page('<script src="story_content/user.js"></script><script>save("cmi.suspend_data")</script>'),
			'story_content/user.js': ''
		});
		expect(codes(found)).toEqual(['suspend-long?', 'made-with']);
		expect(one(found, 'made-with')?.params).toEqual({ name: 'Articulate Storyline' });
	});

	test('[DR31] [DR32] [DR33] silence is told with what our player makes of it', async () => {
		expect(codes(await report(bare("api.LMSInitialize(''); api.LMSFinish('')")))).toEqual(['no-completion']);
		expect(
			codes(await report(bare("api.LMSInitialize(''); api.LMSSetValue('cmi.core.lesson_status', 'passed')")))
		).toEqual(['never-finishes']);
		expect(codes(await report(bare('1 + 1')))).toEqual(['no-scorm']);
	});

	test('[DR31] nobody can finish what says nothing and never ends, or is waited for in vain', async () => {
		expect(codes(await report(bare("api.LMSInitialize('')")))).toEqual(['never-complete?']);
		const waiting = course2004(
			[{ id: 'index', sequencing: '<imsss:deliveryControls completionSetByContent="true"/>' }],
			'<imsss:controlMode flow="true"/>'
		);
		const script = "API_1484_11.Initialize(''); API_1484_11.Terminate('')";
		expect(codes(await report(bare(script), waiting))).toEqual(['never-complete?']);
	});

	test('[DR34] scripts for the other version are told', async () => {
		const found = await report(
			bare("API_1484_11.Initialize(''); s('cmi.completion_status', 'completed'); Terminate('')")
		);
		expect(codes(found)).toEqual(['other-scorm']);
	});

	test('[DR35] a pass mark without a score earns nobody a certificate', async () => {
		const manifest = manifest12({
			items:
				'<item identifier="I1" identifierref="R1"><title>One</title><adlcp:masteryscore>80</adlcp:masteryscore></item>'
		});
		const silent = GOOD_SCRIPT.replace(/api\.LMSSetValue\('cmi\.core\.score\.raw', '90'\); /, '');
		expect(codes(await report(bare(silent), manifest))).toEqual(['mark-without-score']);
		expect(codes(await report(bare(GOOD_SCRIPT), manifest))).toEqual([]);
	});
});

describe('what is not read is named', () => {
	test('[DR40] long files are read in part, and pages drawn by scripts are said to be', async () => {
		const pack = await packOf(packed({ 'index.html': page('<p>More words.</p>'.repeat(200)) }));
		const found = await examinePack(pack, { textBytes: 500, allTextBytes: 1_000_000 });
		expect(found?.findings.map(({ code }) => code)).toContain('not-all-read');
		expect(codes(await report({ 'index.html': page('').replace(WORDS, '') }))).toEqual(['drawn-by-script']);
	});

	test('[DR40] all texts together are bounded too', async () => {
		const pack = await packOf(packed({ 'a.js': 'x'.repeat(900), 'b.js': 'y'.repeat(900), 'index.html': page('') }));
		const facts = await gatherFacts(pack, { textBytes: 500, allTextBytes: 700 });
		expect(facts?.files.map(({ text }) => text?.isWhole)).toContain(false);
	});

	test('[DR0] 2,000 files and 40 MB stay quick', async () => {
		const pack = await packOf(largePackage(2_000, 40_000_000));
		const started = performance.now();
		await examinePack(pack);
		expect(performance.now() - started).toBeLessThan(10_000);
	}, 60_000);
});

const severe = (found: DoctorReport): string[] =>
	found.findings.filter(({ severity }) => severity !== 'know').map(({ code }) => code);

describe('our own courses and their spoiled twins', () => {
	test.each(['C1', 'C2'])(
		'[DR0] %s, as built, has nothing above good to know',
		async (code) => {
			for (const scorm of ['1.2', '2004'] as const) {
				const found = await reportOf(await builtCourse(code, scorm));
				expect(severe(found)).toEqual([]);
				expect(found.offline).toBe('works');
			}
		},
		60_000
	);

	test('[DR30] C1 with too much suspend data is found out, and nothing else', async () => {
		const found = await reportOf(await oversizeTwin());
		expect(severe(found)).toEqual(['suspend-long']);
		expect(one(found, 'suspend-long')?.places[0]?.path).toBe('diary.js');
	}, 60_000);

	test('[DR10] to [DR19]: C2 with its barriers is found out, exactly', async () => {
		const found = await reportOf(await inaccessibleTwin());
		expect(severe(found)).toEqual([...INACCESSIBLE_TWIN_FINDINGS]);
		expect(one(found, 'picture-without-words')?.count).toBeGreaterThan(10);
		expect(one(found, 'field-without-label')?.count).toBe(2);
		expect(found.offline).toBe('works');
	}, 60_000);
});

const packages = new URL('../../../../../../shared/packages/', import.meta.url).pathname;
describe.skipIf(!existsSync(packages))('packages from elsewhere (needs ../shared/packages)', () => {
	test.each([
		'RuntimeBasicCalls_SCORM12.zip',
		'RuntimeBasicCalls_SCORM20043rdEdition.zip',
		'RuntimeMinimumCalls_SCORM12.zip'
	])('%s: true things, and few of them', async (name) => {
		const imported = await importPackage(join(packages, name), { packsDir: join(folder, 'packs') });
		if (imported.type === 'refused') throw new Error(imported.reason);
		const found = await examinePack(imported.pack.path);
		expect(found?.offline).toBe('works');
		expect(found === null ? [] : severe(found)).toEqual(['page-without-language']);
		expect(found?.findings.some(({ code }) => code === 'no-completion')).toBe(name.includes('Minimum'));
	});
});
