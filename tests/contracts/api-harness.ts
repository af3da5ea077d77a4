/** A whole server without a socket: the real app on a database in memory, and the real route modules found by their paths. */
import { argon2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '#lib/server/app.ts';
import { readConfig } from '#lib/server/config/config.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import type { ApiEvent, ApiHandler } from '#lib/server/http/api-route.ts';
import { silentLog } from '#lib/server/log/log.ts';
import type { Role } from '#lib/contracts/sync.ts';
import type { GrantScope } from '#lib/server/policy/actor.ts';
import { addGrant } from '#lib/server/repositories/grants.ts';
import { insertCentre, insertOrganisation } from '#lib/server/repositories/organisations.ts';
import { insertPerson } from '#lib/server/repositories/people.ts';

export const APP_ORIGIN = 'http://learn.waypost.localhost:4000';

type RouteModule = Readonly<Record<string, unknown>>;
export type Route = {
	readonly id: string;
	readonly pattern: RegExp;
	readonly params: readonly string[];
	readonly module: RouteModule;
};

const modules = import.meta.glob<RouteModule>(
	['../../src/routes/api/**/+server.ts', '../../src/routes/healthz/+server.ts'],
	{ eager: true }
);

/** Every route of the API, as Kit names it: "/api/cohorts/[id]". */
export const routes: readonly Route[] = Object.entries(modules)
	.map(([file, module]) => {
		const id = file.replace(/^.*\/src\/routes/, '').replace(/\/\+server\.ts$/, '');
		const params = [...id.matchAll(/\[(\w+)\]/g)].map((match) => match[1] ?? '');
		const pattern = new RegExp(`^${id.replace(/\./g, '\\.').replace(/\[\w+\]/g, '([^/]+)')}$`);
		return { id, pattern, params, module };
	})
	.toSorted((left, right) => left.params.length - right.params.length || left.id.localeCompare(right.id));

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'fallback'] as const;

export type Call = {
	readonly method?: string | undefined;
	readonly body?: unknown;
	/** Signed in as this person. */
	readonly as?: string | null | undefined;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly address?: string | undefined;
};

export class Server {
	readonly app: App;
	readonly #folder: string;
	readonly #cookies = new Map<string, string>();
	clock = Date.UTC(2026, 10, 22, 9);

	private constructor(app: App, folder: string) {
		this.app = app;
		this.#folder = folder;
	}

	static async start(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
		const folder = await mkdtemp(join(tmpdir(), 'waypost-api-'));
		const config = readConfig({ DATA_DIR: folder, DEMO: 'no', ...settings }, 'test');
		const db = await openDatabase({ file: ':memory:' });
		const place: { server?: Server } = {};
		const app = await createApp({
			config,
			log: silentLog,
			db,
			now: () => place.server?.clock ?? Date.UTC(2026, 10, 22, 9)
		});
		place.server = new Server(app, folder);
		return place.server;
	}

	get folder(): string {
		return this.#folder;
	}

	async stop(): Promise<void> {
		await this.app.close();
		await rm(this.#folder, { recursive: true, force: true });
	}

	/** As the browser would send it from our own page, unless `headers` say otherwise. */
	async call(
		path: string,
		{ method = 'GET', body, as = null, headers = {}, address = '203.0.113.7' }: Call = {}
	): Promise<Response> {
		const url = new URL(path, APP_ORIGIN);
		const route = routes.find(({ pattern }) => pattern.test(url.pathname));
		const handler = route?.module[method];
		if (route === undefined || typeof handler !== 'function')
			return new Response(null, { status: route === undefined ? 404 : 405 });
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const isBytes = body instanceof Uint8Array || body instanceof ReadableStream;
		const request = new Request(url, {
			method,
			headers: {
				'sec-fetch-site': 'same-origin',
				...(method === 'GET' ? {} : { origin: APP_ORIGIN }),
				...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
				...(cookie === '' ? {} : { cookie }),
				...(as === null ? {} : { 'x-waypost-profile': as }),
				...headers
			},
			...(body === undefined ? {} : { body: isBytes ? (body as BodyInit) : JSON.stringify(body), duplex: 'half' })
		} as RequestInit);
		const found = route.pattern.exec(url.pathname) ?? [];
		const event: ApiEvent = {
			request,
			url,
			params: Object.fromEntries(route.params.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')])),
			route: { id: route.id },
			locals: { app: this.app },
			getClientAddress: () => address
		};
		const response = await (handler as ApiHandler)(event);
		for (const line of response.headers.getSetCookie()) {
			const [pair = '', ...attributes] = line.split(';');
			const [name = '', value = ''] = pair.split('=', 2);
			if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) this.#cookies.delete(name);
			else this.#cookies.set(name, value);
		}
		return response;
	}

	post(path: string, body: unknown, call: Omit<Call, 'method' | 'body'> = {}): Promise<Response> {
		return this.call(path, { ...call, method: 'POST', body });
	}

	forgetCookies(): void {
		this.#cookies.clear();
	}

	get cookies(): ReadonlyMap<string, string> {
		return this.#cookies;
	}

	setCookie(name: string, value: string): void {
		this.#cookies.set(name, value);
	}

	/* ---- what a test needs to exist ---- */

	async organisation(name: string): Promise<string> {
		const id = this.app.newId();
		await this.app.db.tx((queries) => insertOrganisation(queries, { id, name }, this.clock));
		return id;
	}

	async centre(organisationId: string, name: string): Promise<string> {
		const centreId = this.app.newId();
		await this.app.db.tx((queries) =>
			insertCentre(queries, { centreId, organisationId, name, country: 'ZM' }, this.clock)
		);
		return centreId;
	}

	/** A person who is signed in already. The secret is "secret-<user name>". */
	async person(options: {
		readonly userName: string;
		readonly organisationId: string;
		readonly centreId?: string | null;
		readonly role?: Role;
		readonly scope?: { readonly kind: GrantScope['kind']; readonly id: string };
		readonly sex?: 'female' | 'male' | 'other' | 'not_stated';
		readonly signIn?: boolean;
	}): Promise<string> {
		const id = this.app.newId();
		const secretHash = cheapHash(`secret-${options.userName}`);
		await this.app.db.tx(async (queries) => {
			await insertPerson(
				queries,
				{
					id,
					userName: options.userName,
					displayName: options.userName,
					sex: options.sex ?? 'not_stated',
					ageBand: 'not_stated',
					language: 'en',
					organisationId: options.organisationId,
					centreId: options.centreId ?? null,
					secretHash,
					mustChangeSecret: false
				},
				this.clock
			);
			const role = options.role ?? 'learner';
			await addGrant(queries, id, role, options.scope ?? { kind: 'self', id: '' }, this.clock);
		});
		if (options.signIn !== false) {
			const answer = await this.post('/api/auth/sign-in', {
				userName: options.userName,
				secret: `secret-${options.userName}`
			});
			if (answer.status !== 200) throw new Error(`sign-in of ${options.userName}: ${answer.status}`);
		}
		return id;
	}
}

/** The stored form says its own parameters: these take a moment instead of a tenth of a second. */
function cheapHash(secret: string): string {
	const nonce = randomBytes(16);
	const hash = argon2Sync('argon2id', { message: secret, nonce, memory: 64, passes: 1, parallelism: 1, tagLength: 32 });
	const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
	return `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(hash)}`;
}
