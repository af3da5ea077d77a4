/**
 * A person's database in memory: the rules of sync-store.ts without IndexedDB, a hundred times as fast. That it behaves
 * like client/sync/dexie-store.ts is shown by store-contract.test.ts. It can also lose what was not flushed.
 */
import { numberEvents, type EventDraft, type Writer } from '#lib/client/db/append-events.ts';
import type { EventRecord } from '#lib/client/db/profile-db.ts';
import { nextWriter, type RandomBytes } from '#lib/client/sync/epoch.ts';
import {
	ackedForPull,
	isMissing,
	isReceived,
	keepsPulledBranch,
	receivedTime,
	retentionLimit,
	weightOf,
	type BatchLimit
} from '#lib/client/sync/sync-store.ts';
import type { PullRequest, PullResponse, PushResponse, RegistrationRow } from '#lib/contracts/sync.ts';
import { foldEvent, type Branch } from '#lib/domain/attempt/branch.ts';
import type { Frontier } from '#lib/domain/event/frontier.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { DeviceStorage, Dump } from './device-storage.ts';

type State = {
	writer: Writer | undefined;
	/** By "epoch/seq". */
	events: Map<string, EventRecord>;
	branches: Map<string, Branch>;
	registrations: Map<string, RegistrationRow>;
	acked: Record<string, number>;
	cursor: string | null;
	serverNow: number | undefined;
	pulls: number;
};

const empty = (): State => ({
	writer: undefined,
	events: new Map(),
	branches: new Map(),
	registrations: new Map(),
	acked: {},
	cursor: null,
	serverNow: undefined,
	pulls: 0
});

/** Records are never changed in place, so a shallow copy is a whole one. */
const copy = (state: State): State => ({
	...state,
	events: new Map(state.events),
	branches: new Map(state.branches),
	registrations: new Map(state.registrations),
	acked: { ...state.acked }
});

export class MemoryStorage implements DeviceStorage {
	readonly personId: string;
	#state: State;
	#flushed: State;
	#aside = new Set<string>();

	constructor(personId: string, state: State = empty()) {
		this.personId = personId;
		this.#state = state;
		this.#flushed = copy(state);
	}

	/** What is written so far is on the disk. */
	flush(): void {
		this.#flushed = copy(this.#state);
	}

	/** The power went: back to the last flush. */
	loseUnflushed(): void {
		this.#state = copy(this.#flushed);
	}

	async begin(random: RandomBytes): Promise<Writer> {
		this.#aside = new Set();
		this.#state.writer = nextWriter(this.#state.writer, random);
		return this.#state.writer;
	}

