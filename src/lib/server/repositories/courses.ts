/** Courses, and the two ways they are shown: the card everyone sees, and the administrator's row with every revision. */
import * as v from 'valibot';
import type { AdminCourse } from '#lib/contracts/api.ts';
import type { CourseCard } from '#lib/contracts/sync.ts';
import { coursePlaceSchema } from '#lib/contracts/course-record.ts';
import type { CoursePlace, CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import type { CertificateRule } from '#lib/domain/credential/certificate-rule.ts';
import type { Queries, Row } from '#lib/server/db/database.ts';
import { REFERENCE_BUCKET, nextFeed } from './feed.ts';
import { findReportSummaries } from './package-reports.ts';
import { currentRevision, findPackagesOfCourses, type PackageRevision } from './packages.ts';

export type CourseStatus = 'draft' | 'published' | 'withdrawn';

export type Course = {
	readonly id: string;
	readonly organisationId: string;
	readonly code: string;
	readonly title: string;
	readonly description: string;
	/** BCP 47 */
	readonly language: string;
	readonly level: 'introductory' | 'intermediate' | 'advanced' | null;
	readonly hours: number | null;
	readonly objectives: readonly string[];
	readonly status: CourseStatus;
	readonly rule: CertificateRule;
	readonly createdAt: number;
	/** How it is found, as an administrator left it; absent while nobody has said anything. */
	readonly place?: CoursePlace | null | undefined;
};

const columns = `id, organisation_id, code, title, description, language, level, hours, objectives, status, pass_mark, rule_version, created_at, record`;
const levels = ['introductory', 'intermediate', 'advanced'] as const;

export async function findCourse(db: Queries, courseId: string): Promise<Course | null> {
	const [row] = await db.all(`SELECT ${columns} FROM courses WHERE id = ?`, [courseId]);
	return row === undefined ? null : courseOf(row);
}

export async function findCourseByCode(db: Queries, organisationId: string, code: string): Promise<Course | null> {
	const [row] = await db.all(
		`SELECT ${columns} FROM courses WHERE organisation_id = ? AND code = ? ORDER BY created_at LIMIT 1`,
		[organisationId, code]
	);
	return row === undefined ? null : courseOf(row);
}

/** @param organisationIds null = of every organisation */
export async function listCourses(db: Queries, organisationIds: readonly string[] | null): Promise<Course[]> {
	if (organisationIds?.length === 0) return [];
	const rows = await db.all(
		`SELECT ${columns} FROM courses ${organisationIds === null ? '' : `WHERE organisation_id IN (${organisationIds.map(() => '?').join(', ')})`}
		ORDER BY title, id`,
		organisationIds ?? []
	);
	return rows.map(courseOf);
}

export async function insertCourse(queries: Queries, course: Course): Promise<void> {
	await queries.run(`INSERT INTO courses (${columns}, feed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
		...valuesOf(course),
		await nextFeed(queries, REFERENCE_BUCKET)
	]);
}

export async function updateCourse(queries: Queries, course: Course): Promise<void> {
	await queries.run(
		`UPDATE courses SET code = ?, title = ?, description = ?, language = ?, level = ?, hours = ?, objectives = ?, status = ?,
			pass_mark = ?, rule_version = ?, record = ?, feed = ? WHERE id = ?`,
		[
			course.code,
			course.title,
			course.description,
			course.language,
			course.level,
			course.hours,
			JSON.stringify(course.objectives),
			course.status,
			course.rule.passMark,
			course.rule.version,
			storedPlace(course),
			await nextFeed(queries, REFERENCE_BUCKET),
			course.id
		]
	);
}

/** True while the person is enrolled, or has begun the course before: what she began stays hers to go on with. */
export async function takesCourse(db: Queries, bucket: number, personId: string, courseId: string): Promise<boolean> {
	const rows = await db.all(
		`SELECT 1 AS found FROM enrolments WHERE bucket = ? AND learner_id = ? AND course_id = ? AND ended_at IS NULL
		UNION ALL SELECT 1 AS found FROM branches WHERE bucket = ? AND learner_id = ? AND course_id = ? LIMIT 1`,
		[bucket, personId, courseId, bucket, personId, courseId]
	);
	return rows.length > 0;
}

/** Everything an administrator sees of these courses, in the order given. Courses without a package are left out. */
export async function adminCoursesOf(db: Queries, courses: readonly Course[]): Promise<AdminCourse[]> {
	const ids = courses.map((course) => course.id);
	const revisions = await findPackagesOfCourses(db, ids);
	const enrolled = await countEnrolled(db, ids);
	const reports = await findReportSummaries(
		db,
		[...revisions.values()].flat().map(({ packId }) => packId)
	);
	return courses.flatMap((course) => {
		const own = revisions.get(course.id) ?? [];
		const current = currentRevision(own);
		if (current === null) return [];
		return [
			{
				courseId: course.id,
				code: course.code,
				title: course.title,
				status: course.status,
				revisions: own.map((one) => ({
					revision: one.revision,
					packId: one.packId,
					importedAt: one.importedAt,
					packSize: one.packSize,
					fileCount: one.fileCount,
					scormVersion: one.structure.schemaVersion ?? one.scormVersion,
					warnings: one.warnings.map((warning) => ({ code: warning.code, params: { ...warning.params } })),
					published: one.packId === current.packId && one.publishedAt !== null,
					doctor: reports.get(one.packId) ?? null
				})),
				card: withoutWords(courseCardOf(course, current)),
				enrolled: enrolled.get(course.id) ?? 0
			}
		];
	});
}

/** The cards of published (and withdrawn) courses by id; a course nobody published has none. */
export async function findCourseCards(db: Queries, courseIds: readonly string[]): Promise<CourseCard[]> {
	if (courseIds.length === 0) return [];
	const revisions = await findPackagesOfCourses(db, courseIds);
	const cards: CourseCard[] = [];
	for (let start = 0; start < courseIds.length; start += 500) {
		const some = courseIds.slice(start, start + 500);
		const rows = await db.all(
			`SELECT ${columns} FROM courses WHERE id IN (${some.map(() => '?').join(', ')}) ORDER BY title, id`,
			some
		);
		for (const course of rows.map(courseOf)) {
			const current = currentRevision(revisions.get(course.id) ?? []);
			if (current !== null && current.publishedAt !== null) cards.push(courseCardOf(course, current));
		}
	}
	return cards;
}

export function courseCardOf(course: Course, pack: PackageRevision): CourseCard {
	return {
		courseId: course.id,
		code: course.code,
		title: course.title,
		description: course.description,
		language: course.language,
		level: course.level,
		hours: course.hours,
		objectives: [...course.objectives],
		rule: { ...course.rule },
		packId: pack.packId,
		packSha256: pack.sha256,
		revision: pack.revision,
		packSize: pack.packSize,
		installedSize: pack.installedSize,
		fileCount: pack.fileCount,
		scormVersion: pack.scormVersion,
		items: launchableItems(pack.structure.items).map((item) => ({ id: item.id, title: item.title })),
		withdrawn: course.status === 'withdrawn',
		...(pack.publishedAt === null ? {} : { publishedAt: pack.publishedAt }),
		...recordOf(course, pack)
	};
}

/** What the doctor foretells counts more than what the package claims. */
function recordOf({ place }: Course, { contents, offline }: PackageRevision): { record?: CourseCard['record'] } {
	const record: CourseRecord = { ...contents, ...(typeof offline === 'boolean' ? { offline } : {}), ...place };
	return Object.keys(record).length === 0 ? {} : { record: record as CourseCard['record'] };
}

/** A list for administrators needs no glossaries, which are most of a record. */
function withoutWords(card: CourseCard): CourseCard {
	if (card.record === undefined) return card;
	const { glossary: _, ...record } = card.record;
	return { ...card, record };
}

async function countEnrolled(db: Queries, courseIds: readonly string[]): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for (let start = 0; start < courseIds.length; start += 500) {
		const some = courseIds.slice(start, start + 500);
		const rows = await db.all<{ course_id: string; people: number }>(
			`SELECT course_id, CAST(count(*) AS bigint) AS people FROM enrolments
			WHERE ended_at IS NULL AND course_id IN (${some.map(() => '?').join(', ')}) GROUP BY course_id`,
			some
		);
		for (const row of rows) counts.set(row.course_id, row.people);
	}
	return counts;
}

function storedPlace({ place }: Course): string | null {
	return place === null || place === undefined ? null : JSON.stringify(place);
}

function valuesOf(course: Course): (string | number | null)[] {
	return [
		course.id,
		course.organisationId,
		course.code,
		course.title,
		course.description,
		course.language,
		course.level,
		course.hours,
		JSON.stringify(course.objectives),
		course.status,
		course.rule.passMark,
		course.rule.version,
		course.createdAt,
		storedPlace(course)
	];
}

function courseOf(row: Row): Course {
	return {
		id: String(row['id']),
		organisationId: String(row['organisation_id']),
		code: String(row['code']),
		title: String(row['title']),
		description: String(row['description']),
		language: String(row['language']),
		level: levels.find((level) => level === row['level']) ?? null,
		hours: row['hours'] === null ? null : Number(row['hours']),
		objectives: v.parse(v.array(v.string()), JSON.parse(String(row['objectives']))),
		status: row['status'] as CourseStatus,
		rule: {
			version: Number(row['rule_version']),
			passMark: row['pass_mark'] === null ? null : Number(row['pass_mark'])
		},
		createdAt: Number(row['created_at']),
		place: row['record'] === null ? null : v.parse(coursePlaceSchema, JSON.parse(String(row['record'])))
	};
}
