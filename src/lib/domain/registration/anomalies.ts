/**
 * What a person who approves a certificate should look at twice (SPEC RG7). It refuses nothing: a good learner is fast, and a
 * phone's clock is wrong for many reasons.
 */
export type Evidence = {
	readonly seconds: number;
	/** Device times. */
	readonly startedAt: number | null;
	readonly lastAt: number | null;
	/** Server time. */
	readonly finishedAt: number;
};

export type Anomaly = 'fast' | 'clock-jump';

const day = 24 * 3600 * 1000;
/** Before this no device of ours existed: a clock that says so was never set. */
const firstDay = Date.UTC(2020, 0, 1);

/** @param hours the course's hours; null = not stated */
export function anomaliesOf(evidence: Evidence, hours: number | null): Anomaly[] {
	const { seconds, startedAt, lastAt, finishedAt } = evidence;
	const isFast = hours !== null && seconds < hours * 360;
	const jumped =
		(startedAt !== null && startedAt < firstDay) ||
		(lastAt !== null && lastAt > finishedAt + day) ||
		(startedAt !== null && lastAt !== null && lastAt < startedAt);
	return [...(isFast ? ['fast' as const] : []), ...(jumped ? ['clock-jump' as const] : [])];
}
