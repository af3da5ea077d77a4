/**
 * Takes a device's batch: stores each event once, sets aside what cannot count, brings projections and roll-ups up to date,
 * moves the frontier: one transaction, one bucket (the person's own). Whatever a well-signed-in device sends is stored and
 * acknowledged; the same batch again, in any order or cut in any way, changes nothing.
 */
import { addToFrontier, type Frontier } from '#lib/domain/event/frontier.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { PushResponse } from '#lib/contracts/sync.ts';
import { AppError } from '#lib/errors/app-error.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { applyEvents } from '#lib/server/projections/apply-events.ts';
import { seenOn } from '#lib/server/repositories/devices.ts';
import {
	findEventHashes,
	insertEvents,
	insertQuarantined,
	type QuarantinedEvent,
	type SealedEvent,
	type WriterKey
} from '#lib/server/repositories/events.ts';
import { nextFeed } from '#lib/server/repositories/feed.ts';
import { findFrontier, saveFrontiers } from '#lib/server/repositories/frontiers.ts';
import { isStorableId, sealEvent, setAside } from './seal-event.ts';

export type PushBatch = {
	readonly device: string;
	readonly epoch: string;
	readonly events: readonly LearningEvent[];
	/** Rows the codec could not read. */
	readonly malformed?: readonly { readonly seq: number; readonly raw: unknown; readonly reason?: string }[] | undefined;
};

export type Push = { readonly person: { readonly id: string }; readonly now: number; readonly batch: PushBatch };

/** @throws AppError 'push-malformed' when the batch does not say which device and epoch it is of */
export async function acceptPush(db: Database, push: Push): Promise<PushResponse> {
	const sealed = sealPush(push);
	return db.tx((queries) => storePush(db, queries, sealed));
}

/** A push with all that can be worked out before the transaction. */
export type SealedPush = {
	readonly writer: WriterKey;
	readonly now: number;
	readonly events: readonly SealedEvent[];
	readonly aside: readonly QuarantinedEvent[];
};

export function sealPush({ person, now, batch }: Push): SealedPush {
	if (!isStorableId(batch.device) || !isStorableId(batch.epoch)) throw new AppError('push-malformed');
	const writer = { bucket: bucketOf(person.id), learnerId: person.id, device: batch.device, epoch: batch.epoch };
	const looked = batch.events.map((event) => sealEvent(event, writer));
	return {
		writer,
		now,
		events: looked.flatMap((one) => (one.type === 'sealed' ? [one.sealed] : [])),
		aside: [
			...looked.flatMap((one) => (one.type === 'aside' ? [one.aside] : [])),
			...(batch.malformed ?? []).map(({ seq, raw }) => setAside(seq, raw))
		]
	};
}

/** Inside a transaction. The answer may go out only after the commit. */
export async function storePush(
	db: Database,
	queries: Queries,
	{ writer, now, events, aside }: SealedPush
): Promise<PushResponse> {
	const feed = await nextFeed(queries, writer.bucket);
	const frontier = await findFrontier(queries, writer);
	const { fresh, conflicts } = await sortOut(queries, writer, frontier, events);
	const quarantined = [...aside, ...conflicts];
	await insertEvents(queries, writer.bucket, fresh, now, feed);
	await insertQuarantined(queries, writer, quarantined, now);
	const reached = addToFrontier(frontier, [
		...fresh.map(({ event }) => event.seq),
		...quarantined.map(({ seq }) => seq)
	]);
	await saveFrontiers(queries, writer.bucket, writer.learnerId, [
		{ device: writer.device, epoch: writer.epoch, frontier: reached }
	]);
	await seenOn(queries, { ...writer, now, feed });
	if (fresh.length > 0) {
		await applyEvents(db, queries, { ...writer, feed, now, events: fresh.map(({ event }) => event) });
	}
	return {
		v: 1,
		now,
		epoch: writer.epoch,
		frontier: { upto: reached.upto, beyond: [...reached.beyond] },
		...(quarantined.length === 0 ? {} : { quarantined: quarantined.map(({ seq, reason }) => ({ seq, reason })) })
	};
}

/** EV4, EV5: what is new, what is known already, and what bears a known number with other content. The first that came counts. */
async function sortOut(
	queries: Queries,
	writer: WriterKey,
	frontier: Frontier,
	events: readonly SealedEvent[]
): Promise<{ fresh: SealedEvent[]; conflicts: QuarantinedEvent[] }> {
	const beyond = new Set(frontier.beyond);
	const repeated = events.map(({ event }) => event.seq).filter((seq) => seq <= frontier.upto || beyond.has(seq));
	const hashes =
		repeated.length === 0
			? new Map<number, string>()
			: await findEventHashes(queries, writer, least(repeated), greatest(repeated));
	const fresh: SealedEvent[] = [];
	const conflicts: QuarantinedEvent[] = [];
	for (const one of events) {
		const { seq } = one.event;
		const known = hashes.get(seq);
		if (known === undefined) {
			hashes.set(seq, one.hash);
			fresh.push(one);
		} else if (known !== one.hash) {
			conflicts.push({ seq, reason: 'same-id-other-content', hash: one.hash, json: JSON.stringify(one.event) });
		}
	}
	return { fresh, conflicts };
}

function least(numbers: readonly number[]): number {
	return numbers.reduce((best, number) => Math.min(best, number), Infinity);
}

function greatest(numbers: readonly number[]): number {
	return numbers.reduce((best, number) => Math.max(best, number), 0);
}
