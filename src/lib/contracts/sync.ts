/**
 * Push and pull. Push: POST /api/sync/push, body = one encoded batch (push-codec.ts). Pull: POST /api/sync/pull, JSON.
 * Both carry the header `x-waypost-profile: <person id>`, which says whose session cookie counts on a shared device.
 */
import * as v from 'valibot';
import { courseRecordSchema } from './course-record.ts';
import { SEXES } from '#lib/domain/statistics/sex-split.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const frontierSchema = v.object({ upto: count, beyond: v.array(count) });

/** Why an event was set aside instead of counted. It is stored, and acknowledged, all the same. */
export const quarantineReasons = ['same-id-other-content', 'not-own-record', 'malformed'] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

export const pushResponseSchema = v.object({
	v: v.literal(1),
	/** Server time, ms since 1970. */
	now: v.number(),
	epoch: v.string(),
	/** All that the server holds of this (device, epoch), committed to disk. */
	frontier: frontierSchema,
	quarantined: v.optional(v.array(v.object({ seq: count, reason: v.picklist(quarantineReasons) })))
});
export type PushResponse = v.InferOutput<typeof pushResponseSchema>;

export const pullRequestSchema = v.object({
	v: v.literal(1),
	device: v.string(),
	/** What the last answer gave; null at first and after a loss of storage. Opaque to the device. */
	cursor: v.nullable(v.string()),
	/** What this device believes acknowledged, per epoch it still holds: lets a restored server ask again. */
	acked: v.record(v.string(), count)
});
export type PullRequest = v.InferOutput<typeof pullRequestSchema>;

export const ROLES = ['learner', 'trainer', 'coordinator', 'centre_admin', 'itu_admin'] as const;
export type Role = (typeof ROLES)[number];
export const AGE_BANDS = ['under_15', '15_17', '18_24', '25_34', '35_49', '50_64', '65_over', 'not_stated'] as const;

export const profileSchema = v.object({
	personId: v.string(),
	userName: v.string(),
	displayName: v.string(),
	sex: v.picklist(SEXES),
	ageBand: v.picklist(AGE_BANDS),
	/** BCP 47 */
	language: v.string(),
	roles: v.array(v.picklist(ROLES)),
	organisationName: v.string(),
	centreName: v.nullable(v.string()),
	/** True while the secret is the one from the sign-in card. */
	mustChangeSecret: v.boolean()
});
export type Profile = v.InferOutput<typeof profileSchema>;

export const certificateRuleSchema = v.object({ version: count, passMark: v.nullable(v.number()) });

/** A course as the catalogue and the learner's home show it; the structure itself comes with the pack. */
export const courseCardSchema = v.object({
	courseId: v.string(),
	code: v.string(),
	title: v.string(),
	description: v.string(),
	language: v.string(),
	level: v.nullable(v.picklist(['introductory', 'intermediate', 'advanced'])),
	hours: v.nullable(v.number()),
	objectives: v.array(v.string()),
	rule: certificateRuleSchema,
	/** The published pack; a learner with running attempts on an older one stays there until it is finished. */
	packId: v.string(),
	packSha256: v.string(),
	revision: count,
	/** Bytes to fetch. */
	packSize: count,
	/** Bytes it takes on the device. */
	installedSize: count,
	fileCount: count,
	scormVersion: v.picklist(['1.2', '2004']),
	/** Launchable items in reading order: enough to show state without the pack. */
	items: v.array(v.object({ id: v.string(), title: v.string() })),
	/** A withdrawn course stays playable where it is installed and is not offered any more. */
	withdrawn: v.boolean(),
	/** ms since 1970: when this revision was published. */
	publishedAt: v.optional(v.number()),
	/** What the course says about itself beyond this; absent when it says nothing, and from servers before version 2. */
	record: v.optional(courseRecordSchema)
});
export type CourseCard = v.InferOutput<typeof courseCardSchema>;

export const enrolmentSchema = v.object({
	courseId: v.string(),
	cohortId: v.nullable(v.string()),
	cohortName: v.nullable(v.string()),
	enrolledAt: v.number(),
	/** ms since 1970; null = no date. */
	dueAt: v.nullable(v.number()),
	ended: v.boolean()
});
export type Enrolment = v.InferOutput<typeof enrolmentSchema>;

