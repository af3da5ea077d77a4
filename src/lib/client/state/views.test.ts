/** What the screens read, from rows as devices have them. */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import { appendEvents } from '#lib/client/db/append-events.ts';
import { DeviceDb, type PackRecord } from '#lib/client/db/device-db.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { writeMeta } from '#lib/client/db/profile-meta.ts';
import { beginEpoch } from '#lib/client/sync/epoch.ts';
import type { CourseCard, RegistrationRow } from '#lib/contracts/sync.ts';
import type { CourseStructure, ItemLaunch } from '#lib/domain/course/course-structure.ts';
import type { EventBody } from '#lib/domain/event/learning-event.ts';
import { addDataUse } from '#lib/client/db/data-use.ts';
import { aboutCourse, catalogueOf, rankOf } from './catalogue-views.ts';
import { courseRecords } from './course-records.ts';
import { downloadsView, myDataView } from './device-views.ts';
import { allCourses, certificatesView, courseView, learnerHome, type Owner } from './learner-views.ts';
import { safetyOf } from './safety.ts';
import { cohortView, cohortViews } from './trainer-views.ts';

let count = 0;
let owner: Owner;
let db: ProfileDb;
let device: DeviceDb;

beforeEach(async () => {
	count += 1;
	db = new ProfileDb(`views-${count}`);
	device = new DeviceDb(`views-device-${count}`);
	owner = { db, device, personId: 'p1' };
	await beginEpoch(db);
});

const launch: ItemLaunch = {
	kind: 'sco',
	path: 'index.html',
	suffix: '',
	dataFromLms: null,
	masteryScore: null,
	scaledPassingScore: null,
	completionThreshold: null,
	maxTimeAllowed: null,
	timeLimitAction: null,
	prerequisites: null,
	objectiveIds: [],
	hideLmsUi: []
};

function card(courseId: string, change: Partial<CourseCard> = {}): CourseCard {
	return {
		courseId,
		code: courseId,
		title: `Course ${courseId}`,
		description: '',
		language: 'en',
		level: null,
		hours: 2,
		objectives: [],
		rule: { version: 1, passMark: 0.7 },
		packId: `${courseId}-pack2`,
		packSha256: '',
		revision: 2,
		packSize: 1,
		installedSize: 1,
		fileCount: 1,
		scormVersion: '1.2',
		items: [
			{ id: 'i1', title: 'One' },
			{ id: 'i2', title: 'Two' }
		],
		withdrawn: false,
		...change
	};
}

function pack(
	courseId: string,
	packId: string,
	revision: number,
	state: PackRecord['state'] = 'installed'
): PackRecord {
	const structure: CourseStructure = {
		scormVersion: '1.2',
		schemaVersion: null,
		title: 't',
		language: null,
		organizationId: 'o',
		items: ['i1', 'i2'].map((id) => ({ id, title: `${id} of ${packId}`, visible: true, launch, children: [] })),
		sequencing: null,
		objectivesGlobalToSystem: true
	};
	return {
		packId,
		courseId,
		sha256: '',
		revision,
		state,
		error: null,
		done: 10,
		total: 20,
		fetched: 10,
		structure: state === 'installed' ? structure : null,
		contentOrigin: '',
		installedAt: null
	};
}

const enrol = (courseId: string, dueAt: number | null = null) =>
	db.enrolments.put({ courseId, cohortId: null, cohortName: null, enrolledAt: 1, dueAt, ended: false });

function study(courseId: string, packId: string, scoId: string, at: number, ...bodies: EventBody[]) {
	return db.transaction('rw', [db.meta, db.events, db.branches], () =>
		appendEvents(
			db,
			[{ type: 'attempt.started' } as EventBody, ...bodies].map((body) => ({
				learnerId: 'p1',
				courseId,
				packId,
				attemptId: `${courseId}-${scoId}`,
				scoId,
				at,
				body
			}))
		)
	);
}

const finish: EventBody = {
	type: 'attempt.updated',
	completion: 'completed',
	score: { scaled: 0.9, raw: null, min: null, max: null }
};

