/** Answers typed by people: their digits, commas, accents and spaces. */

/** Digits of the scripts that our learners' keyboards produce, each a run of ten from zero. */
const ZEROES = [0x0030, 0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10];

/** The number a person most likely meant, or null. Accepts `12,5`, `12.5`, `1 000`, `٢٠`, and a unit after it. */
export function parseNumber(typed: string): number | null {
	return readingsOf(typed)[0] ?? null;
}

/**
 * Every number that the digits may stand for, the likeliest first. "1,000" and "4.540" are thousands for half of the world and
 * fractions for the other half, so whoever judges an answer takes either.
 */
export function readingsOf(typed: string): readonly number[] {
	const plain = [...typed.trim()]
		.map(westernDigit)
		.join('')
		.replaceAll('\u066b', '.')
		.replaceAll(/[\s\u00a0\u202f\u066c'_]/g, '');
	const match = /^([+-]?)(\d+(?:[.,]\d+)*)[^\d]*$/.exec(plain);
	if (match === null) return [];
	const [, sign = '', digits = ''] = match;
	const decimal = digits
		.replace(/[.,](?=\d+$)/, 'p')
		.replaceAll(/[.,]/g, '')
		.replace('p', '.');
	const readings = /^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(digits)
		? [digits.replaceAll(/[.,]/g, ''), ...(/^\d+[.,]\d{3}$/.test(digits) ? [decimal] : [])]
		: /^\d+(?:[.,]\d+)?$|^\d{1,3}(?:,\d{3})+\.\d+$|^\d{1,3}(?:\.\d{3})+,\d+$/.test(digits)
			? [decimal]
			: [];
	// A point before three digits is a fraction more often than not; a comma, thousands.
	const ordered = /^\d+\.\d{3}$/.test(digits) ? readings.toReversed() : readings;
	return ordered.map((reading) => Number(sign + reading)).filter(Number.isFinite);
}

/**
 * For comparing words: no case, no accents, no Arabic vowel signs, one space between words, no punctuation around words. Inside
 * one it counts: 2001:db8::1 is another address than 2001:db8:1.
 */
export function normaliseText(typed: string): string {
	return typed
		.normalize('NFKD')
		.replaceAll(/[\u0300-\u036f\u064b-\u0652\u0640\u200e\u200f]/g, '')
		.toLowerCase()
		.replaceAll(/['"’“”«»、。「」『』《》，！？；：،؛؟]/g, '')
		.replaceAll(/[\s\-_]+/g, ' ')
		.replaceAll(/(?<=^|\s)[.!?,;:¿¡…]+|[.!?,;:¿¡…]+(?=\s|$)/g, '')
		.trim();
}

function westernDigit(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const zero = ZEROES.find((start) => code >= start && code <= start + 9);
	return zero === undefined ? character : String(code - zero);
}
