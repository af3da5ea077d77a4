/** What a sign-in attempt answers, the same on every path that tests a secret. */
import type { App } from '#lib/server/app.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import type { Refused, SignedIn } from './auth.ts';
import { findProfile } from './profile.ts';

export async function answerSignIn(app: App, result: SignedIn | Refused): Promise<Response> {
	if (result.type !== 'signed-in') return refuseSignIn(result);
	const profile = await findProfile(app.db, result.personId);
	if (profile === null) return refusal(401, 'wrong-name-or-secret');
	const response = json({ profile });
	response.headers.append('set-cookie', result.setCookie);
	return response;
}

export function refuseSignIn(result: Refused): Response {
	switch (result.type) {
		case 'wait':
			return refusal(429, 'too-many-tries', { seconds: result.seconds });
		case 'too-short':
			return refusal(422, 'secret-too-short', { length: result.length });
		case 'refused':
			return refusal(result.reason === 'bad-link' ? 403 : result.reason === 'name-taken' ? 409 : 401, result.reason);
	}
}
