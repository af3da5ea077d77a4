/**
 * The only way events are written on a device: numbers them, stores them in the log and folds them into their branches,
 * inside the caller's transaction, so that either all of it is there after a crash or nothing.
 */
import { foldEvent } from '#lib/domain/attempt/branch.ts';
import type { EventBody, EventSubject, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { ProfileDb } from './profile-db.ts';

export type EventDraft = EventSubject & { readonly at: number; readonly body: EventBody };

/** The writer of this database: set by client/sync/epoch.ts at every start. */
export type Writer = { readonly device: string; readonly epoch: string; readonly nextSeq: number };

/**
 * Call inside `db.transaction('rw', [db.meta, db.events, db.branches, ...])`, with strict durability.
 * @throws when no epoch has been begun
 */
export async function appendEvents(db: ProfileDb, drafts: readonly EventDraft[]): Promise<readonly LearningEvent[]> {
	const writer = (await db.meta.get('writer'))?.value as Writer | undefined;
	if (writer === undefined) throw new Error('no epoch has been begun');
	const { events, next } = numberEvents(writer, drafts);
	await db.meta.put({ key: 'writer', value: next });
	await db.events.bulkAdd(
		events.map((event) => ({ epoch: event.epoch, seq: event.seq, event, waiting: 1, ackedAt: null }))
	);
	for (const event of events) {
		const known = await db.branches.get([event.attemptId, event.device]);
		await db.branches.put(foldEvent(known ?? null, event));
	}
	return events;
}

/** Gives the drafts the writer's next numbers. Times lose what is below a tenth of a second: nothing needs it, and it travels. */
export function numberEvents(
	writer: Writer,
	drafts: readonly EventDraft[]
): { readonly events: readonly LearningEvent[]; readonly next: Writer } {
	const events = drafts.map((draft, index): LearningEvent => ({
		...draft,
		at: Math.round(draft.at / 100) * 100,
		device: writer.device,
		epoch: writer.epoch,
		seq: writer.nextSeq + index
	}));
	return { events, next: { ...writer, nextSeq: writer.nextSeq + events.length } };
}
