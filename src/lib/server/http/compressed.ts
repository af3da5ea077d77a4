/** Text answers, small on the wire: a trainer's first pull is mostly repeated keys. Streams and files stay as they are. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);
const worthIt = 860;

export async function compressed(request: Request, response: Response): Promise<Response> {
	const type = response.headers.get('content-type') ?? '';
	if (response.body === null || !/^(application\/json|text\/csv)/.test(type)) return response;
	const bytes = Buffer.from(await response.arrayBuffer());
	const headers = new Headers(response.headers);
	const accepted = request.headers.get('accept-encoding') ?? '';
	const encoding =
		bytes.length < worthIt ? null : /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
	const body =
		encoding === 'br'
			? await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
			: encoding === 'gzip'
				? await deflate(bytes)
				: bytes;
	if (encoding !== null) headers.set('content-encoding', encoding);
	headers.set('vary', 'accept-encoding');
	headers.set('content-length', String(body.length));
	return new Response(new Uint8Array(body), { status: response.status, headers });
}
