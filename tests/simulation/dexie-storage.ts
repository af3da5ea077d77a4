/** A simulated device on the product's own database and store, over fake-indexeddb. */
import 'fake-indexeddb/auto';
import { appendEvents, type EventDraft, type Writer } from '#lib/client/db/append-events.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { readMeta } from '#lib/client/db/profile-meta.ts';
import { openExisting } from '#lib/client/db/raw-idb.ts';
import { DexieStore } from '#lib/client/sync/dexie-store.ts';
import { RawPushStore } from '#lib/client/sync/raw-push-store.ts';
import { beginEpoch, type RandomBytes } from '#lib/client/sync/epoch.ts';
import type { BatchLimit, PushStore } from '#lib/client/sync/sync-store.ts';
import type { PullRequest, PullResponse, PushResponse } from '#lib/contracts/sync.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { DeviceStorage, Dump } from './device-storage.ts';

let databases = 0;

export class DexieStorage implements DeviceStorage {
	readonly personId: string;
	readonly #db: ProfileDb;
	#store: DexieStore;
	#sender: PushStore;
	#raw: IDBDatabase | null = null;

	constructor(personId: string, db = new ProfileDb(`simulated-${++databases}`)) {
		this.personId = personId;
		this.#db = db;
		this.#store = new DexieStore(db, personId);
		this.#sender = this.#store;
	}

	waiting = () => this.#sender.waiting();
	nextBatch = (limit: BatchLimit) => this.#sender.nextBatch(limit);
	acknowledge = (sent: readonly LearningEvent[], answer: PushResponse) => this.#sender.acknowledge(sent, answer);
	setAside = (event: LearningEvent) => this.#sender.setAside(event);
	pullRequest = () => this.#store.pullRequest();
	applyPull = (request: PullRequest, answer: PullResponse) => this.#store.applyPull(request, answer);
	setNeedsSignIn = (needed: boolean) => this.#store.setNeedsSignIn(needed);

	begin(random: RandomBytes): Promise<Writer> {
		// A start makes a new store over the same database.
		this.#store = new DexieStore(this.#db, this.personId);
		this.#sender = this.#newSender();
		return beginEpoch(this.#db, random);
	}

	append(drafts: readonly EventDraft[]): Promise<readonly LearningEvent[]> {
		const db = this.#db;
		return db.transaction('rw', [db.meta, db.events, db.branches], () => appendEvents(db, drafts));
	}

	async dump(): Promise<Dump> {
		const db = this.#db;
		return {
			writer: await readMeta(db, 'writer'),
			events: await db.events.toArray(),
			branches: await db.branches.toArray(),
			registrations: await db.registrations.toArray(),
			acked: (await readMeta(db, 'acked')) ?? {},
			cursor: (await readMeta(db, 'cursor')) ?? null
		};
	}

	async clone(): Promise<DexieStorage> {
		const copy = new ProfileDb(`simulated-${++databases}`);
		for (const table of this.#db.tables) await copy.table(table.name).bulkPut(await table.toArray());
		return new DexieStorage(this.personId, copy);
	}

	async evict(): Promise<DexieStorage> {
		await this.#db.delete();
		return new DexieStorage(this.personId);
	}

	/** The same database as the service worker sees it: sending goes through bare IndexedDB from now on. */
	async sendAsTheWorker(): Promise<void> {
		await this.#db.open();
		this.#raw = await openExisting(this.#db.name);
		this.#sender = this.#newSender();
	}

	#newSender(): PushStore {
		return this.#raw === null ? this.#store : new RawPushStore(this.#raw, this.personId);
	}

	async delete(): Promise<void> {
		this.#raw?.close();
		await this.#db.delete();
	}
}
