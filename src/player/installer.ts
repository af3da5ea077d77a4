/**
 * The installer page: a hidden iframe of the app on a content origin. It registers the worker, installs, checks, hands
 * over and removes packs, and gives back journal rows that a player page left behind when it died.
 */
import * as v from 'valibot';
import { packManifestSchema, type PackFile, type PackManifest } from '#lib/contracts/pack-manifest.ts';
import {
	completeRecord,
	journalRowSchema,
	manifestRecord,
	packCacheName,
	packagePath,
	toInstallerSchema,
	type FromInstaller,
	type JournalRow,
	type ToInstaller
} from '#lib/contracts/player-port.ts';
import type { ScormVersion } from '#lib/domain/course/course-structure.ts';
import { connectToApp, listen } from './bridge.ts';
import { InstallFailure } from './fetch-ranges.ts';
import { installPack, reasonOf } from './install-pack.ts';
import { forgetInLocalStorage, rowsInLocalStorage } from './late-rows.ts';
import { PackBytes } from './pack-bytes.ts';
import { Sha256 } from './sha256.ts';
import { deleteRows, openLog, PAGE_LOG, readRows, WORKER_LOG } from './wal-store.ts';

const ROWS_AT_ONCE = 500;
const PROGRESS_MS = 200;

type Install = Extract<ToInstaller, { t: 'install' }>;
type Put = Extract<ToInstaller, { t: 'put' }>;

class Installer {
	readonly #port: MessagePort;
	#running: AbortController | null = null;
	#put: ((message: Put) => void) | null = null;

	constructor(port: MessagePort) {
		this.#port = port;
		listen(port, toInstallerSchema, (message) => {
			this.#receive(message).catch(() => {
				if ('packId' in message) this.#say({ t: 'stopped', packId: message.packId, error: 'unknown' });
			});
		});
	}

	#say(message: FromInstaller): void {
		this.#port.postMessage(message);
	}

	async #receive(message: ToInstaller): Promise<void> {
		switch (message.t) {
			case 'install':
				return this.#install(message);
			case 'pause':
				return this.#running?.abort();
			case 'put':
				return this.#put?.(message);
			case 'has':
				return this.#has(message.packId);
			case 'verify':
				return this.#verify(message.packId);
			case 'remove':
				return this.#remove(message.packId);
			case 'list':
				return this.#say({
					t: 'list',
					packId: message.packId,
					files: [...((await manifestOf(message.packId))?.files ?? [])]
				});
			case 'read':
				return this.#read(message.packId, message.sha256);
			case 'drain':
				return this.#drain();
			case 'ack':
				return acknowledge(message.attempt, message.session, message.upto);
			default:
				return unreachable(message);
		}
	}

	async #install({ packId, url, size, reuse }: Install): Promise<void> {
		this.#running?.abort();
		const running = new AbortController();
		this.#running = running;
		const offered = new Set(reuse);
		let told = 0;
		try {
			await hasWorker;
			const { manifest, bytes } = await installPack({
				packId,
				url,
				size,
				signal: running.signal,
				isUpdate: offered.size > 0,
				reuse: (wanted, receive) =>
					this.#reuse(
						packId,
						wanted.filter((sha256) => offered.has(sha256)),
						receive,
						running.signal
					),
				keepRuntime: (version) => keepRuntime(version, running.signal),
				progress: (done, total, fetched) => {
					if (performance.now() - told < PROGRESS_MS && done < total) return;
					told = performance.now();
					this.#say({ t: 'progress', packId, done, total, fetched });
				}
			});
			this.#say({ t: 'installed', packId, structure: manifest.course, files: manifest.files.length, bytes });
		} catch (error) {
			this.#say({ t: 'stopped', packId, error: running.signal.aborted ? null : reasonOf(error) });
		} finally {
			if (this.#running === running) this.#running = null;
		}
	}

	/** One file at a time, so that no two are in memory. */
	async #reuse(
		packId: string,
		wanted: readonly string[],
		receive: (sha256: string, blob: Blob | null) => Promise<void>,
		signal: AbortSignal
	): Promise<void> {
		for (const sha256 of wanted) {
			signal.throwIfAborted();
			const answered = new Promise<Put>((resolve, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason), { once: true });
				this.#put = (message) => {
					if (message.sha256 === sha256) resolve(message);
				};
			});
			this.#say({ t: 'wants', packId, sha256: [sha256] });
			await receive(sha256, (await answered).blob);
		}
		this.#put = null;
	}

	async #has(packId: string): Promise<void> {
		const cache = (await caches.has(packCacheName(packId))) ? await caches.open(packCacheName(packId)) : null;
		const installed = (await cache?.match(completeRecord(packId))) !== undefined;
		const manifest = installed ? await manifestOf(packId) : null;
		const bytes = manifest?.files.reduce((sum, { size }) => sum + size, 0) ?? 0;
		this.#say({ t: 'has', packId, installed: manifest !== null, bytes });
	}

	async #verify(packId: string): Promise<void> {
		const cache = await caches.open(packCacheName(packId));
		const damaged: string[] = [];
		for (const file of (await manifestOf(packId))?.files ?? []) {
			const response = await cache.match(packagePath(packId, file.path));
			if (response !== undefined && (await hashOf(response)) === file.sha256) continue;
			damaged.push(file.path);
			await cache.delete(packagePath(packId, file.path));
		}
		if (damaged.length > 0) await cache.delete(completeRecord(packId));
		this.#say({ t: 'verified', packId, damaged });
	}

	async #remove(packId: string): Promise<void> {
		this.#running?.abort();
		await caches.delete(packCacheName(packId));
		const bytes = await PackBytes.open(packId);
		await bytes.drop(() => true);
		bytes.close();
		this.#say({ t: 'removed', packId });
	}

	async #read(packId: string, sha256: string): Promise<void> {
		const file: PackFile | undefined = (await manifestOf(packId))?.files.find((one) => one.sha256 === sha256);
		const cache = await caches.open(packCacheName(packId));
		const response = file === undefined ? undefined : await cache.match(packagePath(packId, file.path));
		this.#say({ t: 'file', packId, sha256, blob: (await response?.blob()) ?? null });
	}

	async #drain(): Promise<void> {
		const found = new Map<string, JournalRow>();
		for (const name of [PAGE_LOG, WORKER_LOG]) {
			const log = await openLog(name);
			collectRows(found, await readRows(log, ROWS_AT_ONCE));
			log.close();
		}
		collectRows(found, rowsInLocalStorage());
		const rows = [...found.values()].sort(compareRows).slice(0, ROWS_AT_ONCE);
		this.#say({ t: 'drained', rows, more: found.size >= ROWS_AT_ONCE });
	}
}

