/** `npm run bench`: every *.bench.ts in turn, one table of ratios. Names as arguments choose: `npm run bench -- push ingest`. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const files = readdirSync(folder)
	.filter((name) => name.endsWith('.bench.ts'))
	.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
	.toSorted();

type Bench = { readonly run: () => Promise<readonly BenchRow[]> };

let [missed, broken] = [0, 0];
for (const file of files) {
	console.log(`\n${file.replace('.bench.ts', '')}`);
	try {
		const bench = (await import(new URL(file, import.meta.url).href)) as Bench;
		for (const row of await bench.run()) {
			const isMissed = row.budget !== null && !(row.ratio <= row.budget);
			if (isMissed) missed += 1;
			console.log(lineOf(row, isMissed));
			if (row.note) console.log(`      ${row.note}`);
		}
	} catch (error) {
		broken += 1;
		console.log(`   could not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
	}
}
console.log(
	missed + broken === 0 ? '\nEvery budget is met.' : `\n${missed} budgets missed, ${broken} benches could not run.`
);
process.exitCode = missed + broken === 0 ? 0 : 1;

function lineOf({ name, ratio, budget, median }: BenchRow, isMissed: boolean): string {
	const judged = budget === null ? 'reported' : `at most ${inFigures(budget)}`;
	const mark = budget === null ? ' ' : isMissed ? '!' : '=';
	return ` ${mark} ${inFigures(ratio).padStart(8)}  ${judged.padEnd(14)}  ${name}: ${median}`;
}

/** Three figures: 0.0721, 1.24, 153. */
function inFigures(ratio: number): string {
	return Number.isFinite(ratio) ? String(Number(ratio.toPrecision(3))) : String(ratio);
}
