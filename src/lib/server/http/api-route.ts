/**
 * The one way to make an API route: it names its action, says what it is about, gives the shape of its body, and the rest is
 * done here in one order: origin, who asks, may she, body, work, answer. tests/contracts fails for a route made otherwise.
 *
 * ```ts
 * export const POST = apiRoute(
 * 	{ action: 'cohort.change', resource: ({ app, params }) => cohortResource(app.db, params.id), body: cohortChangeSchema },
 * 	async ({ app, actor, body }) => done()
 * );
 * ```
 */
import * as v from 'valibot';
import type { App } from '#lib/server/app.ts';
import type { Actor } from '#lib/server/policy/actor.ts';
import { decide, type Action, type Resource } from '#lib/server/policy/decide.ts';
import { addressOf } from './address-of.ts';
import { API_HEADERS, refusal, refusalOfError } from './answers.ts';
import { compressed } from './compressed.ts';
import { readBytes } from './read-body.ts';
import { isOwnChange, isOwnReading } from './same-origin.ts';

/** What Kit hands to an endpoint, as far as we use it; tests make their own. */
export type ApiEvent = {
	readonly request: Request;
	readonly url: URL;
	readonly params: Partial<Record<string, string>>;
	readonly route: { readonly id: string | null };
	readonly locals: { readonly app?: App | undefined };
	getClientAddress(): string;
};

export type Asked = {
	readonly app: App;
	readonly url: URL;
	/** All of the route's parameters; a missing one is "". */
	readonly params: Readonly<Record<string, string>>;
	readonly request: Request;
	/** The network address the request came from, for rate limits only. */
	readonly address: string;
	readonly actor: Actor | null;
};

/** Bytes up to a limit, of these content types. */
type BytesRule = { readonly bytes: (app: App) => number; readonly types: readonly string[] };
/** JSON by a schema; bytes; or `stream`, for the handler to read. */
type BodyRule = v.GenericSchema | BytesRule | 'stream';

type RouteOptions = {
	readonly action: Action;
	/** What is asked about; null when it does not exist. Without it: nothing in particular. */
	readonly resource?: ((asked: Asked) => Promise<Resource | null> | Resource | null) | undefined;
	/** A file that is opened by a link, which cannot set a header: the profile may stand in `?profile=`. */
	readonly download?: boolean | undefined;
};

export type ApiHandler = ((event: ApiEvent) => Promise<Response>) & { readonly action: Action };

type AnyHandler = (asked: Asked & { readonly body: never }) => Promise<Response>;

/** Actions that work without anybody signed in hand `actor: null` on; the others always have one. */
export function apiRoute<Body>(
	options: RouteOptions & { readonly body: v.GenericSchema<unknown, Body> },
	handler: (asked: Asked & { readonly body: Body }) => Promise<Response>
): ApiHandler;
export function apiRoute(
	options: RouteOptions & { readonly body: BytesRule },
	handler: (asked: Asked & { readonly body: Uint8Array<ArrayBuffer> }) => Promise<Response>
): ApiHandler;
export function apiRoute(
	options: RouteOptions & { readonly body?: 'stream' | undefined },
	handler: (asked: Asked) => Promise<Response>
): ApiHandler;
export function apiRoute(
	options: RouteOptions & { readonly body?: BodyRule | undefined },
	handler: AnyHandler
): ApiHandler {
	const answer = async (event: ApiEvent): Promise<Response> => {
		const { app } = event.locals;
		if (app === undefined) return refusal(503, 'busy');
		const started = app.now();
		let response: Response;
		try {
			response = await answerWith(app, event, options, handler);
		} catch (error) {
			response = refusalOfError(error);
			if (response.status === 500 || response.status === 507)
				app.log.error('request.failed', { route: event.route.id, action: options.action }, error);
		}
		app.log[event.request.method === 'GET' || response.status === 204 ? 'debug' : 'info']('request', {
			action: options.action,
			status: response.status,
			ms: Math.round(app.now() - started)
		});
		return response;
	};
	return Object.assign(answer, { action: options.action });
}

async function answerWith(
	app: App,
	event: ApiEvent,
	options: RouteOptions & { readonly body?: BodyRule | undefined },
	handler: AnyHandler
): Promise<Response> {
	const { request, url } = event;
	const changes = request.method !== 'GET' && request.method !== 'HEAD';
	if (changes && !isOwnChange(request, app.config.appOrigin)) return refusal(403, 'wrong-origin');

	const personId =
		request.headers.get('x-waypost-profile') ?? (options.download === true ? url.searchParams.get('profile') : null);
	const signedIn =
		personId !== null && isOwnReading(request) ? await app.auth.whoIs(request.headers.get('cookie'), personId) : null;
	const actor = signedIn?.actor ?? null;

	const params = Object.fromEntries(Object.entries(event.params).map(([name, value]) => [name, value ?? '']));
	const asked: Asked = { app, url, params, request, address: addressOf(event), actor };
	const decision = await mayAct(options, asked);
	if (decision.type === 'refused') return refusal(statusOf[decision.reason], decision.reason);

	const body = await readBody(app, request, options.body);
	if (body.type === 'refused') return body.response;
	const response = await handler({ ...asked, body: body.value as never });
	if (signedIn !== null && signedIn.setCookie !== null) response.headers.append('set-cookie', signedIn.setCookie);
	for (const [name, value] of Object.entries(API_HEADERS))
		if (!response.headers.has(name)) response.headers.set(name, value);
	return compressed(request, response);
}

const statusOf = { 'needs-sign-in': 401, 'not-allowed': 403, 'not-found': 404 } as const;

/** Decided without the resource first, so that nobody learns from the time of an answer what exists. */
async function mayAct(options: RouteOptions, asked: Asked): Promise<ReturnType<typeof decide>> {
	if (options.resource === undefined) return decide(asked.actor, options.action, { kind: 'none' });
	const first = decide(asked.actor, options.action, null);
	if (first.type === 'refused' && first.reason !== 'not-found') return first;
	return decide(asked.actor, options.action, await options.resource(asked));
}

type ReadBody =
	{ readonly type: 'ok'; readonly value: unknown } | { readonly type: 'refused'; readonly response: Response };

async function readBody(app: App, request: Request, rule: BodyRule | undefined): Promise<ReadBody> {
	if (rule === undefined || rule === 'stream') return { type: 'ok', value: undefined };
	const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	if ('bytes' in rule) {
		if (!rule.types.includes(type)) return refused(415, 'wrong-content-type');
		const limit = rule.bytes(app);
		const read = await readBytes(request, limit);
		return read.type === 'ok' ? { type: 'ok', value: read.bytes } : refused(413, 'too-large', { limit });
	}
	if (type !== 'application/json') return refused(415, 'wrong-content-type');
	const read = await readBytes(request, app.config.limits.jsonBytes);
	if (read.type === 'too-large') return refused(413, 'too-large', { limit: app.config.limits.jsonBytes });
	let value: unknown;
	try {
		value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read.bytes));
	} catch {
		return refused(400, 'invalid-request');
	}
	const parsed = v.safeParse(rule, value);
	if (parsed.success) return { type: 'ok', value: parsed.output };
	// The path of the field, never its value.
	return refused(422, 'invalid-request', {
		field: parsed.issues[0].path?.map((part) => String(part.key)).join('.') ?? ''
	});
}

function refused(status: number, code: string, params?: Record<string, string | number>): ReadBody {
	return { type: 'refused', response: refusal(status, code, params) };
}
