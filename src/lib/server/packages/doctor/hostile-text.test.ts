/** Texts made to confuse: nothing throws, nothing takes longer than its length explains, nothing grows without end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanData, scanPage } from './scan-page.ts';
import { isDataScript, isGeneratedScript, scanScript } from './scan-script.ts';
import { scanStyle } from './scan-style.ts';
import { TextNotes } from './text-notes.ts';
import { withoutComments } from './without-comments.ts';

// prettier-ignore
const PIECES = [
	'<', '</', '<a ', "<a x='", '<a x="', '<!--', '-->', '<script>', '</script>', '<title>', '<svg role=img>', '<input>', '<video>', '<img src=',
	'"', "'", '`', '${', '}', '{', '/*', '*/', '//', '/', '\\', '\n', ' ', '=', '(', ')', ';', '>', '&amp;', '\\u003c',
	'url(', '@import ', '@font-face{', 'fetch("', '.ajax({', 'import ', 'from ', 'key===9', 'http://a', 'a.js', 'tabindex="1"', 'onblur="', 'suspend_data'
];

const everyScanner = (text: string): readonly TextNotes[] => {
	const scans: readonly ((notes: TextNotes) => void)[] = [
		(notes) => scanPage(text, notes),
		(notes) => scanScript(text, notes, { isGenerated: false }),
		(notes) => scanData(text, notes),
		(notes) => scanStyle(text, notes)
	];
	isDataScript(text);
	isGeneratedScript('a.js', text);
	return scans.map((scan) => {
		const notes = new TextNotes();
		scan(notes);
		return notes;
	});
};

test('[DR0] any mixture of markup and code is read to its end', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string()), { maxLength: 60 }), (pieces) => {
			for (const notes of everyScanner(pieces.join(''))) {
				const facts = notes.facts('page', true, false);
				expect(facts.signs.every(({ spots, count }) => spots.length <= 3 && count >= spots.length)).toBe(true);
			}
		}),
		{ numRuns: 500 }
	);
});

test('taking comments out keeps every line and every place', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }), (pieces) => {
			const code = pieces.join('');
			const bare = withoutComments(code);
			expect(bare).toHaveLength(code.length);
			expect(bare.split('\n')).toHaveLength(code.split('\n').length);
		}),
		{ numRuns: 500 }
	);
});

test.each([
	['a // b', 'a     '],
	['"//" + /* x */ 1', '"//" +         1'],
	['a = /[\'"]/; // b', 'a = /[\'"]/;     '],
	['a = b / c; // d', 'a = b / c;     '],
	['`//$' + '{ x /* y */ }//` // z', '`//$' + '{ x         }//`     ']
])('%s', (code, bare) => {
	expect(withoutComments(code)).toBe(bare);
});

describe('[DR0] half a megabyte of one thing', () => {
	test.each(PIECES)('%j', (piece) => {
		const text = piece.repeat(Math.ceil(500_000 / piece.length));
		const started = performance.now();
		for (const notes of everyScanner(text)) {
			const facts = notes.facts('page', true, false);
			expect(facts.references.length).toBeLessThanOrEqual(2_000);
			expect(facts.mentions.length).toBeLessThanOrEqual(5_000);
		}
		expect(performance.now() - started).toBeLessThan(5_000);
	});
});
