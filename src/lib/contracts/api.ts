/**
 * The JSON API of the app origin, used by the app's own pages. Every answer that is not 2xx is an `apiError`.
 * All routes: same origin only (Origin and Sec-Fetch-Site are checked), `x-waypost-profile` names the profile,
 * state changes are POST with a JSON body (the package upload and the push body excepted).
 */
import * as v from 'valibot';
import { LEVELS, MODALITIES } from '#lib/domain/catalogue/course-record.ts';
import { coursePlaceSchema } from './course-record.ts';
import { AGE_BANDS, ROLES, certificateRuleSchema, courseCardSchema, profileSchema } from './sync.ts';
import { reportSummarySchema } from './package-report.ts';
import { SEXES } from '#lib/domain/statistics/sex-split.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** No control characters (U+0000 would fail a whole PostgreSQL batch); trimmed; 1 to 200 characters. */
const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200), v.regex(/^[^\p{Cc}]*$/u));
const longText = v.pipe(v.string(), v.trim(), v.maxLength(5_000), v.regex(/^[^\0]*$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** `code` has a sentence under `errors.<code>`; `params` go into it. */
export const apiErrorSchema = v.object({
	code: v.string(),
	params: v.optional(v.record(v.string(), v.union([v.string(), v.number()])))
});
export type ApiError = v.InferOutput<typeof apiErrorSchema>;

/* ---- signing in ---- */

/** POST /api/auth/sign-in -> 200 signInResponse | 401 wrong-name-or-secret | 429 too-many-tries {seconds} */
export const signInRequestSchema = v.object({ userName: text, secret: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });
export const signInResponseSchema = v.object({ profile: profileSchema });
/** POST /api/auth/sign-out -> 204. POST /api/auth/secret changeSecretRequest -> 204 | 401 | 422 secret-too-short {length} */
export const changeSecretRequestSchema = v.object({
	current: v.pipe(v.string(), v.maxLength(200)),
	next: v.pipe(v.string(), v.minLength(4), v.maxLength(200))
});
/** POST /api/auth/first-administrator -> 200 signInResponse; the token is the one-time link's. */
export const firstAdministratorRequestSchema = v.object({
	token: v.string(),
	organisationName: text,
	displayName: text,
	userName: text,
	secret: v.pipe(v.string(), v.minLength(8), v.maxLength(200))
});
/** POST /api/profile -> 200 profile: what a person may change about herself. */
export const profileChangeSchema = v.object({
	language: v.optional(v.string()),
	sex: v.optional(v.picklist(SEXES)),
	ageBand: v.optional(v.picklist(AGE_BANDS))
});

/* ---- packs ---- */

/** POST /api/packs/<courseId>/<packId>/capability -> 200: a URL on the pack's own content origin, good for some minutes. */
export const capabilitySchema = v.object({
	packId: v.string(),
	sha256: v.string(),
	/** "http://c-<pack id>.waypost.localhost:4000" */
	contentOrigin: v.string(),
	/** Path and query on that origin; answers Range and If-Range. */
	url: v.string(),
	/** Server time, ms. */
	expiresAt: v.number(),
	size: count
});
export type Capability = v.InferOutput<typeof capabilitySchema>;

/** GET /api/config (no sign-in): how content origins are named; stored on the device so that play works offline. */
export const publicConfigSchema = v.object({
	/** "http://c-{packId}.waypost.localhost:4000", or without {packId} for a single content host. */
	contentOriginPattern: v.string(),
	demo: v.boolean(),
	version: v.string()
});
export type PublicConfig = v.InferOutput<typeof publicConfigSchema>;

/* ---- courses, for administrators ---- */

/** GET /api/courses -> { courses: adminCourse[] } */
export const adminCourseSchema = v.object({
	courseId: v.string(),
	code: v.string(),
	title: v.string(),
	status: v.picklist(['draft', 'published', 'withdrawn']),
	revisions: v.array(
		v.object({
			revision: count,
			packId: v.string(),
			importedAt: v.number(),
			packSize: count,
			fileCount: count,
			scormVersion: v.string(),
			warnings: v.array(v.object({ code: v.string(), params: v.record(v.string(), v.union([v.string(), v.number()])) })),
			published: v.boolean(),
			/** What the package doctor found, counted; null when nobody has looked yet. */
			doctor: v.optional(v.nullable(reportSummarySchema), null)
		})
	),
	card: courseCardSchema,
	enrolled: count
});
export type AdminCourse = v.InferOutput<typeof adminCourseSchema>;

/**
 * POST /api/courses/import?name=<file name>[&courseId=<id of the course this is a new revision of>], body = the ZIP.
 * Answers application/x-ndjson: one importStep a line, the last is `done` or `refused`. Aborting the request cancels.
 */
export const importStepSchema = v.variant('step', [
	v.object({ step: v.literal('receiving'), done: count, total: v.nullable(count) }),
	v.object({ step: v.literal('checking'), done: count, total: count }),
	v.object({ step: v.literal('packing'), done: count, total: count }),
	v.object({ step: v.literal('done'), course: adminCourseSchema, sameAsBefore: v.boolean() }),
	v.object({ step: v.literal('refused'), code: v.string(), params: v.record(v.string(), v.union([v.string(), v.number()])) })
]);
export type ImportStep = v.InferOutput<typeof importStepSchema>;

/** POST /api/courses/<id> -> 200 adminCourse */
export const courseChangeSchema = v.object({
	title: v.optional(text),
	code: v.optional(text),
	description: v.optional(longText),
	hours: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1000)))),
	/** 0 to 1, or null for no pass mark: makes a new version of the certificate rule. */
	passMark: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))),
	language: v.optional(v.pipe(v.string(), v.trim(), v.minLength(2), v.maxLength(35))),
	level: v.optional(v.nullable(v.picklist(LEVELS))),
	/** How it is found in the catalogue; null takes the modality away, an empty list what it lists. */
	modality: v.optional(v.nullable(v.picklist(MODALITIES))),
	topics: coursePlaceSchema.entries.topics,
	audience: coursePlaceSchema.entries.audience,
	prerequisites: coursePlaceSchema.entries.prerequisites
});
/** POST /api/courses/<id>/publish { revision } -> 200 adminCourse; POST /api/courses/<id>/withdraw -> 200 adminCourse */
export const publishRequestSchema = v.object({ revision: count });

