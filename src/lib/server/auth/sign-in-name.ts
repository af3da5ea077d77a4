/** A sign-in name as it is compared: NFKC, lower case, without spaces around or inside. People type what they remember. */
export function normaliseSignInName(name: string): string {
	return name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** For searching people: folded to lower case, accents apart removed, so that "elodie" finds "Élodie". */
export function searchNameOf(...names: readonly string[]): string {
	return names
		.join(' ')
		.normalize('NFKD')
		.replace(/\p{Mn}/gu, '')
		.toLowerCase();
}
