// POST /api/auth/sign-in: adds this person to those signed in on this device.
import { signInRequestSchema } from '#lib/contracts/api.ts';
import { answerSignIn } from '#lib/server/auth/answer-sign-in.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';

export const POST = apiRoute({ action: 'auth.sign-in', body: signInRequestSchema }, async ({ app, body, address }) =>
	answerSignIn(app, await app.auth.signIn({ ...body, address }))
);
