/** What an administrator does with courses; the import itself is `import-run.svelte.ts`. */
import * as v from 'valibot';
import type { Api, ApiResult } from '#lib/client/api.ts';
import { adminCourseSchema, type AdminCourse, type courseChangeSchema } from '#lib/contracts/api.ts';
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

	withdraw(courseId: string): Promise<ApiResult<AdminCourse>> {
		return this.#api.post(`/api/courses/${enc(courseId)}/withdraw`, {}, adminCourseSchema);
	}
}
