/**
 * One uploaded package to one course, or to the next revision of one. The pack is on disk before the row names it; a package
 * that was refused, cancelled or known already leaves nothing behind.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fillPlace } from '#lib/domain/catalogue/course-record.ts';
import { launchableItems, type CourseStructure } from '#lib/domain/course/course-structure.ts';
import { packIdOf } from '#lib/domain/ids/pack-id.ts';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import type { DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import type { Config } from '#lib/server/config/config.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { importPackage, type AcceptedPackage, type ImportProgress } from '#lib/server/packages/import-package.ts';
import { examinePack } from '#lib/server/packages/doctor/examine-pack.ts';
import type { Log } from '#lib/server/log/log.ts';
import { findCourse, insertCourse, listCourses, updateCourse, type Course } from '#lib/server/repositories/courses.ts';
import {
	currentRevision,
	findPackage,
	findPackagesOfCourses,
	insertPackage,
	markPublished,
	saveContents,
	type PackageRevision
} from '#lib/server/repositories/packages.ts';
import { savePackageReport } from '#lib/server/repositories/package-reports.ts';
import { languageTag } from './change-profile.ts';
import { readCourseRecord, type CourseRecordFile } from './read-course-record.ts';

export type ImportRequest = {
	readonly zipPath: string;
	/** As the person knows the file; only a course without title or code takes something from it. */
	readonly fileName: string;
	readonly organisationId: string;
	readonly personId: string;
	/** The course this is a new revision of. */
	readonly courseId?: string | undefined;
	readonly code?: string | undefined;
	readonly title?: string | undefined;
	readonly publish?: boolean | undefined;
	readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
};

export type ImportedCourse =
	| {
			readonly type: 'imported';
			readonly course: Course;
			readonly packId: string;
			readonly revision: number;
			/** The very same bytes were here before: nothing new was made. */
			readonly sameAsBefore: boolean;
	  }
	| { readonly type: 'refused'; readonly code: string; readonly params: Readonly<Record<string, string | number>> };

export type ImportCourse = (request: ImportRequest) => Promise<ImportedCourse>;

export function createImportCourse(parts: {
	readonly db: Database;
	readonly config: Pick<Config, 'dataDir' | 'limits'>;
	readonly log: Log;
	readonly now: () => number;
	readonly newId: NewId;
}): ImportCourse {
	const { db, config, log, now, newId } = parts;
	return async (request) => {
		const { packageBytes, unpackedBytes, packageFiles } = config.limits;
		const result = await importPackage(request.zipPath, {
			packsDir: join(config.dataDir, 'packs'),
			limits: { archiveBytes: packageBytes, totalBytes: unpackedBytes, entries: packageFiles },
			onProgress: request.onProgress,
			signal: request.signal
		});
		if (result.type === 'refused') return { type: 'refused', code: result.reason, params: result.detail };
		const record = await readCourseRecord(result.pack.path);
		// A report that cannot be made keeps nobody from a course; it is tried again when somebody asks for it.
		const report = await examinePack(result.pack.path).catch((error: unknown) => {
			log.error('doctor.failed', { packId: packIdOf(result.pack.sha256) }, error);
			return null;
		});
		request.signal?.throwIfAborted();
		const stored = await db.tx((queries) => store(queries, request, result, record, report, now(), newId));
		// Refused after all, and nobody else's: the pack goes again.
		if (stored.type === 'refused' && (await findPackage(db, packIdOf(result.pack.sha256))) === null)
			await rm(result.pack.path, { force: true });
		return stored;
	};
}

async function store(
	queries: Queries,
	request: ImportRequest,
	accepted: AcceptedPackage,
	record: CourseRecordFile | null,
	report: DoctorReport | null,
	now: number,
	newId: NewId
): Promise<ImportedCourse> {
	const packId = packIdOf(accepted.pack.sha256);
	const known = await findPackage(queries, packId);
	if (known !== null) return storeAgain(queries, request, known, record, now);

	const existing = request.courseId === undefined ? null : await findCourse(queries, request.courseId);
	if (request.courseId !== undefined && (existing === null || existing.organisationId !== request.organisationId)) {
		return { type: 'refused', code: 'course-not-found', params: {} };
	}
	const course = existing ?? (await newCourse(queries, request, accepted.structure, record, now, newId));
	const before = (await findPackagesOfCourses(queries, [course.id])).get(course.id) ?? [];
	const revision = Math.max(0, ...before.map((one) => one.revision)) + 1;
	if (existing === null) await insertCourse(queries, course);
	await insertPackage(queries, {
		packId,
		sha256: accepted.pack.sha256,
		courseId: course.id,
		revision,
		scormVersion: accepted.structure.scormVersion,
		structure: accepted.structure,
		packSize: accepted.pack.size,
		installedSize: accepted.sizes.unpacked,
		fileCount: accepted.sizes.files,
		warnings: [
			...accepted.warnings.map((warning) => ({ code: warning.code, params: warning.detail })),
			...(record === null || record.termsLeftOut === 0
				? []
				: [{ code: 'glossary-shortened', params: { count: record.termsLeftOut } }])
		],
		contents: record?.contents ?? null,
		importedAt: now,
		importedBy: request.personId,
		publishedAt: request.publish === true ? now : null
	});
	if (report !== null) await savePackageReport(queries, packId, report, now);
	const placed: Course = record === null ? course : { ...course, place: fillPlace(course.place ?? {}, record.place) };
	const stored: Course = request.publish === true ? { ...placed, status: 'published' } : placed;
	// Moves the course in the feed, so that administrators' and learners' devices hear of the revision.
	await updateCourse(queries, stored);
	return { type: 'imported', course: stored, packId, revision, sameAsBefore: false };
}

