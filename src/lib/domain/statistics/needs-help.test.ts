import { expect, test } from 'vitest';
import { comparePressing, needOf, type HelpRow, type Need } from './needs-help.ts';

const now = Date.UTC(2026, 4, 20);
const day = 24 * 3_600_000;
const courses = [{ courseId: 'c1', hours: 2 }];

function aRow(change: Partial<HelpRow> = {}): HelpRow {
	return {
		courseId: 'c1',
		state: 'going-on',
		success: 'unknown',
		seconds: 600,
		changedAt: now - day,
		certificate: 'none',
		...change
	};
}

const rows = (row: HelpRow): ReadonlyMap<string, HelpRow> => new Map([[row.courseId, row]]);

test('[ST4] somebody at work needs nothing', () => {
	expect(needOf(courses, rows(aRow()), now - day, now)).toBeNull();
});

test('[ST4] who failed comes before who is silent', () => {
	const row = aRow({ state: 'done', success: 'failed', changedAt: now - 30 * day });
	expect(needOf(courses, rows(row), now - 30 * day, now)).toEqual({ kind: 'failed', courseId: 'c1' });
});

test('[ST4] a certificate in spite of a failed try is no reason', () => {
	const row = aRow({ state: 'done', success: 'failed', certificate: 'issued' });
	expect(needOf(courses, rows(row), now, now)).toBeNull();
});

test('[ST4] much more time than the course takes is being stuck; without hours nobody can tell', () => {
	const row = aRow({ seconds: 3 * 3600 + 1 });
	expect(needOf(courses, rows(row), now, now)).toMatchObject({ kind: 'stuck', courseId: 'c1' });
	expect(needOf([{ courseId: 'c1', hours: null }], rows(row), now, now)).toBeNull();
});

test('[ST4] a week of silence counts from the last word of any kind', () => {
	expect(needOf(courses, rows(aRow({ changedAt: now - 9 * day })), now - 8 * day, now)).toEqual({
		kind: 'quiet',
		since: now - 8 * day
	});
	expect(needOf(courses, rows(aRow({ changedAt: now - 9 * day })), now - 6 * day, now)).toBeNull();
});

test('[ST4] who is done may be silent', () => {
	expect(needOf(courses, rows(aRow({ state: 'done', changedAt: now - 90 * day })), now - 90 * day, now)).toBeNull();
});

test('[ST4] a phone never heard of; and nothing about silence before the first figures', () => {
	expect(needOf(courses, new Map(), null, now)).toEqual({ kind: 'never' });
	expect(needOf(courses, rows(aRow({ changedAt: 0 })), null, null)).toBeNull();
	expect(needOf([], new Map(), null, now)).toBeNull();
});

test('[ST4] the most pressing first, the longest silence before the shorter', () => {
	const needs: Need[] = [
		{ kind: 'never' },
		{ kind: 'quiet', since: 5 },
		{ kind: 'quiet', since: 2 },
		{ kind: 'failed', courseId: 'c1' },
		{ kind: 'stuck', courseId: 'c1', seconds: 1 }
	];
	expect(needs.toSorted(comparePressing).map((need) => (need.kind === 'quiet' ? need.since : need.kind))).toEqual([
		'failed',
		'stuck',
		2,
		5,
		'never'
	]);
});
