/**
 * Who in a cohort needs her trainer next, and why (SPEC ST4). One reason a person, the most pressing; the server's clock on
 * both sides, because a device's own may be years off.
 */

/** A trainer who visits once a week should hear of a silent week, not of a silent weekend. */
export const QUIET_DAYS = 7;

const DAY = 24 * 3_600_000;

export type HelpRow = {
	readonly courseId: string;
	readonly state: 'not-begun' | 'going-on' | 'done';
	readonly success: 'unknown' | 'failed' | 'passed';
	readonly seconds: number;
	/** Server time, ms. */
	readonly changedAt: number;
	readonly certificate: 'none' | 'due' | 'issued';
};

export type Need =
	/** The course says she did not pass. */
	| { readonly kind: 'failed'; readonly courseId: string }
	/** Half as much time again as the course should take, and not done. */
	| { readonly kind: 'stuck'; readonly courseId: string; readonly seconds: number }
	/** Something is unfinished and nothing was heard since. */
	| { readonly kind: 'quiet'; readonly since: number }
	/** Her phone was never heard of. */
	| { readonly kind: 'never' };

const PRESSING: Readonly<Record<Need['kind'], number>> = { failed: 0, stuck: 1, quiet: 2, never: 3 };

/**
 * @param courses the courses of the cohort, with their hours
 * @param rows what the learner did, one row a course; a course without a row has not been begun
 * @param asOf server time of the figures, ms; null = never heard from the server, so nothing can be said about silence
 */
export function needOf(
	courses: readonly { readonly courseId: string; readonly hours: number | null }[],
	rows: ReadonlyMap<string, HelpRow>,
	lastSeenAt: number | null,
	asOf: number | null
): Need | null {
	if (courses.length === 0) return null;
	const own = courses.map((course) => ({ course, row: rows.get(course.courseId) }));
	const failed = own.find(({ row }) => row?.success === 'failed' && row.certificate === 'none');
	if (failed) return { kind: 'failed', courseId: failed.course.courseId };
	const stuck = own.find(
		({ course, row }) => row?.state === 'going-on' && course.hours !== null && row.seconds > course.hours * 3600 * 1.5
	);
	if (stuck?.row) return { kind: 'stuck', courseId: stuck.course.courseId, seconds: stuck.row.seconds };
	if (own.every(({ row }) => row?.state === 'done')) return null;
	const heard = [lastSeenAt, ...own.map(({ row }) => row?.changedAt ?? null)].filter((time) => time !== null);
	if (heard.length === 0) return { kind: 'never' };
	const since = Math.max(...heard);
	return asOf !== null && asOf - since >= QUIET_DAYS * DAY ? { kind: 'quiet', since } : null;
}

/** The most pressing first; of the silent, who is silent longest. */
export function comparePressing(left: Need, right: Need): number {
	const [a, b] = [PRESSING[left.kind], PRESSING[right.kind]];
	if (a !== b) return a - b;
	return left.kind === 'quiet' && right.kind === 'quiet' ? left.since - right.since : 0;
}
