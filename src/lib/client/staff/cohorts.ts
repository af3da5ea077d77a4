/** What a trainer does with her cohorts. Reading is by pull; every change asks for a sync, so that the screen follows. */
import * as v from 'valibot';
import type { Api, ApiResult } from '#lib/client/api.ts';
import { blobOf, enc, map } from './answers.ts';
import {
	centreSchema,
	cohortStatisticsSchema,
	csvResultSchema,
	signInCardSchema,
	type Centre,
	type CsvResult,
	type SignInCard,
	type addLearnersSchema,
	type cohortChangeSchema,
	type cohortCreateSchema,
	type newCentreSchema
} from '#lib/contracts/api.ts';

export type NewCohort = v.InferInput<typeof cohortCreateSchema>;
export type CohortChange = v.InferInput<typeof cohortChangeSchema>;
export type NewLearners = v.InferInput<typeof addLearnersSchema>['learners'];
export type CohortStatistics = v.InferOutput<typeof cohortStatisticsSchema>;
export type NewCentre = v.InferInput<typeof newCentreSchema>;

/** Five hundred learners, each with a secret to be hashed, take their time. */
const MANY_SECRETS = 120_000;

export class CohortsApi {
	readonly #api: Api;
	readonly #changed: () => void;

	/** @param changed told after every change, to pull what the server made of it */
	constructor(api: Api, changed: () => void) {
		this.#api = api;
		this.#changed = changed;
	}

	centres(): Promise<ApiResult<readonly Centre[]>> {
		return map(this.#api.get('/api/centres', v.object({ centres: v.array(centreSchema) })), ({ centres }) => centres);
	}

	addCentre(centre: NewCentre): Promise<ApiResult<Centre>> {
		return this.#api.post('/api/centres', centre, centreSchema);
	}

	create(cohort: NewCohort): Promise<ApiResult<string>> {
		const answer = this.#api.post('/api/cohorts', cohort, v.object({ cohortId: v.string() }));
		return this.#after(map(answer, ({ cohortId }) => cohortId));
	}

	change(cohortId: string, change: CohortChange): Promise<ApiResult<null>> {
		return this.#after(this.#api.act(`/api/cohorts/${enc(cohortId)}`, change));
	}

	/** @returns the cards; a card's secret is null when the same request was answered before */
	addLearners(cohortId: string, requestId: string, learners: NewLearners): Promise<ApiResult<readonly SignInCard[]>> {
		const answer = this.#api.post(
			`/api/cohorts/${enc(cohortId)}/learners`,
			{ requestId, learners },
			v.object({ cards: v.array(signInCardSchema) }),
			{ timeout: MANY_SECRETS }
		);
		return this.#after(map(answer, ({ cards }) => cards));
	}

	/** @param commit false only checks */
	csv(cohortId: string, requestId: string, csv: string, commit: boolean): Promise<ApiResult<CsvResult>> {
		const body = { requestId, csv, commit };
		const answer = this.#api.post(`/api/cohorts/${enc(cohortId)}/learners/csv`, body, csvResultSchema, {
			timeout: MANY_SECRETS
		});
		return commit ? this.#after(answer) : answer;
	}

	setCourse(cohortId: string, courseId: string, enrol: boolean, dueAt: number | null): Promise<ApiResult<null>> {
		return this.#after(this.#api.act(`/api/cohorts/${enc(cohortId)}/courses`, { courseId, enrol, dueAt }));
	}

	removeLearner(cohortId: string, learnerId: string): Promise<ApiResult<null>> {
		return this.#after(this.#api.act(`/api/cohorts/${enc(cohortId)}/learners/${enc(learnerId)}/remove`, {}));
	}

	newSecret(cohortId: string, learnerId: string): Promise<ApiResult<SignInCard>> {
		return this.#api.post(`/api/cohorts/${enc(cohortId)}/learners/${enc(learnerId)}/new-secret`, {}, signInCardSchema);
	}

	statistics(cohortId: string): Promise<ApiResult<CohortStatistics>> {
		return this.#api.get(`/api/cohorts/${enc(cohortId)}/statistics`, cohortStatisticsSchema);
	}

	exportCsv(cohortId: string): Promise<ApiResult<Blob>> {
		return blobOf(this.#api.raw(`/api/cohorts/${enc(cohortId)}/export.csv`, { method: 'GET' }));
	}

	async #after<T>(answer: Promise<ApiResult<T>>): Promise<ApiResult<T>> {
		const result = await answer;
		if (result.type === 'ok') this.#changed();
		return result;
	}
}
