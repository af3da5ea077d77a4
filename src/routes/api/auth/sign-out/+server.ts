// POST /api/auth/sign-out: only the asking profile, only on this device. Works again and again.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { done } from '#lib/server/http/answers.ts';

export const POST = apiRoute({ action: 'auth.sign-out' }, async ({ app, request, actor }) => {
	const response = done();
	if (actor !== null)
		response.headers.append('set-cookie', await app.auth.signOut(request.headers.get('cookie'), actor.personId));
	return response;
});
