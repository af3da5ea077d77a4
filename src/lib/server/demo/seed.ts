/**
 * Fills an empty installation with the demo: through the same importer, commands and push queue that everyone uses. Ids come
 * from names and times from one stored moment, so a start that was cut off is simply done again.
 */
import { createHash } from 'node:crypto';
import type { App } from '#lib/server/app.ts';
import { hashSecret } from '#lib/server/auth/secrets.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { AppError } from '#lib/errors/app-error.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { addGrant, findActor } from '#lib/server/repositories/grants.ts';
import {
	countOrganisations,
	findCentre,
	insertCentre,
	insertOrganisation
} from '#lib/server/repositories/organisations.ts';
import { findPackage } from '#lib/server/repositories/packages.ts';
import { findPerson, insertPerson, type NewPerson } from '#lib/server/repositories/people.ts';
import { findCourseByCode } from '#lib/server/repositories/courses.ts';
import { findSetting, saveSetting } from '#lib/server/repositories/settings.ts';
import { issueCertificates } from '#lib/server/requests/issue-certificates.ts';
import { pushesOf } from './journeys.ts';
import { demoCentres, demoCohort, demoLearnerPin, demoLearners, demoOrganisation, demoStaff } from './people.ts';

export type DemoSignIn = { readonly role: string; readonly userName: string; readonly secret: string };
export type DemoPackage = {
	readonly zipPath: string;
	readonly fileName: string;
	/** The cohort takes it. */
	readonly enrol: boolean;
};

const momentSetting = 'demo-moment';
const doneSetting = 'demo-seeded';
const coursesSetting = 'demo-courses';
const day = 86_400_000;

export const demoSignIns: readonly DemoSignIn[] = [
	{ role: 'learner', userName: demoLearners[0]?.userName ?? '', secret: demoLearnerPin },
	...demoStaff.map(({ role, userName, secret }) => ({
		role: role.replace('_', ' ').replace('admin', 'administrator').replace('itu ', 'ITU '),
		userName,
		secret
	}))
];

/** `other`: somebody's own data is here, and the demo keeps away from it. */
export async function demoState(app: App): Promise<'empty' | 'begun' | 'seeded' | 'other'> {
	if ((await findSetting(app.db, doneSetting)) !== null) return 'seeded';
	if ((await findSetting(app.db, momentSetting)) !== null) return 'begun';
	return (await countOrganisations(app.db)) === 0 ? 'empty' : 'other';
}

/** @param packages courses to import and publish; the first is the one the cohort is furthest in, and is enrolled */
export async function seedDemo(app: App, packages: readonly DemoPackage[]): Promise<void> {
	const moment = await demoMoment(app);
	const organisationId = demoId('organisation');
	await seedPlaces(app, organisationId, moment);
	await seedPeople(app, organisationId, moment);

	const admin = demoId('person', 'admin');
	const courses: { courseId: string; packId: string; scoIds: readonly string[] }[] = [];
	for (const one of packages) {
		const imported = await importDemoCourse(app, one);
		if (!one.enrol) continue;
		const pack = await findPackage(app.db, imported.packId);
		courses.push({
			courseId: imported.course.id,
			packId: imported.packId,
			scoIds: launchableItems(pack?.structure.items ?? []).map((item) => item.id)
		});
	}
	const cohortId = demoId('cohort');
	await createCohort(app.db, {
		cohortId,
		centreId: demoId('centre', 'mongu'),
		name: demoCohort,
		startsAt: moment - 20 * day,
		endsAt: moment + 40 * day,
		now: moment - 20 * day
	});
	await addMembers(app.db, {
		cohortId,
		learnerIds: demoLearners.map(({ userName }) => demoId('person', userName)),
		now: moment - 19 * day
	});
	for (const [index, { courseId }] of courses.entries()) {
		await enrolCohortInCourse(app.db, {
			cohortId,
			courseId,
			enrol: true,
			dueAt: moment + (14 + 14 * index) * day,
			now: moment - 19 * day
		});
	}
	const [course] = courses;
	if (course !== undefined) {
		await seedProgress(app, course, moment);
		await issueSome(app, course.courseId, admin);
	}
	await app.db.tx((queries) => saveSetting(queries, doneSetting, String(app.now())));
}

/** Which courses the demo has: a mark of their sources, or null when nobody noted it. */
export function demoCourses(app: App): Promise<string | null> {
	return findSetting(app.db, coursesSetting);
}

export async function noteDemoCourses(app: App, mark: string): Promise<void> {
	await app.db.tx((queries) => saveSetting(queries, coursesSetting, mark));
}

/** A demo from before some of these were written: what is new comes in, what changed as a new revision, nobody is enrolled. */
export async function renewDemoCourses(app: App, packages: readonly DemoPackage[]): Promise<void> {
	for (const one of packages) await importDemoCourse(app, one);
}

