// Makes a fresh checkout runnable: a recent enough Node, and the packages of the lockfile. Runs on Node 20, so no
// dependency, no TypeScript, and nothing newer than Node 20 in this file and in those it imports.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { projectRoot } from './source-hash.mjs';

/** node:sqlite is stable, and TypeScript runs as it is, from here on. */
const oldestNode = { major: 24, minor: 15 };
const nodeFolder = join(projectRoot, 'src', 'cli', 'node');

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** A sentence for the person at the terminal; printed without a stack. */
export class SetupError extends Error {}

/** @param {string} version such as "24.21.0" */
export function isRecentNode(version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
}

/** npm's own script, so that it can run on the Node we choose; undefined when only a shell command is known. */
function npmScript() {
	const here = dirname(process.execPath);
	return [
		process.env['npm_execpath'] ?? '',
		join(here, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		join(here, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		'/usr/share/nodejs/npm/bin/npm-cli.js'
	].find((path) => basename(path) === 'npm-cli.js' && existsSync(path));
}

/** @param {string} folder @param {string} node */
function npmCi(folder, node) {
	// npm tells its children about the project it was started for; that must not leak into an install elsewhere.
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name))
	);
	const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const script = npmScript();
	const result = script
		? spawnSync(node, [script, ...options], { cwd: folder, env, encoding: 'utf8' })
		: spawnSync(`npm ${options.join(' ')}`, { cwd: folder, env, encoding: 'utf8', shell: true });
	if (result.status === 0) return;
	const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trim();
	throw new SetupError(
		`The packages could not be installed. Is this machine online, and does it reach the npm registry?\nnpm said:\n${output}`
	);
}

/** The Node that src/cli/node holds for this platform, if it is there and of the version asked for. */
function fetchedNode() {
	const wanted = readJson(join(nodeFolder, 'package.json')).optionalDependencies;
	for (const [name, version] of Object.entries(wanted)) {
		const folder = join(nodeFolder, 'node_modules', name);
		if (!existsSync(join(folder, 'package.json')) || readJson(join(folder, 'package.json')).version !== version)
			continue;
		const binary = ['bin/node', 'bin/node.exe'].map((path) => join(folder, path)).find(existsSync);
		if (binary) return binary;
	}
	return undefined;
}

/** Path of a Node that can run the product: the running one, or one fetched from npm into src/cli/node, once. */
export function ensureNode() {
	if (isRecentNode(process.versions.node)) return process.execPath;
	let node = fetchedNode();
	if (!node) {
		console.log(
			`Node ${process.versions.node} is older than Waypost needs; fetching Node 24 for this folder only (once) ...`
		);
		npmCi(nodeFolder, process.execPath);
		node = fetchedNode();
	}
	const answer = node && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1);
	if (node && answer && isRecentNode(answer)) return node;
	throw new SetupError(
		`Waypost needs Node ${oldestNode.major}.${oldestNode.minor} or newer, and found none for ${process.platform} ${process.arch}. ` +
			`This is Node ${process.versions.node}. Please install a newer Node and run the command again.`
	);
}

const marker = join(projectRoot, 'node_modules', '.waypost-installed');
const platform = `${process.platform}-${process.arch}`;

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockEntry */

/** Whether node_modules already holds what the lockfile says, whoever installed it. */
function matchesLockfile() {
	const installedFile = join(projectRoot, 'node_modules', '.package-lock.json');
	if (!existsSync(installedFile)) return false;
	/** @type {Record<string, LockEntry>} */
	const installed = readJson(installedFile).packages;
	/** @type {Record<string, LockEntry>} */
	const locked = readJson(join(projectRoot, 'package-lock.json')).packages;
	return Object.entries(locked).every(
		([path, entry]) => path === '' || installed[path]?.version === entry.version || (entry.optional && !installed[path])
	);
}

/** Installs the lockfile's packages unless they are there. @param {string} node */
export function ensurePackages(node) {
	const lock = createHash('sha256')
		.update(readFileSync(join(projectRoot, 'package-lock.json')))
		.digest('hex');
	const stamp = `${platform} ${lock}\n`;
	const before = existsSync(marker) ? readFileSync(marker, 'utf8') : '';
	if (before === stamp) return;
	const samePlatform = before === '' || before.startsWith(`${platform} `);
	if (!samePlatform || !matchesLockfile()) {
		console.log('Installing packages (after a change of the lockfile only; a minute or so) ...');
		npmCi(projectRoot, node);
	}
	writeFileSync(marker, stamp);
}

/** The environment for everything we start: our Node comes first, for children that say just "node". @param {string} node */
export function environment(node) {
	const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
	return { ...process.env, [pathName]: `${dirname(node)}${delimiter}${process.env[pathName] ?? ''}` };
}
