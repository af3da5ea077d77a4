/** Certificates as they are kept: what was signed, its signature, and the code by which anyone finds it. */
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Database, Queries, Row } from '#lib/server/db/database.ts';
import { transact } from '#lib/server/db/transact.ts';
import { nextFeed } from './feed.ts';
import { findRegistrations, saveRegistrations } from './registrations.ts';
import { moveInRollups } from './rollups.ts';

export type CertificateRecord = {
	readonly certificateId: string;
	readonly learnerId: string;
	readonly courseId: string;
	readonly code: string;
	/** JSON: what was signed. */
	readonly payload: string;
	/** base64url Ed25519 over the UTF-8 bytes of `payload`. */
	readonly signature: string;
	readonly keyId: string;
	readonly centreId: string | null;
	readonly issuedAt: number;
	readonly issuedBy: string;
	readonly revokedAt: number | null;
};

/** Stores a certificate that is due. Repeating it, or two administrators at once, issues one: the first. */
export async function recordCertificate(
	db: Database | Queries,
	certificate: Omit<CertificateRecord, 'revokedAt'>
): Promise<'issued' | 'already-issued' | 'not-earned'> {
	const { learnerId, courseId } = certificate;
	const bucket = bucketOf(learnerId);
	return transact(db, async (queries) => {
		const feed = await nextFeed(queries, bucket);
		const [before] = await findRegistrations(queries, bucket, learnerId, [courseId]);
		if (before?.certificate === 'issued') return 'already-issued';
		if (before?.certificate !== 'due') return 'not-earned';
		await queries.run(
			`INSERT INTO certificates (bucket, learner_id, id, course_id, code, payload, signature, key_id, centre_id, issued_at, issued_by, revoked_at, feed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)`,
			[
				bucket,
				learnerId,
				certificate.certificateId,
				courseId,
				certificate.code,
				certificate.payload,
				certificate.signature,
				certificate.keyId,
				certificate.centreId,
				certificate.issuedAt,
				certificate.issuedBy,
				feed
			]
		);
		await queries.run('INSERT INTO certificate_codes (code, bucket, learner_id, certificate_id) VALUES (?, ?, ?, ?)', [
			certificate.code,
			bucket,
			learnerId,
			certificate.certificateId
		]);
		const after = { ...before, certificate: 'issued' as const };
		await saveRegistrations(queries, bucket, [after], feed);
		await moveInRollups(queries, bucket, learnerId, [{ courseId, before, after }]);
		return 'issued';
	});
}

type CertificateRow = Row & {
	id: string;
	learner_id: string;
	course_id: string;
	code: string;
	payload: string;
	signature: string;
	key_id: string;
	centre_id: string | null;
	issued_at: number;
	issued_by: string;
	revoked_at: number | null;
};

export const certificateColumns =
	'c.id, c.learner_id, c.course_id, c.code, c.payload, c.signature, c.key_id, c.centre_id, c.issued_at, c.issued_by, c.revoked_at';

/** By the code a person typed, upper case as issued. */
export async function findCertificateByCode(queries: Queries, code: string): Promise<CertificateRecord | null> {
	const [row] = await queries.all<CertificateRow>(
		`SELECT ${certificateColumns} FROM certificate_codes k
		JOIN certificates c ON c.bucket = k.bucket AND c.learner_id = k.learner_id AND c.id = k.certificate_id
		WHERE k.code = ?`,
		[code]
	);
	return row === undefined ? null : toCertificateRecord(row);
}

/** @param learnerId null when the caller knows only the certificate; then every bucket is looked at */
export async function findCertificate(
	queries: Queries,
	certificateId: string,
	learnerId: string | null = null
): Promise<CertificateRecord | null> {
	const rows =
		learnerId === null
			? await queries.all<CertificateRow>(
					`SELECT ${certificateColumns} FROM certificate_codes k
					JOIN certificates c ON c.bucket = k.bucket AND c.learner_id = k.learner_id AND c.id = k.certificate_id
					WHERE k.certificate_id = ?`,
					[certificateId]
				)
			: await queries.all<CertificateRow>(
					`SELECT ${certificateColumns} FROM certificates c WHERE c.bucket = ? AND c.learner_id = ? AND c.id = ?`,
					[bucketOf(learnerId), learnerId, certificateId]
				);
	const [row] = rows;
	return row === undefined ? null : toCertificateRecord(row);
}

/** Courses in which the learner was issued a certificate. */
export async function findIssuedCourses(queries: Queries, bucket: number, learnerId: string): Promise<string[]> {
	const rows = await queries.all<{ course_id: string }>(
		'SELECT course_id FROM certificates WHERE bucket = ? AND learner_id = ? AND revoked_at IS NULL',
		[bucket, learnerId]
	);
	return rows.map((row) => row.course_id);
}

export function toCertificateRecord(row: Row): CertificateRecord {
	const record = row as CertificateRow;
	return {
		certificateId: record.id,
		learnerId: record.learner_id,
		courseId: record.course_id,
		code: record.code,
		payload: record.payload,
		signature: record.signature,
		keyId: record.key_id,
		centreId: record.centre_id,
		issuedAt: record.issued_at,
		issuedBy: record.issued_by,
		revokedAt: record.revoked_at
	};
}
