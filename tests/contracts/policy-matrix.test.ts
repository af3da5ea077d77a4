/**
 * Every route, every role, everybody else's ids: nothing answers 2xx but what the table below expects. A route that was not made
 * by `apiRoute`, or that this table does not know, fails the build.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import { payloadText } from '#lib/server/credentials/certificate-payload.ts';
import type { Role } from '#lib/contracts/sync.ts';
import { ACTIONS, decide, type Action } from '#lib/server/policy/decide.ts';
import { addMembers, createCohort } from '#lib/server/repositories/cohorts.ts';
import { insertCourse } from '#lib/server/repositories/courses.ts';
import { insertPackage } from '#lib/server/repositories/packages.ts';
import { methods, routes, Server } from './api-harness.ts';

/** One organisation with two centres, a cohort in each; and another organisation. */
type Place = {
	organisationId: string;
	centreId: string;
	cohortId: string;
	learnerId: string;
	courseId: string;
	packId: string;
	certificateId: string;
};
type Who =
	| 'nobody'
	| 'learner here'
	| 'learner of the cohort'
	| 'cohort trainer'
	| 'centre trainer'
	| 'coordinator'
	| 'centre administrator'
	| 'ITU administrator'
	| 'other cohort'
	| 'other centre'
	| 'other organisation';

let server: Server;
let here: Place;
let sister: Place;
let elsewhere: Place;
const people = new Map<Who, string | null>([['nobody', null]]);

async function makePlace(name: string, organisationId: string): Promise<Place> {
	const { app, clock } = server;
	const centreId = await server.centre(organisationId, name);
	const cohortId = app.newId();
	await createCohort(app.db, { cohortId, centreId, name, startsAt: null, endsAt: null, now: clock });
	const learnerId = await server.person({ userName: `learner-${name}`, organisationId, centreId });
	await addMembers(app.db, { cohortId, learnerIds: [learnerId], now: clock });
	const courseId = app.newId();
	const packId = Buffer.from(name.padEnd(10, '.')).toString('hex').slice(0, 20);
	await app.db.tx(async (queries) => {
		await insertCourse(queries, {
			id: courseId,
			organisationId,
			code: name.toUpperCase(),
			title: name,
			description: '',
			language: 'en',
			level: null,
			hours: 1,
			objectives: [],
			status: 'published',
			rule: { version: 1, passMark: null },
			createdAt: clock
		});
		await insertPackage(queries, {
			packId,
			sha256: packId.padEnd(64, '0'),
			courseId,
			revision: 1,
			scormVersion: '1.2',
			structure: {
				scormVersion: '1.2',
				schemaVersion: '1.2',
				title: name,
				language: 'en',
				organizationId: 'o',
				items: [],
				sequencing: null,
				objectivesGlobalToSystem: true
			},
			packSize: 1,
			installedSize: 1,
			fileCount: 1,
			warnings: [],
			importedAt: clock,
			importedBy: learnerId,
			publishedAt: clock
		});
		const certificateId = `certificate-${name}`;
		const payload = payloadText({
			type: 'waypost.certificate',
			v: 1,
			id: certificateId,
			code: `WP-${name}`,
			issuedAt: clock,
			issuer: { id: organisationId, name },
			centre: null,
			learner: { id: learnerId, name },
			course: { id: courseId, code: name, title: name, language: 'en', packId, hours: 1 },
			result: { evidence: 'content-reported', score: null, seconds: 1, finishedAt: clock },
			rule: { version: 1, passMark: null }
		});
		await queries.run(
			`INSERT INTO certificates (bucket, learner_id, id, course_id, code, payload, signature, key_id, centre_id, issued_at, issued_by, revoked_at, feed)
			VALUES (?, ?, ?, ?, ?, ?, '', '', ?, ?, '', ?, 1)`,
			[bucketOf(learnerId), learnerId, certificateId, courseId, `WP-${name}`, payload, centreId, clock, clock]
		);
		await queries.run('INSERT INTO certificate_codes (code, bucket, learner_id, certificate_id) VALUES (?, ?, ?, ?)', [
			`WP-${name}`,
			bucketOf(learnerId),
			learnerId,
			certificateId
		]);
	});
	return { organisationId, centreId, cohortId, learnerId, courseId, packId, certificateId: `certificate-${name}` };
}

