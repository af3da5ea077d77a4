/** Every wrong protocol is found, within so many schedules. What finds nothing wrong with them would prove nothing of ours. */
import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { runSchedules } from './run-schedules.ts';

const WITHIN = 400;

test.each(mutants)('found: $name', async (mutant) => {
	const { failures, schedules } = await runSchedules({ from: 1, count: WITHIN, untilFailure: true, mutant });
	expect(
		failures.map(({ seed }) => seed),
		`after ${schedules} schedules`
	).not.toEqual([]);
});

test('where numbers are reused on purpose, the server sets the second content aside, and nothing vanishes', async () => {
	const reuse = mutants.find((mutant) => mutant.name === 'numbers go on after an unclean start')!;
	// Without restores: a restored server cannot know that a number it holds had a second content.
	const kept = { ...reuse, allowsConflicts: true, weights: { 'server-restore': 0 } };
	const { failures } = await runSchedules({ from: 1, count: 100, mutant: kept });
	const lost = failures.flatMap(({ violations }) => violations.filter(({ rule }) => rule.endsWith('-lost')));
	expect(lost).toEqual([]);
});

test('the same seed lives the same schedule', async () => {
	const runs = [];
	for (let count = 0; count < 2; count++) {
		runs.push(await runSchedules({ from: 77, count: 5, lanes: 1, mutant: mutants[0]! }));
	}
	expect(runs[1]).toEqual(runs[0]);
});
