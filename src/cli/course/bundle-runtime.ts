/** The lesson runtime as two files, made once per process from `src/lesson`. */
import { fileURLToPath } from 'node:url';

export type RuntimeFiles = { readonly script: string; readonly style: string };

let bundled: Promise<RuntimeFiles> | null = null;

export function lessonRuntime(): Promise<RuntimeFiles> {
	bundled ??= bundle();
	return bundled;
}

async function bundle(): Promise<RuntimeFiles> {
	// Loaded here, since reading and checking a course needs no bundler.
	const { build } = await import('vite');
	const source = fileURLToPath(new URL('../../', import.meta.url));
	const result = await build({
		configFile: false,
		envFile: false,
		publicDir: false,
		logLevel: 'error',
		root: `${source}lesson`,
		define: { 'process.env.NODE_ENV': '"production"' },
		resolve: { alias: { '#lib': `${source}lib`, '#lesson': `${source}lesson` } },
		build: {
			write: false,
			minify: true,
			cssMinify: true,
			// Phones that get no updates any more still have to read this.
			target: ['chrome87', 'firefox78', 'safari14'],
			lib: { entry: 'main.ts', formats: ['iife'], name: 'waypostRuntime', fileName: () => 'lesson.js' },
			rollupOptions: { output: { assetFileNames: 'lesson[extname]' } }
		}
	});
	const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ('output' in part ? part.output : []));
	const script = outputs.find((part) => part.type === 'chunk');
	const style = outputs.find((part) => part.type === 'asset' && part.fileName.endsWith('.css'));
	if (script?.type !== 'chunk' || style?.type !== 'asset') throw new Error('the lesson runtime could not be bundled');
	return { script: script.code, style: String(style.source) };
}
