/** Request bodies, never more of them in memory than allowed, whatever content-length says. */
export type BodyBytes =
	{ readonly type: 'ok'; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly type: 'too-large' };

export async function readBytes(request: Request, limit: number): Promise<BodyBytes> {
	if (Number(request.headers.get('content-length') ?? 0) > limit) return { type: 'too-large' };
	if (request.body === null) return { type: 'ok', bytes: new Uint8Array() };
	const parts: Uint8Array[] = [];
	let size = 0;
	// Read by hand: leaving a `for await` early would cancel the stream, and with it the connection that carries the answer.
	const reader = request.body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		size += value.byteLength;
		if (size > limit) {
			reader.releaseLock();
			return { type: 'too-large' };
		}
		parts.push(value);
	}
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.byteLength;
	}
	return { type: 'ok', bytes };
}
