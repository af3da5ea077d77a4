/**
 * Requests to our own server. Expected outcomes are values: a learner without network is no exception.
 * The answer is believed only when it has the agreed shape: a captive portal says 200 and means nothing.
 */
import * as v from 'valibot';
import { apiErrorSchema } from '#lib/contracts/api.ts';

export type ApiResult<T> =
	| { readonly type: 'ok'; readonly value: T }
	/** The server understood and said no; `code` has a sentence under `errors.<code>`. */
	| {
			readonly type: 'refused';
			readonly status: number;
			readonly code: string;
			readonly params: Readonly<Record<string, string | number>>;
	  }
	/** No network, no server, or an answer that is not ours. */
	| { readonly type: 'unreachable'; readonly code: 'unreachable' | 'strange-answer' };

export type ApiOptions = {
	readonly fetch: typeof fetch;
	/** Whose session counts on a shared device. */
	readonly profile: () => string | null;
	/** Told the bytes of each exchange, as far as they can be known. */
	readonly count: (use: { readonly down: number; readonly up: number }) => void;
};

export type RequestOptions = {
	/** Another person than the active profile. */
	readonly profile?: string | null | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Milliseconds until the answer's headers must be there. */
	readonly timeout?: number | undefined;
};

const DEFAULT_TIMEOUT = 30_000;

export class Api {
	readonly #options: ApiOptions;

	constructor(options: ApiOptions) {
		this.#options = options;
	}

	get<T>(path: string, schema: v.GenericSchema<unknown, T>, options: RequestOptions = {}): Promise<ApiResult<T>> {
		return this.#json(path, { method: 'GET' }, schema, options);
	}

	post<T>(
		path: string,
		body: unknown,
		schema: v.GenericSchema<unknown, T>,
		options: RequestOptions = {}
	): Promise<ApiResult<T>> {
		const text = JSON.stringify(body ?? {});
		return this.#json(
			path,
			{ method: 'POST', body: text, headers: { 'content-type': 'application/json' } },
			schema,
			options
		);
	}

	/** A POST that answers 204. */
	async act(path: string, body: unknown, options: RequestOptions = {}): Promise<ApiResult<null>> {
		return this.post(path, body, v.null(), options);
	}

	/** The answer itself, for files and streams; the caller reads the body. Refusals are read here. */
	async raw(path: string, init: RequestInit, options: RequestOptions = {}): Promise<ApiResult<Response>> {
		const profile = options.profile === undefined ? this.#options.profile() : options.profile;
		const headers = new Headers(init.headers);
		if (profile !== null) headers.set('x-waypost-profile', profile);
		// The limit is for the headers only: a long download or a streamed answer may take its time.
		const slow = new AbortController();
		const timer = setTimeout(() => slow.abort(), options.timeout ?? DEFAULT_TIMEOUT);
		let response: Response;
		try {
			response = await this.#options.fetch(path, {
				...init,
				headers,
				cache: 'no-store',
				credentials: 'same-origin',
				redirect: 'error',
				signal: options.signal === undefined ? slow.signal : AbortSignal.any([slow.signal, options.signal])
			});
		} catch (error) {
			if (options.signal?.aborted) throw error;
			return { type: 'unreachable', code: 'unreachable' };
		} finally {
			clearTimeout(timer);
		}
		const up = typeof init.body === 'string' ? init.body.length : init.body instanceof Blob ? init.body.size : 0;
		this.#options.count({ up, down: Number(response.headers.get('content-length')) || 0 });
		return response.ok ? { type: 'ok', value: response } : refusalOf(response);
	}

	async #json<T>(
		path: string,
		init: RequestInit,
		schema: v.GenericSchema<unknown, T>,
		options: RequestOptions
	): Promise<ApiResult<T>> {
		const result = await this.raw(path, { ...init, headers: { accept: 'application/json', ...init.headers } }, options);
		if (result.type !== 'ok') return result;
		try {
			const body: unknown = result.value.status === 204 ? null : await result.value.json();
			const parsed = v.safeParse(schema, body);
			return parsed.success ? { type: 'ok', value: parsed.output } : { type: 'unreachable', code: 'strange-answer' };
		} catch (error) {
			if (options.signal?.aborted) throw error;
			return { type: 'unreachable', code: 'strange-answer' };
		}
	}
}

async function refusalOf(response: Response): Promise<ApiResult<never>> {
	const body: unknown = await response.json().catch(() => null);
	const parsed = v.safeParse(apiErrorSchema, body);
	// A status without our error shape comes from something between us and the server.
	if (!parsed.success) return { type: 'unreachable', code: 'strange-answer' };
	return { type: 'refused', status: response.status, code: parsed.output.code, params: parsed.output.params ?? {} };
}
