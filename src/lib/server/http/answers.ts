/** Answers of the API: JSON that no cache keeps and no other origin embeds, and refusals as contracts/api.ts has them. */
import type { ApiError } from '#lib/contracts/api.ts';

/** On every API answer: not stored, not sniffed, not embeddable (the content hosts are same-site). */
export const API_HEADERS = {
	'cache-control': 'no-store',
	'x-content-type-options': 'nosniff',
	'cross-origin-resource-policy': 'same-origin'
} as const;

export function json(value: unknown, status = 200): Response {
	return new Response(JSON.stringify(value), {
		status,
		headers: { ...API_HEADERS, 'content-type': 'application/json' }
	});
}

export function done(): Response {
	return new Response(null, { status: 204, headers: API_HEADERS });
}

/** @param code has a sentence under `errors.<code>` */
export function refusal(status: number, code: string, params?: Readonly<Record<string, string | number>>): Response {
	const body: ApiError = params === undefined ? { code } : { code, params: { ...params } };
	const headers: Record<string, string> = { ...API_HEADERS, 'content-type': 'application/json' };
	if (typeof params?.['seconds'] === 'number') headers['retry-after'] = String(params['seconds']);
	return new Response(JSON.stringify(body), { status, headers });
}

/** A file to keep or print. `name` is ASCII for old browsers, `title` what people see (RFC 6266, section 4.3). */
export function file(
	content: Uint8Array | string,
	options: { type: string; name: string; title: string; inline?: boolean | undefined }
): Response {
	return new Response(typeof content === 'string' ? content : new Uint8Array(content), {
		headers: {
			...API_HEADERS,
			'content-type': options.type,
			'content-disposition': `${options.inline === true ? 'inline' : 'attachment'}; filename="${options.name}"; filename*=UTF-8''${encodeURIComponent(options.title).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}`
		}
	});
}

/** Codes of thrown AppErrors that are not "something broke". */
const statusByCode: Readonly<Record<string, number>> = {
	busy: 503,
	'too-large': 413,
	'not-found': 404,
	'not-allowed': 403,
	'name-taken': 409,
	'server-full': 507
};

/** An error's code when it is one of ours. By name, not class: the built application holds a second copy of the class. */
export function codeOfError(error: unknown): string | null {
	if (!(error instanceof Error) || error.name !== 'AppError' || !('code' in error)) return null;
	return String(error.code);
}

/** ENOSPC from the file system, SQLITE_FULL (13) from node:sqlite, 53100 from PostgreSQL. */
export function isFull(error: unknown): boolean {
	for (let one = error; one instanceof Error; one = one.cause) {
		if ('code' in one && (one.code === 'ENOSPC' || one.code === '53100')) return true;
		if ('errcode' in one && one.errcode === 13) return true;
	}
	return false;
}

export function refusalOfError(error: unknown): Response {
	if (isFull(error)) return refusal(507, 'server-full');
	const code = codeOfError(error);
	const status = code === null ? undefined : statusByCode[code];
	return code === null || status === undefined ? refusal(500, 'server-error') : refusal(status, code);
}