function collectRows(found: Map<string, JournalRow>, rows: readonly unknown[]): void {
	for (const row of rows) {
		const parsed = v.safeParse(journalRowSchema, row);
		if (parsed.success)
			found.set(`${parsed.output.attempt} ${parsed.output.session} ${parsed.output.n}`, parsed.output);
	}
}

function compareRows(left: JournalRow, right: JournalRow): number {
	return compareText(left.attempt, right.attempt) || compareText(left.session, right.session) || left.n - right.n;
}

function compareText(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}

async function acknowledge(attempt: string, session: string, upto: number): Promise<void> {
	for (const name of [PAGE_LOG, WORKER_LOG]) {
		const log = await openLog(name);
		await deleteRows(log, attempt, session, upto);
		log.close();
	}
	forgetInLocalStorage(attempt, session, upto);
}

async function manifestOf(packId: string): Promise<PackManifest | null> {
	if (!(await caches.has(packCacheName(packId)))) return null;
	const record = await (await caches.open(packCacheName(packId))).match(manifestRecord(packId));
	const parsed = v.safeParse(packManifestSchema, await record?.json());
	return parsed.success ? parsed.output : null;
}

async function hashOf(response: Response): Promise<string> {
	const hash = new Sha256();
	const reader = response.body?.getReader();
	for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) hash.update(part.value);
	return hash.hex();
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** Asked of the worker directly: the first time, the page itself is not yet under it. */
async function keepRuntime(version: ScormVersion, signal: AbortSignal): Promise<void> {
	const { active } = await hasWorker;
	const { port1, port2 } = new MessageChannel();
	const isKept = await new Promise<boolean>((resolve, reject) => {
		port1.onmessage = ({ data }) => resolve(data === true);
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
		active?.postMessage({ type: 'keep-runtime', name: version === '1.2' ? 'scorm12' : 'scorm2004' }, [port2]);
	});
	port1.close();
	if (!isKept) throw new InstallFailure('network');
}

/** Packages are served by the worker alone, so nothing is installed without one. Offline it is there already. */
const hasWorker = navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(
	() => navigator.serviceWorker.ready,
	() => navigator.serviceWorker.ready
);

const port = await connectToApp('installer');
if (port !== null) new Installer(port);
