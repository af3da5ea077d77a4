/**
 * How often a secret may be tried on this device: five times at once, then after 30 s, 1 min, 2 min ... up to an hour.
 */
export type Tries = { readonly failures: number; readonly retryAt: number };

export const NO_TRIES: Tries = { failures: 0, retryAt: 0 };

const FREE_TRIES = 5;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;

export function afterFailure(tries: Tries, now: number): Tries {
	const failures = tries.failures + 1;
	if (failures < FREE_TRIES) return { failures, retryAt: 0 };
	return { failures, retryAt: now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - FREE_TRIES, 10)) };
}

/** Milliseconds until the next try; 0 = now. A clock that was set back cannot lock anyone out for longer than the longest wait. */
export function waitOf(tries: Tries, now: number): number {
	return Math.max(0, Math.min(tries.retryAt - now, LONGEST_WAIT));
}
