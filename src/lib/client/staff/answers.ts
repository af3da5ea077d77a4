/** Small steps between an answer of the API and what a screen wants of it. */
import type { ApiResult } from '#lib/client/api.ts';

export function enc(id: string): string {
	return encodeURIComponent(id);
}

export async function map<A, B>(answer: Promise<ApiResult<A>>, as: (value: A) => B): Promise<ApiResult<B>> {
	const result = await answer;
	return result.type === 'ok' ? { type: 'ok', value: as(result.value) } : result;
}

/** A body that breaks off is no answer. */
export async function blobOf(answer: Promise<ApiResult<Response>>): Promise<ApiResult<Blob>> {
	const result = await answer;
	if (result.type !== 'ok') return result;
	try {
		return { type: 'ok', value: await result.value.blob() };
	} catch {
		return { type: 'unreachable', code: 'unreachable' };
	}
}
