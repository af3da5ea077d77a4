/** The package doctor's reports, one for each pack: a view of the pack, so the newest one replaces the one before. */
import * as v from 'valibot';
import { packageReportSchema, type PackageReport, type ReportSummary } from '#lib/contracts/package-report.ts';
import { countOf } from '#lib/domain/doctor/doctor-report.ts';
import type { DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import { SEVERITIES } from '#lib/domain/doctor/finding.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';

/** null: there is none, or one of another doctor. */
export async function findPackageReport(db: Queries, packId: string, doctor: number): Promise<PackageReport | null> {
	const [row] = await db.all<{ report: string }>(
		'SELECT report FROM package_reports WHERE pack_id = ? AND doctor = ?',
		[packId, doctor]
	);
	return row === undefined ? null : v.parse(packageReportSchema, JSON.parse(row.report));
}

export async function savePackageReport(
	queries: Queries,
	packId: string,
	report: DoctorReport,
	now: number
): Promise<void> {
	await queries.run(
		`INSERT INTO package_reports (pack_id, doctor, offline, blocks, mend, know, report, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (pack_id) DO UPDATE SET doctor = excluded.doctor, offline = excluded.offline, blocks = excluded.blocks,
			mend = excluded.mend, know = excluded.know, report = excluded.report, made_at = excluded.made_at`,
		[
			packId,
			report.doctor,
			report.offline,
			...SEVERITIES.map((severity) => countOf(report, severity)),
			JSON.stringify(report),
			now
		]
	);
}

export async function findReportSummaries(
	db: Queries,
	packIds: readonly string[]
): Promise<Map<string, ReportSummary>> {
	const found = new Map<string, ReportSummary>();
	for (let start = 0; start < packIds.length; start += 500) {
		const packs = inList(packIds.slice(start, start + 500));
		const rows = await db.all<{
			pack_id: string;
			offline: ReportSummary['offline'];
			blocks: number;
			mend: number;
			know: number;
		}>(`SELECT pack_id, offline, blocks, mend, know FROM package_reports WHERE pack_id IN ${packs.sql}`, packs.params);
		for (const { pack_id, ...summary } of rows) found.set(pack_id, { ...summary });
	}
	return found;
}

/** How many saved attempts of a course are looked at. */
const MOST_ATTEMPTS = 500;
const AT_ONCE = 50;

/**
 * What learners' devices really saved for this course: the length of each attempt's suspend data, in characters, of
 * attempts at any revision.
 */
export async function measureSuspendData(
	db: Queries,
	courseId: string
): Promise<{ readonly attempts: number; readonly longest: number }> {
	let attempts = 0;
	let longest = 0;
	for (let offset = 0; offset < MOST_ATTEMPTS; offset += AT_ONCE) {
		const rows = await db.all<{ saved: string }>(
			`SELECT branches.saved AS saved FROM registrations
			JOIN branches ON branches.bucket = registrations.bucket AND branches.learner_id = registrations.learner_id
				AND branches.course_id = registrations.course_id
			WHERE registrations.course_id = ? AND branches.saved IS NOT NULL
			ORDER BY registrations.bucket, registrations.learner_id, branches.attempt_id, branches.device_id LIMIT ${AT_ONCE} OFFSET ${offset}`,
			[courseId]
		);
		for (const { saved } of rows) {
			const length = suspendDataIn(saved);
			if (length === null) continue;
			attempts += 1;
			longest = Math.max(longest, length);
		}
		if (rows.length < AT_ONCE) break;
	}
	return { attempts, longest };
}

/** What a device saved is content-reported: anything may stand there. null: this attempt has no suspend data. */
function suspendDataIn(saved: string): number | null {
	try {
		const { cmi } = JSON.parse(saved) as { readonly cmi?: unknown };
		const state: unknown = JSON.parse(String(cmi));
		const data: unknown =
			typeof state === 'object' && state !== null ? Reflect.get(state, 'cmi.suspend_data') : undefined;
		return typeof data === 'string' ? data.length : null;
	} catch {
		return null;
	}
}
