/** Many schedules in a row, a few side by side: each waits for hashes and streams now and then, and another can go on. */
import { runSchedule, type Options } from './schedule.ts';
import type { Mutant } from './world.ts';
import type { Violation } from './oracles.ts';
import { SimulatedServer } from './server.ts';

export type Failure = { readonly seed: number; readonly violations: readonly Violation[] };

export type Summary = {
	readonly schedules: number;
	readonly events: number;
	readonly requests: number;
	readonly failures: readonly Failure[];
};

export type Range = Options & {
	readonly from: number;
	readonly count: number;
	readonly lanes?: number | undefined;
	/** Stops at the first failure. */
	readonly untilFailure?: boolean | undefined;
};

export async function runSchedules({
	from,
	count,
	lanes = 2,
	untilFailure = false,
	...options
}: Range): Promise<Summary> {
	const failures: Failure[] = [];
	let [next, schedules, events, requests] = [from, 0, 0, 0];
	const lane = async (): Promise<void> => {
		const server = await SimulatedServer.open();
		while (next < from + count && !(untilFailure && failures.length > 0)) {
			const seed = next++;
			const outcome = await runSchedule(server, seed, options);
			schedules += 1;
			events += outcome.events;
			requests += outcome.requests;
			if (outcome.violations.length > 0) failures.push({ seed, violations: outcome.violations });
		}
		await server.db.close();
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	return { schedules, events, requests, failures: failures.toSorted((left, right) => left.seed - right.seed) };
}

/** What to read, and how to see it again. */
export function describeFailures(failures: readonly Failure[], mutant: Mutant | null = null): string {
	return failures
		.slice(0, 5)
		.map(({ seed, violations }) => {
			const again = `npm run simulate -- --seed ${seed}${mutant ? ` --mutant "${mutant.name}"` : ''}`;
			const rules = violations.slice(0, 4).map(({ rule, detail }) => `    ${rule}: ${detail.slice(0, 300)}`);
			return [`seed ${seed} (again: ${again})`, ...rules].join('\n');
		})
		.join('\n');
}
