// Everything the worker keeps so that the app works without a network, as it travels: chunks, styles, words, the shell, and the worker
// itself; brotli where the server has it. Words: English, on which the others fall back, and the largest other language. Needs a build.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { isKeptAhead, isKeptChunk } from '#service-worker/kept-files.ts';
import type { BenchRow } from './bench-row.ts';

const build = join(import.meta.dirname, '..', '..', 'build');
const budget = 300_000;

export async function run(): Promise<BenchRow[]> {
	if (!existsSync(build)) throw new Error('nothing is built: npm run build');
	const parts = {
		'scripts and styles': within(join(build, 'client', '_app', 'immutable')).filter((file) => isKeptChunk(urlOf(file))),
		words: [...wordsOf('en'), ...largestOther()],
		shell: [
			join(build, 'prerendered', 'shell.html'),
			join(build, 'client', 'icon.svg'),
			join(build, 'client', 'manifest.webmanifest')
		],
		worker: [join(build, 'client', 'service-worker.js')]
	};
	const sizes = Object.entries(parts).map(([name, files]) => ({
		name,
		bytes: files.reduce((sum, file) => sum + wireSize(file), 0)
	}));
	const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
	return [
		{
			name: 'the whole offline shell, of 300 kB',
			ratio: total / budget,
			budget: 1,
			median: `${kB(total)} (${sizes.map(({ name, bytes }) => `${name} ${kB(bytes)}`).join(', ')})`
		}
	];
}

function wordsOf(language: string): string[] {
	return within(join(build, 'client', 'locales', language)).filter((file) => isKeptAhead(urlOf(file)));
}

function urlOf(file: string): string {
	return `/${relative(join(build, 'client'), file).replaceAll(sep, '/')}`;
}

function largestOther(): string[] {
	const size = (files: readonly string[]): number => files.reduce((sum, file) => sum + wireSize(file), 0);
	return readdirSync(join(build, 'client', 'locales'))
		.filter((language) => language !== 'en')
		.map(wordsOf)
		.reduce((largest, files) => (size(files) > size(largest) ? files : largest), []);
}

function within(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
}

function wireSize(file: string): number {
	return existsSync(`${file}.br`) ? statSync(`${file}.br`).size : brotliCompressSync(readFileSync(file)).length;
}

function kB(bytes: number): string {
	return `${Math.round(bytes / 100) / 10} kB`;
}
