/** Imported packages: one row for each revision of a course, with the pack that carries it. */
import * as v from 'valibot';
import { courseStructureSchema } from '#lib/contracts/course-manifest.ts';
import { courseContentsSchema } from '#lib/contracts/course-record.ts';
import type { CourseContents } from '#lib/domain/catalogue/course-record.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import type { Queries, Row } from '#lib/server/db/database.ts';

export type Warning = { readonly code: string; readonly params: Readonly<Record<string, string | number>> };

export type PackageRevision = {
	readonly packId: string;
	/** Of the pack's bytes, hex. */
	readonly sha256: string;
	readonly courseId: string;
	readonly revision: number;
	readonly scormVersion: '1.2' | '2004';
	readonly structure: CourseStructure;
	readonly packSize: number;
	readonly installedSize: number;
	readonly fileCount: number;
	readonly warnings: readonly Warning[];
	readonly importedAt: number;
	readonly importedBy: string;
	readonly publishedAt: number | null;
	/** What the package says about its course; null when it says nothing. */
	readonly contents?: CourseContents | null | undefined;
	/** Plays without a network, as the package doctor foretells; null or absent where it has not looked. */
	readonly offline?: boolean | null | undefined;
};

const columns = `pack_id, sha256, course_id, revision, scorm_version, structure, pack_size, installed_size, file_count, warnings,
	imported_at, imported_by, published_at, record`;
/** With what the package doctor foretells, where it has looked. */
const selected = `SELECT ${columns
	.split(/,\s*/)
	.map((column) => `p.${column}`)
	.join(', ')}, r.offline AS forecast FROM packages p LEFT JOIN package_reports r ON r.pack_id = p.pack_id`;
const warningsSchema = v.array(
	v.object({ code: v.string(), params: v.record(v.string(), v.union([v.string(), v.number()])) })
);

export async function findPackage(db: Queries, packId: string): Promise<PackageRevision | null> {
	const [row] = await db.all(`${selected} WHERE p.pack_id = ?`, [packId]);
	return row === undefined ? null : packageOf(row);
}

/** All revisions of these courses, newest first. */
export async function findPackagesOfCourses(
	db: Queries,
	courseIds: readonly string[]
): Promise<Map<string, PackageRevision[]>> {
	const found = new Map<string, PackageRevision[]>();
	for (let start = 0; start < courseIds.length; start += 500) {
		const some = courseIds.slice(start, start + 500);
		const rows = await db.all(
			`${selected} WHERE p.course_id IN (${some.map(() => '?').join(', ')}) ORDER BY p.course_id, p.revision DESC`,
			some
		);
		for (const revision of rows.map(packageOf))
			found.set(revision.courseId, [...(found.get(revision.courseId) ?? []), revision]);
	}
	return found;
}

export async function insertPackage(queries: Queries, revision: PackageRevision): Promise<void> {
	await queries.run(`INSERT INTO packages (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
		revision.packId,
		revision.sha256,
		revision.courseId,
		revision.revision,
		revision.scormVersion,
		JSON.stringify(revision.structure),
		revision.packSize,
		revision.installedSize,
		revision.fileCount,
		JSON.stringify(revision.warnings),
		revision.importedAt,
		revision.importedBy,
		revision.publishedAt,
		storedContents(revision.contents)
	]);
}

/** For a package from before its record was read. */
export async function saveContents(queries: Queries, packId: string, contents: CourseContents): Promise<void> {
	await queries.run('UPDATE packages SET record = ? WHERE pack_id = ?', [storedContents(contents), packId]);
}

function storedContents(contents: CourseContents | null | undefined): string | null {
	return contents === null || contents === undefined ? null : JSON.stringify(contents);
}

export async function markPublished(queries: Queries, packId: string, now: number): Promise<void> {
	await queries.run('UPDATE packages SET published_at = ? WHERE pack_id = ?', [now, packId]);
}

/** Which pack is offered: the one published last; before the first publication, the newest. */
export function currentRevision(revisions: readonly PackageRevision[]): PackageRevision | null {
	return revisions.reduce<PackageRevision | null>((best, one) => {
		if (best === null) return one;
		const [left, right] = [one.publishedAt ?? -1, best.publishedAt ?? -1];
		return left > right || (left === right && one.revision > best.revision) ? one : best;
	}, null);
}

function packageOf(row: Row): PackageRevision {
	return {
		packId: String(row['pack_id']),
		sha256: String(row['sha256']),
		courseId: String(row['course_id']),
		revision: Number(row['revision']),
		scormVersion: row['scorm_version'] === '1.2' ? '1.2' : '2004',
		structure: v.parse(courseStructureSchema, JSON.parse(String(row['structure']))),
		packSize: Number(row['pack_size']),
		installedSize: Number(row['installed_size']),
		fileCount: Number(row['file_count']),
		warnings: v.parse(warningsSchema, JSON.parse(String(row['warnings']))),
		importedAt: Number(row['imported_at']),
		importedBy: String(row['imported_by']),
		publishedAt: row['published_at'] === null ? null : Number(row['published_at']),
		offline: row['forecast'] === null ? null : row['forecast'] === 'works',
		contents: row['record'] === null ? null : v.parse(courseContentsSchema, JSON.parse(String(row['record'])))
	};
}
