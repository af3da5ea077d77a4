/** Style sheets: what they load (CSS Syntax 3, as far as `@import` and `url()` need). */
import type { Use } from '#lib/domain/doctor/package-facts.ts';
import { lineCounter, type TextNotes } from './text-notes.ts';

const MOST_ADDRESSES = 3_000;

export function scanStyle(source: string, notes: TextNotes, firstLine = 1): void {
	const css = source.replace(/\/\*[^]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\n]/g, ' '));
	const lineAt = lineCounter(css, firstLine);
	for (const match of css.matchAll(/@import\s+(?:url\(\s*)?["']?([^"')\s;]+)/gi))
		notes.refer('style', match[1] ?? '', lineAt(match.index), true);
	let count = 0;
	for (const match of css.matchAll(/url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)/gi)) {
		count += 1;
		if (count > MOST_ADDRESSES) break;
		if (/@import\s*$/i.test(css.slice(Math.max(0, match.index - 12), match.index))) continue;
		const address = match[1] ?? match[2] ?? match[3] ?? '';
		notes.refer(useOf(address, css, match.index), address, lineAt(match.index), true);
	}
}

function useOf(address: string, css: string, at: number): Use {
	if (/\.(?:woff2?|ttf|otf|eot)(?:[?#]|$)/i.test(address)) return 'font';
	return /@font-face\s*\{[^{}]*$/i.test(css.slice(Math.max(0, at - 600), at)) ? 'font' : 'image';
}
