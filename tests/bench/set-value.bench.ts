/** DESIGN 10: SetValue with journal costs at most 1.2 times scorm-again alone, at p50, in a real browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { findChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent } from '#tests/browser/launch.ts';
import type { BenchRow } from './bench-row.ts';
import type { Measured } from './set-value-page.ts';

const TASKS = 1_500;
const root = join(import.meta.dirname, '..', '..');

export async function run(): Promise<BenchRow[]> {
	if (!(await findChromium()))
		return [{ name: 'SetValue', ratio: Number.NaN, budget: 1.2, median: 'no Chromium on this machine' }];
	const result = await build({
		configFile: false,
		root,
		logLevel: 'error',
		publicDir: false,
		build: {
			write: false,
			rolldownOptions: {
				input: join(root, 'tests', 'bench', 'set-value-page.ts'),
				output: { format: 'es', codeSplitting: false }
			}
		}
	});
	const output = Array.isArray(result) ? result[0] : result;
	const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
	if (chunk?.type !== 'chunk') throw new Error('the bench page was not bundled');
	const server = createServer((request, response) => {
		const isScript = request.url === '/page.js';
		// Cross-origin isolation gives clocks of 5 microseconds.
		response.writeHead(200, {
			'content-type': isScript ? 'text/javascript' : 'text/html',
			'cross-origin-opener-policy': 'same-origin',
			'cross-origin-embedder-policy': 'require-corp'
		});
		response.end(isScript ? chunk.code : '<!doctype html><script type="module" src="/page.js"></script>');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const profile = mkdtempSync(join(tmpdir(), 'waypost-bench-'));
	const browser = await launchPersistent(profile);
	try {
		const page = await browser.context.newPage();
		await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
		await page.waitForFunction('typeof measure === "function"');
		const rows: BenchRow[] = [];
		for (const version of ['1.2', '2004']) {
			const measured: Measured = await page.evaluate(`measure('${version}', ${TASKS})`);
			rows.push(
				rowOf(
					`SetValue ${version} with journal / scorm-again alone`,
					measured.journal,
					measured.alone,
					1.2,
					'the call'
				),
				rowOf(
					`SetValue ${version}, with the write at the end of the task`,
					measured.journalAll,
					measured.aloneAll,
					null,
					'tasks of 8 calls, write and message shared among them'
				)
			);
		}
		return rows;
	} finally {
		await browser.close();
		server.close();
		rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

function rowOf(name: string, ours: number, theirs: number, budget: number | null, note: string): BenchRow {
	const micro = (ms: number) => `${(ms * 1000).toFixed(1)} µs`;
	return { name, ratio: ours / theirs, budget, median: `${micro(ours)} / ${micro(theirs)}`, note };
}
