// `npm test`: every stage, all of them whatever fails, and one closing line: "N passed, M failed". A browser mostly waits, so its
// tests run beside the others.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-hash.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {import('./run.mjs').RunTool} RunTool */
/** @typedef {import('./run.mjs').Finished} Finished */

const results = join(projectRoot, 'test-results');
const reporter = join(projectRoot, 'src', 'cli', 'test-reporter.mjs');
/** Longest time a stage may take before it is stopped and counted as failed. */
const limitSeconds = 20 * 60;

/** vitest project of each stage, and what it is called in the report. */
const projects = {
	unit: 'unit*',
	contracts: 'contracts',
	simulation: 'simulation',
	browser: 'e2e'
};
const stageNames = ['build', 'lint', 'types', ...Object.keys(projects)];

/** @param {string} text */
const indent = (text) =>
	text
		.trim()
		.split('\n')
		.map((line) => `    ${line}`)
		.join('\n');

/** @param {string} name @param {Counts} counts @param {number} seconds */
function report(name, counts, seconds) {
	const parts = [`${counts.passed} passed`];
	if (counts.failed) parts.push(`${counts.failed} failed`);
	if (counts.skipped) parts.push(`${counts.skipped} skipped`);
	const summary = counts.passed + counts.failed + counts.skipped === 0 ? 'no tests' : parts.join(', ');
	console.log(`${name.padEnd(12)} ${summary.padEnd(36)} ${seconds.toFixed(1)} s`);
}

/** Someone watching a terminal sees what they wait for; a log gets finished lines only. @param {string} name */
function announce(name) {
	if (process.stdout.isTTY) process.stdout.write(`${name} ...\r`);
}

/** A stage that is one yes or no. @param {() => Promise<Finished>} work @param {string} name @returns {Promise<Counts>} */
async function yesOrNo(name, work) {
	announce(name);
	const { code, output, seconds } = await work();
	const counts = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
	report(name, counts, seconds);
	if (code !== 0) console.log(indent(output));
	return counts;
}

/** @param {RunTool} run @param {string} name @param {string} project @param {readonly string[]} filters @returns {Promise<Counts>} */
async function vitestStage(run, name, project, filters) {
	announce(name);
	const file = join(results, `${name}.json`);
	rmSync(file, { force: true });
	const args = ['run', '--project', project, '--passWithNoTests', '--reporter', reporter, ...filters];
	const { code, output, seconds } = await run('vitest', args, { env: { WAYPOST_TEST_RESULT: file }, limitSeconds });
	/** @type {Counts & { text: string }} */
	const outcome = existsSync(file)
		? JSON.parse(readFileSync(file, 'utf8'))
		: { passed: 0, failed: 0, skipped: 0, text: '' };
	// Stopped, crashed or unhappy with something that is no test: that is a failure too, and its own words say which.
	const unexplained = code !== 0 && outcome.failed === 0;
	if (unexplained) outcome.failed = 1;
	report(name, outcome, seconds);
	if (outcome.text) console.log(indent(outcome.text));
	if (unexplained) console.log(indent(output.slice(-4000) || `vitest ended with code ${code} and said nothing.`));
	return outcome;
}

/**
 * Arguments that name stages choose them; the others filter test files: `npm test -- unit src/lib/domain`.
 * @param {RunTool} run
 * @param {{ build: () => Promise<void>, check: () => Promise<Finished> }} work
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export async function runStages(run, work, args) {
	mkdirSync(results, { recursive: true });
	const chosen = args.filter((arg) => stageNames.includes(arg));
	const filters = args.filter((arg) => !stageNames.includes(arg));
	/** @param {string} name */
	const wanted = (name) => chosen.length === 0 || chosen.includes(name);
	/** @type {Counts[]} */
	const all = [];

	if (wanted('build') || wanted('browser')) {
		all.push(
			await yesOrNo('build', async () => {
				const started = Date.now();
				try {
					await work.build();
					return { code: 0, output: '', seconds: (Date.now() - started) / 1000 };
				} catch (error) {
					const output = error instanceof Error ? error.message : String(error);
					return { code: 1, output, seconds: (Date.now() - started) / 1000 };
				}
			})
		);
	}
	const { browser, ...others } = projects;
	const beside = wanted('browser') ? vitestStage(run, 'browser', browser, filters) : null;
	if (wanted('lint')) all.push(await yesOrNo('lint', () => run('oxlint', ['--deny-warnings'])));
	if (wanted('types')) all.push(await yesOrNo('types', work.check));
	for (const [name, project] of Object.entries(others)) {
		if (wanted(name)) all.push(await vitestStage(run, name, project, filters));
	}
	if (beside !== null) all.push(await beside);

	/** @param {keyof Counts} kind */
	const total = (kind) => all.reduce((sum, counts) => sum + counts[kind], 0);
	const [passed, failed, skipped] = [total('passed'), total('failed'), total('skipped')];
	console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
	return failed > 0 || passed === 0 ? 1 : 0;
}
