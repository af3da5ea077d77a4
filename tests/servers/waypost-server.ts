/**
 * The built product as its own process, the way people run it: started, killed in mid-work, started again on the same
 * data. Each server has a port and a data folder of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestByHost } from './request-by-host.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const startWithinMs = 60_000;

export class WaypostServer {
	readonly port: number;
	readonly dataDir: string;
	readonly #env: Readonly<Record<string, string>>;
	#process: ChildProcess | null = null;
	#output = '';

	/**
	 * @param env settings besides the port, the origins and the folder
	 * @param prepare fills the data folder before the server first sees it; gets all the settings
	 */
	static async start(
		env: Readonly<Record<string, string>> = {},
		prepare?: (env: Readonly<Record<string, string>>) => Promise<void>
	): Promise<WaypostServer> {
		const server = new WaypostServer(await freePort(), await mkdtemp(join(tmpdir(), 'waypost-e2e-')), env);
		try {
			await prepare?.(server.#settings);
			await server.start();
		} catch (error) {
			await server.remove();
			throw error;
		}
		return server;
	}

	private constructor(port: number, dataDir: string, env: Readonly<Record<string, string>>) {
		this.port = port;
		this.dataDir = dataDir;
		this.#env = env;
	}

	get origin(): string {
		return `http://learn.waypost.localhost:${this.port}`;
	}

	get #settings(): Readonly<Record<string, string>> {
		return {
			PORT: String(this.port),
			APP_ORIGIN: this.origin,
			CONTENT_ORIGIN: `http://c-{packId}.waypost.localhost:${this.port}`,
			DATA_DIR: this.dataDir,
			// One course is enough for most tests, and starts sooner.
			DEMO_COURSES: 'few',
			...this.#env
		};
	}

	/** All it has printed so far. */
	get output(): string {
		return this.#output;
	}

	async start(): Promise<void> {
		const child = spawn(process.execPath, ['src/cli/main.ts', 'serve'], {
			cwd: projectRoot,
			env: { ...process.env, ...this.#settings },
			stdio: ['ignore', 'pipe', 'pipe']
		});
		this.#process = child;
		for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.#output += String(text)));
		const until = Date.now() + startWithinMs;
		while (!(await this.#answers())) {
			if (child.exitCode !== null || Date.now() > until) throw new Error(`the server did not start:\n${this.#output}`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	/** Asks the server as a browser would, by the app's host name. */
	request(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
		return requestByHost(this.port, path, headers);
	}

	async #answers(): Promise<boolean> {
		try {
			return (await this.request('/healthz')).ok;
		} catch {
			return false;
		}
	}

	/** As a power cut: SIGKILL. */
	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	/** As an operator: SIGTERM. */
	async stop(): Promise<void> {
		await this.#end('SIGTERM');
	}

	async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
		const child = this.#process;
		this.#process = null;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill(signal);
		await ended;
	}

	async remove(): Promise<void> {
		await this.kill();
		await rm(this.dataDir, { recursive: true, force: true });
	}
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}
