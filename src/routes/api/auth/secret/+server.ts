// POST /api/auth/secret: a new secret of one's own; all other sessions end.
import { changeSecretRequestSchema } from '#lib/contracts/api.ts';
import { refuseSignIn } from '#lib/server/auth/answer-sign-in.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { done } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';

export const POST = apiRoute({ action: 'auth.change-secret', body: changeSecretRequestSchema }, async (asked) => {
	const { app, body, address } = asked;
	const result = await app.auth.changeSecret({ actor: signedIn(asked), ...body, address });
	if (result.type !== 'signed-in') return refuseSignIn(result);
	const response = done();
	response.headers.append('set-cookie', result.setCookie);
	return response;
});
