// POST /api/courses/import?name=...[&courseId=...]: body is the ZIP, the answer tells step by step (application/x-ndjson).
import type { ImportStep } from '#lib/contracts/api.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { API_HEADERS, isFull, refusal } from '#lib/server/http/answers.ts';
import { courseResource } from '#lib/server/http/resources.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';

export const POST = apiRoute(
	{
		action: 'course.import',
		resource: ({ app, url, actor }) => {
			const courseId = url.searchParams.get('courseId');
			if (courseId !== null) return courseResource(app.db, courseId, actor);
			return actor === null ? null : { kind: 'organisation', organisationId: actor.organisationId };
		},
		body: 'stream'
	},
	async (asked) => {
		const { app, request, url } = asked;
		const { personId, organisationId } = signedIn(asked);
		const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
		if (!['application/zip', 'application/octet-stream', 'application/x-zip-compressed'].includes(type)) return refusal(415, 'wrong-content-type');
		const length = Number(request.headers.get('content-length') ?? Number.NaN);
		// Either end of the exchange going away stops the work: the request's own signal, or nobody reading the answer.
		const unread = new AbortController();
		const signal = AbortSignal.any([request.signal, unread.signal]);
		const encoder = new TextEncoder();
		const answer = new ReadableStream<Uint8Array>({
			async start(controller) {
				const tell = (step: ImportStep): void => {
					if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(step)}\n`));
				};
				try {
					await app.receivePackage(
						{
							body: request.body,
							size: Number.isFinite(length) ? length : null,
							fileName: (url.searchParams.get('name') ?? '').replace(/[\p{Cc}/\\]/gu, ' ').trim().slice(0, 200) || 'course.zip',
							organisationId,
							personId,
							courseId: url.searchParams.get('courseId') ?? undefined,
							signal
						},
						tell
					);
				} catch (error) {
					if (!signal.aborted) {
						app.log.error('import.failed', {}, error);
						tell({ step: 'refused', code: isFull(error) ? 'server-full' : 'server-error', params: {} });
					}
				} finally {
					if (!signal.aborted) controller.close();
				}
			},
			cancel() {
				unread.abort();
			}
		});
		// Proxies that buffer would hide the progress.
		return new Response(answer, { headers: { ...API_HEADERS, 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' } });
	}
);
