// One file, several bundles, chosen by `--mode`: the application (default), the content origin's pages (`content`) and
// worker (`content-worker`), the lesson runtime (`lesson`). `npm run build` makes them all, in the right order.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { contentPages, contentWorker, lessonRuntime } from './src/cli/content-build.ts';

const seconds = (count: number): number => count * 1000;

const unitTests = [
	'src/**/*.test.ts',
	'service-worker/**/*.test.ts',
	'tests/{toolchain,builders,browser,servers}/**/*.test.ts'
];

const svelteSource = fileURLToPath(new URL('node_modules/svelte/src/', import.meta.url));
const svelteInBrowser = [
	{ find: /^svelte$/, replacement: `${svelteSource}index-client.js` },
	{ find: /^svelte\/(reactivity|store)$/, replacement: `${svelteSource}$1/index-client.js` }
];

/**
 * On a slow network every file costs a request and its headers, and small files compress badly, so what is needed together
 * travels together: what every page needs (`core`), the forms of signing in, the device's own database and machines
 * (`device`, after the first paint), the parts that many screens share, and the screens of trainers and of administrators.
 * A module goes to the group of the highest priority that it matches. Only in the browser's build.
 */
const travelTogether = [
	{
		name: 'core',
		test: inRoom(
			'node_modules/(svelte|esm-env|clsx|devalue|@sveltejs/kit)/',
			'src/lib/i18n/(?!translator|catalogue-words)',
			'__sveltekit',
			'vite/preload-helper',
			'rolldown/runtime',
			'@lucide/svelte/dist/(Icon|utils|context|icons/(log-in|book-open|badge-check|check|languages)\\.)',
			'primitives/(Button|Mark|LanguageChooser)\\.svelte',
			'src/lib/errors/app-error',
			'src/lib/client/(app-context|app|served-by-worker|when-painted)\\.',
			'src/routes/\\(app\\)/(code-of|home-of|use-session)'
		),
		priority: 9
	},
	{
		name: 'sign-in',
		test: inRoom(
			'learner/SignInForms\\.svelte',
			'primitives/(PinPad|PasswordField|Avatar)\\.svelte',
			'icons/(eye|eye-off|delete)\\.svelte'
		),
		priority: 8
	},
	{
		name: 'device',
		test: inRoom(
			'node_modules/(dexie|valibot|xstate)/',
			'src/lib/contracts/',
			'src/lib/domain/(?!catalogue/(?!course-record))',
			'src/lib/client/(compose|api|db|sync|state|profiles|machines)'
		),
		minShareCount: 1,
		priority: 7
	},
	{
		name: 'catalogue',
		test: inRoom(
			'src/lib/ui/catalogue/',
			'src/lib/domain/catalogue/(?!course-record)',
			'src/lib/client/catalogue/(?!search)',
			'src/lib/client/state/catalogue-views',
			'src/lib/i18n/catalogue-words',
			'learner/CourseScreen',
			'primitives/DownloadControl'
		),
		minShareCount: 1,
		// Below those that start the app: a group takes along what its modules need.
		priority: 5.5
	},
	// Rendered on the server only: by this name the worker knows what it need not keep.
	{ name: 'public', test: inRoom('src/routes/\\(public\\)/'), minShareCount: 1, priority: 8 },
	{ name: 'qr', test: inRoom('learner/QrCode', 'node_modules/uqr/'), priority: 8 },
	{
		name: 'parts',
		test: inRoom(
			'primitives/(?!Table|BarChart|Menu|Tabs|FileDrop|SelectList|RadioGroup)',
			'@lucide/svelte',
			'learner/(CourseList|CourseRow|CourseProgress|values)\\.',
			'src/routes/\\(app\\)/clock'
		),
		minShareCount: 2,
		priority: 6
	},
	{
		name: 'trainer',
		test: inRoom(
			'src/lib/ui/trainer/',
			'primitives/(Table|BarChart|Menu|Tabs|FileDrop|SelectList|RadioGroup)',
			'src/lib/client/staff/',
			'src/routes/\\(app\\)/\\(framed\\)/\\(staff\\)/(?!\\(admin\\))'
		),
		minShareCount: 1,
		priority: 5
	},
	{
		name: 'admin',
		test: inRoom('src/lib/ui/admin/', 'src/routes/\\(app\\)/\\(framed\\)/\\(staff\\)/\\(admin\\)/'),
		priority: 4
	}
];