/* ---- cohorts, for trainers ---- */

/** POST /api/cohorts -> 200 { cohortId }. Later reading is by pull. */
export const cohortCreateSchema = v.object({
	/** Made when the form opens: a repeated request with the same one makes no second cohort. */
	requestId: v.optional(id),
	name: text,
	/** Needed when the person has a role in more than one centre. */
	centreId: v.optional(id),
	startsAt: v.optional(v.nullable(v.number())),
	endsAt: v.optional(v.nullable(v.number()))
});
/** GET /api/centres -> { centres } where the person may make a cohort. */
export const centreSchema = v.object({ centreId: v.string(), name: v.string(), country: v.string() });
export type Centre = v.InferOutput<typeof centreSchema>;
/** POST /api/centres newCentre -> 200 centre; for who administers the organisation. */
export const newCentreSchema = v.object({
	/** Made when the form opens: a repeated request with the same one makes no second centre. */
	requestId: v.optional(id),
	name: text,
	/** ISO 3166-1 alpha-2, such as "ZM"; empty when it is not said. */
	country: v.pipe(v.string(), v.regex(/^([A-Z]{2})?$/))
});
/** POST /api/cohorts/<id> -> 204 */
export const cohortChangeSchema = v.object({
	name: v.optional(text),
	startsAt: v.optional(v.nullable(v.number())),
	endsAt: v.optional(v.nullable(v.number())),
	archived: v.optional(v.boolean())
});
export const newLearnerSchema = v.object({
	displayName: text,
	/** Made from the name when absent. */
	userName: v.optional(text),
	sex: v.optional(v.picklist(SEXES), 'not_stated'),
	ageBand: v.optional(v.picklist(AGE_BANDS), 'not_stated'),
	language: v.optional(v.string())
});
/** POST /api/cohorts/<id>/learners -> 200 { cards }. Repeating a request with the same `requestId` makes nobody twice and gives no secrets again. */
export const addLearnersSchema = v.object({ requestId: id, learners: v.pipe(v.array(newLearnerSchema), v.minLength(1), v.maxLength(500)) });
export const signInCardSchema = v.object({
	learnerId: v.string(),
	displayName: v.string(),
	userName: v.string(),
	/** Shown once, to be printed; null when it was shown before. */
	secret: v.nullable(v.string()),
	address: v.string()
});
export type SignInCard = v.InferOutput<typeof signInCardSchema>;
/**
 * POST /api/cohorts/<id>/learners/csv { requestId, csv, commit } -> 200 csvResult. `commit: false` only checks. Columns by header in any
 * order and any of the interface languages: name, user name, sex, age, language.
 */
