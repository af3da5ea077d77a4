// A small programme to push into: one organisation, one centre, courses with packs, people, and the events of learners.
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import type { CourseItem } from '#lib/domain/course/course-structure.ts';
import type { Database } from '#lib/server/db/database.ts';

export const T0 = Date.UTC(2026, 5, 1, 8);

export async function buildWorld(db: Database): Promise<void> {
	await db.insert(
		'organisations',
		['id', 'name', 'created_at'],
		[
			['org', 'The Academy', T0],
			['org-2', 'Another', T0]
		]
	);
	await db.insert(
		'centres',
		['id', 'organisation_id', 'name', 'country', 'created_at'],
		[
			['centre', 'org', 'Riverside', 'gh', T0],
			['centre-2', 'org-2', 'Hillside', 'zm', T0]
		]
	);
}

export type CourseSetting = {
	readonly id: string;
	readonly packs?: Readonly<Record<string, readonly string[]>>;
	readonly passMark?: number | null;
	readonly organisationId?: string;
	readonly status?: 'draft' | 'published' | 'withdrawn';
};

export async function addCourse(db: Database, course: CourseSetting): Promise<void> {
	await db.tx(async (queries) => {
		const [head] = await queries.all<{ head: number }>(
			'UPDATE bucket_heads SET head = head + 1 WHERE bucket = -1 RETURNING head'
		);
		await queries.insert(
			'courses',
			[
				'id',
				'organisation_id',
				'code',
				'title',
				'description',
				'language',
				'level',
				'hours',
				'objectives',
				'status',
				'pass_mark',
				'rule_version',
				'created_at',
				'feed'
			],
			[
				[
					course.id,
					course.organisationId ?? 'org',
					course.id.toUpperCase(),
					`Course ${course.id}`,
					'',
					'en',
					null,
					2,
					'[]',
					course.status ?? 'published',
					course.passMark ?? null,
					1,
					T0,
					head?.head ?? 0
				]
			]
		);
	});
	for (const [packId, items] of Object.entries(course.packs ?? {})) await addPack(db, course.id, packId, items);
}

export async function addPack(
	db: Database,
	courseId: string,
	packId: string,
	itemIds: readonly string[]
): Promise<void> {
	const items = itemIds.map((id): CourseItem => ({
		id,
		title: `Item ${id}`,
		visible: true,
		children: [],
		launch: {
			kind: 'sco',
			path: `${id}.html`,
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
		}
	}));
	const structure = {
		scormVersion: '1.2',
		schemaVersion: '1.2',
		title: courseId,
		language: 'en',
		organizationId: 'org',
		items,
		sequencing: null,
		objectivesGlobalToSystem: true
	};
	const [known] = await db.all<{ revisions: number }>(
		'SELECT count(*) AS revisions FROM packages WHERE course_id = ?',
		[courseId]
	);
	await db.insert(
		'packages',
		[
			'pack_id',
			'sha256',
			'course_id',
			'revision',
			'scorm_version',
			'structure',
			'pack_size',
			'installed_size',
			'file_count',
			'warnings',
			'imported_at',
			'imported_by',
			'published_at'
		],
		[
			[
				packId,
				packId.padEnd(64, '0'),
				courseId,
				(known?.revisions ?? 0) + 1,
				'1.2',
				JSON.stringify(structure),
				1000,
				2000,
				3,
				'[]',
				T0,
				'admin',
				T0
			]
		]
	);
}

export async function addPerson(
	db: Database,
	id: string,
	sex: Sex = 'not_stated',
	organisationId = 'org'
): Promise<void> {
	await db.tx(async (queries) => {
		const [head] = await queries.all<{ head: number }>(
			'UPDATE bucket_heads SET head = head + 1 WHERE bucket = ? RETURNING head',
			[bucketOf(id)]
		);
		await queries.insert(
			'people',
			[
				'bucket',
				'id',
				'user_name',
				'display_name',
				'search_name',
				'sex',
				'age_band',
				'language',
				'organisation_id',
				'centre_id',
				'secret_hash',
				'must_change_secret',
				'created_at',
				'last_seen_at',
				'disabled_at',
				'feed'
			],
			[
				[
					bucketOf(id),
					id,
					id,
					`Person ${id}`,
					id,
					sex,
					'25_34',
					'en',
					organisationId,
					organisationId === 'org' ? 'centre' : 'centre-2',
					null,
					0,
					T0,
					null,
					null,
					head?.head ?? 0
				]
			]
		);
		await queries.insert(
			'grants',
			['person_id', 'role', 'scope_kind', 'scope_id', 'granted_at'],
			[[id, 'learner', 'self', '', T0]]
		);
	});
}

export const EPOCH = '0001-abcdef';

/** An event with everything filled in. */
export function anEvent(given: Partial<LearningEvent> & { readonly seq: number }): LearningEvent {
	return {
		device: 'phone',
		epoch: EPOCH,
		learnerId: 'amina',
		courseId: 'c1',
		packId: 'p1',
		attemptId: 'a1',
		scoId: 'i1',
		at: T0 + given.seq * 60_000,
		body: { type: 'attempt.started' },
		...given
	};
}

/** Events 1, 2, 3 ... of one writer with these bodies. */
export function eventsOf(given: Partial<LearningEvent>, bodies: readonly EventBody[], firstSeq = 1): LearningEvent[] {
	return bodies.map((body, index) => anEvent({ ...given, seq: firstSeq + index, body }));
}

/** What a learner does who takes an item to its end. */
export const finishItem: readonly EventBody[] = [
	{ type: 'attempt.started' },
	{ type: 'attempt.saved', cmi: '{"cmi.suspend_data":"x"}', sequencing: null },
	{ type: 'attempt.answered', interactionId: 'q1', kind: 'choice', response: 'a', result: 'correct', latency: 3 },
	{
		type: 'attempt.updated',
		completion: 'completed',
		success: 'passed',
		score: { scaled: 0.8, raw: null, min: null, max: null },
		progress: 1,
		seconds: 1800
	},
	{ type: 'session.ended', exit: 'normal', seconds: 1800 }
];

export type Snapshot = Readonly<Record<string, readonly unknown[]>>;

const projections = {
	frontiers: 'bucket, learner_id, device_id, epoch',
	branches: 'bucket, learner_id, attempt_id, device_id',
	registrations: 'bucket, learner_id, course_id',
	cohort_rollups: 'bucket, cohort_id, course_id, sex'
};

/** Every projection, row by row. @param withFeed false leaves the feed numbers out: they say when, not what */
export async function projectionsOf(db: Database, withFeed = true): Promise<Snapshot> {
	const tables = await Promise.all(
		Object.entries(projections).map(async ([table, order]) => {
			const rows = await db.all(`SELECT * FROM ${table} ORDER BY ${order}`);
			return [table, rows.map((row) => (withFeed ? row : { ...row, feed: null }))] as const;
		})
	);
	return Object.fromEntries(tables);
}