/** Any of these paths, whatever the separator of this system. */
function inRoom(...paths: readonly string[]): RegExp {
	return new RegExp(paths.join('|').replaceAll('/', '[\\\\/]'));
}

function fewerFiles(): Plugin {
	return {
		name: 'waypost-fewer-files',
		configEnvironment(name) {
			if (name !== 'client') return undefined;
			return { build: { rolldownOptions: { output: { codeSplitting: { groups: travelTogether } } } } };
		}
	};
}

/**
 * Public pages are rendered on the server and never run in a browser (`csr = false`), but Kit builds their components for it all the
 * same. Of those only the styles are kept, so that no phone fetches and keeps the rest.
 */
function stylesOfServerPages(): Plugin {
	return {
		name: 'waypost-styles-of-server-pages',
		enforce: 'post',
		applyToEnvironment: ({ name }) => name === 'client',
		transform(code, id) {
			if (!/\/src\/routes\/\(public\)\/[^?]*\.svelte$/.test(id)) return undefined;
			const styles = [...code.matchAll(/["']([^"'\n]+\.svelte\?svelte&type=style[^"']*)["']/g)].map(
				([, path]) => `import '${path}';`
			);
			// What it is made of is named, or the bundler would drop its styles with it.
			const parts = [...code.matchAll(/from\s*["']([^"'\n]+\.svelte)["']/g)].map(
				([, path], n) => `import part${n} from '${path}';`
			);
			const names = parts.map((_, n) => `part${n}`).join(', ');
			return { code: [...styles, ...parts, `export default () => [${names}];`].join('\n'), map: null };
		}
	};
}

const application: UserConfig = {
	// Dexie's default entry is ES5 behind a wrapper against two copies of itself; there is one here, and browsers are newer.
	resolve: {
		alias: [{ find: /^dexie$/, replacement: join(import.meta.dirname, 'node_modules/dexie/dist/modern/dexie.mjs') }]
	},
	plugins: [sveltekit(), fewerFiles(), stylesOfServerPages()]
};

export default defineConfig(({ mode }) => {
	if (mode === 'content') return contentPages();
	if (mode === 'content-worker') return contentWorker();
	if (mode === 'lesson') return lessonRuntime();
	if (!process.env['VITEST']) return application;
	return {
		test: {
			projects: [
				{
					// Svelte's compiler only: a unit has no routes, and `$app/*` belongs to them. Components compile for the
					// server here, so a test renders one with `svelte/server`.
					plugins: [svelte()],
					test: {
						name: 'unit',
						include: unitTests,
						exclude: ['**/*.svelte.test.ts'],
						testTimeout: seconds(30)
					}
				},
				{
					// Reactive state as in the browser: `$effect` and `flushSync` work in files named `*.svelte.test.ts`.
					plugins: [svelte({ dynamicCompileOptions: () => ({ generate: 'client' }) })],
					resolve: { alias: svelteInBrowser },
					test: {
						name: 'unit-runes',
						include: ['src/**/*.svelte.test.ts'],
						testTimeout: seconds(30)
					}
				},
				{
					test: {
						name: 'contracts',
						include: ['tests/contracts/**/*.test.ts'],
						testTimeout: seconds(60),
						hookTimeout: seconds(120)
					}
				},
				{
					test: {
						name: 'simulation',
						include: ['tests/simulation/**/*.test.ts'],
						testTimeout: seconds(300),
						hookTimeout: seconds(60)
					}
				},
				{
					// Real Chromium driven by playwright-core from Node; one at a time, since each holds a whole browser.
					test: {
						name: 'e2e',
						include: ['tests/e2e/**/*.e2e.ts'],
						fileParallelism: false,
						testTimeout: seconds(180),
						hookTimeout: seconds(180)
					}
				}
			]
		}
	};
});