	async append(drafts: readonly EventDraft[]): Promise<readonly LearningEvent[]> {
		if (this.#state.writer === undefined) throw new Error('no epoch has been begun');
		const { events, next } = numberEvents(this.#state.writer, drafts);
		this.#state.writer = next;
		for (const event of events) {
			this.#put({ epoch: event.epoch, seq: event.seq, event, waiting: 1, ackedAt: null });
			const key = `${event.attemptId}|${event.device}`;
			this.#state.branches.set(key, foldEvent(this.#state.branches.get(key) ?? null, event));
		}
		return events;
	}

	async waiting(): Promise<number> {
		return [...this.#state.events.values()].filter((record) => record.waiting === 1).length;
	}

	async nextBatch(limit: BatchLimit): Promise<readonly LearningEvent[]> {
		const batch: LearningEvent[] = [];
		let weight = 0;
		for (const { event, waiting } of this.#ordered()) {
			if (waiting === 0 || this.#aside.has(`${event.epoch}/${event.seq}`)) continue;
			const first = batch[0];
			if (first !== undefined && (event.epoch !== first.epoch || batch.length >= limit.events || weight >= limit.bytes))
				break;
			batch.push(event);
			weight += weightOf(event);
		}
		return batch;
	}

	async acknowledge(sent: readonly LearningEvent[], answer: PushResponse): Promise<number> {
		const seqs = new Set(sent.map((event) => event.seq));
		const received = sent
			.map((event) => this.#state.events.get(`${event.epoch}/${event.seq}`))
			.filter((record) => record !== undefined && isReceived(record, seqs, answer));
		const ackedAt = receivedTime(this.#state.serverNow, answer.now);
		for (const record of received) if (record) this.#put({ ...record, waiting: 0, ackedAt });
		this.#state.serverNow = answer.now;
		if (received.length > 0) this.#noteAcked(answer.epoch);
		return received.length;
	}

	async setAside(event: LearningEvent): Promise<void> {
		this.#aside.add(`${event.epoch}/${event.seq}`);
	}

	async pullRequest(): Promise<PullRequest> {
		return {
			v: 1,
			device: this.#state.writer?.device ?? '',
			cursor: this.#state.cursor,
			acked: ackedForPull(this.#state.acked, this.#state.pulls)
		};
	}

	async applyPull(request: PullRequest, answer: PullResponse): Promise<{ readonly sendAgain: number }> {
		if (this.#state.cursor !== request.cursor) return { sendAgain: 0 };
		for (const branch of answer.branches ?? []) {
			const key = `${branch.attemptId}|${branch.device}`;
			if (keepsPulledBranch(request.device, this.#state.branches.get(key), branch))
				this.#state.branches.set(key, branch);
		}
		for (const row of answer.registrations ?? [])
			this.#state.registrations.set(`${row.learnerId}|${row.courseId}`, row);
		if (answer.cohorts) {
			const mine = new Set(answer.cohorts.flatMap((cohort) => cohort.learnerIds));
			for (const [key, row] of this.#state.registrations) {
				if (!mine.has(row.learnerId)) this.#state.registrations.delete(key);
			}
		}
		let sendAgain = 0;
		for (const [epoch, frontier] of Object.entries(answer.resend ?? {})) sendAgain += this.#sendAgain(epoch, frontier);
		this.#forget(answer.now);
		this.#state.pulls += 1;
		this.#state.serverNow = answer.now;
		this.#state.cursor = answer.cursor;
		return { sendAgain };
	}

	async setNeedsSignIn(): Promise<void> {}

	async dump(): Promise<Dump> {
		return {
			writer: this.#state.writer,
			events: this.#ordered(),
			branches: [...this.#state.branches.values()].toSorted(byKey((branch) => `${branch.attemptId}|${branch.device}`)),
			registrations: [...this.#state.registrations.values()].toSorted(
				byKey((row) => `${row.learnerId}|${row.courseId}`)
			),
			acked: this.#state.acked,
			cursor: this.#state.cursor
		};
	}

	async clone(): Promise<MemoryStorage> {
		return new MemoryStorage(this.personId, copy(this.#state));
	}

	async evict(): Promise<MemoryStorage> {
		return new MemoryStorage(this.personId);
	}

	/** For mutants only: what a faulty device would do to its own rows. */
	tamper(change: (state: State) => void): void {
		change(this.#state);
	}

	#put(record: EventRecord): void {
		this.#state.events.set(`${record.epoch}/${record.seq}`, record);
	}

	#ordered(): EventRecord[] {
		return [...this.#state.events.values()].toSorted((left, right) =>
			left.epoch < right.epoch ? -1 : left.epoch > right.epoch ? 1 : left.seq - right.seq
		);
	}

	#sendAgain(epoch: string, frontier: Frontier): number {
		const missing = [...this.#state.events.values()].filter(
			(record) => record.epoch === epoch && isMissing(record, frontier)
		);
		for (const record of missing) this.#put({ ...record, waiting: 1, ackedAt: null });
		if (missing.length > 0) this.#noteAcked(epoch);
		return missing.length;
	}

	#forget(now: number): void {
		const limit = retentionLimit(this.#state.serverNow, now);
		const epochs = new Set<string>();
		for (const [key, record] of this.#state.events) {
			if (record.ackedAt === null || record.ackedAt >= limit) continue;
			this.#state.events.delete(key);
			epochs.add(record.epoch);
		}
		for (const { epoch } of this.#state.events.values()) epochs.delete(epoch);
		for (const epoch of epochs) delete this.#state.acked[epoch];
	}

	#noteAcked(epoch: string): void {
		const own = this.#ordered().filter((record) => record.epoch === epoch);
		const firstWaiting = own.find((record) => record.waiting === 1);
		this.#state.acked[epoch] = firstWaiting ? firstWaiting.seq - 1 : (own.at(-1)?.seq ?? 0);
	}
}

function byKey<T>(key: (value: T) => string): (left: T, right: T) => number {
	return (left, right) => (key(left) < key(right) ? -1 : 1);
}
