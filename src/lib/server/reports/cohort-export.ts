/** A cohort as rows for a spreadsheet: every member and course, also where nothing was begun. The caller writes the CSV. */
import type { CohortLearner, RegistrationRow } from '#lib/contracts/sync.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { snapshot } from '#lib/server/db/transact.ts';

export type CohortExportRow = Pick<CohortLearner, 'userName' | 'displayName' | 'sex' | 'ageBand' | 'lastSeenAt'> &
	Pick<
		RegistrationRow,
		'state' | 'success' | 'score' | 'progress' | 'itemsDone' | 'itemsTotal' | 'seconds' | 'certificate'
	> & {
		readonly courseCode: string;
		readonly courseTitle: string;
		/** Server time; null = not finished. */
		readonly finishedAt: number | null;
	};

type ExportRow = {
	user_name: string;
	display_name: string;
	sex: CohortExportRow['sex'];
	age_band: CohortExportRow['ageBand'];
	last_seen_at: number | null;
	code: string;
	title: string;
	state: CohortExportRow['state'] | null;
	success: CohortExportRow['success'] | null;
	score: number | null;
	progress: number | null;
	items_done: number | null;
	items_total: number | null;
	seconds: number | null;
	certificate: CohortExportRow['certificate'] | null;
	finished_at: number | null;
};

export async function cohortExportRows(db: Database | Queries, cohortId: string): Promise<CohortExportRow[]> {
	const rows = await snapshot(db, (queries) =>
		queries.all<ExportRow>(
			`SELECT p.user_name, p.display_name, p.sex, p.age_band, p.last_seen_at, o.code, o.title,
				r.state, r.success, r.score, r.progress, r.items_done, r.items_total, r.seconds, r.certificate, r.finished_at
			FROM cohort_members m
			JOIN people p ON p.bucket = m.bucket AND p.id = m.learner_id
			JOIN cohort_courses c ON c.cohort_id = m.cohort_id
			JOIN courses o ON o.id = c.course_id
			LEFT JOIN registrations r ON r.bucket = m.bucket AND r.learner_id = m.learner_id AND r.course_id = c.course_id
			WHERE m.cohort_id = ? AND m.left_at IS NULL
			ORDER BY p.search_name, p.id, o.title, o.id`,
			[cohortId]
		)
	);
	return rows.map((row) => ({
		userName: row.user_name,
		displayName: row.display_name,
		sex: row.sex,
		ageBand: row.age_band,
		lastSeenAt: row.last_seen_at,
		courseCode: row.code,
		courseTitle: row.title,
		state: row.state ?? 'not-begun',
		success: row.success ?? 'unknown',
		score: row.score,
		progress: row.progress ?? 0,
		itemsDone: row.items_done ?? 0,
		itemsTotal: row.items_total ?? 0,
		seconds: row.seconds ?? 0,
		certificate: row.certificate ?? 'none',
		finishedAt: row.finished_at
	}));
}
