/**
 * One person's database on one device: her events, what they add up to, and what the server told her.
 * A database is one writer (DESIGN 4.3): its device id is minted with it and dies with it.
 */
import { Dexie, type EntityTable, type Table } from 'dexie';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import type { PlayState } from '#lib/domain/scorm/map-cmi.ts';
import type { CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import type { JournalRow } from '#lib/contracts/player-port.ts';
import type {
	Certificate,
	Cohort,
	CohortLearner,
	CourseCard,
	Enrolment,
	Profile,
	RegistrationRow
} from '#lib/contracts/sync.ts';

/** The log and the outbox in one: an event waits until the server acknowledged it, and is kept 30 days after. */
export type EventRecord = {
	readonly epoch: string;
	readonly seq: number;
	readonly event: LearningEvent;
	/** 1 = not acknowledged yet (a number, because IndexedDB cannot index booleans). */
	readonly waiting: 0 | 1;
	readonly ackedAt: number | null;
};

/** An attempt on this device: what the player needs to open it again. */
export type LocalAttempt = {
	readonly attemptId: string;
	readonly courseId: string;
	readonly packId: string;
	readonly scoId: string;
	/** The session being played or left without Terminate; null when the last one was closed properly. */
	readonly openSession: string | null;
	/** Highest journal row of `openSession` that is folded into `play`. */
	readonly lastRow: number;
	/** Run-time state; on the course-level attempt (WHOLE_COURSE) only `reported` means something. */
	readonly play: PlayState;
	/** Only on the course-level attempt: serialised sequencing state, and whether an event already carries it. */
	readonly sequencing: string | null;
	readonly hasUnsavedSequencing: boolean;
	/** The branch of another device from which this one went on: "device/epoch/seq". */
	readonly basedOn: string | null;
	readonly updatedAt: number;
};

/** What a course says about itself, apart from its card: the start and the home screen need the cards only. */
export type StoredRecord = { readonly courseId: string; readonly record: CourseRecord };

export type MetaRecord = { readonly key: string; readonly value: unknown };

export class ProfileDb extends Dexie {
	meta!: EntityTable<MetaRecord, 'key'>;
	events!: Table<EventRecord, [string, number]>;
	journal!: Table<JournalRow, [string, string, number]>;
	attempts!: EntityTable<LocalAttempt, 'attemptId'>;
	branches!: Table<Branch, [string, string]>;
	/** Without their `record`, which lies in `records`. */
	courses!: EntityTable<CourseCard, 'courseId'>;
	records!: EntityTable<StoredRecord, 'courseId'>;
	enrolments!: EntityTable<Enrolment, 'courseId'>;
	certificates!: EntityTable<Certificate, 'certificateId'>;
	cohorts!: EntityTable<Cohort, 'cohortId'>;
	learners!: EntityTable<CohortLearner, 'learnerId'>;
	registrations!: Table<RegistrationRow, [string, string]>;
	profile!: EntityTable<Profile, 'personId'>;

	constructor(name: string) {
		// Chrome's default is "relaxed": committed to the operating system's cache only. Events are sent once, so they must
		// be on the disk before anything says they are safe.
		super(name, { chromeTransactionDurability: 'strict' });
		this.version(1).stores({
			meta: 'key',
			events: '[epoch+seq], waiting, ackedAt',
			journal: '[attempt+session+n]',
			attempts: 'attemptId, courseId, openSession',
			branches: '[attemptId+device], courseId',
			courses: 'courseId',
			enrolments: 'courseId',
			certificates: 'certificateId, courseId',
			cohorts: 'cohortId',
			learners: 'learnerId',
			registrations: '[learnerId+courseId], courseId',
			profile: 'personId'
		});
		// Cards that came before records were understood lack them: everything is pulled once more.
		this.version(2)
			.stores({ records: 'courseId' })
			.upgrade((transaction) => transaction.table('meta').delete('cursor'));
	}
}
