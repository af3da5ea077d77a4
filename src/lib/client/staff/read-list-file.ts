/**
 * The text of a list that some spreadsheet saved: UTF-8, UTF-16 with its mark, or the old Western encoding that
 * "CSV (comma delimited)" still means in many places. A wrong guess shows in the check before anybody is added.
 */
export function textOfList(bytes: Uint8Array): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}
