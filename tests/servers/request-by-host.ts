/** GET to 127.0.0.1 under the app's host name: Node does not resolve *.localhost by itself everywhere, and fetch may not set Host. */
import { request } from 'node:http';

export function requestByHost(
	port: number,
	path: string,
	headers: Readonly<Record<string, string>> = {}
): Promise<Response> {
	return new Promise((resolve, reject) => {
		request(
			{ host: '127.0.0.1', port, path, headers: { ...headers, host: `learn.waypost.localhost:${port}` } },
			(message) => {
				const chunks: Buffer[] = [];
				message.on('data', (chunk: Buffer) => chunks.push(chunk));
				message.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: message.statusCode ?? 500 })));
				message.on('error', reject);
			}
		)
			.on('error', reject)
			.end();
	});
}