describe('learner home', () => {
	test('nobody enrolled, nothing done: nothing to say, and nothing breaks', async () => {
		expect(await learnerHome(owner)).toMatchObject({
			profile: null,
			next: null,
			due: [],
			onPhone: [],
			toDownload: [],
			finished: []
		});
	});

	test('the next step is what she was in the middle of, then what is due first; the rest in their lists', async () => {
		await db.courses.bulkPut(['a', 'b', 'c', 'd', 'e'].map((id) => card(id)));
		for (const id of ['a', 'c', 'd', 'e']) await enrol(id);
		await enrol('b', 500);
		await device.packs.bulkPut(['a', 'c', 'e'].map((id) => pack(id, `${id}-pack2`, 2)));
		await study('a', 'a-pack2', 'i1', 1_000, { type: 'attempt.updated', progress: 0.5 });
		await study('e', 'e-pack2', 'i1', 2_000, finish);
		await study('e', 'e-pack2', 'i2', 2_000, finish);
		const home = await learnerHome(owner);
		expect(home.next).toMatchObject({
			course: { card: { courseId: 'a' }, minutesLeft: 90 },
			item: { scoId: 'i1', title: 'i1 of a-pack2', state: 'going-on' }
		});
		const ids = (list: readonly { card: CourseCard }[]) => list.map((course) => course.card.courseId);
		expect([ids(home.due), ids(home.onPhone), ids(home.toDownload), ids(home.finished)]).toEqual([
			['b'],
			['c'],
			['d'],
			['e']
		]);
	});

	test('a course that was ended by the centre and never begun is not hers any more; one she began stays', async () => {
		await db.courses.bulkPut([card('a'), card('b')]);
		for (const courseId of ['a', 'b']) {
			await db.enrolments.put({ courseId, cohortId: null, cohortName: null, enrolledAt: 1, dueAt: null, ended: true });
		}
		await study('b', 'b-pack2', 'i1', 1);
		const home = await learnerHome(owner);
		expect(home.next?.course.card.courseId).toBe('b');
		expect(home.toDownload).toEqual([]);
	});
});

describe('a course', () => {
	test('[DESIGN 4.6] in the middle of an older revision she stays on it, and hears that there is a newer one', async () => {
		await db.courses.put(card('a'));
		await device.packs.bulkPut([pack('a', 'a-pack1', 1), pack('a', 'a-pack2', 2)]);
		expect((await courseView(owner, 'a'))?.summary).toMatchObject({
			playable: { packId: 'a-pack2' },
			hasUpdate: false
		});
		await study('a', 'a-pack1', 'i1', 1);
		expect((await courseView(owner, 'a'))?.summary).toMatchObject({ playable: { packId: 'a-pack1' }, hasUpdate: true });
		await study('a', 'a-pack1', 'i1', 2, finish);
		await study('a', 'a-pack1', 'i2', 2, finish);
		expect((await courseView(owner, 'a'))?.summary).toMatchObject({
			playable: { packId: 'a-pack2' },
			registration: { state: 'done' }
		});
	});

	test('units have their states, also without the pack', async () => {
		await db.courses.put(card('a'));
		await study('a', 'a-pack2', 'i1', 1, finish);
		const view = await courseView(owner, 'a');
		expect(view?.items.map(({ title, state }) => [title, state])).toEqual([
			['One', 'done'],
			['Two', 'not-begun']
		]);
		expect(view?.continueAt?.scoId).toBe('i2');
		expect(view?.summary).toMatchObject({
			playable: null,
			offered: null,
			registration: { itemsDone: 1, itemsTotal: 2 }
		});
		expect(await courseView(owner, 'unknown')).toBeNull();
	});

	test('earned offline waits to be issued; then it is issued', async () => {
		await db.courses.put(card('a'));
		for (const item of ['i1', 'i2']) await study('a', 'a-pack2', item, 1, finish);
		expect((await certificatesView(owner)).waiting.map((course) => course.card.courseId)).toEqual(['a']);
		await db.certificates.put({
			certificateId: 'z1',
			code: 'WP-1',
			courseId: 'a',
			learnerName: 'x',
			courseTitle: 'x',
			issuerName: 'x',
			issuedAt: 5,
			hours: null,
			score: null,
			verifyUrl: '',
			revoked: false
		});
		expect(await certificatesView(owner)).toMatchObject({ waiting: [], issued: [{ code: 'WP-1' }] });
		expect((await allCourses(owner))[0]).toMatchObject({ certificateState: 'issued' });
	});

	test('a score below the mark is not earned', async () => {
		await db.courses.put(card('a', { rule: { version: 1, passMark: 0.95 } }));
		for (const item of ['i1', 'i2']) await study('a', 'a-pack2', item, 1, finish);
		expect((await courseView(owner, 'a'))?.summary).toMatchObject({
			certificateState: 'none',
			eligibility: { type: 'not-yet', missing: ['score'] }
		});
	});
});

