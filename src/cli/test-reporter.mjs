// A vitest reporter that says little: failing tests with their error, why tests were skipped, and the counts. It writes
// them to the file named by WAYPOST_TEST_RESULT, for test-stages.mjs.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @typedef {import('vitest/node').TestCase} TestCase */
/** @typedef {import('vitest/node').TestModule} TestModule */
/** @typedef {{ message?: string, diff?: string | undefined, stack?: string | undefined, stacks?: { file: string, line: number }[] | undefined }} SeenError */

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const longest = 4000;

/** @param {SeenError} error */
function describe(error) {
	const place = error.stacks?.find((frame) => !frame.file.includes('node_modules'));
	const lines = [error.message ?? String(error)];
	if (error.diff) lines.push(error.diff);
	if (place) lines.push(`at ${relative(process.cwd(), place.file)}:${place.line}`);
	else if (error.stack) lines.push(error.stack.split('\n').slice(0, 6).join('\n'));
	return lines.join('\n').replaceAll(colours, '').slice(0, longest);
}

/** Shaped as vitest's `Reporter`. */
export default class QuietReporter {
	counts = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	text = [];
	/** @type {Map<string, number>} */
	notes = new Map();
	/** @type {Map<string, string>} what each test printed, by its id */
	printed = new Map();

	/** @param {{ content: string, taskId?: string | undefined }} log */
	onUserConsoleLog({ content, taskId }) {
		if (taskId) this.printed.set(taskId, ((this.printed.get(taskId) ?? '') + content).slice(-longest));
	}

	/** @param {string} title @param {readonly SeenError[]} errors @param {string} [printed] */
	fail(title, errors, printed) {
		this.counts.failed += 1;
		this.text.push(`FAILED ${title}`, ...errors.map((error) => describe(error).replace(/^/gm, '    ')));
		if (printed) this.text.push(`    It printed:\n${printed.trimEnd().replace(/^/gm, '    | ')}`);
	}

	/** @param {TestCase} test */
	onTestCaseResult(test) {
		const result = test.result();
		if (result.state === 'passed') this.counts.passed += 1;
		if (result.state === 'failed') {
			this.fail(`${test.module.relativeModuleId} > ${test.fullName}`, result.errors, this.printed.get(test.id));
		}
		if (result.state === 'skipped') {
			this.counts.skipped += 1;
			const note = result.note ?? test.fullName;
			this.notes.set(note, (this.notes.get(note) ?? 0) + 1);
		}
		this.printed.delete(test.id);
	}

	/** @param {readonly TestModule[]} modules @param {readonly SeenError[]} unhandled */
	onTestRunEnd(modules, unhandled) {
		for (const module of modules) {
			if (module.errors().length) this.fail(module.relativeModuleId, module.errors());
			for (const suite of module.children.allSuites()) {
				if (suite.errors().length) this.fail(`${module.relativeModuleId} > ${suite.fullName}`, suite.errors());
			}
		}
		if (unhandled.length) this.fail('An error that no test caught', unhandled);
		for (const [note, count] of this.notes) this.text.push(`skipped ${count}: ${note}`);
		const file = process.env['WAYPOST_TEST_RESULT'];
		if (file) writeFileSync(file, JSON.stringify({ ...this.counts, text: this.text.join('\n') }));
		else console.log([...this.text, JSON.stringify(this.counts)].join('\n'));
	}
}
