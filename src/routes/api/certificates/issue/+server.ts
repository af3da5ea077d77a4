// POST /api/certificates/issue: approves one or many. What is not due, or not hers to approve, is skipped with a reason.
import { issueRequestSchema } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { issueCertificates } from '#lib/server/requests/issue-certificates.ts';

export const POST = apiRoute({ action: 'certificates.issue', body: issueRequestSchema }, async (asked) => {
	const { app, body } = asked;
	const actor = signedIn(asked);
	const answer = await issueCertificates(app, actor, body.items);
	if (answer.issued.length > 0)
		await app.audit(actor.personId, 'certificate.issue', ...answer.issued.map(({ code }) => code));
	return json(answer);
});
