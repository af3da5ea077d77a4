// POST /api/sync/push: one encoded batch (contracts/push-codec.ts). The answer goes out after the commit, never before.
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import { apiRoute } from '#lib/server/http/api-route.ts';
import { json, refusal } from '#lib/server/http/answers.ts';
import { signedIn } from '#lib/server/http/signed-in.ts';
import { isNewerProtocol } from '#lib/server/http/protocol.ts';

export const POST = apiRoute(
	{ action: 'sync.push', body: { bytes: (app) => app.config.limits.pushBytes, types: ['application/octet-stream'] } },
	async (asked) => {
		const { app, request, body } = asked;
		const { personId } = signedIn(asked);
		const batch = await decodeBatch(body, personId);
		// Refusing a format keeps the device's data: it holds every event until it is acknowledged.
		if (batch.type === 'refused') return refusal(batch.reason === 'newer-version' ? 426 : 422, `batch-${batch.reason}`);
		if (isNewerProtocol(request)) return refusal(426, 'batch-newer-version');
		return json(await app.push({ person: { id: personId }, now: app.now(), batch }));
	}
);
