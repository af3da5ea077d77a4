/**
 * course import FILE.zip [--code CODE] [--title TITLE] [--revision-of CODE] [--organisation NAME] [--publish]
 * Imports a SCORM package the way an upload does, and says what was found.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { findCourseByCode } from '#lib/server/repositories/courses.ts';
import { countOf } from '#lib/domain/doctor/doctor-report.ts';
import { findPackage } from '#lib/server/repositories/packages.ts';
import { packageReport } from '#lib/server/requests/package-report.ts';
import { CommandError } from '../command-error.ts';
import { findOrganisation } from '../find-organisation.ts';
import { withApp } from '../open-app.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			code: { type: 'string' },
			title: { type: 'string' },
			'revision-of': { type: 'string' },
			organisation: { type: 'string' },
			publish: { type: 'boolean', default: false }
		}
	});
	const [zipPath] = positionals;
	if (zipPath === undefined || statSync(zipPath, { throwIfNoEntry: false })?.isFile() !== true)
		throw new CommandError('Which file? course import FILE.zip [--code CODE] [--publish]');
	return withApp(async (app) => {
		const organisationId = await findOrganisation(app.db, values.organisation);
		// The same code again means a new revision of that course.
		const code = values['revision-of'] ?? values.code;
		const known = code === undefined ? null : await findCourseByCode(app.db, organisationId, code);
		if (values['revision-of'] !== undefined && known === null)
			throw new CommandError(`There is no course with the code ${values['revision-of']}.`);
		const result = await app.importCourse({
			zipPath,
			fileName: basename(zipPath),
			organisationId,
			personId: 'command-line',
			courseId: known?.id,
			code: values.code,
			title: values.title,
			publish: values.publish
		});
		if (result.type === 'refused') {
			console.error(`Refused: ${result.code} ${JSON.stringify(result.params)}`);
			return 1;
		}
		await courseFeedBump(app.db, result.course.id);
		await app.audit('command-line', 'course.import', result.course.id, result.packId);
		const pack = await findPackage(app.db, result.packId);
		console.log(
			`${result.course.code}  ${result.course.title}  revision ${result.revision}${result.sameAsBefore ? ' (the same bytes as before)' : ''}  ${result.course.status}`
		);
		console.log(
			`pack ${result.packId}  ${pack?.fileCount ?? 0} files  ${pack?.packSize ?? 0} bytes to fetch  SCORM ${pack?.scormVersion ?? ''}`
		);
		for (const warning of pack?.warnings ?? [])
			console.log(`  note: ${warning.code} ${JSON.stringify(warning.params)}`);
		const report = pack === null ? null : await packageReport(app, pack);
		if (report !== null)
			console.log(
				`report: offline ${report.offline}; ${countOf(report, 'blocks')} blocking, ${countOf(report, 'mend')} worth mending (course doctor FILE.zip shows them)`
			);
		return 0;
	});
}
