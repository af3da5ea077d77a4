// GET /api/certificates/issued: newest first.
import type * as v from 'valibot';
import type { issuedCertificateSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { centreIdsInReach } from '#lib/server/policy/centres-in-reach.ts';
import { listIssued } from '#lib/server/reports/certificates.ts';

type IssuedCertificate = v.InferOutput<typeof issuedCertificateSchema>;

export const GET = apiRoute({ action: 'certificates.list' }, async (asked) => {
	const { app } = asked;
	const issued = await listIssued(app.db, await centreIdsInReach(app.db, signedIn(asked), 'certificate.issue'));
	const certificates = issued.map(
		({ certificateId, code, learnerId, displayName, courseTitle, issuedAt, revokedAt }): IssuedCertificate => ({
			certificateId,
			code,
			learnerId,
			displayName,
			courseTitle,
			issuedAt,
			revoked: revokedAt !== null
		})
	);
	return json({ certificates });
});
