/** The server of a simulation: the product's codec, acceptPush and answerPull over a database in memory, as the routes join them. */
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import type { PullRequest, PushResponse } from '#lib/contracts/sync.ts';
import type { ItemLaunch } from '#lib/domain/course/course-structure.ts';
import { canonicalEvent } from '#lib/domain/event/canonical-event.ts';
import { eventKey, type LearningEvent } from '#lib/domain/event/learning-event.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import { findLearnerEvents } from '#lib/server/repositories/events.ts';
import { liftFeeds } from '#lib/server/repositories/feed.ts';
import { acceptPush, type PushBatch } from '#lib/server/sync/accept-push.ts';
import { answerPull } from '#lib/server/sync/answer-pull.ts';
import { MemoryDatabase, ServerDied, type Backup } from './memory-database.ts';

export const LEARNERS = ['learner-1', 'learner-2', 'learner-3'] as const;
export const TRAINER = 'trainer-1';
export const COHORT = 'cohort-1';
export const COURSE = 'course-1';
/** Two revisions; the second has one item more. */
export const PACKS = ['aaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbb'] as const;
export const ITEMS: Readonly<Record<string, readonly string[]>> = {
	[PACKS[0]]: ['item-1', 'item-2'],
	[PACKS[1]]: ['item-1', 'item-2', 'item-3']
};

const launch: ItemLaunch = {
	kind: 'sco',
	path: 'index.html',
	suffix: '',
	dataFromLms: null,
	masteryScore: null,
	scaledPassingScore: null,
	completionThreshold: null,
	maxTimeAllowed: null,
	timeLimitAction: null,
	prerequisites: null,
	objectiveIds: [],
	hideLmsUi: []
};