beforeAll(async () => {
	server = await Server.start();
	const organisationId = await server.organisation('Riverside');
	here = await makePlace('here', organisationId);
	sister = await makePlace('sister', organisationId);
	elsewhere = await makePlace('elsewhere', await server.organisation('Hilltop'));
	const staff = async (
		who: Who,
		role: Role,
		place: Place,
		kind: 'cohort' | 'centre' | 'organisation'
	): Promise<void> => {
		const id = { cohort: place.cohortId, centre: place.centreId, organisation: place.organisationId }[kind];
		people.set(
			who,
			await server.person({
				userName: who.replace(/ /g, '-'),
				organisationId: place.organisationId,
				centreId: place.centreId,
				role,
				scope: { kind, id }
			})
		);
	};
	people.set('learner here', await server.person({ userName: 'bystander', organisationId, centreId: here.centreId }));
	people.set('learner of the cohort', here.learnerId);
	await staff('cohort trainer', 'trainer', here, 'cohort');
	await staff('centre trainer', 'trainer', here, 'centre');
	await staff('coordinator', 'coordinator', here, 'organisation');
	await staff('centre administrator', 'centre_admin', here, 'centre');
	await staff('ITU administrator', 'itu_admin', here, 'organisation');
	const second = server.app.newId();
	await createCohort(server.app.db, {
		cohortId: second,
		centreId: here.centreId,
		name: 'second',
		startsAt: null,
		endsAt: null,
		now: server.clock
	});
	people.set(
		'other cohort',
		await server.person({
			userName: 'other-cohort',
			organisationId,
			centreId: here.centreId,
			role: 'trainer',
			scope: { kind: 'cohort', id: second }
		})
	);
	await staff('other centre', 'centre_admin', sister, 'centre');
	await staff('other organisation', 'itu_admin', elsewhere, 'organisation');
});
afterAll(() => server.stop());

const everyone: readonly Who[] = [
	'nobody',
	'learner here',
	'learner of the cohort',
	'cohort trainer',
	'centre trainer',
	'coordinator',
	'centre administrator',
	'ITU administrator',
	'other cohort',
	'other centre',
	'other organisation'
];
const signedIn = everyone.filter((who) => who !== 'nobody');
const staff = signedIn.filter((who) => !who.startsWith('learner'));
const administrators: readonly Who[] = [
	'centre administrator',
	'ITU administrator',
	'other centre',
	'other organisation'
];
const teachesHere: readonly Who[] = [
	'cohort trainer',
	'centre trainer',
	'coordinator',
	'centre administrator',
	'ITU administrator'
];
const ofOrganisation: readonly Who[] = [
	'cohort trainer',
	'centre trainer',
	'coordinator',
	'centre administrator',
	'ITU administrator',
	'other cohort',
	'other centre'
];
const administersCourses: readonly Who[] = ['centre administrator', 'ITU administrator', 'other centre'];

type Expectation = {
	/** Who may, when every id is of `here`. */
	readonly allowed: readonly Who[];
	readonly body?: (place: Place, who: Who) => unknown;
	readonly query?: (place: Place) => string;
	/** Where the answer for others' ids is a 2xx that gives nothing away, and how we see that. */
	readonly narrowed?: (answer: Response, place: Place) => Promise<boolean>;
};

/** Lists answer 200 to staff of any place, with their own rows: none of them may speak of another place. */
const speaksOfNothing =
	(...fields: readonly (keyof Place)[]) =>
	async (answer: Response, place: Place): Promise<boolean> => {
		const text = await answer.text();
		return fields.every((field) => !text.includes(place[field]));
	};

const requestId = (who: Who): string => `r-${who.length}-${Math.random()}`;

