import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellText } from './cohort-csv.ts';

test('any text comes back from the spreadsheet as it was, and none begins like a formula', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), (cells) => {
			const line = cells.map(cellText).join(',');
			const [back = []] = parse(`${line}\r\nx,x`, { relax_column_count: true, skip_empty_lines: false }) as string[][];
			expect(back.map((cell, index) => (cell === `'${cells[index]}` ? cells[index] : cell))).toEqual(cells);
			for (const cell of back) if (cell !== '-') expect(cell).not.toMatch(/^\s*[=+\-@]/);
		})
	);
});
