/** The content shell (build/content): the same few files on every content host, read once, compressed once. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export type ShellFile = {
	readonly type: string;
	readonly etag: string;
	readonly identity: Buffer;
	readonly br: Buffer | null;
	readonly gzip: Buffer | null;
};

const types: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.webp': 'image/webp',
	'.ico': 'image/x-icon',
	'.txt': 'text/plain; charset=utf-8'
};

/** By path, with a leading slash; empty when nothing is built yet. */
export async function readShell(folder: string): Promise<ReadonlyMap<string, ShellFile>> {
	const files = new Map<string, ShellFile>();
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
		(error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return [];
			throw error;
		}
	);
	for (const entry of entries) {
		const type = types[extname(entry.name)];
		if (!entry.isFile() || type === undefined) continue;
		const full = join(entry.parentPath, entry.name);
		files.set(`/${relative(folder, full).split(sep).join('/')}`, shellFile(type, await readFile(full)));
	}
	return files;
}

export function shellFile(type: string, identity: Buffer): ShellFile {
	const compresses = identity.length > 600 && !type.startsWith('image/png') && !type.startsWith('image/webp');
	return {
		type,
		etag: `"${createHash('sha256').update(identity).digest('hex').slice(0, 32)}"`,
		identity,
		br: compresses ? brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) : null,
		gzip: compresses ? gzipSync(identity, { level: 9 }) : null
	};
}
