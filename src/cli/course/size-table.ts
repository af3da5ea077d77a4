/** What every course weighs, by language and media edition, as a Markdown table: printed by the build, kept in courses/README.md. */
import type { Edition, ReviewState } from '#lib/domain/authoring/course-source.ts';
import { EDITIONS } from '#lib/domain/authoring/course-source.ts';

export type SizeRow = {
	readonly code: string;
	readonly title: string;
	readonly language: string;
	readonly state: ReviewState;
	readonly hours: number;
	/** Bytes of the SCORM 1.2 package (the other version differs by a few hundred). */
	readonly sizes: Partial<Readonly<Record<Edition, number>>>;
};

const BEGIN = '<!-- sizes: written by "npm run cli -- course build --all --sizes courses/README.md" -->';
const END = '<!-- /sizes -->';

/** Columns stand only for editions that were built. */
export function sizeTable(rows: readonly SizeRow[]): string {
	const editions = EDITIONS.filter((edition) => rows.some(({ sizes }) => sizes[edition] !== undefined));
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [
		line(['course', 'language', 'state', 'hours', ...editions]),
		line(['---', '---', '---', '---:', ...editions.map(() => '---:')]),
		...rows.map(({ code, title, language, state, hours, sizes }) =>
			line([
				`${code} ${title}`,
				language,
				state,
				String(hours),
				...editions.map((edition) => (sizes[edition] === undefined ? '' : kilobytes(sizes[edition])))
			])
		)
	].join('\n');
}

/** @throws when the text has no marked place */
export function withSizeTable(text: string, rows: readonly SizeRow[]): string {
	const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
	if (from < 0 || to < from)
		throw new Error(`There is no place for the table. Mark it with these two lines:\n${BEGIN}\n${END}`);
	return `${text.slice(0, from)}${BEGIN}\n\n${sizeTable(rows)}\n\n${text.slice(to)}`;
}

/** Course code and language of every row of the marked table, and its head: what must not be stale. */
export function readSizeTable(text: string): {
	readonly head: readonly string[];
	readonly rows: readonly (readonly string[])[];
} {
	const lines = text
		.slice(text.indexOf(BEGIN), Math.max(0, text.indexOf(END)))
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim())
		);
	return { head: lines[0] ?? [], rows: lines.slice(2) };
}

function kilobytes(bytes: number): string {
	return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
