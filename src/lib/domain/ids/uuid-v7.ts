/**
 * UUID version 7 (RFC 9562, section 5.7) from a time and ten random bytes, so that ids made offline sort roughly by
 * birth and never collide. A clock before 1970 counts as 1970: the random part alone keeps the id unique.
 *
 * @param now milliseconds since 1970
 * @param random at least ten random bytes
 */
export function uuidV7(now: number, random: Uint8Array): string {
	const time = Math.max(0, Math.min(Math.floor(now), 0xffff_ffff_ffff));
	const bytes = new Uint8Array(16);
	for (let index = 0; index < 6; index++) bytes[index] = Math.floor(time / 2 ** (8 * (5 - index))) & 0xff;
	bytes.set(random.subarray(0, 10), 6);
	bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
	bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Makes ids; handed to whoever needs one, so that tests can hand in their own. */
export type NewId = () => string;
