/** Content as it is in the field: hasty, silent, repetitive, nested, sequenced. Written by us, played in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anItem, aStructure, makePack, type MadePack } from '#tests/fixtures/make-pack.ts';
import { page12, page2004 } from '#tests/fixtures/scos/page.ts';
import { PlayerBench } from './player-setup.ts';

let bench: PlayerBench;
let courses = 0;

beforeAll(async () => {
	bench = await PlayerBench.start(4940);
	await bench.open();
});

afterAll(() => bench?.end());

async function installed(pack: MadePack): Promise<MadePack> {
	bench.server.add(pack);
	expect((await bench.install(pack, `course-${(courses += 1)}`)).state).toBe('installed');
	return pack;
}

async function branchOf(pack: MadePack, scoId = 'a') {
	return (await bench.report()).branches
		.filter((branch) => branch.packId === pack.packId && branch.scoId === scoId)
		.toSorted((left, right) => (left.attemptId < right.attemptId ? -1 : 1))
		.at(-1);
}

async function attemptOf(pack: MadePack, scoId = 'a') {
	return (await bench.report()).attempts.find((attempt) => attempt.packId === pack.packId && attempt.scoId === scoId);
}

const one = (script: string, launch = {}, body = '') =>
	makePack(aStructure([anItem('a', launch)]), { 'a.html': page12(script, body) });
const one2004 = (script: string, launch = {}) =>
	makePack(aStructure([anItem('a', launch)], { scormVersion: '2004', sequencing: tree([{ id: 'a', title: 'a' }]) }), {
		'a.html': page2004(script)
	});

function tree(children: readonly object[], controls: object = { choice: true, flow: true }) {
	return { activityTree: { id: 'org', title: 'course', sequencingControls: controls, children } };
}

describe('SCORM 1.2', () => {
	test('a burst of 500 calls in one task: all are recorded, in order', async () => {
		const pack = await installed(
			one(`api.LMSInitialize(''); for (var i = 0; i < 500; i++) api.LMSSetValue('cmi.suspend_data', 'value ' + i);
			api.LMSSetValue('cmi.core.lesson_location', 'end');`)
		);
		await bench.play(pack);
		await bench.leave();
		expect((await attemptOf(pack))?.play.cmi).toMatchObject({
			'cmi.suspend_data': 'value 499',
			'cmi.core.lesson_location': 'end'
		});
	});

	test('the answers of the API are those of the standard, from a nested frameset too', async () => {
		const inner =
			page12(`window.results = [api.LMSGetValue('cmi.core.student_name'), api.LMSGetLastError(), api.LMSInitialize(''),
			api.LMSGetValue('cmi.core.student_name'), api.LMSSetValue('cmi.core.lesson_status', 'banana'), api.LMSGetLastError(),
			api.LMSSetValue('cmi.core.student_id', 'x'), api.LMSGetLastError(), api.LMSGetValue('cmi.nothing'), api.LMSGetLastError(),
			api.LMSInitialize(''), api.LMSGetLastError(), api.LMSGetValue('cmi.core._children') !== '', Object.keys(api).length];`);
		const pack = await installed(
			makePack(aStructure([anItem('a', {})]), {
				'a.html': '<!doctype html><frameset cols="*"><frame src="middle.html"></frameset>',
				'middle.html': '<!doctype html><frameset rows="*"><frame src="deep/inner.html"></frameset>',
				'deep/inner.html': inner
			})
		);
		const sco = await bench.play(pack);
		const deep = sco.childFrames()[0]?.childFrames()[0];
		expect(await deep?.evaluate('results')).toEqual([
			'',
			'301',
			'true',
			'Doe, Jo',
			'false',
			'405',
			'false',
			'403',
			'',
			'401',
			'false',
			'101',
			true,
			8
		]);
		await bench.leave();
	});

	test('a scan for the other version ends at the player, not in an error at the app', async () => {
		const pack = await installed(
			one(
				`api.LMSInitialize(''); window.other = findApi('API_1484_11'); window.top2 = window.parent.parent === window.parent;`
			)
		);
		const sco = await bench.play(pack);
		expect(await sco.evaluate('[other, top2]')).toEqual([null, true]);
		await bench.leave();
	});

	test('[SC7] content that never finishes is resumed', async () => {
		const pack = await installed(
			one(
				`api.LMSInitialize(''); var entry = api.LMSGetValue('cmi.core.entry'); api.LMSSetValue('cmi.core.lesson_location', '3');`
			)
		);
		expect(await (await bench.play(pack)).evaluate('entry')).toBe('ab-initio');
		await bench.leave();
		expect(await branchOf(pack)).toMatchObject({ completion: 'incomplete', location: '3' });
		expect(await (await bench.play(pack)).evaluate('entry')).toBe('resume');
		await bench.leave();
	});

	test('content that finishes in unload, and in beforeunload only, is heard', async () => {
		for (const event of ['unload', 'beforeunload', 'pagehide']) {
			const pack = await installed(
				one(
					`api.LMSInitialize(''); addEventListener('${event}', function () { api.LMSSetValue('cmi.core.score.raw', '77'); api.LMSFinish(''); });`
				)
			);
			await bench.play(pack);
			await bench.leave();
			expect(await branchOf(pack), event).toMatchObject({ completion: 'completed', score: { raw: 77 } });
		}
	});

	test('[SC15] content cut into pages initialises in each of them', async () => {
		const part = (next: string) =>
			page12(
				`window.first = api.LMSInitialize(''); window.place = api.LMSGetValue('cmi.core.lesson_location');
				addEventListener('unload', function () { api.LMSSetValue('cmi.core.lesson_location', '${next}'); api.LMSFinish(''); });`,
				`<a href="${next}.html">on</a>`
			);
		const pack = await installed(
			makePack(aStructure([anItem('a', {})]), { 'a.html': part('b'), 'b.html': part('c'), 'c.html': part('d') })
		);
		const sco = await bench.play(pack);
		await sco.locator('a').click();
		await sco.waitForURL(/b\.html/);
		expect(await sco.evaluate('[first, place]')).toEqual(['true', 'b']);
		await sco.locator('a').click();
		await sco.waitForURL(/c\.html/);
		expect(await sco.evaluate('[first, place]')).toEqual(['true', 'c']);
		await bench.leave();
		expect(await branchOf(pack)).toMatchObject({ sessions: 3, location: 'd', completion: 'completed' });
	});

	test('calls before Initialize and after Finish are refused and recorded nowhere', async () => {
		const pack = await installed(
			one(`window.results = [api.LMSSetValue('cmi.core.lesson_location', '1'), api.LMSCommit(''), api.LMSFinish(''), api.LMSInitialize(''), api.LMSFinish(''),
				api.LMSSetValue('cmi.core.lesson_location', '2'), api.LMSFinish('')];`)
		);
		const sco = await bench.play(pack);
		expect(await sco.evaluate('results')).toEqual(['false', 'false', 'false', 'true', 'true', 'false', 'false']);
		await bench.leave();
		expect(await branchOf(pack)).toMatchObject({ location: null, sessions: 1 });
	});

	test('[SC8] a page that never speaks is done when it was left; an asset when it was shown', async () => {
		const pack = await installed(
			makePack(aStructure([anItem('a', {}), anItem('b', { kind: 'asset', path: 'pic.html' })]), {
				'a.html': '<p>Silent.</p>',
				'pic.html': '<p>Picture.</p>'
			})
		);
		await bench.play(pack);
		expect(await branchOf(pack)).toBeUndefined();
		await bench.page.evaluate(() => globalThis.waypost.host?.next());
		await expect.poll(async () => (await branchOf(pack, 'b'))?.completion, { timeout: 10_000 }).toBe('completed');
		expect(await branchOf(pack, 'a')).toMatchObject({ completion: 'completed' });
		await bench.leave();
	});

	test('[SC9] prerequisites lock the contents and open them', async () => {
		const done = page12(
			`api.LMSInitialize(''); api.LMSSetValue('cmi.core.lesson_status', 'completed'); api.LMSCommit('');`
		);
		const pack = await installed(
			makePack(aStructure([anItem('a', {}), anItem('b', { prerequisites: 'a' })]), {
				'a.html': '<p>x</p>'.concat(done),
				'b.html': done
			})
		);
		await bench.play(pack);
		await expect
			.poll(async () => (await bench.state())?.contents.map(({ isOpen, state }) => [isOpen, state]))
			.toEqual([
				[true, 'done'],
				[true, 'not-begun']
			]);
		await bench.leave();
	});

	test('[SC2] [SC12] launch data, mastery and preferences reach the content, and preferences follow the learner', async () => {
		const script = `api.LMSInitialize(''); window.seen = ['cmi.launch_data', 'cmi.student_data.mastery_score', 'cmi.student_preference.audio', 'cmi.core.credit', 'cmi.core.lesson_mode'].map(function (el) { return api.LMSGetValue(el); });
			api.LMSSetValue('cmi.student_preference.audio', '55');`;
		const first = await installed(one(script, { dataFromLms: 'secret=1', masteryScore: 80 }));
		expect(await (await bench.play(first)).evaluate('seen')).toEqual([
			'secret=1',
			'80',
			expect.anything(),
			'credit',
			'normal'
		]);
		await bench.leave();
		const other = await installed(one(`${script} // another course`));
		expect(((await (await bench.play(other)).evaluate('seen')) as string[])[2]).toBe('55');
		await bench.leave();
	});

	test('[SC16] the time that the manifest allows ends the visit', async () => {
		const pack = await installed(one(`api.LMSInitialize('');`, { maxTimeAllowed: 1, timeLimitAction: 'exit,message' }));
		await bench.play(pack);
		await bench.status('closed');
		expect((await bench.state())?.timeIsOver).toBe(true);
		expect((await attemptOf(pack))?.play.exit).toBe('time-out');
	});

	test('a screen that takes the player off the page loses nothing', async () => {
		const pack = await installed(
			one(
				`api.LMSInitialize(''); addEventListener('unload', function () { api.LMSSetValue('cmi.core.score.raw', '66'); api.LMSFinish(''); });`
			)
		);
		await bench.play(pack);
		await bench.page.evaluate(async () => {
			const closing = globalThis.waypost.leave();
			document.querySelector('#player')!.replaceChildren();
			await closing;
		});
		expect(await branchOf(pack)).toMatchObject({ completion: 'completed', score: { raw: 66 } });
	});

	test('the second tab says "open elsewhere", and takes over when the first is closed', async () => {
		const pack = await installed(one(`api.LMSInitialize('');`));
		await bench.play(pack);
		const first = bench.page;
		const second = await bench.openApp();
		await second.evaluate((packId) => globalThis.waypost.play(packId), pack.packId);
		await bench.status('blocked');
		await first.evaluate(() => globalThis.waypost.leave());
		await second.evaluate(() => globalThis.waypost.host?.retry());
		await bench.status('playing');
		await bench.leave();
		await first.close();
	});
});

describe('SCORM 2004', () => {
	const report = (script: string) => `api.Initialize(''); window.entry = api.GetValue('cmi.entry'); ${script}`;

	test('[SC4] measures decide; objectives are seeded', async () => {
		const script =
			report(`api.SetValue('cmi.score.scaled', '0.9'); api.SetValue('cmi.progress_measure', '1'); api.SetValue('cmi.objectives.0.success_status', 'passed');
			window.objectives = [api.GetValue('cmi.objectives._count'), api.GetValue('cmi.objectives.0.id')]; api.Terminate('');`);
		const structure = aStructure(
			[anItem('a', { scaledPassingScore: 0.7, completionThreshold: 0.8, objectiveIds: ['obj'] })],
			{
				scormVersion: '2004',
				sequencing: tree([
					{
						id: 'a',
						title: 'a',
						primaryObjective: {
							objectiveID: 'obj',
							isPrimary: true,
							satisfiedByMeasure: true,
							minNormalizedMeasure: 0.7
						}
					}
				])
			}
		);
		const pack = await installed(makePack(structure, { 'a.html': page2004(script) }));
		const sco = await bench.play(pack);
		expect(await sco.evaluate('objectives')).toEqual(['1', 'obj']);
		await bench.leave();
		expect(await branchOf(pack)).toMatchObject({
			completion: 'completed',
			success: 'passed',
			progress: 1,
			score: { scaled: 0.9 }
		});
		expect(await branchOf(pack, '*')).toMatchObject({ success: 'passed' });
	});

	test('[SC11] a normal end begins a new attempt, a suspended one goes on', async () => {
		const pack = await installed(
			one2004(
				report(
					`window.place = api.GetValue('cmi.location'); api.SetValue('cmi.location', '7'); window.end = function (exit) { api.SetValue('cmi.exit', exit); api.Terminate(''); }`
				)
			)
		);
		expect(await (await bench.play(pack)).evaluate('end("suspend"), entry')).toBe('ab-initio');
		await bench.leave();
		expect(await (await bench.play(pack)).evaluate('end("normal"), [entry, place]')).toEqual(['resume', '7']);
		await bench.leave();
	});

	const done = report(`api.SetValue('cmi.completion_status', 'completed');`);
	const three = (controls: object, more: Record<string, object> = {}) =>
		makePack(
			aStructure([anItem('p', {}), anItem('q', {}), anItem('r', {})], {
				scormVersion: '2004',
				sequencing: tree(
					['p', 'q', 'r'].map((id) => ({ id, title: id, ...more[id] })),
					controls
				)
			}),
			{ 'p.html': page2004(`${done}//p`), 'q.html': page2004(`${done}//q`), 'r.html': page2004(`${done}//r`) }
		);

	async function go(step: 'next' | 'previous', expected: string): Promise<void> {
		await bench.sco();
		await bench.page.evaluate((name) => globalThis.waypost.host?.[name](), step);
		await expect.poll(async () => (await bench.state())?.item?.id, { timeout: 15_000 }).toBe(expected);
		await bench.status('playing');
	}

	test('next, previous and choice by the rules; the course rolls up', async () => {
		const pack = await installed(three({ choice: true, flow: true }));
		await bench.play(pack);
		expect((await bench.state())?.item?.id).toBe('p');
		await expect.poll(async () => (await bench.state())?.allowed).toMatchObject({ next: true, previous: false });
		await go('next', 'q');
		await go('previous', 'p');
		await bench.sco();
		await bench.page.evaluate(() => globalThis.waypost.host?.choose('r'));
		await expect.poll(async () => (await bench.state())?.item?.id, { timeout: 15_000 }).toBe('r');
		await bench.status('playing');
		await go('previous', 'q');
		await bench.sco();
		await bench.leave();
		expect(await branchOf(pack, '*')).toMatchObject({ completion: 'completed', success: 'unknown' });
		await bench.play(pack);
		expect((await bench.state())?.item?.id).toBe('q');
		await bench.leave();
	});

	test('forward only: there is no way back', async () => {
		const pack = await installed(three({ choice: false, flow: true, forwardOnly: true }));
		await bench.play(pack);
		await go('next', 'q');
		await expect.poll(async () => (await bench.state())?.allowed.next).toBe(true);
		expect((await bench.state())?.allowed.previous).toBe(false);
		expect((await bench.state())?.contents.every(({ isOpen }) => !isOpen)).toBe(true);
		await bench.leave();
	});

	test('choice only: she chooses first', async () => {
		const pack = await installed(three({ choice: true, flow: false }));
		await bench.page.evaluate((packId) => globalThis.waypost.play(packId), pack.packId);
		await bench.status('choosing');
		await expect
			.poll(async () => (await bench.state())?.contents.map(({ isOpen }) => isOpen))
			.toEqual([true, true, true]);
		await bench.page.evaluate(() => globalThis.waypost.host?.choose('q'));
		await bench.status('playing');
		expect((await bench.state())?.item?.id).toBe('q');
		await bench.leave();
	});

	test('a passed pretest skips the lesson: content asks to continue, rules decide where', async () => {
		const map = (write: boolean) => ({
			primaryObjective: {
				objectiveID: 'own',
				isPrimary: true,
				satisfiedByMeasure: true,
				minNormalizedMeasure: 0.7,
				mapInfo: [
					{
						targetObjectiveID: 'global',
						readSatisfiedStatus: !write,
						readNormalizedMeasure: !write,
						writeSatisfiedStatus: write,
						writeNormalizedMeasure: write
					}
				]
			}
		});
		const structure = aStructure([anItem('pretest', {}), anItem('lesson', {}), anItem('end', {})], {
			scormVersion: '2004',
			sequencing: tree([
				{ id: 'pretest', title: 'pretest', ...map(true) },
				{
					id: 'lesson',
					title: 'lesson',
					...map(false),
					sequencingRules: { preConditionRules: [{ action: 'skip', conditions: [{ condition: 'satisfied' }] }] }
				},
				{ id: 'end', title: 'end' }
			])
		});
		const test = (score: string) =>
			page2004(
				report(
					`window.end = function () { api.SetValue('cmi.score.scaled', '${score}'); api.SetValue('cmi.completion_status', 'completed'); api.SetValue('adl.nav.request', 'continue'); api.Terminate(''); }`
				)
			);
		for (const [score, next] of [
			['0.9', 'end'],
			['0.2', 'lesson']
		] as const) {
			const pack = await installed(
				makePack(structure, {
					'pretest.html': test(score),
					'lesson.html': page2004(done),
					'end.html': page2004(`${done}//end`)
				})
			);
			await (await bench.play(pack)).evaluate('end()');
			await expect.poll(async () => (await bench.state())?.item?.id, { timeout: 15_000 }).toBe(next);
			await bench.status('playing');
			await bench.leave();
		}
	});

	test('a killed tab in the middle of a sequenced course comes back to the same item', async () => {
		const pack = await installed(three({ choice: false, flow: true }));
		await bench.play(pack);
		await go('next', 'q');
		await bench.sco();
		await bench.kill();
		await bench.open();
		const sco = await bench.play(pack);
		expect((await bench.state())?.item?.id).toBe('q');
		expect(await sco.evaluate('entry')).toBe('resume');
		await go('next', 'r');
		await bench.leave();
		expect(await branchOf(pack, 'p')).toMatchObject({ completion: 'completed' });
	});
});

describe('a shared phone', () => {
	test('what a killed browser left behind goes to whoever it belongs to, not to whoever comes next', async () => {
		const pack = await installed(
			one(
				`api.LMSInitialize(''); window.place = api.LMSGetValue('cmi.core.lesson_location'); window.say = function (x) { api.LMSSetValue('cmi.core.lesson_location', x); };`
			)
		);
		const sco = await bench.play(pack);
		// The app is kept from recording, so that the row is on the content origin only.
		await bench.page.evaluate(() => globalThis.waypost.profileDb.close());
		await sco.evaluate('say("hers")');
		await bench.page.waitForTimeout(300);
		await bench.kill();
		await bench.open('person-2');
		expect(await (await bench.play(pack)).evaluate('place')).toBe('');
		await bench.leave();
		await bench.page.close();
		await bench.openApp();
		expect(await (await bench.play(pack)).evaluate('place')).toBe('hers');
		await bench.leave();
	});
});

describe('a device that forgets', () => {
	test('content evicted by the browser: said plainly, and one installation later she goes on', async () => {
		const pack = await installed(
			one(
				`api.LMSInitialize(''); window.place = api.LMSGetValue('cmi.core.lesson_location'); api.LMSSetValue('cmi.core.lesson_location', '5');`
			)
		);
		await bench.play(pack);
		await bench.leave();
		const session = await bench.browser.context.newCDPSession(bench.page);
		await session.send('Storage.clearDataForOrigin', {
			origin: bench.server.contentOrigin(pack.packId),
			storageTypes: 'all'
		});
		await bench.page.evaluate((packId) => globalThis.waypost.play(packId), pack.packId);
		await bench.status('failed');
		expect((await bench.state())?.failure).toBe('content-missing');
		await bench.leave();
		expect((await bench.install(pack, `course-${courses}`)).state).toBe('installed');
		expect(await (await bench.play(pack)).evaluate('place')).toBe('5');
		await bench.leave();
	});
});
