/**
 * `npm run simulate`: a million schedules, on every core. `-- --schedules 5000 --from 20001` chooses others,
 * `-- --seed 17` lives one again and tells every step, `--mutant "<name>"` with a wrong protocol.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { mutants } from './mutants.ts';
import { describeFailures, runSchedules, type Range, type Summary } from './run-schedules.ts';
import { runSchedule } from './schedule.ts';
import { SimulatedServer } from './server.ts';

const CHUNK = 500;

if (isMainThread) process.exitCode = await main();
else parentPort?.postMessage(await runSchedules(workerData as Range));

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			schedules: { type: 'string', default: '1000000' },
			from: { type: 'string', default: '10001' },
			seed: { type: 'string' },
			mutant: { type: 'string' }
		}
	});
	const mutant = mutants.find((one) => one.name === values.mutant) ?? null;
	if (values.seed !== undefined) {
		const outcome = await runSchedule(await SimulatedServer.open(), Number(values.seed), { mutant });
		console.log(outcome.log.join('\n'));
		for (const { rule, detail } of outcome.violations) console.log(`${rule}: ${detail}`);
		console.log(`${outcome.events} events, ${outcome.requests} requests, ${outcome.violations.length} violations`);
		return outcome.violations.length > 0 ? 1 : 0;
	}
	return many(Number(values.from), Number(values.schedules));
}

async function many(from: number, count: number): Promise<number> {
	const started = Date.now();
	let [next, done, events, failed] = [from, 0, 0, 0];
	const worker = async (): Promise<void> => {
		while (next < from + count) {
			const own: Range = { from: next, count: Math.min(CHUNK, from + count - next) };
			next += CHUNK;
			const summary = await inWorker(own);
			done += summary.schedules;
			events += summary.events;
			failed += summary.failures.length;
			if (summary.failures.length > 0) console.log(describeFailures(summary.failures));
			const perSecond = Math.round((done / (Date.now() - started)) * 1000);
			console.log(`${done} of ${count} schedules, ${events} events, ${failed} failed, ${perSecond} a second`);
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
	return failed > 0 ? 1 : 0;
}

function inWorker(range: Range): Promise<Summary> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL(import.meta.url), { workerData: range });
		worker.once('message', resolve);
		worker.once('error', reject);
	});
}
