// GET /api/certificates/due: what waits for approval, with the evidence.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { centreIdsInReach } from '#lib/server/policy/centres-in-reach.ts';
import { listDueCertificates } from '#lib/server/reports/certificates.ts';

export const GET = apiRoute({ action: 'certificates.list' }, async (asked) => {
	const { app } = asked;
	return json({
		due: await listDueCertificates(app.db, await centreIdsInReach(app.db, signedIn(asked), 'certificate.issue'))
	});
});
