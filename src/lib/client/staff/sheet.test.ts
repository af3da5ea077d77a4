import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNameOf, sheetOf } from './sheet.ts';

test('what a spreadsheet reads back is what was written', () => {
	const cell = fc.oneof(
		fc.string().map((text) => `x${text}`),
		fc.integer()
	);
	fc.assert(
		fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
			const read: unknown = parse(sheetOf(rows), { bom: true });
			expect(read).toEqual(rows.map((row) => row.map(String)));
		})
	);
});

test('a name that looks like a formula stays a name', () => {
	expect(sheetOf([['=HYPERLINK("http://x")', -3]])).toBe('\uFEFF"\'=HYPERLINK(""http://x"")",-3\r\n');
});

test('file names without what systems refuse', () => {
	expect(fileNameOf('Women 2026: 5/6', 'csv')).toBe('Women 2026 5 6.csv');
	expect(fileNameOf('\u0000/', 'csv')).toBe('waypost.csv');
});