async function importDemoCourse(app: App, { zipPath, fileName }: DemoPackage) {
	const organisationId = demoId('organisation');
	const known = await findCourseByCode(app.db, organisationId, demoCode(fileName));
	const imported = await app.importCourse({
		zipPath,
		fileName,
		organisationId,
		personId: demoId('person', 'admin'),
		courseId: known?.id,
		// What somebody trying the demo has withdrawn stays so.
		publish: known === null || known.status === 'published'
	});
	if (imported.type === 'refused')
		throw new AppError('demo-course-refused', { cause: new Error(`${fileName}: ${imported.code}`) });
	await courseFeedBump(app.db, imported.course.id);
	return imported;
}

/** "c1.pt-BR.zip" became the course "C1-PT-BR" when it was imported (import-course.ts). */
function demoCode(fileName: string): string {
	return fileName
		.replace(/\.zip$/, '')
		.replace('.', '-')
		.toUpperCase();
}

/** The demo's today, kept so that a second try writes the very same events. */
async function demoMoment(app: App): Promise<number> {
	const known = await findSetting(app.db, momentSetting);
	if (known !== null) return Number(known);
	const moment = Math.floor(app.now() / day) * day;
	await app.db.tx((queries) => saveSetting(queries, momentSetting, String(moment)));
	return moment;
}

async function seedPlaces(app: App, organisationId: string, moment: number): Promise<void> {
	await app.db.tx(async (queries) => {
		if ((await countOrganisations(queries)) === 0)
			await insertOrganisation(queries, { id: organisationId, name: demoOrganisation }, moment);
		for (const { key, name, country } of demoCentres) {
			const centreId = demoId('centre', key);
			if ((await findCentre(queries, centreId)) === null)
				await insertCentre(queries, { centreId, organisationId, name, country }, moment);
		}
	});
}

async function seedPeople(app: App, organisationId: string, moment: number): Promise<void> {
	const centreId = demoId('centre', 'mongu');
	const hashes = new Map(
		await Promise.all(
			[demoLearnerPin, ...demoStaff.map(({ secret }) => secret)].map(
				async (secret) => [secret, await hashSecret(secret)] as const
			)
		)
	);
	const since = moment - 30 * day;
	const common = { organisationId, mustChangeSecret: false } as const;
	await app.db.tx(async (queries) => {
		for (const staff of demoStaff) {
			const id = demoId('person', staff.userName);
			const { userName, displayName } = staff;
			const person: NewPerson = {
				...common,
				id,
				userName,
				displayName,
				sex: 'not_stated',
				ageBand: 'not_stated',
				language: 'en',
				centreId: staff.place === 'centre' ? centreId : null,
				secretHash: hashes.get(staff.secret) ?? ''
			};
			await insertOnce(queries, person, since);
			await addGrant(
				queries,
				id,
				staff.role,
				staff.place === 'centre' ? { kind: 'centre', id: centreId } : { kind: 'organisation', id: organisationId },
				since
			);
		}
		for (const { userName, displayName, sex, ageBand, language } of demoLearners) {
			const id = demoId('person', userName);
			await insertOnce(
				queries,
				{
					...common,
					id,
					userName,
					displayName,
					sex,
					ageBand,
					language,
					centreId,
					secretHash: hashes.get(demoLearnerPin) ?? ''
				},
				since
			);
			await addGrant(queries, id, 'learner', { kind: 'self', id: '' }, since);
		}
	});
}

async function insertOnce(queries: Queries, person: NewPerson, now: number): Promise<void> {
	if ((await findPerson(queries, person.id)) === null) await insertPerson(queries, person, now);
}

async function seedProgress(
	app: App,
	course: { courseId: string; packId: string; scoIds: readonly string[] },
	moment: number
): Promise<void> {
	const pushes = demoLearners.flatMap(({ userName, journey }, index) => {
		const learnerId = demoId('person', userName);
		return pushesOf({ ...course, learnerId, kind: journey, until: moment, index, idOf: demoId }).map((push) => ({
			learnerId,
			...push
		}));
	});
	// In the order of arrival, as the server would have heard of them.
	for (const { learnerId, at, device, epoch, events } of pushes.toSorted((left, right) => left.at - right.at)) {
		await app.push({ person: { id: learnerId }, now: at, batch: { device, epoch, events } });
	}
}

async function issueSome(app: App, courseId: string, adminId: string): Promise<void> {
	const admin = await findActor(app.db, adminId);
	if (admin === null) return;
	const learners = demoLearners.filter(({ journey }) => journey === 'issued');
	await issueCertificates(
		app,
		admin,
		learners.map(({ userName }) => ({ learnerId: demoId('person', userName), courseId }))
	);
}

/** The same name, the same id: 32 hex digits in the form of a UUID (version 8, made up). */
function demoId(...parts: readonly (string | number)[]): string {
	const hex = createHash('sha256')
		.update(`waypost demo ${parts.join('/')}`)
		.digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