export type Reply = {
	readonly status: number;
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** What a faulty server would do; each is one of mutants.ts. */
export type ServerFaults = {
	/** Instead of the codec's reading of a body. */
	readonly decode?: typeof decodeBatch | undefined;
	/** Instead of acceptPush. */
	readonly accept?:
		((server: SimulatedServer, personId: string, batch: PushBatch) => Promise<PushResponse>) | undefined;
};

export class SimulatedServer {
	readonly db: MemoryDatabase;
	now = 1_760_000_000_000;
	faults: ServerFaults = {};
	/** What it threw by itself. */
	errors: string[] = [];

	/** Oldest first; the first is of the furnished, unused house. */
	backups: Backup[] = [];
	#furnished: Backup = new Map();

	private constructor(db: MemoryDatabase) {
		this.db = db;
	}

	static async open(): Promise<SimulatedServer> {
		const server = new SimulatedServer(await MemoryDatabase.open());
		await server.#furnish();
		await liftFeeds(server.db, server.now);
		server.#furnished = server.db.backUp();
		return server;
	}

	/** As it was before any schedule. */
	reset(): void {
		this.db.restore(this.#furnished);
		this.backups = [this.#furnished];
		this.now = 1_760_000_000_000;
		this.faults = {};
		this.errors = [];
	}

	async push(personId: string, body: Uint8Array<ArrayBuffer>): Promise<Reply> {
		try {
			const batch = await (this.faults.decode ?? decodeBatch)(body, personId);
			if (batch.type === 'refused')
				return refusal(batch.reason === 'newer-version' ? 426 : 422, `batch-${batch.reason}`);
			const accept = this.faults.accept ?? plainAccept;
			return { status: 200, body: JSON.stringify(await accept(this, personId, batch)) };
		} catch (error) {
			return this.#died(error);
		} finally {
			this.db.dieAfter(Number.POSITIVE_INFINITY);
		}
	}

	async pull(personId: string, request: PullRequest): Promise<Reply> {
		try {
			const answer = await answerPull(this.db, {
				person: { id: personId },
				scope: { cohortIds: personId === TRAINER ? [COHORT] : [] },
				now: this.now,
				request,
				verifyUrlOf: (code) => code
			});
			return { status: 200, body: JSON.stringify(answer) };
		} catch (error) {
			return this.#died(error);
		}
	}

	#died(error: unknown): Reply {
		if (!(error instanceof ServerDied)) this.errors.push(String(error).slice(0, 500));
		return refusal(500, 'server-error');
	}

	/** Everything it holds, by identity, as one text of content each. */
	async contents(): Promise<Map<string, string>> {
		const all = new Map<string, string>();
		for (const event of await this.events()) all.set(eventKey(event), canonicalEvent(event));
		return all;
	}

	async events(): Promise<LearningEvent[]> {
		const events: LearningEvent[] = [];
		for (const learnerId of LEARNERS) {
			events.push(...(await findLearnerEvents(this.db, bucketOf(learnerId), learnerId)).map(({ event }) => event));
		}
		return events;
	}

	async #furnish(): Promise<void> {
		const { db, now } = this;
		const insert = (table: string, row: Record<string, string | number | null>) =>
			db.insert(table, Object.keys(row), [Object.values(row)]);
		await insert('organisations', { id: 'o1', name: 'Organisation', created_at: now });
		await insert('centres', { id: 'z1', organisation_id: 'o1', name: 'Centre', country: 'RW', created_at: now });
		await insert('courses', {
			id: COURSE,
			organisation_id: 'o1',
			code: 'C1',
			title: 'Course',
			description: '',
			language: 'en',
			level: null,
			hours: 1,
			objectives: '[]',
			status: 'published',
			pass_mark: 0.7,
			rule_version: 1,
			created_at: now,
			feed: 1
		});
		for (const [index, packId] of PACKS.entries()) {
			await insert('packages', {
				pack_id: packId,
				sha256: packId.padEnd(64, '0'),
				course_id: COURSE,
				revision: index + 1,
				scorm_version: '2004',
				structure: JSON.stringify({
					scormVersion: '2004',
					schemaVersion: null,
					title: 'Course',
					language: null,
					organizationId: 'o',
					items: (ITEMS[packId] ?? []).map((id) => ({ id, title: id, visible: true, launch, children: [] })),
					sequencing: null,
					objectivesGlobalToSystem: true
				}),
				pack_size: 1,
				installed_size: 1,
				file_count: 1,
				warnings: '[]',
				imported_at: now,
				imported_by: TRAINER,
				published_at: now
			});
		}
		await insert('cohorts', {
			id: COHORT,
			centre_id: 'z1',
			name: 'Cohort',
			starts_at: null,
			ends_at: null,
			archived_at: null,
			created_at: now,
			feed: 1
		});
		await insert('cohort_courses', { cohort_id: COHORT, course_id: COURSE, due_at: null, enrolled_at: now });
		for (const id of [...LEARNERS, TRAINER]) {
			const bucket = bucketOf(id);
			await insert('people', {
				bucket,
				id,
				user_name: id,
				display_name: id,
				search_name: id,
				sex: id === LEARNERS[0] ? 'female' : 'male',
				age_band: '18_24',
				language: 'en',
				organisation_id: 'o1',
				centre_id: 'z1',
				secret_hash: null,
				must_change_secret: 0,
				created_at: now,
				last_seen_at: null,
				disabled_at: null,
				feed: 1
			});
			await db.run('UPDATE bucket_heads SET head = head + 1 WHERE bucket = ?', [bucket]);
			if (id === TRAINER) continue;
			await insert('cohort_members', { bucket, learner_id: id, cohort_id: COHORT, joined_at: now, left_at: null });
			await insert('enrolments', {
				bucket,
				learner_id: id,
				course_id: COURSE,
				cohort_id: COHORT,
				enrolled_at: now,
				due_at: null,
				ended_at: null,
				feed: 1
			});
		}
		await db.run('UPDATE bucket_heads SET head = 1 WHERE bucket = -1');
	}
}

export function plainAccept(server: SimulatedServer, personId: string, batch: PushBatch): Promise<PushResponse> {
	return acceptPush(server.db, { person: { id: personId }, now: server.now, batch });
}

function refusal(status: number, code: string): Reply {
	return { status, body: JSON.stringify({ code }) };
}
