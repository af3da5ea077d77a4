/** Certificates that wait for a person to approve them, with their evidence, and those that were issued. */
import { anomaliesOf } from '#lib/domain/registration/anomalies.ts';
import type { DueCertificate } from '#lib/contracts/api.ts';
import type { Queries, Row } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import {
	certificateColumns,
	toCertificateRecord,
	type CertificateRecord
} from '#lib/server/repositories/certificates-store.ts';
import { registrationColumns, toRegistrationRecord } from '#lib/server/repositories/registrations.ts';

/** Where the learner of a row (`p`) belongs: her own centre, or a cohort of the centre that she is or was in. */
function withinCentres(centreIds: readonly string[] | null): { sql: string; params: readonly string[] } {
	if (centreIds === null) return { sql: '1 = 1', params: [] };
	const centres = inList(centreIds);
	return {
		sql: `(p.centre_id IN ${centres.sql} OR EXISTS (
			SELECT 1 FROM cohort_members m JOIN cohorts h ON h.id = m.cohort_id
			WHERE m.bucket = p.bucket AND m.learner_id = p.id AND h.centre_id IN ${centres.sql}))`,
		params: [...centres.params, ...centres.params] as string[]
	};
}

/** @param centreIds null = everywhere. The learner waiting longest comes first. */
export async function listDueCertificates(db: Queries, centreIds: readonly string[] | null): Promise<DueCertificate[]> {
	const within = withinCentres(centreIds);
	const rows = await db.all(
		`SELECT ${registrationColumns}, p.display_name, p.user_name, p.sex, o.title, o.hours, o.rule_version, o.pass_mark, h.name AS cohort_name
		FROM registrations r
		JOIN people p ON p.bucket = r.bucket AND p.id = r.learner_id
		JOIN courses o ON o.id = r.course_id
		LEFT JOIN enrolments e ON e.bucket = r.bucket AND e.learner_id = r.learner_id AND e.course_id = r.course_id
		LEFT JOIN cohorts h ON h.id = e.cohort_id
		WHERE r.certificate = 'due' AND ${within.sql}
		ORDER BY r.finished_at, r.learner_id, r.course_id`,
		within.params
	);
	return rows.map(toDueCertificate);
}

function toDueCertificate(row: Row): DueCertificate {
	const registration = toRegistrationRecord(row);
	const { learnerId, courseId, score, seconds, sessions, answers, startedAt, lastAt, changedAt } = registration;
	const finishedAt = registration.finishedAt ?? changedAt;
	const hours = row['hours'] as number | null;
	return {
		learnerId,
		displayName: String(row['display_name']),
		userName: String(row['user_name']),
		sex: row['sex'] as DueCertificate['sex'],
		courseId,
		courseTitle: String(row['title']),
		cohortName: row['cohort_name'] as string | null,
		score,
		seconds,
		sessions,
		answers,
		startedAt,
		finishedAt,
		rule: { version: Number(row['rule_version']), passMark: row['pass_mark'] as number | null },
		anomalies: anomaliesOf({ seconds, startedAt, lastAt, finishedAt: Math.max(finishedAt, changedAt) }, hours)
	};
}

export type IssuedCertificateRecord = CertificateRecord & {
	readonly displayName: string;
	readonly courseTitle: string;
};

/** Newest first. @param centreIds null = everywhere */
export async function listIssued(db: Queries, centreIds: readonly string[] | null): Promise<IssuedCertificateRecord[]> {
	const within = withinCentres(centreIds);
	const rows = await db.all(
		`SELECT ${certificateColumns}, p.display_name, o.title
		FROM certificates c
		JOIN people p ON p.bucket = c.bucket AND p.id = c.learner_id
		JOIN courses o ON o.id = c.course_id
		WHERE ${within.sql}
		ORDER BY c.issued_at DESC, c.id`,
		within.params
	);
	return rows.map((row) => ({
		...toCertificateRecord(row),
		displayName: String(row['display_name']),
		courseTitle: String(row['title'])
	}));
}
