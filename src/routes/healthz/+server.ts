// For the machine that watches the machine: 200 while the database takes writes. No sign-in, no names, nothing to probe.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json } from '#lib/server/http/answers.ts';
import { saveSetting } from '#lib/server/repositories/settings.ts';

export const GET = apiRoute({ action: 'health.read' }, async ({ app }) => {
	try {
		// A write, because a full or read-only disk still answers reads.
		await app.db.tx((queries) => saveSetting(queries, 'last-health-check', String(app.now())));
		return json({ status: 'ok', version: app.config.version, database: app.db.engine });
	} catch (error) {
		app.log.error('health.failed', {}, error);
		return json({ status: 'failing', version: app.config.version, database: app.db.engine }, 503);
	}
});