export const certificateSchema = v.object({
	certificateId: v.string(),
	/** What a person types to check it: "WP-7K3M-9QXA-2". */
	code: v.string(),
	courseId: v.string(),
	learnerName: v.string(),
	courseTitle: v.string(),
	issuerName: v.string(),
	/** ms since 1970, by the server's clock. */
	issuedAt: v.number(),
	hours: v.nullable(v.number()),
	score: v.nullable(v.number()),
	verifyUrl: v.string(),
	revoked: v.boolean()
});
export type Certificate = v.InferOutput<typeof certificateSchema>;

const scoreSchema = v.object({
	scaled: v.nullable(v.number()),
	raw: v.nullable(v.number()),
	min: v.nullable(v.number()),
	max: v.nullable(v.number())
});

/** domain/attempt/branch.ts as it travels: what the learner's OTHER devices did, with the state to go on from. */
export const branchSchema = v.object({
	attemptId: v.string(),
	device: v.string(),
	learnerId: v.string(),
	courseId: v.string(),
	packId: v.string(),
	scoId: v.string(),
	completion: v.picklist(['unknown', 'not attempted', 'incomplete', 'completed']),
	success: v.picklist(['unknown', 'failed', 'passed']),
	score: v.nullable(scoreSchema),
	progress: v.nullable(v.number()),
	location: v.nullable(v.string()),
	seconds: v.number(),
	sessions: count,
	answers: count,
	saved: v.nullable(v.object({ cmi: v.string(), sequencing: v.nullable(v.string()) })),
	startedAt: v.number(),
	lastAt: v.number(),
	epoch: v.string(),
	seq: count
});

/** A cohort as its trainer sees it. */
export const cohortSchema = v.object({
	cohortId: v.string(),
	name: v.string(),
	centreName: v.string(),
	startsAt: v.nullable(v.number()),
	endsAt: v.nullable(v.number()),
	archived: v.boolean(),
	courseIds: v.array(v.string()),
	/** By course id, ms since 1970: those of its courses that have a date to be done by. */
	dueAt: v.optional(v.record(v.string(), v.number())),
	learnerIds: v.array(v.string())
});
export type Cohort = v.InferOutput<typeof cohortSchema>;

export const cohortLearnerSchema = v.object({
	learnerId: v.string(),
	userName: v.string(),
	displayName: v.string(),
	sex: v.picklist(SEXES),
	ageBand: v.picklist(AGE_BANDS),
	/** Server time of the last push of any of the learner's devices; null = never. */
	lastSeenAt: v.nullable(v.number())
});
export type CohortLearner = v.InferOutput<typeof cohortLearnerSchema>;

export const certificateStates = ['none', 'due', 'issued'] as const;

/** One learner in one course, for the trainer's table. No resume state, no answers. */
export const registrationRowSchema = v.object({
	learnerId: v.string(),
	courseId: v.string(),
	state: v.picklist(['not-begun', 'going-on', 'done']),
	success: v.picklist(['unknown', 'failed', 'passed']),
	score: v.nullable(v.number()),
	progress: v.number(),
	itemsDone: count,
	itemsTotal: count,
	seconds: v.number(),
	startedAt: v.nullable(v.number()),
	/** Server time of the last event that changed this row. */
	changedAt: v.number(),
	certificate: v.picklist(certificateStates)
});
export type RegistrationRow = v.InferOutput<typeof registrationRowSchema>;

/**
 * Every list holds upserts since the cursor and is absent when empty. `more`: call again at once with the new cursor.
 */
export const pullResponseSchema = v.object({
	v: v.literal(1),
	now: v.number(),
	cursor: v.string(),
	more: v.optional(v.boolean()),
	/** Epochs of this device of which the server holds less than `acked` says: send again from `upto + 1`. */
	resend: v.optional(v.record(v.string(), frontierSchema)),
	profile: v.optional(profileSchema),
	courses: v.optional(v.array(courseCardSchema)),
	enrolments: v.optional(v.array(enrolmentSchema)),
	certificates: v.optional(v.array(certificateSchema)),
	branches: v.optional(v.array(branchSchema)),
	/** The whole list of the trainer's cohorts, whenever any of them changed: what is not in it is gone. */
	cohorts: v.optional(v.array(cohortSchema)),
	learners: v.optional(v.array(cohortLearnerSchema)),
	registrations: v.optional(v.array(registrationRowSchema))
});
export type PullResponse = v.InferOutput<typeof pullResponseSchema>;
