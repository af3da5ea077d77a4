// What the built application depends on, as one hash: the build stamp and the version the service worker sees.
// Same sources, same version, with or without git.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

const built = [
	'src',
	'service-worker',
	'static',
	'courses',
	'package.json',
	'package-lock.json',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
];
/** Changing a test, a note or a command does not change what is built. */
const notBuilt = /^src\/cli\/|\.(test|bench|e2e)\.ts$|\.md$|\/\.DS_Store$/;

/**
 * @param {string} path relative to the project, with forward slashes
 * @returns {Generator<string>}
 */
function* filesUnder(path) {
	const absolute = join(projectRoot, path);
	if (!existsSync(absolute)) return;
	if (!statSync(absolute).isDirectory()) {
		if (!notBuilt.test(path)) yield path;
		return;
	}
	for (const name of readdirSync(absolute).sort()) {
		if (name !== 'node_modules') yield* filesUnder(`${path}/${name}`);
	}
}

/**
 * SHA-256 (hex) of the path and content of every file that goes into the build.
 * @param {readonly string[]} paths of something else than the build
 */
export function sourceHash(paths = built) {
	const hash = createHash('sha256');
	for (const path of paths) {
		for (const file of filesUnder(path)) {
			const content = readFileSync(join(projectRoot, file));
			hash.update(`${file}\0${content.length}\0`).update(content);
		}
	}
	return hash.digest('hex');
}