test('[SY31] safety: nothing yet, on this phone, received with the server’s date; per course and overall', async () => {
	expect(await safetyOf(db)).toMatchObject({ state: 'nothing', waiting: 0, receivedAt: null });
	await study('a', 'p', 'i1', 7_000, finish);
	await study('b', 'p', 'i1', 9_000);
	expect(await safetyOf(db)).toMatchObject({ state: 'on-phone', waiting: 3, oldestWaitingAt: 7_000, receivedAt: null });
	await db.events.toCollection().modify((record: { waiting: number; event: { courseId: string } }) => {
		if (record.event.courseId === 'a') record.waiting = 0;
	});
	await writeMeta(db, 'received', { at: 99, courses: { a: 99 } });
	const safety = await safetyOf(db);
	expect(safety).toMatchObject({ state: 'on-phone', waiting: 1, receivedAt: 99 });
	expect(safety.courses.get('a')).toEqual({ state: 'received', waiting: 0, oldestWaitingAt: null, receivedAt: 99 });
	expect(safety.courses.get('b')).toMatchObject({ state: 'on-phone', waiting: 1, receivedAt: null });
});

describe('a cohort', () => {
	const row = (learnerId: string, change: Partial<RegistrationRow>): RegistrationRow => ({
		learnerId,
		courseId: 'a',
		state: 'going-on',
		success: 'unknown',
		score: null,
		progress: 0,
		itemsDone: 0,
		itemsTotal: 2,
		seconds: 0,
		startedAt: null,
		changedAt: 1_000,
		certificate: 'none',
		...change
	});

	beforeEach(async () => {
		await db.courses.put(card('a'));
		await db.cohorts.put({
			cohortId: 'k1',
			name: 'Market women',
			centreName: 'Z',
			startsAt: null,
			endsAt: null,
			archived: false,
			courseIds: ['a'],
			learnerIds: ['l1', 'l2', 'l3']
		});
		const learner = (learnerId: string, sex: 'female' | 'male', displayName: string) => ({
			learnerId,
			userName: learnerId,
			displayName,
			sex,
			ageBand: '18_24' as const,
			lastSeenAt: 1_000
		});
		await db.learners.bulkPut([
			learner('l1', 'female', 'Zora'),
			learner('l2', 'female', 'Ama'),
			learner('l3', 'male', 'Kofi')
		]);
		await db.registrations.bulkPut([
			row('l1', { state: 'done', certificate: 'due' }),
			row('l2', { success: 'failed' })
		]);
		await writeMeta(db, 'serverNow', 2_000);
	});

	test('its funnel counts women and men from the same rows', async () => {
		const view = await cohortView(db, 'k1');
		expect(view?.courses[0]?.funnel).toMatchObject({
			enrolled: { female: 2, male: 1 },
			started: { female: 2, male: 0 },
			completed: { female: 1, male: 0 },
			certified: { female: 0, male: 0 }
		});
		expect(view?.members.map(({ learner, need }) => [learner.displayName, need?.kind ?? null])).toEqual([
			['Ama', 'failed'],
			['Kofi', null],
			['Zora', null]
		]);
		expect(view?.asOf).toBe(2_000);
	});

	test('all of them, those put away last', async () => {
		const cohort = await db.cohorts.toCollection().first();
		if (cohort) await db.cohorts.put({ ...cohort, cohortId: 'away', name: 'A first one', archived: true });
		expect((await cohortViews(db)).map((view) => view.cohort.name)).toEqual(['Market women', 'A first one']);
		expect(await cohortView(db, 'another')).toBeNull();
	});
});

