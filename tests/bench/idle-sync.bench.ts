// What it costs to ask when there is nothing: the bytes of one sync on the socket, both ways, headers and cookie included, and how
// many requests it takes. The requests are those of the product's own sync code.
import 'fake-indexeddb/auto';
import { Agent, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { DexieStore } from '#lib/client/sync/dexie-store.ts';
import { beginEpoch } from '#lib/client/sync/epoch.ts';
import { newPace, syncOnce } from '#lib/client/sync/sync.ts';
import { httpTransport } from '#lib/client/sync/transport.ts';
import { demoLearnerPin } from '#lib/server/demo/people.ts';
import { WaypostServer } from '#tests/servers/waypost-server.ts';
import type { BenchRow } from './bench-row.ts';

const budget = 2_000;
const people = [
	{ who: 'learner', userName: 'amina', secret: demoLearnerPin },
	{ who: 'trainer', userName: 'trainer', secret: 'demo-trainer' }
];
/** What Chromium on a phone adds by itself. */
const chromium = {
	'user-agent':
		'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36',
	'sec-ch-ua': '"Chromium";v="146", "Not.A/Brand";v="24", "Google Chrome";v="146"',
	'sec-ch-ua-mobile': '?1',
	'sec-ch-ua-platform': '"Android"',
	'accept-encoding': 'gzip, deflate, br, zstd',
	'accept-language': 'en-GB,en;q=0.9,fr;q=0.8',
	'cache-control': 'no-cache',
	pragma: 'no-cache',
	'sec-fetch-site': 'same-origin',
	'sec-fetch-mode': 'cors',
	'sec-fetch-dest': 'empty',
	connection: 'keep-alive'
};

export async function run(): Promise<BenchRow[]> {
	const server = await WaypostServer.start({ DEMO: '1' });
	try {
		const rows: BenchRow[] = [];
		for (const person of people) rows.push(...(await idle(server, person)));
		return rows;
	} finally {
		await server.remove();
	}
}

async function idle(server: WaypostServer, { who, userName, secret }: (typeof people)[number]): Promise<BenchRow[]> {
	const line = new Line(server);
	const signedIn = await line.fetch('/api/auth/sign-in', {
		method: 'POST',
		body: JSON.stringify({ userName, secret }),
		headers: { 'content-type': 'application/json' }
	});
	const { profile } = (await signedIn.json()) as { profile: { personId: string } };
	const db = new ProfileDb(`idle-${who}`);
	await beginEpoch(db);
	const parts = {
		store: new DexieStore(db, profile.personId),
		transport: httpTransport({ fetch: line.fetch, personId: profile.personId, count: () => {} }),
		pace: newPace(),
		clock: () => performance.now()
	};
	const first = await syncOnce(parts);
	if (first.type !== 'done') throw new Error(`the first sync of the ${who} failed: ${JSON.stringify(first)}`);
	const firstPull = line.bytes;
	const before = { bytes: line.bytes, requests: line.requests };
	await syncOnce(parts);
	const bytes = line.bytes - before.bytes;
	line.close();
	return [
		{
			name: `idle sync of a ${who}, of 2 kB`,
			ratio: bytes / budget,
			budget: 1,
			median: `${bytes} B both ways, after a first pull of ${(firstPull / 1000).toFixed(1)} kB`
		},
		{
			name: `idle sync of a ${who}, round trips`,
			ratio: line.requests - before.requests,
			budget: 1,
			median: `${line.requests - before.requests}`
		}
	];
}

function unpacked(body: Buffer<ArrayBuffer>, encoding: string | undefined): Uint8Array<ArrayBuffer> {
	if (encoding === 'br') return new Uint8Array(brotliDecompressSync(body));
	return encoding === 'gzip' ? new Uint8Array(gunzipSync(body)) : body;
}

/** One kept connection whose bytes are counted, with a cookie jar and a browser's headers. */
class Line {
	requests = 0;
	readonly #server: WaypostServer;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
	readonly #cookies = new Map<string, string>();
	#socket: Socket | null = null;

	constructor(server: WaypostServer) {
		this.#server = server;
	}

	get bytes(): number {
		return (this.#socket?.bytesRead ?? 0) + (this.#socket?.bytesWritten ?? 0);
	}

	readonly fetch = (path: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
		this.requests += 1;
		const body = init.body as string | Uint8Array;
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const headers = {
			...chromium,
			host: `learn.waypost.localhost:${this.#server.port}`,
			origin: this.#server.origin,
			referer: `${this.#server.origin}/learn`,
			'content-length': String(body.length),
			...(cookie ? { cookie } : {}),
			...Object.fromEntries(new Headers(init.headers))
		};
		return new Promise((resolve, reject) => {
			const sent = httpRequest(
				{
					agent: this.#agent,
					host: '127.0.0.1',
					port: this.#server.port,
					path: String(path),
					method: init.method ?? 'GET',
					headers
				},
				(message) => {
					for (const line of message.headers['set-cookie'] ?? []) {
						const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
						this.#cookies.set(name, value);
					}
					const chunks: Buffer[] = [];
					message.on('data', (chunk: Buffer) => chunks.push(chunk));
					message.on('end', () => {
						const body = unpacked(Buffer.concat(chunks), message.headers['content-encoding']);
						resolve(new Response(body, { status: message.statusCode ?? 500 }));
					});
				}
			);
			sent.on('socket', (socket) => (this.#socket = socket));
			sent.on('error', reject);
			sent.end(body);
		});
	};

	close(): void {
		this.#agent.destroy();
	}
}
