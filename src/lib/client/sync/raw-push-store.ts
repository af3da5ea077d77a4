/** The sending half of a person's store on bare IndexedDB, for the service worker: the same rows and rules as dexie-store.ts. */
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { PushResponse } from '#lib/contracts/sync.ts';
import type { EventRecord } from '#lib/client/db/profile-db.ts';
import type { ProfileMeta } from '#lib/client/db/profile-meta.ts';
import { answerOf, inTransaction } from '#lib/client/db/raw-idb.ts';
import { isReceived, receivedTime, weightOf, type BatchLimit, type PushStore } from './sync-store.ts';

type Store = (name: string) => IDBObjectStore;

export class RawPushStore implements PushStore {
	readonly personId: string;
	readonly #db: IDBDatabase;
	readonly #aside = new Set<string>();

	constructor(db: IDBDatabase, personId: string) {
		this.#db = db;
		this.personId = personId;
	}

	waiting(): Promise<number> {
		return inTransaction(this.#db, ['events'], 'readonly', (store) =>
			answerOf(store('events').index('waiting').count(1))
		);
	}

	nextBatch(limit: BatchLimit): Promise<readonly LearningEvent[]> {
		return inTransaction(this.#db, ['events'], 'readonly', async (store) => {
			const batch: LearningEvent[] = [];
			let weight = 0;
			await eachWaiting(store, ({ event }) => {
				if (this.#aside.has(`${event.epoch}/${event.seq}`)) return true;
				const [first] = batch;
				if (
					first !== undefined &&
					(event.epoch !== first.epoch || batch.length >= limit.events || weight >= limit.bytes)
				) {
					return false;
				}
				batch.push(event);
				weight += weightOf(event);
				return true;
			});
			return batch;
		});
	}

	acknowledge(sent: readonly LearningEvent[], answer: PushResponse): Promise<number> {
		return inTransaction(this.#db, ['events', 'meta'], 'readwrite', async (store) => {
			const seqs = new Set(sent.map((event) => event.seq));
			const serverNow = await readMeta(store, 'serverNow');
			const ackedAt = receivedTime(serverNow, answer.now);
			const received: EventRecord[] = [];
			for (const event of sent) {
				const record = await answerOf<EventRecord | undefined>(store('events').get([event.epoch, event.seq]));
				if (record === undefined || !isReceived(record, seqs, answer)) continue;
				received.push(record);
				await answerOf(store('events').put({ ...record, waiting: 0, ackedAt }));
			}
			await writeMeta(store, 'serverNow', answer.now);
			if (received.length === 0) return 0;
			const known = await readMeta(store, 'received');
			const courses = Object.fromEntries(received.map(({ event }) => [event.courseId, answer.now]));
			await writeMeta(store, 'received', { at: answer.now, courses: { ...known?.courses, ...courses } });
			const acked = await readMeta(store, 'acked');
			await writeMeta(store, 'acked', { ...acked, [answer.epoch]: await ackedUpTo(store, answer.epoch) });
			const aside = answer.quarantined?.filter(({ seq }) => received.some((record) => record.seq === seq)).length ?? 0;
			if (aside > 0) await writeMeta(store, 'quarantined', ((await readMeta(store, 'quarantined')) ?? 0) + aside);
			return received.length;
		});
	}

	async setAside(event: LearningEvent): Promise<void> {
		this.#aside.add(`${event.epoch}/${event.seq}`);
	}

	setNeedsSignIn(needed: boolean): Promise<void> {
		return inTransaction(this.#db, ['meta'], 'readwrite', async (store) => {
			if (((await readMeta(store, 'needsSignIn')) ?? false) !== needed) await writeMeta(store, 'needsSignIn', needed);
		});
	}
}

/** Everything of the epoch that is held here up to this number is acknowledged. */
async function ackedUpTo(store: Store, epoch: string): Promise<number> {
	let firstWaiting: number | null = null;
	await eachWaiting(store, (record) => {
		if (record.epoch === epoch) firstWaiting = record.seq;
		return record.epoch !== epoch;
	});
	if (firstWaiting !== null) return firstWaiting - 1;
	const whole = IDBKeyRange.bound([epoch], [epoch, []]);
	const last = await answerOf(store('events').openKeyCursor(whole, 'prev'));
	return last === null ? 0 : (last.primaryKey as [string, number])[1];
}

/** Equal index values come in order of the primary key, [epoch, seq]. @param visit returns whether to go on */
function eachWaiting(store: Store, visit: (record: EventRecord) => boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = store('events').index('waiting').openCursor(1);
		request.onerror = () => reject(request.error);
		request.onsuccess = () => {
			const cursor = request.result;
			if (cursor === null || !visit(cursor.value as EventRecord)) resolve();
			else cursor.continue();
		};
	});
}

async function readMeta<Key extends keyof ProfileMeta>(store: Store, key: Key): Promise<ProfileMeta[Key] | undefined> {
	const row = await answerOf<{ value: ProfileMeta[Key] } | undefined>(store('meta').get(key));
	return row?.value;
}

async function writeMeta<Key extends keyof ProfileMeta>(
	store: Store,
	key: Key,
	value: ProfileMeta[Key]
): Promise<void> {
	await answerOf(store('meta').put({ key, value }));
}
