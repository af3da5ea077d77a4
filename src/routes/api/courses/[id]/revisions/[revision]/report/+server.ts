// GET /api/courses/<id>/revisions/<revision>/report: what the package doctor found, before and after publishing.
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { findPackagesOfCourses } from '#lib/server/repositories/packages.ts';
import { packageReport } from '#lib/server/requests/package-report.ts';

export const GET = apiRoute(
	{ action: 'course.change', resource: ({ app, params, actor }) => courseResource(app.db, params['id'] ?? '', actor) },
	async ({ app, params }) => {
		const courseId = params['id'] ?? '';
		const revisions = (await findPackagesOfCourses(app.db, [courseId])).get(courseId) ?? [];
		const pack = revisions.find(({ revision }) => String(revision) === params['revision']);
		return pack === undefined ? refusal(404, 'not-found') : json({ report: await packageReport(app, pack) });
	}
);
