// Makes a lockfile install everywhere: `node src/cli/complete-lockfile.mjs` after every change of the dependencies.
// npm writes only the optional packages it could reach from the machine it ran on; `npm ci` on another system then
// refuses the lockfile ("Missing: @oxlint/binding-darwin-arm64"). The missing entries can be derived: they are platform
// builds, named after their platform. Addresses of a registry are taken out as well, so that everyone uses their own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-hash.mjs';

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */
/** @typedef {{ packages: Record<string, LockEntry> }} Lockfile */

export const lockfiles = ['package-lock.json', 'src/cli/node/package-lock.json'];

const systems = new Map(
	['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'].map((os) => [
		os,
		os
	])
);
systems.set('windows', 'win32').set('win', 'win32');
const processors = new Set([
	'arm',
	'arm64',
	'ia32',
	'loong64',
	'mips64el',
	'ppc64',
	'riscv64',
	's390x',
	'wasm32',
	'x64'
]);

/**
 * What a platform package is for, read from its name: "@oxlint/binding-linux-x64-musl" is linux, x64, musl.
 * @param {string} name
 */
export function platformOf(name) {
	const words = name.split(/[/-]/);
	const os = words.map((word) => systems.get(word)).find(Boolean);
	const cpu = words.find((word) => processors.has(word));
	if (!os || !cpu) return undefined;
	const libc = /-musl/.test(name) ? 'musl' : /-gnu/.test(name) ? 'glibc' : undefined;
	return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}

/**
 * Optional dependencies that some locked package names and the lockfile does not hold.
 * @param {Lockfile} lockfile
 * @returns {{ parent: string, name: string, version: string }[]}
 */
export function missingOptional({ packages }) {
	/** Node's own search: beside the package, then outwards. @param {string} parent @param {string} name */
	const isLocked = (parent, name) => {
		for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
			if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
			if (folder === '') return false;
		}
	};
	return Object.entries(packages).flatMap(([parent, entry]) =>
		Object.entries(entry.optionalDependencies ?? {})
			.filter(([name]) => !isLocked(parent, name))
			.map(([name, version]) => ({ parent, name, version }))
	);
}

/** The same lockfile with every optional dependency in it and no registry address. @param {Lockfile} lockfile @returns {Lockfile} */
export function completed(lockfile) {
	const packages = Object.fromEntries(
		Object.entries(lockfile.packages).map(([path, { resolved, ...entry }]) => {
			const fromRegistry = resolved === undefined || /^https?:/.test(resolved);
			return [path, fromRegistry ? entry : { ...entry, resolved }];
		})
	);
	for (const { parent, name, version } of missingOptional(lockfile)) {
		const platform = platformOf(name);
		if (!platform || !/^\d/.test(version))
			throw new Error(`${name}@${version} is not a platform package with an exact version: add it by hand.`);
		const dev = lockfile.packages[parent]?.dev ? { dev: true } : {};
		packages[`node_modules/${name}`] ??= {
			version,
			cpu: platform.cpu,
			...dev,
			...(platform.libc ? { libc: platform.libc } : {}),
			optional: true,
			os: platform.os
		};
	}
	const inOrder = Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en'));
	return { ...lockfile, packages: Object.fromEntries(inOrder.map((path) => [path, packages[path] ?? {}])) };
}

if (process.argv[1] === import.meta.filename) {
	for (const name of lockfiles) {
		const path = join(projectRoot, name);
		const before = readFileSync(path, 'utf8');
		const lockfile = JSON.parse(before);
		const added = missingOptional(lockfile).length;
		const indent = /^[\t ]+/m.exec(before)?.[0] ?? '\t';
		const after = `${JSON.stringify(completed(lockfile), null, indent)}\n`;
		if (after !== before) writeFileSync(path, after);
		console.log(`${name}: ${added === 0 ? 'complete' : `${added} entries added`}`);
	}
}