test('what is on this device and what it cost', async () => {
	await db.courses.put(card('a'));
	await device.packs.bulkPut([pack('a', 'a-pack2', 2), pack('b', 'b-pack1', 1, 'paused')]);
	expect(await downloadsView(device, db)).toMatchObject({
		running: [{ packId: 'b-pack1', title: null }],
		installed: [{ packId: 'a-pack2', title: 'Course a' }],
		bytes: 20
	});
	const [may, june] = [new Date(2026, 4, 31).getTime(), new Date(2026, 5, 1).getTime()];
	await Promise.all([addDataUse(device, may, { down: 5, up: 1 }), addDataUse(device, may, { down: 5, up: 1 })]);
	await addDataUse(device, june, { down: 3, up: 0 });
	expect((await myDataView(device, db)).dataUse).toEqual([
		{ month: '2026-06', down: 3, up: 0 },
		{ month: '2026-05', down: 10, up: 2 }
	]);
});

describe('the catalogue', () => {
	const enrolment = (courseId: string, ended = false) => ({
		courseId,
		cohortId: null,
		cohortName: null,
		enrolledAt: 1,
		dueAt: null,
		ended
	});

	async function catalogue(roles: readonly ('learner' | 'trainer')[] = ['learner']) {
		return catalogueOf(await allCourses(owner), await courseRecords(db), roles);
	}

	test('[EN4] everyone sees all of it; who is enrolled, who has begun and who teaches may have a course', async () => {
		await db.courses.bulkPut(['enrolled', 'ended', 'begun', 'other'].map((id) => card(id)));
		await db.enrolments.bulkPut([enrolment('enrolled'), enrolment('ended', true), enrolment('begun', true)]);
		await study('begun', 'begun-pack2', 'i1', 5);
		const may = async (role: 'learner' | 'trainer') =>
			Object.fromEntries((await catalogue([role])).map((one) => [one.card.courseId, one.mayTake]));
		expect(await may('learner')).toEqual({ enrolled: true, ended: false, begun: true, other: false });
		expect(await may('trainer')).toEqual({ enrolled: true, ended: true, begun: true, other: true });
	});

	test('[CA2] what she goes on with comes before what she finished, has here, is enrolled in, and the rest', async () => {
		await db.courses.bulkPut(['other', 'enrolled', 'here', 'begun'].map((id) => card(id)));
		await db.enrolments.put(enrolment('enrolled'));
		await device.packs.put(pack('here', 'here-pack2', 2));
		await study('begun', 'begun-pack2', 'i1', 5);
		const order = (await catalogue()).toSorted((left, right) => rankOf(left) - rankOf(right));
		expect(order.map((one) => one.card.courseId)).toEqual(['begun', 'here', 'enrolled', 'other']);
	});

	test('a course knows its languages, and what should come before it', async () => {
		await db.courses.bulkPut([card('c1-en'), card('c1-fr', { language: 'fr' }), card('c2'), card('strange')]);
		await db.records.bulkPut([
			{ courseId: 'c1-en', record: { code: 'C1' } },
			{ courseId: 'c1-fr', record: { code: 'C1', translationOf: 'en' } },
			{ courseId: 'c2', record: { code: 'C2', prerequisites: ['C1', 'strange', 'C9'] } }
		]);
		const all = await catalogue();
		const about = (courseId: string) => {
			const course = all.find((one) => one.card.courseId === courseId);
			if (course === undefined) throw new Error(courseId);
			const { versions, before } = aboutCourse(course, all);
			return {
				versions: versions.map((one) => one.card.courseId),
				before: before.map(({ code, courses }) => [code, courses.map((one) => one.card.courseId)])
			};
		};
		expect(about('c1-fr')).toEqual({ versions: ['c1-en', 'c1-fr'], before: [] });
		expect(about('strange')).toEqual({ versions: ['strange'], before: [] });
		expect(about('c2').before).toEqual([
			['C1', ['c1-en', 'c1-fr']],
			['strange', ['strange']],
			['C9', []]
		]);
	});
});
