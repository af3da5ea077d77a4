// The door to every command: `npm start`, `npm test`, `npm run ...` come here. Needs Node 20 or later and npm, nothing
// else; fetches a newer Node when this one is too old, installs the packages, builds what changed, then does the work.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, ensureNode, ensurePackages, environment } from './setup.mjs';
import { projectRoot, sourceHash } from './source-hash.mjs';
import { runStages } from './test-stages.mjs';

/** @typedef {{ code: number, output: string, seconds: number }} Finished */
/** @typedef {(tool: string, args?: readonly string[], options?: { show?: boolean, env?: Record<string, string>, limitSeconds?: number }) => Promise<Finished>} RunTool */

const tools = {
	vite: 'node_modules/vite/bin/vite.js',
	vitest: 'node_modules/vitest/vitest.mjs',
	'svelte-kit': 'node_modules/@sveltejs/kit/svelte-kit.js',
	'svelte-check': 'node_modules/svelte-check/bin/svelte-check',
	tsc: 'node_modules/typescript/bin/tsc',
	oxlint: 'node_modules/oxlint/bin/oxlint',
	prettier: 'node_modules/prettier/bin/prettier.cjs'
};

/** Runs a tool of node_modules, collecting what it says (`show`: let it speak). @param {string} node @returns {RunTool} */
const toolRunner =
	(node) =>
	(tool, args = [], options = {}) =>
		new Promise((done, fail) => {
			const started = Date.now();
			const script = join(projectRoot, tools[/** @type {keyof typeof tools} */ (tool)]);
			const child = spawn(node, [script, ...args], {
				cwd: projectRoot,
				env: {
					...environment(node),
					...(options.show ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }),
					...options.env
				},
				stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe']
			});
			let output = '';
			for (const stream of [child.stdout, child.stderr])
				stream?.setEncoding('utf8').on('data', (text) => (output += text));
			const limit = options.limitSeconds ?? 0;
			const timer =
				limit > 0 &&
				setTimeout(() => {
					output += `\nStopped after ${limit} seconds.`;
					child.kill('SIGKILL');
				}, limit * 1000);
			child.on('error', fail);
			child.on('close', (code) => {
				if (timer) clearTimeout(timer);
				done({ code: code ?? 1, output, seconds: (Date.now() - started) / 1000 });
			});
		});

/** Runs a program in front of the person, hands signals on once, and answers its exit code. @param {string} node @param {readonly string[]} args @returns {Promise<number>} */
const runInFront = (node, args) =>
	new Promise((done, fail) => {
		const child = spawn(node, [...args], { cwd: projectRoot, env: environment(node), stdio: 'inherit' });
		let told = false;
		for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGINT'])) {
			process.on(signal, () => {
				if (told) return;
				told = true;
				// A terminal sends Ctrl-C to every process it started, so the program has it already.
				if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
			});
		}
		child.on('error', fail);
		child.on('close', (code) => done(code ?? (told ? 0 : 1)));
	});

const stampFile = join(projectRoot, 'build', '.source-hash');

/** Builds the application, the content shell and its worker, unless nothing changed. @param {RunTool} run */
async function ensureBuild(run) {
	const hash = sourceHash();
	if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return;
	console.log('Building (after a change only; less than a minute) ...');
	await build(run);
}

/** @param {RunTool} run @param {{ show?: boolean }} [options] */
async function build(run, { show = false } = {}) {
	const hash = sourceHash();
	/** @type {readonly (readonly [string, string, readonly string[]])[]} */
	const bundles = [
		['the application', 'src/routes', ['build']],
		['the content pages', 'src/player/player.html', ['build', '--mode', 'content']],
		['the content worker', 'service-worker/content.ts', ['build', '--mode', 'content-worker']],
		['the lesson runtime', 'src/lesson/main.ts', ['build', '--mode', 'lesson']]
	];
	for (const [name, source, args] of bundles) {
		if (!existsSync(join(projectRoot, source))) {
			console.log(`Not built, since ${source} does not exist: ${name}.`);
			continue;
		}
		const { code, output } = await run('vite', args, { show, env: { NODE_ENV: 'production' } });
		if (code !== 0) throw new SetupError(`The build of ${name} failed.\n${output.trim().slice(-5000)}`);
	}
	if (existsSync(join(projectRoot, 'build'))) writeFileSync(stampFile, hash);
}

/** Types of everything: application, server, commands and tests together, then the two rooms with other globals. @param {RunTool} run @returns {Promise<Finished>} */
async function check(run) {
	const steps = [
		await run('svelte-kit', ['sync']),
		await run('svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'])
	];
	for (const room of ['service-worker', 'src/player']) {
		const hasSources = readdirSync(join(projectRoot, room)).some((name) => name.endsWith('.ts'));
		if (hasSources) steps.push(await run('tsc', ['--noEmit', '--pretty', 'false', '-p', room]));
	}
	return {
		code: steps.every((step) => step.code === 0) ? 0 : 1,
		output: steps
			.filter((step) => step.code !== 0)
			.map((step) => step.output.trim())
			.join('\n'),
		seconds: steps.reduce((total, step) => total + step.seconds, 0)
	};
}

/** @param {readonly string[]} argv @returns {Promise<number>} exit code */
async function main([command = 'help', ...args]) {
	if (command === 'help') {
		console.log('node src/cli/run.mjs start | test | build | check | lint | format | exec [--built] FILE [ARGUMENTS]');
		return 0;
	}
	const node = ensureNode();
	ensurePackages(node);
	const run = toolRunner(node);
	if (!existsSync(join(projectRoot, '.svelte-kit', 'tsconfig.json'))) await run('svelte-kit', ['sync']);
	switch (command) {
		case 'start':
			await ensureBuild(run);
			return runInFront(node, ['src/cli/main.ts', 'serve', ...args]);
		case 'exec': {
			if (args[0] === '--built') {
				await ensureBuild(run);
				args.shift();
			}
			return runInFront(node, args);
		}
		case 'test':
			return runStages(run, { build: () => ensureBuild(run), check: () => check(run) }, args);
		case 'build':
			await build(run, { show: true });
			return 0;
		case 'check': {
			const { code, output } = await check(run);
			if (output) console.log(output);
			return code;
		}
		case 'lint': {
			const lint = await run('oxlint', args, { show: true });
			return lint.code;
		}
		case 'format':
			return (await run('prettier', args.length ? args : ['--write', '--log-level', 'warn', '.'], { show: true })).code;
		default:
			throw new SetupError(`There is no command "${command}".`);
	}
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof SetupError ? error.message : error);
	process.exitCode = 1;
}
