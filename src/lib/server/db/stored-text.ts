/**
 * Ids that come from a device go into plain text columns, and two things in a JavaScript string do not fit there: U+0000
 * (PostgreSQL fails the whole batch) and lone surrogates (both engines replace them silently). They are written as
 * U+001A and four hex digits, reversibly, so that no event can block the queue of its device.
 */
const escape = '\u001a';
const unfit = /[\u0000\u001a]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function toStoredText(text: string): string {
	if (text.isWellFormed() && !text.includes('\u0000') && !text.includes(escape)) return text;
	return text.replace(unfit, (unit) => escape + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

export function fromStoredText(stored: string): string {
	if (!stored.includes(escape)) return stored;
	return stored.replace(/\u001a([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
