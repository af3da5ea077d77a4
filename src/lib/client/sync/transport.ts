/**
 * Push and pull over HTTP. An answer counts only when it is ours: status 200 and the agreed shape. Captive portals,
 * proxies and half answers are told apart from refusals, since only the server's own word may change anything.
 */
import * as v from 'valibot';
import { apiErrorSchema } from '#lib/contracts/api.ts';
import {
	pullResponseSchema,
	pushResponseSchema,
	type PullRequest,
	type PullResponse,
	type PushResponse
} from '#lib/contracts/sync.ts';
import { PROTOCOL_VERSION } from '#lib/contracts/protocol-version.ts';

export type Answer<T> =
	| { readonly type: 'ok'; readonly value: T }
	/** No answer, or none of ours: try again later. */
	| { readonly type: 'unreachable' }
	| { readonly type: 'needs-sign-in' }
	| { readonly type: 'too-big' }
	/** The server is busy and says when to come back. */
	| { readonly type: 'wait'; readonly seconds: number | null }
	| { readonly type: 'refused'; readonly code: string };

export interface Transport {
	push(body: Uint8Array<ArrayBuffer>): Promise<Answer<PushResponse>>;
	pull(request: PullRequest): Promise<Answer<PullResponse>>;
}

export type TransportParts = {
	readonly fetch: typeof fetch;
	readonly personId: string;
	/** Told the bytes of bodies both ways, with an estimate for headers. */
	readonly count: (use: { readonly down: number; readonly up: number }) => void;
};

/** About what one exchange costs besides its bodies (measured, HTTP/1.1 with our headers and cookie). */
const HEADERS = { up: 450, down: 250 };
const LEAST_TIMEOUT = 20_000;
/** Bytes per second that a link must reach before we give up on a request. */
const SLOWEST = 2_000;

export function httpTransport(parts: TransportParts): Transport {
	return {
		...pushTransport(parts),
		pull: (request) => send(parts, '/api/sync/pull', JSON.stringify(request), 'application/json', pullResponseSchema)
	};
}

/** Alone, because the worker needs no more, and its size counts. */
export function pushTransport(parts: TransportParts): Pick<Transport, 'push'> {
	return { push: (body) => send(parts, '/api/sync/push', body, 'application/octet-stream', pushResponseSchema) };
}

async function send<T>(
	{ fetch, personId, count }: TransportParts,
	path: string,
	body: Uint8Array<ArrayBuffer> | string,
	type: string,
	schema: v.GenericSchema<unknown, T>
): Promise<Answer<T>> {
	const up = body.length + HEADERS.up;
	// Covers the body too, so that a link that hangs cannot hold the lock for ever.
	const signal = AbortSignal.timeout(LEAST_TIMEOUT + Math.ceil((body.length / SLOWEST) * 1000));
	try {
		const response = await fetch(path, {
			method: 'POST',
			body,
			headers: {
				'content-type': type,
				accept: 'application/json',
				'x-waypost-profile': personId,
				'x-waypost-protocol': String(PROTOCOL_VERSION)
			},
			cache: 'no-store',
			credentials: 'same-origin',
			redirect: 'error',
			signal
		});
		const text = await response.text();
		count({ up, down: (Number(response.headers.get('content-length')) || text.length) + HEADERS.down });
		return answerOf(response, text, schema);
	} catch {
		count({ up, down: 0 });
		return { type: 'unreachable' };
	}
}

function answerOf<T>(response: Response, text: string, schema: v.GenericSchema<unknown, T>): Answer<T> {
	const body = parseJson(text);
	if (response.status === 200) {
		const parsed = v.safeParse(schema, body);
		return parsed.success ? { type: 'ok', value: parsed.output } : { type: 'unreachable' };
	}
	if (response.status === 413) return { type: 'too-big' };
	if (response.status === 429 || response.status === 503) {
		return { type: 'wait', seconds: secondsOf(response.headers.get('retry-after')) };
	}
	// From here on only our own server's word counts: a portal may say 401 or 403 too.
	const refusal = v.safeParse(apiErrorSchema, body);
	if (!refusal.success || response.status >= 500) return { type: 'unreachable' };
	if (response.status === 401) return { type: 'needs-sign-in' };
	return { type: 'refused', code: refusal.output.code };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Retry-After as seconds; the date form is not ours. Never longer than an hour, so that no proxy can silence us. */
function secondsOf(header: string | null): number | null {
	const seconds = Number(header ?? Number.NaN);
	return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) : null;
}
