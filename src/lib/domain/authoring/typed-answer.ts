/** Answers typed by people: their digits, commas, accents and spaces. */

/** Digits of the scripts that our learners' keyboards produce, each a run of ten from zero. */
const ZEROES = [0x0030, 0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10];

/** The number a person meant, or null. Accepts `12,5`, `12.5`, `1 000`, `٢٠`, and a unit after it. */
export function parseNumber(typed: string): number | null {
	const plain = [...typed.trim()]
		.map(westernDigit)
		.join('')
		.replaceAll('\u066b', '.')
		.replaceAll(/[\s\u00a0\u202f\u066c'_]/g, '');
	const match = /^([+-]?)(\d+(?:[.,]\d+)*)[^\d]*$/.exec(plain);
	if (match === null) return null;
	const [, sign = '', digits = ''] = match;
	// "1,000" is a thousand for half of the world and one for the other half: three digits after one comma read as thousands.
	const grouped = /^\d{1,3}(?:,\d{3})+$/.test(digits) ? digits.replaceAll(',', '') : digits.replace(',', '.');
	const number = Number(sign + grouped);
	return Number.isFinite(number) ? number : null;
}

/** For comparing words: no case, no accents, no Arabic vowel signs, one space between words, no end punctuation. */
export function normaliseText(typed: string): string {
	return typed
		.normalize('NFKD')
		.replaceAll(/[\u0300-\u036f\u064b-\u0652\u0640\u200e\u200f]/g, '')
		.toLowerCase()
		.replaceAll(/[\s\-_]+/g, ' ')
		.replaceAll(/[.!?,;:'"’“”«»¿¡…、。「」『』《》،؛؟]/g, '')
		.trim();
}

function westernDigit(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const zero = ZEROES.find((start) => code >= start && code <= start + 9);
	return zero === undefined ? character : String(code - zero);
}
