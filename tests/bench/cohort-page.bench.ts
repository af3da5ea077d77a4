// What a trainer waits for: a cohort's figures by course and sex from the roll-ups, against counting them from all events, at a
// hundred thousand and at a million events. The budget of DESIGN 10: at most 1/100 of the scan, and flat as events grow.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Database, SqlValue } from '#lib/server/db/database.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { addCourse, addPerson, buildWorld, EPOCH, eventsOf, finishItem, T0 } from '#tests/contracts/world.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const members = 40;
const eventsOfLearner = 200;

export async function run(): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), 'waypost-bench-'));
	const [small, large] = [
		await openDatabase({ file: join(folder, 'small.sqlite') }),
		await openDatabase({ file: join(folder, 'large.sqlite') })
	];
	try {
		for (const db of [small, large]) await buildCohort(db);
		await growTo(small, 100_000);
		await growTo(large, 1_000_000);
		const figures = JSON.stringify(await cohortStatistics(large, 'cohort'));
		if (figures !== JSON.stringify(await recountCohort(large, 'cohort')))
			throw new Error('the roll-ups are not what a recount says');

		// Interleaved, so that both databases meet the same weather.
		const pages = { small: [] as number[], large: [] as number[] };
		for (let turn = 0; turn < 600; turn++) {
			pages.small.push(await timeOf(() => cohortStatistics(small, 'cohort')));
			pages.large.push(await timeOf(() => cohortStatistics(large, 'cohort')));
		}
		const [smallPage, page] = [medianOf(pages.small), medianOf(pages.large)];
		const recount = await medianTime(5, () => recountCohort(large, 'cohort'));
		const scan = await medianTime(3, () => scanEverything(large));
		const microseconds = (time: number): string => `${(time * 1000).toFixed(0)} µs`;
		return [
			{
				name: 'cohort page from roll-ups against a scan, 1 M events, SQLite',
				ratio: page / scan,
				budget: 1 / 100,
				median: `${microseconds(page)} against ${(scan / 1000).toFixed(2)} s`,
				note: 'The scan counts every cohort at once from the events, as a report without roll-ups would.'
			},
			{
				name: 'cohort page from roll-ups against a recount of its 40 learners from their events',
				ratio: page / recount,
				budget: null,
				median: `${microseconds(page)} against ${recount.toFixed(1)} ms`
			},
			{
				name: 'cohort page at 1 M events against 100 k events',
				ratio: page / smallPage,
				budget: 1.2,
				median: `${microseconds(page)} against ${microseconds(smallPage)}`
			}
		];
	} finally {
		for (const db of [small, large]) await db.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

function scanEverything(db: Database): Promise<unknown> {
	return db.all(
		`SELECT m.cohort_id, e.course_id, p.sex, count(DISTINCT e.learner_id) AS started,
			count(DISTINCT CASE WHEN e.type = 'attempt.updated' AND e.body LIKE '%"completion":"completed"%' THEN e.learner_id END) AS completed
		FROM learning_events e
		JOIN people p ON p.bucket = e.bucket AND p.id = e.learner_id
		LEFT JOIN cohort_members m ON m.bucket = e.bucket AND m.learner_id = e.learner_id AND m.left_at IS NULL
		GROUP BY m.cohort_id, e.course_id, p.sex`
	);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}

async function medianTime(times: number, work: () => Promise<unknown>): Promise<number> {
	const taken: number[] = [];
	for (let turn = 0; turn < times; turn++) taken.push(await timeOf(work));
	return medianOf(taken);
}

/** The cohort of the page: forty learners who study through the same door as anyone. */
async function buildCohort(db: Database): Promise<void> {
	await buildWorld(db);
	await addCourse(db, { id: 'c1', packs: { p1: ['i1'] } });
	await addCourse(db, { id: 'c2', packs: { p2: ['i1', 'i2'] } });
	const ids = Array.from({ length: members }, (_, index) => `member-${index}`);
	for (const [index, id] of ids.entries())
		await addPerson(db, id, (['female', 'male', 'other', 'not_stated'] as const)[index % 4]);
	await createCohort(db, {
		cohortId: 'cohort',
		centreId: 'centre',
		name: 'Cohort',
		startsAt: null,
		endsAt: null,
		now: T0
	});
	for (const courseId of ['c1', 'c2'])
		await enrolCohortInCourse(db, { cohortId: 'cohort', courseId, enrol: true, dueAt: null, now: T0 });
	await addMembers(db, { cohortId: 'cohort', learnerIds: ids, now: T0 });
	for (const [index, learnerId] of ids.entries()) {
		const place = index % 3 === 0 ? { courseId: 'c2', packId: 'p2' } : { courseId: 'c1', packId: 'p1' };
		const events = eventsOf({ learnerId, attemptId: `a-${learnerId}`, ...place }, finishItem);
		await acceptPush(db, { person: { id: learnerId }, now: T0, batch: { device: 'phone', epoch: EPOCH, events } });
	}
}

/** Everyone else: written straight into the log, because nobody waits for their pages here. */
async function growTo(db: Database, events: number): Promise<void> {
	const [known] = await db.all<{ many: number }>('SELECT count(*) AS many FROM learning_events');
	for (let count = known?.many ?? 0; count < events;) {
		await db.tx(async (queries) => {
			for (const end = Math.min(events, count + 50_000); count < end; count += eventsOfLearner) {
				const id = `learner-${count}`;
				const bucket = bucketOf(id);
				await queries.insert(
					'people',
					[
						'bucket',
						'id',
						'user_name',
						'display_name',
						'search_name',
						'sex',
						'age_band',
						'language',
						'organisation_id',
						'must_change_secret',
						'created_at',
						'feed'
					],
					[[bucket, id, id, id, id, 'female', '25_34', 'en', 'org', 0, T0, 1]]
				);
				await queries.insert('learning_events', eventColumns, eventRows(bucket, id));
			}
		});
	}
}

const eventColumns =
	'bucket learner_id device_id epoch seq course_id pack_id attempt_id sco_id type device_at body hash received_at feed'.split(
		' '
	);

function eventRows(bucket: number, id: string): SqlValue[][] {
	return Array.from({ length: eventsOfLearner }, (_, index) => {
		const body = JSON.stringify({
			completion: index % 50 === 49 ? 'completed' : 'incomplete',
			location: `page-${index}`,
			progress: 0.5,
			seconds: index * 9,
			type: 'attempt.updated'
		});
		return [
			bucket,
			id,
			'phone',
			EPOCH,
			index + 1,
			'c1',
			'p1',
			`${id}-${index % 3}`,
			'i1',
			'attempt.updated',
			T0 + index,
			body,
			`${id}-${index}`,
			T0,
			1
		];
	});
}
