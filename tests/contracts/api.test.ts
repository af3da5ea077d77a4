/** The main job over the API, step by step, as the app's pages ask for it; the package is one of the course builder's. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	addLearnersSchema,
	adminCourseSchema,
	capabilitySchema,
	cohortStatisticsSchema,
	csvResultSchema,
	dueCertificateSchema,
	importStepSchema,
	issuedCertificateSchema,
	issueResponseSchema,
	overviewSchema,
	personRowSchema,
	publicConfigSchema,
	signInCardSchema,
	type Capability,
	type ImportStep
} from '#lib/contracts/api.ts';
import { encodeBatch } from '#lib/contracts/push-codec.ts';
import { pullResponseSchema, pushResponseSchema } from '#lib/contracts/sync.ts';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import { createContentHandler } from '#lib/server/content-host/content-handler.ts';
import { shellFile } from '#lib/server/content-host/shell-files.ts';
import { checkCertificate } from '#lib/server/public-pages/verify-page.ts';
import { silentLog } from '#lib/server/log/log.ts';
import { SEXES } from '#lib/domain/statistics/sex-split.ts';
import { zip } from '../../src/cli/course/zip.ts';
import { APP_ORIGIN, Server } from './api-harness.ts';

let server: Server;
let admin: string;
let trainer: string;
let courseId: string;
let packId: string;
let cohortId: string;
const learners: { id: string; userName: string; secret: string }[] = [];

const manifest = (title: string): string => `<?xml version="1.0"?>
<manifest identifier="m" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>${title}</title>
<item identifier="one" identifierref="r1"><title>One</title><adlcp:masteryscore>80</adlcp:masteryscore></item>
<item identifier="two" identifierref="r2"><title>Two</title></item></organization></organizations>
<resources><resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="one.html"><file href="one.html"/></resource>
<resource identifier="r2" type="webcontent" adlcp:scormtype="sco" href="two.html"><file href="two.html"/></resource></resources></manifest>`;

function packageOf(title: string, filler = ''): Uint8Array {
	const text = (content: string): Uint8Array => new TextEncoder().encode(content);
	return zip([
		{ name: 'imsmanifest.xml', bytes: text(manifest(title)) },
		{ name: 'one.html', bytes: text(`<p>One ${filler}</p>`) },
		{ name: 'two.html', bytes: text('<p>Two</p>') }
	]);
}

async function stepsOf(answer: Response): Promise<ImportStep[]> {
	expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
	return (await answer.text())
		.trim()
		.split('\n')
		.map((line) => v.parse(importStepSchema, JSON.parse(line)));
}

const upload = (bytes: Uint8Array | ReadableStream, query: string, as: string): Promise<Response> =>
	server.call(`/api/courses/import?${query}`, {
		method: 'POST',
		body: bytes,
		as,
		headers: { 'content-type': 'application/zip' }
	});

async function filesIn(folder: string): Promise<string[]> {
	const path = join(server.folder, folder);
	return existsSync(path) ? readdir(path) : [];
}

beforeAll(async () => {
	server = await Server.start();
	const organisationId = await server.organisation('Riverside Trust');
	const centreId = await server.centre(organisationId, 'Mongu');
	admin = await server.person({
		userName: 'admin',
		organisationId,
		centreId,
		role: 'centre_admin',
		scope: { kind: 'centre', id: centreId }
	});
	trainer = await server.person({
		userName: 'trainer',
		organisationId,
		centreId,
		role: 'trainer',
		scope: { kind: 'centre', id: centreId }
	});
});
afterAll(() => server.stop());

describe('configuration for everyone', () => {
	test('tells how content hosts are named', async () => {
		const config = v.parse(publicConfigSchema, await (await server.call('/api/config')).json());
		expect(config.contentOriginPattern).toContain('{packId}');
	});
});

describe('import', () => {
	test('tells its steps, ends with the course, and keeps nothing but the pack', async () => {
		const steps = await stepsOf(await upload(packageOf('Fire safety'), 'name=fire%20safety.zip', admin));
		expect(steps[0]).toMatchObject({ step: 'receiving' });
		const last = steps.at(-1);
		expect(last).toMatchObject({
			step: 'done',
			sameAsBefore: false,
			course: { title: 'Fire safety', code: 'FIRE-SAFETY', status: 'draft', enrolled: 0 }
		});
		if (last?.step !== 'done') throw new Error('not done');
		courseId = last.course.courseId;
		packId = last.course.card.packId;
		expect(last.course.card.items).toEqual([
			{ id: 'one', title: 'One' },
			{ id: 'two', title: 'Two' }
		]);
		expect(last.course.card.rule).toEqual({ version: 1, passMark: 0.8 });
		expect(await filesIn('incoming')).toEqual([]);
		expect(await filesIn('packs')).toEqual([`${last.course.card.packSha256}.zip`]);
	});

	test('the same bytes again are the same course', async () => {
		const last = (await stepsOf(await upload(packageOf('Fire safety'), 'name=other.zip', admin))).at(-1);
		expect(last).toMatchObject({ step: 'done', sameAsBefore: true, course: { courseId } });
	});

	test('a package that is none is refused and leaves nothing', async () => {
		const before = await filesIn('packs');
		const steps = await stepsOf(await upload(new TextEncoder().encode('no zip at all'), 'name=x.zip', admin));
		expect(steps.at(-1)).toMatchObject({ step: 'refused', code: 'not-a-zip' });
		expect(await filesIn('incoming')).toEqual([]);
		expect(await filesIn('packs')).toEqual(before);
	});

	test('an upload over the limit stops, whatever its header says', async () => {
		const small = await Server.start({ MAX_PACKAGE_BYTES: '1048576' });
		const organisationId = await small.organisation('Small');
		const who = await small.person({
			userName: 'a',
			organisationId,
			role: 'itu_admin',
			scope: { kind: 'organisation', id: organisationId }
		});
		let sent = 0;
		const endless = new ReadableStream<Uint8Array>({
			pull(controller) {
				sent += 65_536;
				controller.enqueue(new Uint8Array(65_536));
			}
		});
		const answer = await small.call('/api/courses/import?name=x.zip', {
			method: 'POST',
			body: endless,
			as: who,
			headers: { 'content-type': 'application/zip' }
		});
		const lines = (await answer.text()).trim().split('\n');
		expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ step: 'refused', code: 'archive-too-large' });
		expect(sent).toBeLessThan(3_000_000);
		await small.stop();
	});

	test('walking away cancels it and leaves nothing behind', async () => {
		let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
		const slow = new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) });
		const answer = await upload(slow, 'name=slow.zip', admin);
		const reader = answer.body?.getReader();
		await reader?.read();
		await reader?.cancel();
		feed?.enqueue(new Uint8Array(10));
		await expect.poll(() => filesIn('incoming'), { timeout: 5_000 }).toEqual([]);
	});

	test('a wrong content type is told so at once', async () => {
		const answer = await server.call('/api/courses/import?name=x', { method: 'POST', body: { a: 1 }, as: admin });
		expect(answer.status).toBe(415);
	});
});

describe('a course', () => {
	test('is published, changed and listed; another pass mark is another version of the rule', async () => {
		const published = v.parse(
			adminCourseSchema,
			await (await server.post(`/api/courses/${courseId}/publish`, { revision: 1 }, { as: admin })).json()
		);
		expect(published).toMatchObject({ status: 'published', revisions: [{ revision: 1, published: true }] });
		const changed = v.parse(
			adminCourseSchema,
			await (
				await server.post(
					`/api/courses/${courseId}`,
					{ hours: 2, passMark: 0.7, description: 'What to do' },
					{ as: admin }
				)
			).json()
		);
		expect(changed.card).toMatchObject({ hours: 2, description: 'What to do', rule: { version: 2, passMark: 0.7 } });
		const same = v.parse(
			adminCourseSchema,
			await (await server.post(`/api/courses/${courseId}`, { passMark: 0.7 }, { as: admin })).json()
		);
		expect(same.card.rule.version).toBe(2);
		const { courses } = (await (await server.call('/api/courses', { as: trainer })).json()) as { courses: unknown[] };
		expect(courses).toHaveLength(1);
		v.parse(v.array(adminCourseSchema), courses);
	});

	test('has its place in the catalogue as the administrator says, and only what she says', async () => {
		const change = async (body: unknown) =>
			v.parse(adminCourseSchema, await (await server.post(`/api/courses/${courseId}`, body, { as: admin })).json())
				.card;
		const placed = await change({
			topics: ['fire safety'],
			audience: ['adult'],
			modality: 'blended',
			level: 'intermediate',
			language: 'fr-fr',
			prerequisites: ['C1']
		});
		expect(placed).toMatchObject({
			level: 'intermediate',
			language: 'fr-FR',
			record: { topics: ['fire safety'], audience: ['adult'], modality: 'blended', prerequisites: ['C1'] }
		});
		const again = await change({ modality: null, topics: [], language: 'no language' });
		expect(again).toMatchObject({
			level: 'intermediate',
			language: 'fr-FR',
			record: { topics: [], audience: ['adult'] }
		});
		expect(again.record).not.toHaveProperty('modality');
		expect((await server.post(`/api/courses/${courseId}`, { modality: 'by pigeon' }, { as: admin })).status).toBe(422);
		await change({ language: 'en' });
	});

	test('gets a second revision; the first stays what is offered until the second is published', async () => {
		const last = (
			await stepsOf(await upload(packageOf('Fire safety', 'mended'), `name=x.zip&courseId=${courseId}`, admin))
		).at(-1);
		if (last?.step !== 'done') throw new Error(JSON.stringify(last));
		expect(last.course.revisions.map((one) => [one.revision, one.published])).toEqual([
			[2, false],
			[1, true]
		]);
		expect(last.course.card.packId).toBe(packId);
	});

	test('a draft is nothing for trainers', async () => {
		const last = (await stepsOf(await upload(packageOf('Draft'), 'name=draft.zip', admin))).at(-1);
		if (last?.step !== 'done') throw new Error('not done');
		const { courses } = (await (await server.call('/api/courses', { as: trainer })).json()) as {
			courses: { title: string }[];
		};
		expect(courses.map(({ title }) => title)).toEqual(['Fire safety']);
	});
});

describe('a cohort', () => {
	test('needs no centre when the trainer has one, and is made once when its form arrives twice', async () => {
		const form = { requestId: crypto.randomUUID(), name: 'Group 1', startsAt: null };
		const answer = await server.post('/api/cohorts', form, { as: trainer });
		expect(answer.status).toBe(200);
		({ cohortId } = (await answer.json()) as { cohortId: string });
		expect(await (await server.post('/api/cohorts', form, { as: trainer })).json()).toEqual({ cohortId });
		expect((await server.post(`/api/cohorts/${cohortId}`, { name: 'Group one' }, { as: trainer })).status).toBe(204);
	});

	test('takes learners one by one, with cards whose secrets work; repeating makes nobody twice and tells no secret', async () => {
		const request = v.parse(addLearnersSchema, {
			requestId: 'r1',
			learners: [
				{ displayName: 'Amina Diallo', sex: 'female' },
				{ displayName: 'Amina Diallo' },
				{ displayName: 'Олена Коваль', sex: 'female' }
			]
		});
		const answer = await server.post(`/api/cohorts/${cohortId}/learners`, request, { as: trainer });
		const { cards } = v.parse(v.object({ cards: v.array(signInCardSchema) }), await answer.json());
		expect(cards.map((card) => card.userName)).toEqual(['amina.diallo', 'amina.diallo2', 'olena.koval']);
		expect(cards[0]?.address).toBe(APP_ORIGIN);
		for (const card of cards) {
			expect(card.secret).toMatch(/^\d{6}$/);
			const signIn = await server.post('/api/auth/sign-in', { userName: card.userName, secret: card.secret });
			expect(signIn.status).toBe(200);
			expect(await signIn.json()).toMatchObject({ profile: { mustChangeSecret: true, centreName: 'Mongu' } });
			learners.push({ id: card.learnerId, userName: card.userName, secret: card.secret ?? '' });
		}
		const again = v.parse(
			v.object({ cards: v.array(signInCardSchema) }),
			await (await server.post(`/api/cohorts/${cohortId}/learners`, request, { as: trainer })).json()
		);
		expect(again.cards.map(({ learnerId, secret }) => [learnerId, secret])).toEqual(
			learners.map(({ id }) => [id, null])
		);
	});

	test('takes a list; every problem is told by its line, and nobody is made while one is left', async () => {
		const csv = '\ufeffNom;Sexe;Âge;Identifiant\nFatou Sow;F;27;fatou\nPaul;x?;30;\n;M;;\nAwa;f;999;fatou\n';
		const check = v.parse(
			csvResultSchema,
			await (
				await server.post(
					`/api/cohorts/${cohortId}/learners/csv`,
					{ requestId: 'r2', csv, commit: true },
					{ as: trainer }
				)
			).json()
		);
		expect(check.cards).toEqual([]);
		expect(check.rows.map(({ line, problems }) => [line, problems.map(({ code }) => code)])).toEqual([
			[2, []],
			[3, ['sex-unknown']],
			[4, ['name-missing']],
			[5, ['age-unknown', 'user-name-twice']]
		]);
		const good = '\ufeffالاسم;الجنس;العمر\nليلى حسن;أنثى;٢٧\nJohn "Jo" Phiri;M;25-34\n';
		const made = v.parse(
			csvResultSchema,
			await (
				await server.post(
					`/api/cohorts/${cohortId}/learners/csv`,
					{ requestId: 'r3', csv: good, commit: true },
					{ as: trainer }
				)
			).json()
		);
		expect(made.rows.map(({ learner }) => [learner?.displayName, learner?.sex, learner?.ageBand])).toEqual([
			['ليلى حسن', 'female', '25_34'],
			['John "Jo" Phiri', 'male', '25_34']
		]);
		expect(made.cards).toHaveLength(2);
	});

	test('refuses user names that somebody has', async () => {
		const answer = await server.post(
			`/api/cohorts/${cohortId}/learners`,
			{ requestId: 'r4', learners: [{ displayName: 'X Y', userName: 'TRAINER' }] },
			{ as: trainer }
		);
		expect(answer.status).toBe(409);
		expect(await answer.json()).toMatchObject({ code: 'name-taken' });
	});

	test('gives a learner a new secret; the old one and her sessions end', async () => {
		const [, second] = learners;
		if (second === undefined) throw new Error('no learner');
		const card = v.parse(
			signInCardSchema,
			await (await server.post(`/api/cohorts/${cohortId}/learners/${second.id}/new-secret`, {}, { as: trainer })).json()
		);
		expect((await server.post('/api/profile', {}, { as: second.id })).status).toBe(401);
		expect((await server.post('/api/auth/sign-in', { userName: second.userName, secret: second.secret })).status).toBe(
			401
		);
		expect((await server.post('/api/auth/sign-in', { userName: second.userName, secret: card.secret })).status).toBe(
			200
		);
	});

	test('is enrolled in published courses only', async () => {
		expect(
			(await server.post(`/api/cohorts/${cohortId}/courses`, { courseId, enrol: true, dueAt: null }, { as: trainer }))
				.status
		).toBe(204);
		const [draft] = (await server.app.db.all<{ id: string }>(`SELECT id FROM courses WHERE status = 'draft'`)) ?? [];
		const answer = await server.post(
			`/api/cohorts/${cohortId}/courses`,
			{ courseId: draft?.id, enrol: true },
			{ as: trainer }
		);
		expect(answer.status).toBe(409);
	});
});

describe('a pack', () => {
	test('is fetched with a ticket, in pieces, and with nothing else', async () => {
		const [learner] = learners;
		const capability: Capability = v.parse(
			capabilitySchema,
			await (await server.post(`/api/packs/${courseId}/${packId}/capability`, {}, { as: learner?.id ?? null })).json()
		);
		expect(capability.contentOrigin).toBe(`http://c-${packId}.waypost.localhost:4000`);
		const handler = createContentHandler({
			config: server.app.config,
			key: server.app.ticketKey,
			shell: new Map([['/player.html', shellFile('text/html; charset=utf-8', Buffer.from('<p>player</p>'))]]),
			now: () => server.clock,
			log: silentLog
		});
		const http = createServer((request, response) => void handler(request, response, packId));
		await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
		const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
		try {
			const whole = await fetch(base + capability.url);
			expect(whole.status).toBe(200);
			const bytes = new Uint8Array(await whole.arrayBuffer());
			expect(bytes.length).toBe(capability.size);
			expect(createHash('sha256').update(bytes).digest('hex')).toBe(capability.sha256);
			expect(whole.headers.get('set-cookie')).toBeNull();
			expect(whole.headers.get('accept-ranges')).toBe('bytes');
			const etag = whole.headers.get('etag') ?? '';
			const part = await fetch(base + capability.url, { headers: { range: 'bytes=100-199', 'if-range': etag } });
			expect(part.status).toBe(206);
			expect(part.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`);
			expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(100, 200));
			const rest = await fetch(base + capability.url, { headers: { range: `bytes=${bytes.length - 5}-` } });
			expect(new Uint8Array(await rest.arrayBuffer())).toEqual(bytes.slice(-5));
			expect(
				(await fetch(base + capability.url, { headers: { range: 'bytes=1-2', 'if-range': '"other"' } })).status
			).toBe(200);
			expect((await fetch(base + capability.url, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
			expect((await fetch(`${base}/pack`)).status).toBe(403);
			expect((await fetch(`${base + capability.url.slice(0, -2)}xx`)).status).toBe(403);
			expect((await fetch(base + capability.url, { method: 'POST' })).status).toBe(405);
			expect((await fetch(`${base}/one.html`)).status).toBe(404);
			expect((await fetch(`${base}/..%2fpacks%2f${capability.sha256}.zip`)).status).toBe(404);
			const player = await fetch(`${base}/player.html`);
			expect(player.headers.get('permissions-policy')).toContain('unload=*');
			expect(player.headers.get('content-security-policy')).toContain(`frame-ancestors ${APP_ORIGIN}`);
			expect(player.headers.get('content-security-policy')).toContain("frame-src 'self'");
			server.clock += 16 * 60_000;
			expect((await fetch(base + capability.url)).status).toBe(403);
		} finally {
			await new Promise((closed) => http.close(closed));
		}
	});

	test('of a course she does not take is not for a learner', async () => {
		const stranger = await server.person({
			userName: 'stranger',
			organisationId: (await server.app.db.all<{ id: string }>('SELECT id FROM organisations'))[0]?.id ?? ''
		});
		expect((await server.post(`/api/packs/${courseId}/${packId}/capability`, {}, { as: stranger })).status).toBe(404);
	});
});

describe('push and pull', () => {
	const eventsOf = (learnerId: string, bodies: readonly (readonly [string, EventBody])[]): LearningEvent[] =>
		bodies.map(([scoId, body], index) => ({
			device: `device-${learnerId}`,
			epoch: '0001-abcdef',
			seq: index + 1,
			learnerId,
			courseId,
			packId,
			attemptId: `attempt-${learnerId}-${scoId}`,
			scoId,
			at: Date.UTC(2026, 10, 20) + index * 60_000,
			body
		}));
	const finishing: readonly (readonly [string, EventBody])[] = [
		['one', { type: 'attempt.started' }],
		[
			'one',
			{
				type: 'attempt.updated',
				completion: 'completed',
				success: 'passed',
				score: { scaled: 0.9, raw: 90, min: 0, max: 100 },
				seconds: 3600
			}
		],
		['two', { type: 'attempt.started' }],
		['two', { type: 'attempt.updated', completion: 'completed', seconds: 3600 }]
	];
	const push = async (
		learnerId: string,
		events: readonly LearningEvent[],
		headers: Record<string, string> = {}
	): Promise<Response> =>
		server.call('/api/sync/push', {
			method: 'POST',
			body: await encodeBatch(events, learnerId),
			as: learnerId,
			headers
		});

	test('a push is answered after it is stored, and repeating it changes nothing', async () => {
		const id = learners[0]?.id ?? '';
		const events = eventsOf(id, finishing);
		for (let time = 0; time < 2; time++) {
			const answer = await push(id, events);
			expect(answer.status).toBe(200);
			expect(answer.headers.get('content-type')).toBe('application/json');
			expect(v.parse(pushResponseSchema, await answer.json()).frontier).toEqual({ upto: 4, beyond: [] });
		}
	});

	test('damage on the way, a strange format and a newer one are refused with a code, and nothing is stored', async () => {
		const id = learners[2]?.id ?? '';
		const body = await encodeBatch(eventsOf(id, finishing), id);
		const send = async (bytes: Uint8Array, headers: Record<string, string> = {}) => {
			const answer = await server.call('/api/sync/push', { method: 'POST', body: bytes, as: id, headers });
			return [answer.status, ((await answer.json()) as { code: string }).code];
		};
		const bent = body.slice();
		bent[20] = (bent[20] ?? 0) ^ 1;
		expect(await send(bent)).toEqual([422, 'batch-corrupt']);
		expect(await send(new TextEncoder().encode('<html>Sign in to this network</html>'))).toEqual([
			422,
			'batch-not-a-batch'
		]);
		const newer = body.slice();
		newer[1] = 9;
		expect(await send(newer)).toEqual([426, 'batch-newer-version']);
		expect(await send(body, { 'x-waypost-protocol': '99' })).toEqual([426, 'batch-newer-version']);
		expect(await send(body, { 'content-type': 'application/json' })).toEqual([415, 'wrong-content-type']);
		expect(await send(new Uint8Array(5 * 1024 * 1024))).toEqual([413, 'too-large']);
		const rows = await server.app.db.all('SELECT seq FROM learning_events WHERE learner_id = ?', [id]);
		expect(rows).toEqual([]);
	});

	test('events of somebody else are set aside, not counted', async () => {
		const [id, other] = [learners[1]?.id ?? '', learners[2]?.id ?? ''];
		const answer = v.parse(
			pushResponseSchema,
			await (
				await push(
					id,
					eventsOf(other, finishing).map((event) => ({ ...event, device: `device-${id}` }))
				)
			).json()
		);
		expect(answer.quarantined?.map(({ reason }) => reason)).toEqual(finishing.map(() => 'not-own-record'));
		expect(answer.frontier.upto).toBe(4);
	});

	test('a learner pulls her own, a trainer her cohorts', async () => {
		const pull = async (who: string): Promise<v.InferOutput<typeof pullResponseSchema>> =>
			v.parse(
				pullResponseSchema,
				await (
					await server.post('/api/sync/pull', { v: 1, device: 'fresh', cursor: null, acked: {} }, { as: who })
				).json()
			);
		const own = await pull(learners[0]?.id ?? '');
		expect(own.enrolments?.map((one) => one.courseId)).toEqual([courseId]);
		expect(own.branches?.length).toBeGreaterThan(0);
		expect(own.learners).toBeUndefined();
		const cohort = await pull(trainer);
		expect(cohort.cohorts?.map((one) => one.name)).toEqual(['Group one']);
		expect(cohort.learners).toHaveLength(5);
		expect(cohort.branches).toBeUndefined();
	});

	test('an idle pull is small', async () => {
		const id = learners[0]?.id ?? '';
		const first = v.parse(
			pullResponseSchema,
			await (await server.post('/api/sync/pull', { v: 1, device: 'fresh', cursor: null, acked: {} }, { as: id })).json()
		);
		const idle = await server.post(
			'/api/sync/pull',
			{ v: 1, device: 'fresh', cursor: first.cursor, acked: {} },
			{ as: id }
		);
		const headers = [...idle.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
		expect(headers + (await idle.arrayBuffer()).byteLength).toBeLessThan(700);
	});
});

describe('figures', () => {
	test('of the cohort, on the screen and in the spreadsheet, are the same', async () => {
		const statistics = v.parse(
			cohortStatisticsSchema,
			await (await server.call(`/api/cohorts/${cohortId}/statistics`, { as: trainer })).json()
		);
		const funnel = statistics.courses[0]?.funnel;
		expect(funnel?.enrolled).toEqual({ female: 3, male: 1, other: 0, not_stated: 1 });
		expect(funnel?.completed).toEqual({ female: 1, male: 0, other: 0, not_stated: 0 });
		const download = await server.call(`/api/cohorts/${cohortId}/export.csv?profile=${trainer}&language=en`);
		expect(download.status).toBe(200);
		const bytes = new Uint8Array(await download.arrayBuffer());
		expect(Array.from(bytes.subarray(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
		const lines = new TextDecoder().decode(bytes).trim().split('\r\n');
		for (const step of ['enrolled', 'started', 'completed', 'certified'] as const) {
			expect(lines).toContain(
				[
					'Fire safety',
					step,
					...SEXES.map((sex) => funnel?.[step][sex]),
					SEXES.reduce((sum, sex) => sum + (funnel?.[step][sex] ?? 0), 0)
				].join(',')
			);
		}
		expect(lines.filter((line) => line.includes('FIRE-SAFETY'))).toHaveLength(5);
	});

	test('a name cannot become a formula', async () => {
		await server.post(
			`/api/cohorts/${cohortId}/learners`,
			{ requestId: 'formula', learners: [{ displayName: '=HYPERLINK("http://evil.example","x")' }] },
			{ as: trainer }
		);
		const text = await (await server.call(`/api/cohorts/${cohortId}/export.csv`, { as: trainer })).text();
		expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
		expect(text).not.toMatch(/(^|,)"?=/m);
	});

	test('for the administrator: overview and people', async () => {
		const overview = v.parse(overviewSchema, await (await server.call('/api/overview', { as: admin })).json());
		expect(overview).toMatchObject({ due: 1, learners: 6, cohorts: 1, courses: 1, certificates: 0, quarantined: 4 });
		const { people } = v.parse(
			v.object({ people: v.array(personRowSchema) }),
			await (await server.call('/api/people?search=AMINA&role=learner', { as: admin })).json()
		);
		expect(people.map((one) => one.userName).toSorted()).toEqual(['amina.diallo', 'amina.diallo2']);
	});
});

describe('certificates', () => {
	test('are due with their evidence, issued once, printed, and checked by anyone', async () => {
		const { due } = v.parse(
			v.object({ due: v.array(dueCertificateSchema) }),
			await (await server.call('/api/certificates/due', { as: admin })).json()
		);
		expect(due).toMatchObject([
			{ userName: 'amina.diallo', courseTitle: 'Fire safety', score: 0.9, rule: { version: 2, passMark: 0.7 } }
		]);
		const learnerId = due[0]?.learnerId ?? '';
		const items = [
			{ learnerId, courseId },
			{ learnerId: learners[1]?.id ?? '', courseId }
		];
		const first = v.parse(
			issueResponseSchema,
			await (await server.post('/api/certificates/issue', { items }, { as: admin })).json()
		);
		expect(first.issued).toHaveLength(1);
		expect(first.skipped).toEqual([{ ...items[1], reason: 'not-earned' }]);
		const again = v.parse(
			issueResponseSchema,
			await (await server.post('/api/certificates/issue', { items: items.slice(0, 1) }, { as: admin })).json()
		);
		expect(again).toEqual({ issued: [], skipped: [{ ...items[0], reason: 'already-issued' }] });

		const { certificates } = v.parse(
			v.object({ certificates: v.array(issuedCertificateSchema) }),
			await (await server.call('/api/certificates/issued', { as: admin })).json()
		);
		const [certificate] = certificates;
		const pdfOf = (as: string | null, query = '') =>
			server.call(`/api/certificates/${certificate?.certificateId}/pdf${query}`, { as });
		for (const who of [learnerId, trainer, admin]) {
			const pdf = await pdfOf(who);
			expect(pdf.status).toBe(200);
			expect(
				Buffer.from(await pdf.arrayBuffer())
					.subarray(0, 5)
					.toString()
			).toBe('%PDF-');
		}
		expect((await pdfOf(null, `?profile=${learnerId}&language=ar`)).status).toBe(200);
		expect((await pdfOf(learners[2]?.id ?? '')).status).toBe(404);

		const code = first.issued[0]?.code ?? '';
		const check = async (typed: string, language = 'en') =>
			checkCertificate(
				{ app: server.app, language, langQuery: '', translator: await server.app.translator(language) },
				typed,
				'203.0.113.9'
			);
		expect((await check(code.toLowerCase().replaceAll('-', ' '))).page.verdict?.kind).toBe('valid');
		expect((await check(code)).page.facts.map((fact) => fact.value)).toContain('Amina Diallo');
		expect((await check(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)).page.verdict?.kind).toBe('mistyped');
		expect((await check('WP-7K3M-9QXA-7')).page.verdict?.kind).toBe('unknown');

		await server.app.db.run(`UPDATE people SET age_band = '15_17' WHERE id = ?`, [learnerId]);
		expect((await check(code)).page.facts.map((fact) => fact.value)).not.toContain('Amina Diallo');
		await server.app.db.run('UPDATE certificates SET revoked_at = ? WHERE code = ?', [server.clock, code]);
		expect((await check(code)).page.verdict?.kind).toBe('revoked');
		await server.app.db.run(
			`UPDATE certificates SET payload = replace(payload, 'Fire safety', 'Brain surgery'), revoked_at = NULL WHERE code = ?`,
			[code]
		);
		const forged = await check(code);
		expect(forged.page.verdict?.kind).toBe('broken');
		expect(forged.page.facts).toEqual([]);
	});

	test('checking is limited by network', async () => {
		const translator = await server.app.translator('en');
		let limited = 0;
		for (let time = 0; time < 100; time++) {
			const { status } = await checkCertificate(
				{ app: server.app, language: 'en', langQuery: '', translator },
				'WP-7K3M-9QXA-7',
				'198.51.100.77'
			);
			if (status === 429) limited += 1;
		}
		expect(limited).toBe(40);
	});
});

describe('staff', () => {
	test('a centre administrator makes a trainer of her centre, and nobody above her', async () => {
		const [centre] = (
			(await (await server.call('/api/centres', { as: admin })).json()) as { centres: { centreId: string }[] }
		).centres;
		const make = (role: string, userName: string) =>
			server.post('/api/people', { displayName: 'New', userName, role, centreId: centre?.centreId }, { as: admin });
		const card = v.parse(signInCardSchema, await (await make('trainer', 'new-trainer')).json());
		expect((await server.post('/api/auth/sign-in', { userName: 'new-trainer', secret: card.secret })).status).toBe(200);
		expect((await make('itu_admin', 'usurper')).status).toBe(403);
		expect((await make('trainer', 'new-trainer')).status).toBe(409);
	});

	test('a form whose answer was lost makes one centre and one person, with a password that works', async () => {
		const organisationId = await server.organisation('Lakeside Trust');
		const itu = await server.person({
			userName: 'lakeside',
			organisationId,
			role: 'itu_admin',
			scope: { kind: 'organisation', id: organisationId }
		});
		const centre = { requestId: 'form-1', name: 'River centre', country: 'ZM' };
		const first = await (await server.post('/api/centres', centre, { as: itu })).json();
		expect(await (await server.post('/api/centres', centre, { as: itu })).json()).toEqual(first);

		const { centreId } = v.parse(v.object({ centreId: v.string() }), first);
		const form = { requestId: 'form-2', displayName: 'Twice', userName: 'twice-sent', role: 'trainer', centreId };
		const send = async () =>
			v.parse(signInCardSchema, await (await server.post('/api/people', form, { as: itu })).json());
		const [lost, seen] = [await send(), await send()];
		expect(seen.learnerId).toBe(lost.learnerId);
		const signIn = (secret: string | null) => server.post('/api/auth/sign-in', { userName: 'twice-sent', secret });
		expect((await signIn(lost.secret)).status).toBe(401);
		expect((await signIn(seen.secret)).status).toBe(200);
		expect((await server.post('/api/people', { ...form, requestId: 'form-3' }, { as: itu })).status).toBe(409);
	});
});
