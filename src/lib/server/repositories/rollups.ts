/**
 * Roll-ups: how many members of a cohort are enrolled in, have started, completed and were certified in each of its courses, by
 * sex. One row a bucket, so that a push touches only its own; a cohort's figures are the sum. Always equal to a recount
 * (reports/recount-cohort.ts), because every writer holds the bucket's lock and changes them in its transaction.
 */
import { EMPTY_FUNNEL, SEXES, type Funnel, type Sex } from '#lib/domain/statistics/sex-split.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { toStoredText } from '#lib/server/db/stored-text.ts';
import type { RegistrationRecord } from './registrations.ts';

type Standing = Pick<RegistrationRecord, 'state' | 'certificate'>;

/** What a learner's registration in a course was, and is now; null = there was none. */
export type StandingChange = {
	readonly courseId: string;
	readonly before: Standing | null;
	readonly after: Standing | null;
};

const counts = ['enrolled', 'started', 'completed', 'certified'] as const;

/** Moves the learner in the roll-ups of all her cohorts. Costs nothing unless she started, completed or was certified just now. */
export async function moveInRollups(
	queries: Queries,
	bucket: number,
	learnerId: string,
	changes: readonly StandingChange[]
): Promise<void> {
	const moved = changes.flatMap(({ courseId, before, after }) => {
		const [was, is] = [stepsOf(before), stepsOf(after)];
		const delta = {
			started: is.started - was.started,
			completed: is.completed - was.completed,
			certified: is.certified - was.certified
		};
		return delta.started === 0 && delta.completed === 0 && delta.certified === 0
			? []
			: [{ stored: toStoredText(courseId), delta }];
	});
	if (moved.length === 0) return;
	const courses = inList(moved.map(({ stored }) => stored));
	const places = await queries.all<{ cohort_id: string; course_id: string; sex: Sex }>(
		`SELECT m.cohort_id, c.course_id, p.sex
		FROM cohort_members m
		JOIN cohort_courses c ON c.cohort_id = m.cohort_id
		JOIN people p ON p.bucket = m.bucket AND p.id = m.learner_id
		WHERE m.bucket = ? AND m.learner_id = ? AND m.left_at IS NULL AND c.course_id IN ${courses.sql}`,
		[bucket, learnerId, ...courses.params]
	);
	await queries.insert(
		'cohort_rollups',
		['bucket', 'cohort_id', 'course_id', 'sex', ...counts],
		places.flatMap((place) =>
			moved
				.filter(({ stored }) => stored === place.course_id)
				.map(({ delta }) => [
					bucket,
					place.cohort_id,
					place.course_id,
					place.sex,
					0,
					delta.started,
					delta.completed,
					delta.certified
				])
		),
		`ON CONFLICT (bucket, cohort_id, course_id, sex) DO UPDATE SET ${counts
			.map((count) => `${count} = cohort_rollups.${count} + excluded.${count}`)
			.join(', ')}`
	);
}

function stepsOf(standing: Standing | null): { started: number; completed: number; certified: number } {
	return {
		started: Number(standing !== null && standing.state !== 'not-begun'),
		completed: Number(standing?.state === 'done'),
		certified: Number(standing?.certificate === 'issued')
	};
}

/** One row for every member and course of a cohort that is counted; the one definition of who counts. */
const membersInCourses = `FROM cohort_members m
	JOIN cohort_courses c ON c.cohort_id = m.cohort_id
	JOIN people p ON p.bucket = m.bucket AND p.id = m.learner_id
	LEFT JOIN registrations r ON r.bucket = m.bucket AND r.learner_id = m.learner_id AND r.course_id = c.course_id
	WHERE m.left_at IS NULL`;

const funnelColumns = `count(*) AS enrolled,
	count(CASE WHEN r.state <> 'not-begun' THEN 1 END) AS started,
	count(CASE WHEN r.state = 'done' THEN 1 END) AS completed,
	count(CASE WHEN r.certificate = 'issued' THEN 1 END) AS certified`;

/** Counts one bucket's share of the cohorts' roll-ups anew. The caller holds the bucket's lock. */
export async function recountRollups(queries: Queries, bucket: number, cohortIds: readonly string[]): Promise<void> {
	if (cohortIds.length === 0) return;
	const cohorts = inList(cohortIds);
	await queries.run(`DELETE FROM cohort_rollups WHERE bucket = ? AND cohort_id IN ${cohorts.sql}`, [
		bucket,
		...cohorts.params
	]);
	await queries.run(
		`INSERT INTO cohort_rollups (bucket, cohort_id, course_id, sex, enrolled, started, completed, certified)
		SELECT m.bucket, m.cohort_id, c.course_id, p.sex, ${funnelColumns}
		${membersInCourses} AND m.bucket = ? AND m.cohort_id IN ${cohorts.sql}
		GROUP BY m.bucket, m.cohort_id, c.course_id, p.sex`,
		[bucket, ...cohorts.params]
	);
}

/** Counts all of one bucket's roll-ups anew. The caller holds the bucket's lock. */
export async function recountBucketRollups(queries: Queries, bucket: number): Promise<void> {
	await queries.run('DELETE FROM cohort_rollups WHERE bucket = ?', [bucket]);
	await queries.run(
		`INSERT INTO cohort_rollups (bucket, cohort_id, course_id, sex, enrolled, started, completed, certified)
		SELECT m.bucket, m.cohort_id, c.course_id, p.sex, ${funnelColumns}
		${membersInCourses} AND m.bucket = ?
		GROUP BY m.bucket, m.cohort_id, c.course_id, p.sex`,
		[bucket]
	);
}

/** Funnels of a cohort by course, from the roll-ups. */
export async function findCohortFunnels(queries: Queries, cohortId: string): Promise<Map<string, Funnel>> {
	const rows = await queries.all<{
		course_id: string;
		sex: Sex;
		enrolled: number;
		started: number;
		completed: number;
		certified: number;
	}>(
		`SELECT course_id, sex, ${counts.map((count) => `CAST(sum(${count}) AS bigint) AS ${count}`).join(', ')}
		FROM cohort_rollups WHERE cohort_id = ? GROUP BY course_id, sex`,
		[cohortId]
	);
	const funnels = new Map<string, Funnel>();
	for (const row of rows) {
		funnels.set(row.course_id, withSex(funnels.get(row.course_id) ?? EMPTY_FUNNEL, row.sex, row));
	}
	return funnels;
}

export function withSex(funnel: Funnel, sex: Sex, steps: Readonly<Record<(typeof counts)[number], number>>): Funnel {
	if (!SEXES.includes(sex)) throw new Error('unknown sex');
	return {
		enrolled: { ...funnel.enrolled, [sex]: steps.enrolled },
		started: { ...funnel.started, [sex]: steps.started },
		completed: { ...funnel.completed, [sex]: steps.completed },
		certified: { ...funnel.certified, [sex]: steps.certified }
	};
}