export const csvRequestSchema = v.object({ requestId: id, csv: v.pipe(v.string(), v.maxLength(1_000_000)), commit: v.boolean() });
export const csvResultSchema = v.object({
	rows: v.array(
		v.object({
			line: count,
			learner: v.nullable(newLearnerSchema),
			/** Codes under `trainer.csv.problem.<code>`. */
			problems: v.array(v.object({ code: v.string(), value: v.string() }))
		})
	),
	cards: v.array(signInCardSchema)
});
export type CsvResult = v.InferOutput<typeof csvResultSchema>;
/** POST /api/cohorts/<id>/courses { courseId, enrol } -> 204: every member, present and future, is enrolled (or no longer). */
export const cohortCourseSchema = v.object({ courseId: id, enrol: v.boolean(), dueAt: v.optional(v.nullable(v.number())) });
/** POST /api/cohorts/<id>/learners/<learnerId>/remove -> 204; .../new-secret -> 200 signInCard */

/** GET /api/cohorts/<id>/statistics -> cohortStatistics, from the roll-ups; the CSV export has the same numbers. */
const splitSchema = v.object({ female: count, male: count, other: count, not_stated: count });
export const funnelSchema = v.object({ enrolled: splitSchema, started: splitSchema, completed: splitSchema, certified: splitSchema });
export const cohortStatisticsSchema = v.object({
	cohortId: v.string(),
	now: v.number(),
	courses: v.array(v.object({ courseId: v.string(), title: v.string(), funnel: funnelSchema }))
});
/** GET /api/cohorts/<id>/export.csv -> text/csv (UTF-8 with BOM), one row a learner and course, then the funnel. */

/* ---- certificates, for centre administrators ---- */

/** GET /api/certificates/due -> { due } */
export const dueCertificateSchema = v.object({
	learnerId: v.string(),
	displayName: v.string(),
	userName: v.string(),
	sex: v.picklist(SEXES),
	courseId: v.string(),
	courseTitle: v.string(),
	cohortName: v.nullable(v.string()),
	/** Evidence, all of it content-reported. */
	score: v.nullable(v.number()),
	seconds: v.number(),
	sessions: count,
	answers: count,
	startedAt: v.nullable(v.number()),
	finishedAt: v.number(),
	rule: certificateRuleSchema,
	/** Codes under `admin.anomaly.<code>`: "fast" (under a tenth of the course's hours), "clock-jump". */
	anomalies: v.array(v.picklist(['fast', 'clock-jump']))
});
export type DueCertificate = v.InferOutput<typeof dueCertificateSchema>;
/** POST /api/certificates/issue -> 200 { issued: [{learnerId, courseId, code}], skipped: [{learnerId, courseId, reason}] }; repeating it issues nothing twice. */
export const issueRequestSchema = v.object({
	items: v.pipe(v.array(v.object({ learnerId: id, courseId: id })), v.minLength(1), v.maxLength(500))
});
export const issueResponseSchema = v.object({
	issued: v.array(v.object({ learnerId: v.string(), courseId: v.string(), code: v.string() })),
	skipped: v.array(v.object({ learnerId: v.string(), courseId: v.string(), reason: v.picklist(['not-earned', 'already-issued', 'not-allowed']) }))
});
export type IssueResponse = v.InferOutput<typeof issueResponseSchema>;
/** GET /api/certificates/issued -> { certificates: issuedCertificate[] }; GET /api/certificates/<id>/pdf[?language=] -> application/pdf (own, or in scope) */
export const issuedCertificateSchema = v.object({
	certificateId: v.string(),
	code: v.string(),
	learnerId: v.string(),
	displayName: v.string(),
	courseTitle: v.string(),
	issuedAt: v.number(),
	revoked: v.boolean()
});
export type IssuedCertificate = v.InferOutput<typeof issuedCertificateSchema>;

/* ---- people and centres, for administrators ---- */

/** GET /api/people?search=&role= -> { people }; POST /api/people newStaff -> 200 signInCard */
export const personRowSchema = v.object({
	personId: v.string(),
	userName: v.string(),
	displayName: v.string(),
	roles: v.array(v.object({ role: v.picklist(ROLES), scope: v.string() })),
	centreName: v.nullable(v.string()),
	lastSeenAt: v.nullable(v.number())
});
export type PersonRow = v.InferOutput<typeof personRowSchema>;
export const newStaffSchema = v.object({
	/** As for a centre; the card that answers a repetition shows no secret again. */
	requestId: v.optional(id),
	displayName: text,
	userName: text,
	role: v.picklist(['trainer', 'coordinator', 'centre_admin', 'itu_admin']),
	centreId: v.optional(id),
	language: v.optional(v.string())
});
/** GET /api/overview -> overview: what waits for approval, is the centre healthy */
export const overviewSchema = v.object({
	due: count,
	learners: count,
	cohorts: count,
	courses: count,
	certificates: count,
	quarantined: count,
	funnel: funnelSchema
});
export type Overview = v.InferOutput<typeof overviewSchema>;
