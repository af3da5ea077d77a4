/** The sync store of the product: a person's Dexie database. */
import { Dexie } from 'dexie';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { CourseCard, PullRequest, PullResponse, PushResponse } from '#lib/contracts/sync.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import { readMeta, writeMeta } from '#lib/client/db/profile-meta.ts';
import {
	ackedForPull,
	isMissing,
	isReceived,
	keepsPulledBranch,
	receivedTime,
	retentionLimit,
	weightOf,
	type BatchLimit,
	type SyncStore
} from './sync-store.ts';

const PAGE = 100;

export class DexieStore implements SyncStore {
	readonly personId: string;
	readonly #db: ProfileDb;
	/** Set aside since this start, as "epoch/seq". */
	readonly #aside = new Set<string>();

	constructor(db: ProfileDb, personId: string) {
		this.#db = db;
		this.personId = personId;
	}

	waiting(): Promise<number> {
		return this.#db.events.where('waiting').equals(1).count();
	}

	/** Equal index values come in order of the primary key, [epoch, seq]: the oldest epoch first. Read in pages, since resume states are large. */
	async nextBatch(limit: BatchLimit): Promise<readonly LearningEvent[]> {
		const batch: LearningEvent[] = [];
		let weight = 0;
		for (let offset = 0; ; offset += PAGE) {
			const page = await this.#db.events.where('waiting').equals(1).offset(offset).limit(PAGE).toArray();
			for (const { event } of page) {
				if (this.#aside.has(`${event.epoch}/${event.seq}`)) continue;
				const [first] = batch;
				if (first !== undefined && event.epoch !== first.epoch) return batch;
				if (first !== undefined && (batch.length >= limit.events || weight >= limit.bytes)) return batch;
				batch.push(event);
				weight += weightOf(event);
			}
			if (page.length < PAGE) return batch;
		}
	}

	async acknowledge(sent: readonly LearningEvent[], answer: PushResponse): Promise<number> {
		const db = this.#db;
		return db.transaction('rw', [db.events, db.meta], async () => {
			const seqs = new Set(sent.map((event) => event.seq));
			const records = await db.events.bulkGet(sent.map((event): [string, number] => [event.epoch, event.seq]));
			const received = records.filter((record) => record !== undefined && isReceived(record, seqs, answer));
			const serverNow = await readMeta(db, 'serverNow');
			const ackedAt = receivedTime(serverNow, answer.now);
			await db.events.bulkPut(received.flatMap((record) => (record ? [{ ...record, waiting: 0, ackedAt }] : [])));
			await writeMeta(db, 'serverNow', answer.now);
			if (received.length > 0) {
				const known = await readMeta(db, 'received');
				const courses = Object.fromEntries(received.map((record) => [record?.event.courseId, answer.now]));
				await writeMeta(db, 'received', { at: answer.now, courses: { ...known?.courses, ...courses } });
				await this.#noteAcked(answer.epoch);
			}
			const aside = answer.quarantined?.filter(({ seq }) => received.some((record) => record?.seq === seq)).length ?? 0;
			if (aside > 0) await writeMeta(db, 'quarantined', ((await readMeta(db, 'quarantined')) ?? 0) + aside);
			return received.length;
		});
	}

	async setAside(event: LearningEvent): Promise<void> {
		this.#aside.add(`${event.epoch}/${event.seq}`);
	}

	async pullRequest(): Promise<PullRequest> {
		const db = this.#db;
		return db.transaction('r', db.meta, async () => ({
			v: 1,
			device: (await readMeta(db, 'writer'))?.device ?? '',
			cursor: (await readMeta(db, 'cursor')) ?? null,
			acked: ackedForPull((await readMeta(db, 'acked')) ?? {}, (await readMeta(db, 'pulls')) ?? 0)
		}));
	}

	async applyPull(request: PullRequest, answer: PullResponse): Promise<{ readonly sendAgain: number }> {
		const db = this.#db;
		return db.transaction('rw', db.tables, async () => {
			if (((await readMeta(db, 'cursor')) ?? null) !== request.cursor) return { sendAgain: 0 };
			await this.#storeRows(request.device, answer);
			const sendAgain = await this.#sendAgain(answer);
			await this.#forget(answer.now);
			await writeMeta(db, 'pulls', ((await readMeta(db, 'pulls')) ?? 0) + 1);
			await writeMeta(db, 'serverNow', answer.now);
			await writeMeta(db, 'cursor', answer.cursor);
			return { sendAgain };
		});
	}

	async setNeedsSignIn(needed: boolean): Promise<void> {
		if (((await readMeta(this.#db, 'needsSignIn')) ?? false) === needed) return;
		await writeMeta(this.#db, 'needsSignIn', needed);
	}

	async #storeRows(device: string, answer: PullResponse): Promise<void> {
		const db = this.#db;
		if (answer.profile) await db.profile.put(answer.profile);
		if (answer.courses) await this.#storeCourses(answer.courses);
		if (answer.enrolments) await db.enrolments.bulkPut(answer.enrolments);
		if (answer.certificates) await db.certificates.bulkPut(answer.certificates);
		if (answer.learners) await db.learners.bulkPut(answer.learners);
		if (answer.registrations) await db.registrations.bulkPut(answer.registrations);
		for (const branch of answer.branches ?? []) {
			const known = await db.branches.get([branch.attemptId, branch.device]);
			if (keepsPulledBranch(device, known, branch)) await db.branches.put(branch);
		}
		if (answer.cohorts) {
			await db.cohorts.clear();
			await db.cohorts.bulkPut(answer.cohorts);
			// Nobody keeps the names of learners that are no longer hers.
			const mine = new Set(answer.cohorts.flatMap((cohort) => cohort.learnerIds));
			await db.learners.filter((learner) => !mine.has(learner.learnerId)).delete();
			await db.registrations.filter((row) => !mine.has(row.learnerId)).delete();
		}
	}

	async #storeCourses(cards: readonly CourseCard[]): Promise<void> {
		const without = cards.filter((card) => card.record === undefined).map((card) => card.courseId);
		await this.#db.records.bulkDelete(without);
		await this.#db.records.bulkPut(
			cards.flatMap(({ courseId, record }) => (record === undefined ? [] : [{ courseId, record }]))
		);
		await this.#db.courses.bulkPut(cards.map(({ record: _, ...card }) => card));
	}

	async #sendAgain(answer: PullResponse): Promise<number> {
		const db = this.#db;
		let count = 0;
		for (const [epoch, frontier] of Object.entries(answer.resend ?? {})) {
			const missing = (await this.#ofEpoch(epoch).toArray()).filter((record) => isMissing(record, frontier));
			await db.events.bulkPut(missing.map((record) => ({ ...record, waiting: 1, ackedAt: null })));
			if (missing.length > 0) await this.#noteAcked(epoch);
			count += missing.length;
		}
		return count;
	}

	/** Lets go of what was acknowledged long enough ago. */
	async #forget(now: number): Promise<void> {
		const db = this.#db;
		const limit = retentionLimit(await readMeta(db, 'serverNow'), now);
		const old = await db.events.where('ackedAt').below(limit).primaryKeys();
		if (old.length === 0) return;
		await db.events.bulkDelete(old);
		const acked = { ...(await readMeta(db, 'acked')) };
		for (const epoch of new Set(old.map(([own]) => own))) {
			if ((await this.#ofEpoch(epoch).count()) === 0) delete acked[epoch];
		}
		await writeMeta(db, 'acked', acked);
	}

	/** Everything of the epoch that is held here up to this number is acknowledged. */
	async #noteAcked(epoch: string): Promise<void> {
		const db = this.#db;
		const acked = { ...(await readMeta(db, 'acked')) };
		const firstWaiting = await db.events
			.where('waiting')
			.equals(1)
			.filter((record) => record.epoch === epoch)
			.first();
		const last = await this.#ofEpoch(epoch).last();
		acked[epoch] = firstWaiting ? firstWaiting.seq - 1 : (last?.seq ?? 0);
		await writeMeta(db, 'acked', acked);
	}

	#ofEpoch(epoch: string) {
		return this.#db.events.where('[epoch+seq]').between([epoch, Dexie.minKey], [epoch, Dexie.maxKey]);
	}
}
