/** The log of learning events, and those set aside: inserted once, never changed. */
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { QuarantineReason } from '#lib/contracts/sync.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { fromStoredText, toStoredText } from '#lib/server/db/stored-text.ts';

/** An event with what is computed of it once: domain/event/canonical-event.ts and its hash. */
export type SealedEvent = { readonly event: LearningEvent; readonly body: string; readonly hash: string };

/** An event as the server holds it. `feed` orders by arrival, whatever the clocks said. */
export type ReceivedEvent = { readonly event: LearningEvent; readonly receivedAt: number; readonly feed: number };

/** One writer of one learner. */
export type WriterKey = {
	readonly bucket: number;
	readonly learnerId: string;
	readonly device: string;
	readonly epoch: string;
};

const columns = [
	'bucket',
	'learner_id',
	'device_id',
	'epoch',
	'seq',
	'course_id',
	'pack_id',
	'attempt_id',
	'sco_id',
	'type',
	'device_at',
	'body',
	'hash',
	'received_at',
	'feed'
];

export async function insertEvents(
	queries: Queries,
	bucket: number,
	events: readonly SealedEvent[],
	receivedAt: number,
	feed: number
): Promise<void> {
	await queries.insert(
		'learning_events',
		columns,
		events.map(({ event, body, hash }) => [
			bucket,
			event.learnerId,
			toStoredText(event.device),
			toStoredText(event.epoch),
			event.seq,
			toStoredText(event.courseId),
			toStoredText(event.packId),
			toStoredText(event.attemptId),
			toStoredText(event.scoId),
			toStoredText(event.body.type),
			event.at,
			body,
			hash,
			receivedAt,
			feed
		])
	);
}

/** Content hashes of the stored events with a number from `first` to `last`. */
export async function findEventHashes(
	queries: Queries,
	{ bucket, learnerId, device, epoch }: WriterKey,
	first: number,
	last: number
): Promise<Map<number, string>> {
	const rows = await queries.all<{ seq: number; hash: string }>(
		`SELECT seq, hash FROM learning_events
		WHERE bucket = ? AND learner_id = ? AND device_id = ? AND epoch = ? AND seq BETWEEN ? AND ?`,
		[bucket, learnerId, toStoredText(device), toStoredText(epoch), first, last]
	);
	return new Map(rows.map((row) => [row.seq, row.hash]));
}

type EventRow = {
	learner_id: string;
	device_id: string;
	epoch: string;
	seq: number;
	course_id: string;
	pack_id: string;
	attempt_id: string;
	sco_id: string;
	device_at: number;
	body: string;
	received_at: number;
	feed: number;
};

const eventColumns =
	'learner_id, device_id, epoch, seq, course_id, pack_id, attempt_id, sco_id, device_at, body, received_at, feed';

/** All events of one branch, in no particular order. */
export async function findBranchEvents(
	queries: Queries,
	key: { readonly bucket: number; readonly learnerId: string; readonly attemptId: string; readonly device: string }
): Promise<ReceivedEvent[]> {
	const rows = await queries.all<EventRow>(
		`SELECT ${eventColumns} FROM learning_events WHERE bucket = ? AND learner_id = ? AND attempt_id = ? AND device_id = ?`,
		[key.bucket, key.learnerId, toStoredText(key.attemptId), toStoredText(key.device)]
	);
	return rows.map(toReceivedEvent);
}

/** All events of one learner, in no particular order. */
export async function findLearnerEvents(queries: Queries, bucket: number, learnerId: string): Promise<ReceivedEvent[]> {
	const rows = await queries.all<EventRow>(
		`SELECT ${eventColumns} FROM learning_events WHERE bucket = ? AND learner_id = ?`,
		[bucket, learnerId]
	);
	return rows.map(toReceivedEvent);
}

/** Everyone in the bucket of whom there are events or quarantined ones. */
export async function findEventOwners(queries: Queries, bucket: number): Promise<string[]> {
	const rows = await queries.all<{ learner_id: string }>(
		`SELECT learner_id FROM learning_events WHERE bucket = ?
		UNION SELECT learner_id FROM quarantined_events WHERE bucket = ?`,
		[bucket, bucket]
	);
	return rows.map((row) => row.learner_id);
}

function toReceivedEvent(row: EventRow): ReceivedEvent {
	return {
		event: {
			device: fromStoredText(row.device_id),
			epoch: fromStoredText(row.epoch),
			seq: row.seq,
			learnerId: row.learner_id,
			courseId: fromStoredText(row.course_id),
			packId: fromStoredText(row.pack_id),
			attemptId: fromStoredText(row.attempt_id),
			scoId: fromStoredText(row.sco_id),
			at: row.device_at,
			body: JSON.parse(row.body) as EventBody
		},
		receivedAt: row.received_at,
		feed: row.feed
	};
}

export type QuarantinedEvent = {
	/** 0 when the number itself could not be read. */
	readonly seq: number;
	readonly reason: QuarantineReason;
	readonly hash: string;
	/** JSON of what came. */
	readonly json: string;
};

export async function insertQuarantined(
	queries: Queries,
	{ bucket, learnerId, device, epoch }: WriterKey,
	events: readonly QuarantinedEvent[],
	receivedAt: number
): Promise<void> {
	await queries.insert(
		'quarantined_events',
		['bucket', 'learner_id', 'device_id', 'epoch', 'seq', 'hash', 'reason', 'event', 'received_at'],
		events.map(({ seq, hash, reason, json }) => [
			bucket,
			learnerId,
			toStoredText(device),
			toStoredText(epoch),
			seq,
			hash,
			reason,
			json,
			receivedAt
		]),
		'ON CONFLICT (bucket, learner_id, device_id, epoch, seq, hash) DO NOTHING'
	);
}

/** Numbers of the quarantined events of one learner, by writer. */
export async function findQuarantinedSeqs(
	queries: Queries,
	bucket: number,
	learnerId: string
): Promise<{ readonly device: string; readonly epoch: string; readonly seq: number }[]> {
	const rows = await queries.all<{ device_id: string; epoch: string; seq: number }>(
		'SELECT DISTINCT device_id, epoch, seq FROM quarantined_events WHERE bucket = ? AND learner_id = ? AND seq > 0',
		[bucket, learnerId]
	);
	return rows.map((row) => ({ device: fromStoredText(row.device_id), epoch: fromStoredText(row.epoch), seq: row.seq }));
}
