// POST /api/profile: what a person may change about herself.
import { profileChangeSchema } from '#lib/contracts/api.ts';
import { findProfile } from '#lib/server/auth/profile.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { changeProfile } from '#lib/server/requests/change-profile.ts';

export const POST = apiRoute({ action: 'profile.change', body: profileChangeSchema }, async (asked) => {
	const { app, body } = asked;
	const { personId } = signedIn(asked);
	await changeProfile(app.db, personId, body);
	const profile = await findProfile(app.db, personId);
	return profile === null ? refusal(404, 'not-found') : json(profile);
});
