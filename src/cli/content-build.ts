// Builds the content origin's shell: its pages (mode `content`), then its worker (mode `content-worker`), which is told
// the pages' files and hashes so that it can cache exactly those. Both land in build/content/.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin, UserConfig } from 'vite';
import { projectRoot } from './source-hash.mjs';

/** One file of the content shell. `path` starts with a slash, `sha256` is hex, `bytes` the size as served. */
export type ShellFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

const contentRoot = join(projectRoot, 'build', 'content');
const manifestFile = join(contentRoot, 'shell-manifest.json');

function listShell(): ShellFile[] {
	return readdirSync(contentRoot, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name !== 'sw.js' && entry.name !== 'shell-manifest.json')
		.map((entry) => join(entry.parentPath, entry.name))
		.sort()
		.map((file) => {
			const content = readFileSync(file);
			return {
				path: `/${relative(contentRoot, file).split(sep).join('/')}`,
				sha256: createHash('sha256').update(content).digest('hex'),
				bytes: content.length
			};
		});
}

function writeShellManifest(): Plugin {
	return {
		name: 'waypost:shell-manifest',
		closeBundle() {
			writeFileSync(manifestFile, `${JSON.stringify(listShell(), null, '\t')}\n`);
		}
	};
}

/** `player.html` and `installer.html` (whichever exist) from src/player; hashed assets under /shell/. */
export function contentPages(): UserConfig {
	const root = join(projectRoot, 'src', 'player');
	const pages = ['player.html', 'installer.html'].map((name) => join(root, name)).filter((file) => existsSync(file));
	return {
		root,
		base: '/',
		publicDir: false,
		plugins: [writeShellManifest()],
		build: {
			outDir: contentRoot,
			emptyOutDir: true,
			assetsDir: 'shell',
			// An asset inlined as a data: URL would need a wider policy on these pages.
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
			rolldownOptions: { input: pages }
		}
	};
}

/** `/sw.js`: one classic script, never hashed, because a worker's address must not change. */
export function contentWorker(): UserConfig {
	const shellFiles = existsSync(manifestFile) ? readFileSync(manifestFile, 'utf8') : '[]';
	return {
		publicDir: false,
		define: { __SHELL_FILES__: JSON.stringify(JSON.parse(shellFiles)) },
		build: {
			outDir: contentRoot,
			emptyOutDir: false,
			lib: {
				entry: join(projectRoot, 'service-worker', 'content.ts'),
				formats: ['iife'],
				name: 'waypostContentWorker',
				fileName: () => 'sw.js'
			}
		}
	};
}

/** The lesson runtime that goes inside built courses: build/lesson/lesson.js (classic script) and lesson.css. */
export function lessonRuntime(): UserConfig {
	return {
		publicDir: false,
		build: {
			outDir: join(projectRoot, 'build', 'lesson'),
			lib: {
				entry: join(projectRoot, 'src', 'lesson', 'main.ts'),
				formats: ['iife'],
				name: 'waypostLesson',
				fileName: () => 'lesson.js',
				cssFileName: 'lesson'
			}
		}
	};
}