async function storeAgain(
	queries: Queries,
	request: ImportRequest,
	known: PackageRevision,
	record: CourseRecordFile | null,
	now: number
): Promise<ImportedCourse> {
	const course = await findCourse(queries, known.courseId);
	// A pack has one home: its address is a hash of its bytes, and two courses cannot share one.
	if (
		course === null ||
		course.organisationId !== request.organisationId ||
		(request.courseId !== undefined && request.courseId !== course.id)
	) {
		return {
			type: 'refused',
			code: 'already-another-course',
			params: { title: course?.organisationId === request.organisationId ? course.title : '' }
		};
	}
	const told = await tellNow(queries, course, known, record);
	const published = request.publish === true ? await publish(queries, told, known.packId, now) : told;
	return { type: 'imported', course: published, packId: known.packId, revision: known.revision, sameAsBefore: true };
}

/** A package that came before its record was read: the same file again says it now. */
async function tellNow(
	queries: Queries,
	course: Course,
	known: PackageRevision,
	record: CourseRecordFile | null
): Promise<Course> {
	if (record === null || (known.contents ?? null) !== null) return course;
	await saveContents(queries, known.packId, record.contents);
	const told: Course = { ...course, place: fillPlace(course.place ?? {}, record.place) };
	await updateCourse(queries, told);
	return told;
}

async function publish(queries: Queries, course: Course, packId: string, now: number): Promise<Course> {
	const published: Course = { ...course, status: 'published' };
	const current = currentRevision((await findPackagesOfCourses(queries, [course.id])).get(course.id) ?? []);
	if (course.status === 'published' && current?.packId === packId && current.publishedAt !== null) return course;
	await markPublished(queries, packId, now);
	await updateCourse(queries, published);
	return published;
}

async function newCourse(
	queries: Queries,
	request: ImportRequest,
	structure: CourseStructure,
	record: CourseRecordFile | null,
	now: number,
	newId: NewId
): Promise<Course> {
	const title = (request.title ?? record?.title ?? structure.title).trim() || nameOf(request.fileName);
	const taken = new Set((await listCourses(queries, [request.organisationId])).map((one) => one.code));
	const code =
		request.code ??
		freeCode(record === null ? request.fileName.replace(/\.zip$/i, '') : `${record.code}-${record.language}`, taken);
	return {
		id: newId(),
		organisationId: request.organisationId,
		code,
		title: title.slice(0, 200),
		description: record?.description ?? '',
		language: languageTag(record?.language) ?? languageTag(structure.language ?? undefined) ?? 'en',
		level: record?.level ?? null,
		hours: record?.hours ?? null,
		objectives: record?.objectives.map(({ text }) => text) ?? [],
		status: 'draft',
		rule: {
			version: 1,
			passMark:
				record === null || record.certificate === null ? passMarkOf(structure) : record.certificate.passMark / 100
		},
		createdAt: now
	};
}

function nameOf(fileName: string): string {
	return (
		fileName
			.replace(/\.zip$/i, '')
			.replace(/[_-]+/g, ' ')
			.trim() || 'Course'
	);
}

/** "Fire safety v2" -> "FIRE-SAFETY-V2"; "-2" and so on when it is taken. */
function freeCode(name: string, taken: ReadonlySet<string>): string {
	const letters = name
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[^\p{L}\p{Nd}]+/gu, '-')
		.replace(/^-+|-+$/g, '');
	const base = [...letters].slice(0, 24).join('').replace(/-+$/, '') || 'COURSE';
	for (let number = 1; ; number++) {
		const code = number === 1 ? base : `${base}-${number}`;
		if (!taken.has(code)) return code;
	}
}

/**
 * A pass mark to begin with: what the package itself asks for, when exactly one of its items asks. Otherwise none, since a
 * mark on a package that reports no score would keep everyone from a certificate.
 */
function passMarkOf(structure: CourseStructure): number | null {
	const marks = launchableItems(structure.items).flatMap(({ launch }) => {
		if (launch.masteryScore !== null) return [launch.masteryScore / 100];
		return launch.scaledPassingScore === null ? [] : [launch.scaledPassingScore];
	});
	const [mark] = marks;
	return marks.length === 1 && mark !== undefined && mark > 0 && mark <= 1 ? mark : null;
}
