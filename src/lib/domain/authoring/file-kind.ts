/** What a picture, recording or film really is, by its first bytes. A name alone can lie: a page saved as .mp3, a pointer to a file left elsewhere. */

export type FileKind = 'png' | 'jpeg' | 'webp' | 'ogg' | 'mp3' | 'mp4' | 'webm' | 'wav';

/** null when it is none of ours. */
export function kindOfFile(bytes: Uint8Array): FileKind | null {
	const at = (from: number, text: string): boolean =>
		[...text].every((character, n) => bytes[from + n] === character.charCodeAt(0));
	if (at(0, '\x89PNG\r\n\x1a\n')) return 'png';
	if (at(0, '\xff\xd8\xff')) return 'jpeg';
	if (at(0, 'RIFF') && at(8, 'WEBP')) return 'webp';
	if (at(0, 'RIFF') && at(8, 'WAVE')) return 'wav';
	if (at(0, 'OggS')) return 'ogg';
	if (at(0, '\x1aE\xdf\xa3')) return 'webm';
	if (at(4, 'ftyp')) return 'mp4';
	// An ID3 tag, or the sync word of an MPEG audio frame (layer III).
	if (at(0, 'ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2)) return 'mp3';
	return null;
}

const NAMES: Readonly<Record<string, FileKind>> = {
	png: 'png',
	jpg: 'jpeg',
	jpeg: 'jpeg',
	webp: 'webp',
	ogg: 'ogg',
	opus: 'ogg',
	mp3: 'mp3',
	m4a: 'mp4',
	mp4: 'mp4',
	webm: 'webm',
	wav: 'wav'
};

/** What a file of this name should be; null when we do not take such files. */
export function kindByName(name: string): FileKind | null {
	return NAMES[name.toLowerCase().split('.').pop() ?? ''] ?? null;
}
