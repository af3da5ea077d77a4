/** What an administrator does with courses; the import itself is `import-run.svelte.ts`. */
import * as v from 'valibot';
import type { Api, ApiResult } from '#lib/client/api.ts';
import { adminCourseSchema, type AdminCourse, type courseChangeSchema } from '#lib/contracts/api.ts';
import { packageReportAnswerSchema, type PackageReport } from '#lib/contracts/package-report.ts';
import { enc, map } from './answers.ts';

export type CourseChange = v.InferInput<typeof courseChangeSchema>;

export class CoursesApi {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	list(): Promise<ApiResult<readonly AdminCourse[]>> {
		return map(
			this.#api.get('/api/courses', v.object({ courses: v.array(adminCourseSchema) })),
			({ courses }) => courses
		);
	}

	change(courseId: string, change: CourseChange): Promise<ApiResult<AdminCourse>> {
		return this.#api.post(`/api/courses/${enc(courseId)}`, change, adminCourseSchema);
	}

	publish(courseId: string, revision: number): Promise<ApiResult<AdminCourse>> {
		return this.#api.post(`/api/courses/${enc(courseId)}/publish`, { revision }, adminCourseSchema);
	}

	/** What the package doctor found in one revision; null when the package's file is not on the server. */
	report(courseId: string, revision: number): Promise<ApiResult<PackageReport | null>> {
		return map(
			this.#api.get(`/api/courses/${enc(courseId)}/revisions/${revision}/report`, packageReportAnswerSchema),
			({ report }) => report
		);
	}

	withdraw(courseId: string): Promise<ApiResult<AdminCourse>> {
		return this.#api.post(`/api/courses/${enc(courseId)}/withdraw`, {}, adminCourseSchema);
	}
}
