import { expect, test } from 'vitest';
import { describeFailures, runSchedules } from './run-schedules.ts';

const QUARTER = 2_500;

/** Seeds 1 to 10,000, always the same ones: a failure here is a failure everywhere. `npm run simulate` goes on from there. */
export function simulateQuarter(quarter: number): void {
	const from = 1 + (quarter - 1) * QUARTER;
	test(`[SY22] seeds ${from} to ${from + QUARTER - 1}: nothing acknowledged is lost, nothing counted twice`, async () => {
		const { schedules, events, failures } = await runSchedules({ from, count: QUARTER });
		expect(describeFailures(failures)).toBe('');
		expect(schedules).toBe(QUARTER);
		// A simulation in which nothing happens proves nothing.
		expect(events).toBeGreaterThan(20 * QUARTER);
	});
}