const table: Readonly<Record<string, Expectation>> = {
	'GET /healthz': { allowed: everyone },
	'GET /api/config': { allowed: everyone },
	// Both answer 401 or 403 for what the body says, never for who asks.
	'POST /api/auth/sign-in': { allowed: [], body: () => ({ userName: 'nobody-at-all', secret: 'x' }) },
	'POST /api/auth/first-administrator': {
		allowed: [],
		body: () => ({ token: 'x', organisationName: 'o', displayName: 'd', userName: 'u', secret: '12345678' })
	},
	'POST /api/auth/sign-out': { allowed: [] },
	'POST /api/auth/secret': { allowed: [], body: () => ({ current: 'wrong', next: 'whatever-next' }) },
	'POST /api/profile': { allowed: signedIn, body: () => ({}) },
	'POST /api/sync/push': { allowed: [], body: () => new Uint8Array([1, 2, 3]) },
	'POST /api/sync/pull': { allowed: signedIn, body: () => ({ v: 1, device: 'd', cursor: null, acked: {} }) },
	'POST /api/packs/[courseId]/[packId]/capability': { allowed: ofOrganisation },
	'GET /api/courses': { allowed: staff, narrowed: speaksOfNothing('courseId') },
	'POST /api/courses/import': {
		allowed: administersCourses,
		query: (place) => `?name=x.zip&courseId=${place.courseId}`,
		body: () => new Uint8Array([80, 75])
	},
	'POST /api/courses/[id]': { allowed: administersCourses, body: () => ({ description: 'x' }) },
	'POST /api/courses/[id]/publish': { allowed: administersCourses, body: () => ({ revision: 1 }) },
	// Of a pack whose file is not there: the answer is 200 with no report.
	'GET /api/courses/[id]/revisions/[revision]/report': { allowed: administersCourses },
	'POST /api/courses/[id]/withdraw': { allowed: administersCourses },
	'GET /api/centres': { allowed: staff, narrowed: speaksOfNothing('centreId') },
	'POST /api/centres': {
		allowed: ['ITU administrator', 'other organisation'],
		body: () => ({ name: 'New', country: 'ZM' }),
		narrowed: async () => true
	},
	'POST /api/cohorts': {
		allowed: ['centre trainer', 'coordinator', 'centre administrator', 'ITU administrator'],
		body: (place) => ({ name: 'New', centreId: place.centreId })
	},
	'POST /api/cohorts/[id]': { allowed: teachesHere, body: () => ({ name: 'Renamed' }) },
	'POST /api/cohorts/[id]/learners': {
		allowed: teachesHere,
		body: (_place, who) => ({ requestId: requestId(who), learners: [{ displayName: 'New Learner' }] })
	},
	'POST /api/cohorts/[id]/learners/csv': {
		allowed: teachesHere,
		body: (_place, who) => ({ requestId: requestId(who), csv: 'name\nAda', commit: false })
	},
	'POST /api/cohorts/[id]/courses': {
		allowed: teachesHere,
		body: (place) => ({ courseId: place.courseId, enrol: false })
	},
	'POST /api/cohorts/[id]/learners/[learnerId]/new-secret': { allowed: teachesHere },
	'POST /api/cohorts/[id]/learners/[learnerId]/remove': { allowed: teachesHere },
	'GET /api/cohorts/[id]/statistics': { allowed: teachesHere },
	'GET /api/cohorts/[id]/export.csv': { allowed: teachesHere },
	'GET /api/certificates/due': { allowed: administrators, narrowed: speaksOfNothing('learnerId') },
	'GET /api/certificates/issued': { allowed: administrators, narrowed: speaksOfNothing('learnerId') },
	'POST /api/certificates/issue': {
		allowed: administrators,
		body: (place) => ({ items: [{ learnerId: place.learnerId, courseId: place.courseId }] }),
		narrowed: async (answer) => {
			const { issued, skipped } = (await answer.json()) as { issued: unknown[]; skipped: { reason: string }[] };
			return issued.length === 0 && skipped[0]?.reason === 'not-allowed';
		}
	},
	// Revoked on purpose: whoever may read is told 404 nothing-to-print, so nobody gets 2xx here. Reading is tested in api.test.ts.
	'GET /api/certificates/[id]/pdf': { allowed: [] },
	'GET /api/people': { allowed: [...administrators, 'coordinator'], narrowed: speaksOfNothing('learnerId') },
	'POST /api/people': {
		allowed: ['centre administrator', 'ITU administrator'],
		body: (place, who) => ({
			displayName: 'New',
			userName: `staff-${requestId(who)}`,
			role: 'trainer',
			centreId: place.centreId
		})
	},
	'GET /api/overview': {
		allowed: [...administrators, 'coordinator'],
		narrowed: async (answer) => (await answer.text()).includes('"due"')
	}
};

const endpoints = routes.flatMap((route) =>
	methods.filter((method) => method in route.module).map((method) => ({ route, method, name: `${method} ${route.id}` }))
);

describe('the table', () => {
	test('there are routes to walk', () => expect(endpoints.length).toBeGreaterThan(25));

	test.each(endpoints)('$name was made by apiRoute, with an action of the policy', ({ route, method }) => {
		const handler = route.module[method];
		expect(
			typeof handler === 'function' && 'action' in handler && (ACTIONS as readonly unknown[]).includes(handler.action)
		).toBe(true);
	});

	test('knows every route, and no other', () => {
		expect(endpoints.map(({ name }) => name).toSorted()).toEqual(Object.keys(table).toSorted());
	});
});

