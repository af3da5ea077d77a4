/**
 * A folder for one import in progress, inside the packs folder so that the last step is a rename. Its name says who works in it:
 * what a crash left behind is recognised and removed by the next import.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

const PREFIX = '.importing-';
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Folders of another machine on shared storage: nobody can ask whether their process lives, so age decides. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

const inUse = new Set<string>();

/** Runs `work` in a fresh folder and removes it whatever happens. */
export async function withWorkspace<T>(packsDir: string, work: (folder: string) => Promise<T>): Promise<T> {
	await mkdir(packsDir, { recursive: true });
	const folder = await mkdtemp(join(packsDir, `${PREFIX}${HOST}-${process.pid}-`));
	inUse.add(basename(folder));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
		inUse.delete(basename(folder));
	}
}

/** Removes what imports that died left behind; returns how many. Called at server start and before each import. */
export async function sweepWorkspaces(packsDir: string, now: number = Date.now()): Promise<number> {
	const names = await readdir(packsDir).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	let removed = 0;
	for (const name of names) {
		if (!name.startsWith(PREFIX) || inUse.has(name)) continue;
		const folder = join(packsDir, name);
		if (!(await isAbandoned(folder, name, now))) continue;
		await rm(folder, { recursive: true, force: true });
		removed += 1;
	}
	return removed;
}

async function isAbandoned(folder: string, name: string, now: number): Promise<boolean> {
	const [, host, pid] = /^\.importing-([0-9a-f]+)-(\d+)-/.exec(name) ?? [];
	if (host === HOST) return Number(pid) === process.pid || !isRunning(Number(pid));
	const { mtimeMs } = await stat(folder);
	return now - mtimeMs > ABANDONED_AFTER_MS;
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
