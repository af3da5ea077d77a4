// A programme in motion: two cohorts, three courses, and everything that can happen to them, as commands that tests draw at random.
import fc from 'fast-check';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { EventBody } from '#lib/domain/event/learning-event.ts';
import { SEXES } from '#lib/domain/statistics/sex-split.ts';
import { payloadText } from '#lib/server/credentials/certificate-payload.ts';
import type { Database } from '#lib/server/db/database.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { touchPerson } from '#lib/server/projections/touch-person.ts';
import { recordCertificate } from '#lib/server/repositories/certificates-store.ts';
import {
	addMembers,
	changeCohort,
	createCohort,
	enrolCohortInCourse,
	removeMember
} from '#lib/server/repositories/cohorts.ts';
import { enrolLearner } from '#lib/server/repositories/enrolments.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { addCourse, addPerson, buildWorld, EPOCH, eventsOf, finishItem, T0 } from './world.ts';

/** Someone whose rows lie in the same bucket as those of another. */
export function neighbourOf(id: string, name: string): string {
	for (let number = 0; ; number++) {
		if (bucketOf(`${name}-${number}`) === bucketOf(id)) return `${name}-${number}`;
	}
}

/** Two of them share a bucket, which is where a cursor could be past the rows of a newcomer. */
export const PEOPLE = ['amina', 'bo', neighbourOf('amina', 'zoe')];
const courses = ['c1', 'c2', 'other'] as const;
const packs = { c1: 'p1', c2: 'p2', other: 'p3' };

/** Cohort h (in which everyone is) takes c1, which needs two items and 0.7; cohort k is empty. */
export async function buildProgramme(db: Database, learners: readonly string[] = ['amina', 'bo']): Promise<Database> {
	await buildWorld(db);
	await addCourse(db, { id: 'c1', packs: { p1: ['i1', 'i2'] }, passMark: 0.7 });
	await addCourse(db, { id: 'c2', packs: { p2: ['i1'] } });
	await addCourse(db, { id: 'other', packs: { p3: ['i1'] }, organisationId: 'org-2' });
	for (const id of ['trainer', ...learners]) await addPerson(db, id, 'female');
	for (const cohortId of ['h', 'k']) {
		await createCohort(db, {
			cohortId,
			centreId: 'centre',
			name: cohortId.toUpperCase(),
			startsAt: null,
			endsAt: null,
			now: T0
		});
	}
	await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: true, dueAt: T0 + 9, now: T0 });
	await addMembers(db, { cohortId: 'h', learnerIds: learners, now: T0 });
	return db;
}

/** Pushes these events of one learner as a device's first. */
export async function study(
	db: Database,
	learnerId: string,
	device: string,
	bodies: readonly EventBody[] = finishItem,
	place = {}
): Promise<void> {
	const events = eventsOf({ learnerId, device, attemptId: `a-${learnerId}`, ...place }, bodies);
	await acceptPush(db, { person: { id: learnerId }, now: T0, batch: { device, epoch: EPOCH, events } });
}

export async function certify(db: Database, learnerId: string, courseId: string): Promise<string> {
	const id = `cert-${learnerId}-${courseId}`;
	const payload = payloadText({
		type: 'waypost.certificate',
		v: 1,
		id,
		code: `WP-${id}`,
		issuedAt: T0,
		issuer: { id: 'org', name: 'The Academy' },
		centre: null,
		learner: { id: learnerId, name: 'Amina' },
		course: { id: courseId, code: 'C1', title: 'Course', language: 'en', packId: null, hours: 2 },
		result: { evidence: 'content-reported', score: 0.8, seconds: 10, finishedAt: T0 },
		rule: { version: 1, passMark: 0.7 }
	});
	return recordCertificate(db, {
		certificateId: id,
		learnerId,
		courseId,
		code: `WP-${id}`,
		payload,
		signature: 's',
		keyId: 'k',
		centreId: 'centre',
		issuedAt: T0,
		issuedBy: 'admin'
	});
}

const person = fc.constantFrom(...PEOPLE);
const course = fc.constantFrom(...courses);
const cohort = fc.constantFrom('h', 'k');
const device = fc.constantFrom('phone', 'tablet');

export const commands = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant('push' as const),
			person,
			course,
			item: fc.constantFrom('i1', 'i2'),
			device,
			lost: fc.boolean()
		})
	},
	fc.record({ do: fc.constant('join' as const), person, cohort }),
	fc.record({ do: fc.constant('leave' as const), person, cohort }),
	fc.record({ do: fc.constant('take' as const), cohort, course, enrol: fc.boolean(), dueAt: fc.constantFrom(null, 5) }),
	fc.record({
		do: fc.constant('rename' as const),
		cohort,
		name: fc.constantFrom('One', 'Two'),
		archived: fc.boolean()
	}),
	fc.record({ do: fc.constant('sex' as const), person, sex: fc.constantFrom(...SEXES) }),
	fc.record({ do: fc.constant('enrol' as const), person, course }),
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('certify' as const), person, course }) },
	fc.record({
		do: fc.constant('course' as const),
		course,
		status: fc.constantFrom('published', 'withdrawn'),
		passMark: fc.constantFrom(null, 0.5, 0.9)
	})
);
type Command = typeof commands extends fc.Arbitrary<infer T> ? T : never;

/** Does commands one after the other, with a clock that goes on. A `lost` push leaves a gap that a later one fills. */
export function aPerformer(db: Database): (command: Command) => Promise<void> {
	const next = new Map<string, number>();
	const lost = new Map<string, ReturnType<typeof eventsOf>>();
	let now = T0;
	return async (command) => {
		now += 1000;
		switch (command.do) {
			case 'push': {
				const writer = `${command.person}-${command.device}`;
				const seq = next.get(writer) ?? 1;
				next.set(writer, seq + finishItem.length);
				const place = {
					courseId: command.course,
					packId: packs[command.course],
					scoId: command.item,
					attemptId: `${command.person}-${command.course}-${command.item}`
				};
				const events = eventsOf({ learnerId: command.person, device: command.device, ...place }, finishItem, seq);
				const late = lost.get(writer) ?? [];
				lost.set(writer, command.lost ? events.slice(1, 4) : []);
				const sent = command.lost ? [...events.slice(0, 1), ...events.slice(4)] : events;
				await acceptPush(db, {
					person: { id: command.person },
					now,
					batch: { device: command.device, epoch: EPOCH, events: [...sent, ...late] }
				});
				return;
			}
			case 'join':
				return addMembers(db, { cohortId: command.cohort, learnerIds: [command.person], now });
			case 'leave':
				return removeMember(db, { cohortId: command.cohort, learnerId: command.person, now });
			case 'take':
				return enrolCohortInCourse(db, {
					cohortId: command.cohort,
					courseId: command.course,
					enrol: command.enrol,
					dueAt: command.dueAt,
					now
				});
			case 'rename':
				await changeCohort(db, { cohortId: command.cohort, name: command.name, archived: command.archived, now });
				return;
			case 'sex':
				return touchPerson(db, command.person, { sex: command.sex });
			case 'enrol':
				return enrolLearner(db, { learnerId: command.person, courseId: command.course, dueAt: null, now });
			case 'certify':
				await certify(db, command.person, command.course);
				return;
			case 'course':
				await db.run('UPDATE courses SET status = ?, pass_mark = ?, rule_version = rule_version + 1 WHERE id = ?', [
					command.status,
					command.passMark,
					command.course
				]);
				return courseFeedBump(db, command.course);
			default:
				throw new Error(`unknown command ${JSON.stringify(command satisfies never)}`);
		}
	};
}
