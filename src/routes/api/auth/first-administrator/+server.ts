// POST /api/auth/first-administrator: turns the one-time link of the first start into an account.
import { firstAdministratorRequestSchema } from '#lib/contracts/api.ts';
import { answerSignIn } from '#lib/server/auth/answer-sign-in.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';

export const POST = apiRoute(
	{ action: 'auth.first-administrator', body: firstAdministratorRequestSchema },
	async ({ app, body, address }) => answerSignIn(app, await app.auth.firstAdministrator({ ...body, address }))
);
