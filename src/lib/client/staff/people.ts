/** People, the figures of a centre, and how the server is. */
import * as v from 'valibot';
import type { Api, ApiResult } from '#lib/client/api.ts';
import {
	overviewSchema,
	personRowSchema,
	signInCardSchema,
	type Overview,
	type PersonRow,
	type SignInCard,
	type newStaffSchema
} from '#lib/contracts/api.ts';
import type { Role } from '#lib/contracts/sync.ts';
import { map } from './answers.ts';

export type NewStaff = v.InferInput<typeof newStaffSchema>;

/** GET /healthz answers 503 in the same form when the database takes no writes. */
const healthSchema = v.object({ status: v.string(), version: v.string(), database: v.string() });
export type Health = v.InferOutput<typeof healthSchema>;

export class PeopleApi {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	find(search: string, role: Role | null): Promise<ApiResult<readonly PersonRow[]>> {
		const query = new URLSearchParams({ ...(search === '' ? {} : { search }), ...(role === null ? {} : { role }) });
		return map(
			this.#api.get(`/api/people?${query}`, v.object({ people: v.array(personRowSchema) })),
			({ people }) => people
		);
	}

	addStaff(person: NewStaff): Promise<ApiResult<SignInCard>> {
		return this.#api.post('/api/people', person, signInCardSchema);
	}

	overview(): Promise<ApiResult<Overview>> {
		return this.#api.get('/api/overview', overviewSchema);
	}

	health(): Promise<ApiResult<Health>> {
		return this.#api.get('/healthz', healthSchema, { profile: null, timeout: 10_000 });
	}
}
