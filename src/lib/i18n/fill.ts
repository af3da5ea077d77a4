/** How values go into a sentence, the same in every translator: numbers in the person's digits, words isolated. */
import type { Formats } from './formats.ts';
import type { Direction } from './languages.ts';

export function shown(value: unknown, formats: Formats, direction: Direction): string {
	if (typeof value === 'number') return formats.number(value);
	return typeof value === 'string' ? isolated(value, direction) : String(value);
}

const rightToLeftScript = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}]/u;

/** What <bdi> does, inside a sentence: a name in another script does not turn the words around it (Unicode 2068, 2069). */
function isolated(value: string, direction: Direction): string {
	const mixed = direction === 'rtl' ? /\p{Script=Latin}|\d/u.test(value) : rightToLeftScript.test(value);
	return mixed ? `\u2068${value}\u2069` : value;
}

/** 'learner.home.continue' -> ['learner', 'home.continue'] */
export function splitKey(key: string): [namespace: string, rest: string] {
	const dot = key.indexOf('.');
	return [key.slice(0, dot), key.slice(dot + 1)];
}
