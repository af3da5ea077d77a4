/** Key files: made once with random content, readable by the owner only, outside the database and its backups. */
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Reads a key file, or makes it. Two processes that start at once end with the same content. */
export async function readOrMakeKey(path: string, make: () => Buffer): Promise<Buffer> {
	const known = await readIfThere(path);
	if (known !== null) return known;
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
	const file = await open(draft, 'wx', 0o600);
	try {
		await file.writeFile(make());
		await file.sync();
	} finally {
		await file.close();
	}
	try {
		// link, not rename: it refuses to replace a key that another process has just made.
		await link(draft, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		await rm(draft, { force: true });
	}
	return readFile(path);
}

async function readIfThere(path: string): Promise<Buffer | null> {
	try {
		return await readFile(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
