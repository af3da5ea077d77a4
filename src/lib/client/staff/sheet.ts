/**
 * A table as CSV (RFC 4180) that spreadsheets open as it is: UTF-8 with its mark, CRLF, and no cell that a spreadsheet
 * would run as a formula.
 */
export type Cell = string | number | null;

export function sheetOf(rows: readonly (readonly Cell[])[]): string {
	return `\uFEFF${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

function cellOf(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell);
	// A learner may be named "=cmd|..." by herself.
	const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** "Women 2026: 5/6" -> "Women 2026 5 6.csv": a name every system takes. */
export function fileNameOf(title: string, extension: string): string {
	const plain = title
		.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, 80);
	return `${plain === '' ? 'waypost' : plain}.${extension}`;
}
