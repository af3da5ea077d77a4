// GET /api/config: how content origins are named, for everyone.
import type { PublicConfig } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';

export const GET = apiRoute({ action: 'config.read' }, async ({ app }) => {
	const { contentOriginPattern, demo, version } = app.config;
	return json({ contentOriginPattern, demo, version } satisfies PublicConfig);
});
