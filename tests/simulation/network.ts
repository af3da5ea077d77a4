/**
 * The way between a device and the server, and what can happen on it. Each request draws its fate; late ones are delivered
 * when the schedule says so, after others, or never.
 */
import type { PullRequest } from '#lib/contracts/sync.ts';
import type { Random } from './random.ts';
import type { Reply, SimulatedServer } from './server.ts';

export type Fate =
	| 'fine'
	| 'request-lost'
	| 'answer-lost'
	/** The device gave up waiting; the server gets it later. */
	| 'late'
	/** A retrying proxy: now, and once more later. */
	| 'twice'
	| 'request-cut'
	| 'request-bent'
	| 'answer-cut'
	| 'answer-bent'
	| 'portal'
	| 'server-dies'
	| 'busy'
	| 'signed-out'
	| 'too-big'
	| 'gateway';

const good: Readonly<Record<Fate, number>> = {
	fine: 80,
	'request-lost': 2,
	'answer-lost': 4,
	late: 2,
	twice: 3,
	'request-cut': 1,
	'request-bent': 1,
	'answer-cut': 1,
	'answer-bent': 1,
	portal: 1,
	'server-dies': 2,
	busy: 1,
	'signed-out': 1,
	'too-big': 1,
	gateway: 1
};

const bad: Readonly<Record<Fate, number>> = {
	fine: 30,
	'request-lost': 8,
	'answer-lost': 14,
	late: 7,
	twice: 7,
	'request-cut': 5,
	'request-bent': 5,
	'answer-cut': 4,
	'answer-bent': 4,
	portal: 6,
	'server-dies': 6,
	busy: 2,
	'signed-out': 2,
	'too-big': 2,
	gateway: 2
};

type Late = () => Promise<unknown>;

export class SimulatedNetwork {
	readonly #server: SimulatedServer;
	readonly #random: Random;
	readonly #late: Late[] = [];
	mood: 'good' | 'bad' | 'perfect' = 'good';
	/** Called while a request is on its way: the learner goes on working. */
	meanwhile: () => Promise<void> = async () => {};
	requests = 0;

	constructor(server: SimulatedServer, random: Random) {
		this.#server = server;
		this.#random = random;
	}

	/** Delivers one late message, not the oldest in particular. */
	async deliverLate(): Promise<void> {
		if (this.#late.length > 0) await this.#late.splice(this.#random.below(this.#late.length), 1)[0]!();
	}

	fetchFor(personId: string): typeof fetch {
		return async (input, init) => {
			this.requests += 1;
			const body = init?.body as Uint8Array<ArrayBuffer> | string;
			const random = this.#random;
			const fate = this.mood === 'perfect' ? 'fine' : random.weighted(this.mood === 'good' ? good : bad);
			const deliver = (sent: Uint8Array<ArrayBuffer> | string): Promise<Reply> =>
				typeof sent === 'string'
					? this.#server.pull(personId, JSON.parse(sent) as PullRequest)
					: this.#server.push(personId, sent);
			await this.meanwhile();
			switch (fate) {
				case 'fine':
					return responseOf(await deliver(body));
				case 'request-lost':
					throw new TypeError('network');
				case 'answer-lost':
					await deliver(body);
					throw new TypeError('network');
				case 'late':
					this.#late.push(() => deliver(body));
					throw new TypeError('timeout');
				case 'twice':
					this.#late.push(() => deliver(body));
					return responseOf(await deliver(body));
				case 'request-cut':
					if (typeof body === 'string') throw new TypeError('network');
					return responseOf(await deliver(body.slice(0, random.below(body.length))));
				case 'request-bent':
					if (typeof body === 'string') throw new TypeError('network');
					return responseOf(await deliver(bend(body, random)));
				case 'answer-cut': {
					const reply = await deliver(body);
					return responseOf({ ...reply, body: reply.body.slice(0, random.below(reply.body.length)) });
				}
				case 'answer-bent': {
					const reply = await deliver(body);
					// A pull's rows are TLS's business; what an answer to a push may do is ours.
					return responseOf(typeof body === 'string' ? reply : { ...reply, body: bendDigit(reply.body, random) });
				}
				case 'portal':
					return responseOf(random.pick(portals));
				case 'server-dies':
					if (typeof body === 'string') throw new TypeError('network');
					this.#server.db.dieAfter(random.below(14));
					return responseOf(await deliver(body));
				case 'busy':
					return responseOf({
						status: random.pick([429, 503]),
						body: '{"code":"busy"}',
						headers: { 'retry-after': '5' }
					});
				case 'signed-out':
					return responseOf({ status: 401, body: '{"code":"needs-sign-in"}' });
				case 'too-big':
					return responseOf({ status: 413, body: 'too large' });
				case 'gateway':
					return responseOf({ status: random.pick([502, 504]), body: '<html>' });
			}
		};
	}
}

const portals: readonly Reply[] = [
	{ status: 200, body: '<!doctype html><title>Welcome to our Wi-Fi</title>' },
	{ status: 200, body: '' },
	{ status: 200, body: '{}' },
	{ status: 200, body: '{"v":1,"status":"ok"}' },
	{ status: 401, body: '<html>Sign in' },
	{ status: 403, body: 'Forbidden' },
	{ status: 511, body: '<html>' }
];

function responseOf({ status, body, headers }: Reply): Response {
	return new Response(body, { status, headers: { ...headers } });
}

function bend(body: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
	const bent = body.slice();
	bent[random.below(bent.length)]! ^= 1 << random.below(8);
	return bent;
}

/** One digit becomes another: still JSON, still of the right shape. */
function bendDigit(body: string, random: Random): string {
	const places = [...body.matchAll(/\d/g)].map((match) => match.index);
	if (places.length === 0) return body;
	const place = random.pick(places);
	return body.slice(0, place) + random.below(10) + body.slice(place + 1);
}
