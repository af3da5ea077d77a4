/** The package doctor's report, as it is stored with a revision and read by administrators. */
import * as v from 'valibot';
import { SEVERITIES } from '#lib/domain/doctor/finding.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const forecast = v.picklist(['works', 'gaps', 'blocked']);

/** Beside each revision in lists. */
export const reportSummarySchema = v.object({ offline: forecast, blocks: count, mend: count, know: count });
export type ReportSummary = v.InferOutput<typeof reportSummarySchema>;

export const packageReportSchema = v.object({
	doctor: count,
	scormVersion: v.picklist(['1.2', '2004']),
	offline: forecast,
	findings: v.array(
		v.object({
			/** Has its sentences under `admin-doctor.finding.<code>`. */
			code: v.string(),
			rule: v.string(),
			severity: v.picklist(SEVERITIES),
			isSure: v.boolean(),
			count,
			places: v.array(v.object({ path: v.string(), line: v.nullable(count), what: v.nullable(v.string()) })),
			/** Numbers whose name ends in "Bytes" are bytes. */
			params: v.record(v.string(), v.union([v.string(), v.number()]))
		})
	),
	/** Bytes uncompressed, and as a learner fetches them. */
	sizes: v.array(v.object({ kind: v.string(), files: count, size: count, packed: count }))
});
export type PackageReport = v.InferOutput<typeof packageReportSchema>;

/** GET /api/courses/<id>/revisions/<revision>/report -> packageReportAnswer; null when the package's file is not on the server. */
export const packageReportAnswerSchema = v.object({ report: v.nullable(packageReportSchema) });
