/**
 * A cohort as a spreadsheet: one row a learner and course, then the funnel of each course with the very numbers the screen
 * shows. UTF-8 with a byte order mark (spreadsheet programs ask for it), and no cell can become a formula.
 */
import { FUNNEL_STEPS, SEXES, totalOf } from '#lib/domain/statistics/sex-split.ts';
import type { Translator } from '#lib/i18n/translator.ts';
import type { CohortExportRow } from '#lib/server/reports/cohort-export.ts';
import type { CourseFunnel } from '#lib/server/reports/cohort-statistics.ts';

type Cell = string | number | null;

export function cohortCsv(
	rows: readonly CohortExportRow[],
	funnels: readonly CourseFunnel[],
	{ t }: Pick<Translator, 't'>
): string {
	const heading = (name: string): string => t(`public.export.${name}`);
	const learners: readonly (readonly Cell[])[] = [
		[
			'name',
			'user-name',
			'sex',
			'age',
			'course-code',
			'course',
			'state',
			'success',
			'score',
			'progress',
			'units',
			'units-total',
			'minutes',
			'finished',
			'last-seen',
			'certificate'
		].map(heading),
		...rows.map((row): Cell[] => [
			row.displayName,
			row.userName,
			t(`public.export.sexes.${row.sex}`),
			row.ageBand,
			row.courseCode,
			row.courseTitle,
			t(`public.export.states.${row.state}`),
			t(`public.export.successes.${row.success}`),
			row.score === null ? null : Math.round(row.score * 1000) / 10,
			Math.round(row.progress * 1000) / 10,
			row.itemsDone,
			row.itemsTotal,
			Math.round(row.seconds / 60),
			stamp(row.finishedAt),
			stamp(row.lastSeenAt),
			t(`public.export.certificates.${row.certificate}`)
		])
	];
	const figures: readonly (readonly Cell[])[] = [
		[heading('course'), heading('figure'), ...SEXES.map((sex) => t(`public.export.sexes.${sex}`)), heading('total')],
		...funnels.flatMap(({ title, funnel }) =>
			FUNNEL_STEPS.map((step): Cell[] => [
				title,
				t(`public.export.steps.${step}`),
				...SEXES.map((sex) => funnel[step][sex]),
				totalOf(funnel[step])
			])
		)
	];
	return `\ufeff${[...learners, [], ...figures].map((cells) => cells.map(cellText).join(',')).join('\r\n')}\r\n`;
}

/** "2026-11-22 09:30": sorts as text and is read as a date everywhere. */
function stamp(time: number | null): string | null {
	return time === null ? null : new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). */
export function cellText(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell);
	const safe =
		/^[\s\u200b-\u200f\u2066-\u2069\ufeff]*[=+\-@\t\r|%＝＋－＠]/u.test(cell) && cell !== '-' ? `'${cell}` : cell;
	return /[",\r\n;\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
