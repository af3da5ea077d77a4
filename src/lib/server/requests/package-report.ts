/** The report of one revision: stored when it was imported, else made now; with what learners' attempts have shown since. */
import { join } from 'node:path';
import { DOCTOR, withMeasured, type DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import type { Config } from '#lib/server/config/config.ts';
import type { Database } from '#lib/server/db/database.ts';
import { examinePack } from '#lib/server/packages/doctor/examine-pack.ts';
import { findPackageReport, measureSuspendData, savePackageReport } from '#lib/server/repositories/package-reports.ts';
import type { PackageRevision } from '#lib/server/repositories/packages.ts';

type Parts = { readonly db: Database; readonly config: Pick<Config, 'dataDir'>; readonly now: () => number };

/** null when the pack's file is not on this server. */
export async function packageReport(
	{ db, config, now }: Parts,
	pack: Pick<PackageRevision, 'packId' | 'sha256' | 'courseId'>
): Promise<DoctorReport | null> {
	const stored = await findPackageReport(db, pack.packId, DOCTOR);
	const made =
		stored === null ? await examinePack(join(config.dataDir, 'packs', `${pack.sha256}.zip`)).catch(nullIfGone) : null;
	if (made !== null) await db.tx((queries) => savePackageReport(queries, pack.packId, made, now()));
	const report = (stored as DoctorReport | null) ?? made;
	if (report === null) return null;
	return withMeasured(report, await measureSuspendData(db, pack.courseId));
}

function nullIfGone(error: NodeJS.ErrnoException): null {
	if (error.code === 'ENOENT') return null;
	throw error;
}
