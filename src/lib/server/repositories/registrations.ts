/** Registrations: one learner's run through one course, as the trainer's table and the certificate rule read it. */
import type { Registration } from '#lib/domain/registration/registration.ts';
import type { RegistrationRow } from '#lib/contracts/sync.ts';
import type { Queries, Row } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { fromStoredText, toStoredText } from '#lib/server/db/stored-text.ts';

export type CertificateState = RegistrationRow['certificate'];

export type RegistrationRecord = Registration & {
	readonly sessions: number;
	readonly answers: number;
	/** Server time of the push that first made the state "done"; null = never. */
	readonly finishedAt: number | null;
	/** Server time of the last event. */
	readonly changedAt: number;
	readonly certificate: CertificateState;
};

type RecordRow = Row & {
	learner_id: string;
	course_id: string;
	pack_id: string | null;
	state: Registration['state'];
	success: Registration['success'];
	score: number | null;
	progress: number;
	items_done: number;
	items_total: number;
	seconds: number;
	sessions: number;
	answers: number;
	device_started_at: number | null;
	device_last_at: number | null;
	finished_at: number | null;
	changed_at: number;
	certificate: CertificateState;
};

const columns = [
	'learner_id',
	'course_id',
	'pack_id',
	'state',
	'success',
	'score',
	'progress',
	'items_done',
	'items_total',
	'seconds',
	'sessions',
	'answers',
	'device_started_at',
	'device_last_at',
	'finished_at',
	'changed_at',
	'certificate'
];

/** To read whole rows in a join: `r.learner_id, r.course_id, ...`. */
export const registrationColumns = columns.map((column) => `r.${column}`).join(', ');

const key = ['bucket', 'learner_id', 'course_id'];

export async function findRegistrations(
	queries: Queries,
	bucket: number,
	learnerId: string,
	courseIds: readonly string[]
): Promise<RegistrationRecord[]> {
	const courses = inList(courseIds.map(toStoredText));
	const rows = await queries.all<RecordRow>(
		`SELECT ${registrationColumns} FROM registrations r WHERE r.bucket = ? AND r.learner_id = ? AND r.course_id IN ${courses.sql}`,
		[bucket, learnerId, ...courses.params]
	);
	return rows.map(toRegistrationRecord);
}

export async function findLearnerRegistrations(
	queries: Queries,
	bucket: number,
	learnerId: string
): Promise<RegistrationRecord[]> {
	const rows = await queries.all<RecordRow>(
		`SELECT ${registrationColumns} FROM registrations r WHERE r.bucket = ? AND r.learner_id = ?`,
		[bucket, learnerId]
	);
	return rows.map(toRegistrationRecord);
}

/** Everyone in the bucket of whom there is a projection, right or wrong. */
export async function findProjectedLearners(queries: Queries, bucket: number): Promise<string[]> {
	const rows = await queries.all<{ learner_id: string }>(
		`SELECT learner_id FROM registrations WHERE bucket = ?
		UNION SELECT learner_id FROM branches WHERE bucket = ?
		UNION SELECT learner_id FROM frontiers WHERE bucket = ?`,
		[bucket, bucket, bucket]
	);
	return rows.map((row) => row.learner_id);
}

/** Learners with a registration in the course, by bucket. */
export async function findCourseLearners(queries: Queries, courseId: string): Promise<Map<number, string[]>> {
	const rows = await queries.all<{ bucket: number; learner_id: string }>(
		'SELECT bucket, learner_id FROM registrations WHERE course_id = ? ORDER BY bucket, learner_id',
		[courseId]
	);
	const learners = new Map<number, string[]>();
	for (const row of rows) learners.set(row.bucket, [...(learners.get(row.bucket) ?? []), row.learner_id]);
	return learners;
}

export async function saveRegistrations(
	queries: Queries,
	bucket: number,
	registrations: readonly RegistrationRecord[],
	feed: number
): Promise<void> {
	const all = ['bucket', ...columns, 'feed'];
	await queries.insert(
		'registrations',
		all,
		registrations.map((one) => [
			bucket,
			one.learnerId,
			toStoredText(one.courseId),
			one.packId === null ? null : toStoredText(one.packId),
			one.state,
			one.success,
			one.score,
			one.progress,
			one.itemsDone,
			one.itemsTotal,
			one.seconds,
			one.sessions,
			one.answers,
			one.startedAt,
			one.lastAt,
			one.finishedAt,
			one.changedAt,
			one.certificate,
			feed
		]),
		`ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${all
			.filter((column) => !key.includes(column))
			.map((column) => `${column} = excluded.${column}`)
			.join(', ')}`
	);
}

export async function deleteRegistration(
	queries: Queries,
	bucket: number,
	learnerId: string,
	courseId: string
): Promise<void> {
	await queries.run('DELETE FROM registrations WHERE bucket = ? AND learner_id = ? AND course_id = ?', [
		bucket,
		learnerId,
		toStoredText(courseId)
	]);
}

export function toRegistrationRecord(row: Row): RegistrationRecord {
	const record = row as RecordRow;
	return {
		learnerId: record.learner_id,
		courseId: fromStoredText(record.course_id),
		packId: record.pack_id === null ? null : fromStoredText(record.pack_id),
		state: record.state,
		success: record.success,
		score: record.score,
		progress: record.progress,
		itemsDone: record.items_done,
		itemsTotal: record.items_total,
		seconds: record.seconds,
		sessions: record.sessions,
		answers: record.answers,
		startedAt: record.device_started_at,
		lastAt: record.device_last_at,
		finishedAt: record.finished_at,
		changedAt: record.changed_at,
		certificate: record.certificate
	};
}

/** As it travels to a trainer. */
export function toRegistrationRow(record: RegistrationRecord): RegistrationRow {
	const {
		learnerId,
		courseId,
		state,
		success,
		score,
		progress,
		itemsDone,
		itemsTotal,
		seconds,
		startedAt,
		changedAt,
		certificate
	} = record;
	return {
		learnerId,
		courseId,
		state,
		success,
		score,
		progress,
		itemsDone,
		itemsTotal,
		seconds,
		startedAt,
		changedAt,
		certificate
	};
}