function pathOf(id: string, place: Place): string {
	return id
		.replace('[courseId]', place.courseId)
		.replace('[packId]', place.packId)
		.replace('[learnerId]', place.learnerId)
		.replace('[revision]', '1')
		.replace(
			'[id]',
			id.includes('/courses/') ? place.courseId : id.includes('/certificates/') ? place.certificateId : place.cohortId
		);
}

async function ask(name: string, who: Who, place: Place): Promise<Response> {
	const [method = 'GET', id = ''] = name.split(' ');
	const { body, query } = table[name] ?? { allowed: [] };
	const content = body?.(place, who);
	return server.call(`${pathOf(id, place)}${query?.(place) ?? ''}`, {
		method,
		as: people.get(who) ?? null,
		...(content === undefined ? {} : { body: content }),
		...(id === '/api/courses/import' ? { headers: { 'content-type': 'application/zip' } } : {})
	});
}

/** Leaving the cohort and the session comes last: they change who is who. */
const orderly = Object.keys(table).toSorted(
	(left, right) => Number(/remove|sign-out|new-secret/.test(left)) - Number(/remove|sign-out|new-secret/.test(right))
);

describe.each(orderly.filter((name) => !name.endsWith('sign-out')))('%s', (name) => {
	const { allowed, narrowed } = table[name] ?? { allowed: [] };

	test.each(everyone)('with ids of here: %s', async (who) => {
		if (name.endsWith('/remove') && allowed.includes(who))
			await addMembers(server.app.db, { cohortId: here.cohortId, learnerIds: [here.learnerId], now: server.clock });
		const answer = await ask(name, who, here);
		const isTwo = answer.status >= 200 && answer.status < 300;
		// Staff of other places get their own list, or a refusal inside the answer.
		if (
			isTwo &&
			narrowed !== undefined &&
			who.startsWith('other') &&
			!(who === 'other cohort' && name === 'GET /api/courses') &&
			!(who === 'other centre' && name === 'GET /api/courses')
		) {
			expect(await narrowed(answer.clone(), here)).toBe(true);
		}
		if (new Set(allowed).has(who))
			expect(
				answer.status,
				await answer
					.clone()
					.text()
					.catch(() => '')
			).toBeLessThan(300);
		else expect(isTwo, `${who} got ${answer.status}`).toBe(false);
		if (who === 'nobody' && !isTwo && name.startsWith('GET')) expect(answer.status).toBe(401);
	});

	test.each(everyone.filter((who) => who !== 'other organisation'))(
		'with ids of another organisation: %s',
		async (who) => {
			const [, id = ''] = name.split(' ');
			const hasId =
				id.includes('[') || table[name]?.body?.(elsewhere, who) !== undefined || table[name]?.query !== undefined;
			const answer = await ask(name, who, elsewhere);
			const isTwo = answer.status >= 200 && answer.status < 300;
			if (!isTwo) return;
			if (
				['GET /healthz', 'GET /api/config', 'POST /api/profile', 'POST /api/sync/pull', 'POST /api/centres'].includes(
					name
				)
			)
				return;
			expect(hasId && narrowed === undefined, `${who} got ${answer.status}`).toBe(false);
			expect(await narrowed?.(answer, elsewhere)).toBe(true);
		}
	);
});

describe('the policy', () => {
	test('an unknown resource is never allowed to anyone who needs a role', () => {
		for (const action of ACTIONS) {
			const decision = decide(
				{
					personId: 'p',
					organisationId: 'o',
					centreId: null,
					grants: [{ role: 'itu_admin', scope: { kind: 'everything' } }]
				},
				action as Action,
				null
			);
			expect(decision.type, action).toBe('refused');
		}
	});

	test('a role nobody grants allows nothing but what everyone may', () => {
		const decisions = ACTIONS.filter(
			(action) =>
				decide({ personId: 'p', organisationId: 'o', centreId: null, grants: [] }, action, {
					kind: 'organisation',
					organisationId: 'o'
				}).type === 'allowed'
		);
		expect(decisions.toSorted()).toEqual(
			[
				'auth.change-secret',
				'auth.first-administrator',
				'auth.sign-in',
				'auth.sign-out',
				'catalogue.read',
				'certificate.verify',
				'config.read',
				'health.read',
				'profile.change',
				'sync.pull',
				'sync.push'
			].toSorted()
		);
	});

	test('signing out needs no session to answer, and gives none', async () => {
		const answer = await server.call('/api/auth/sign-out', { method: 'POST', body: {} });
		expect([204, 401]).toContain(answer.status);
		expect(answer.headers.getSetCookie()).toEqual([]);
	});
});
