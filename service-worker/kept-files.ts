/** What of a build a device keeps. Pages that only the server renders need none of theirs; the bench counts by the same rules. */

/** "/locales/fr/learner.json", and its language. */
export const WORDS = /^\/locales\/([^/]+)\/(?!public\.)[^/]+\.json$/;

/** Kept before anybody asks. The sentences of imports and package reports come with them, and those need the server anyway. */
export function isKeptAhead(words: string): boolean {
	return WORDS.test(words) && !/\/admin-(doctor|import)\.json$/.test(words);
}

/** A script or a style; vite.config.ts names the styles of public pages. */
export function isKeptChunk(url: string): boolean {
	return !/\/public\.[\w-]+\.css$/.test(url);
}
