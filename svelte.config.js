import adapter from '@sveltejs/adapter-node';
import { sourceHash } from './src/cli/source-hash.mjs';

/** @type {import('@sveltejs/kit').Config} */
const config = {
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter({ out: 'build' }),
		files: { lib: 'src/lib', serviceWorker: 'service-worker/index.ts' },
		// Relative paths would break a deep link that is answered, offline, with the cached shell.
		paths: { relative: false },
		// The application registers it itself: as a classic worker, after first paint, with an update prompt.
		serviceWorker: { register: false },
		// Once for a build: a file that is saved while it runs must not give the two halves two names.
		version: { name: (process.env['WAYPOST_BUILD'] ??= sourceHash().slice(0, 12)) },
		typescript: {
			config: (config) => ({ ...config, include: [...config.include, '../src/cli/**/*.mjs'] })
		},
		// The shell only: following its links would ask every page for its data at build time.
		prerender: { crawl: false },
		csrf: { trustedOrigins: [] },
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'style-src': ['self'],
				// Style attributes only (Kit's route announcer, `style:` directives in server-rendered pages); style elements stay strict.
				'style-src-attr': ['unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'manifest-src': ['self'],
				'media-src': ['self', 'blob:'],
				// Which content hosts may be framed is configuration, so the server adds a second policy with the exact
				// `frame-src`; a browser obeys both. Without this line the default above would refuse every content host.
				'frame-src': ['self', 'http:', 'https:'],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		}
	}
};

// Svelte and Kit look for a default export here.
export default config;
