/**
 * Captions as WebVTT (W3C): a first line `WEBVTT`, then cues parted by empty lines:
 *   00:01.000 --> 00:03.500
 *   Asha: Good morning.
 */

export type Cue = {
	/** Seconds. */
	readonly start: number;
	readonly end: number;
	readonly text: string;
};

/** null when it is not WebVTT. Notes, styles and regions are left out. */
export function parseVtt(text: string): readonly Cue[] | null {
	const blocks = text
		.replace(/^\uFEFF/, '')
		.replaceAll(/\r\n?/g, '\n')
		.split(/\n{2,}/);
	if (!/^WEBVTT(?:[ \t].*)?(?:\n|$)/.test(blocks[0] ?? '')) return null;
	return blocks.slice(1).flatMap((block) => {
		const lines = block.split('\n').filter((line) => line.trim() !== '');
		const at = lines.findIndex((line) => line.includes('-->'));
		const [from = '', to = ''] = (lines[at] ?? '').split('-->');
		const start = secondsOf(from);
		const end = secondsOf(to.trim().split(/\s/)[0] ?? '');
		if (at < 0 || start === null || end === null) return [];
		return [{ start, end, text: lines.slice(at + 1).join('\n') }];
	});
}

/** `01:02:03.500` or `02:03.500` */
function secondsOf(time: string): number | null {
	const match = /^(?:(\d{2,}):)?([0-5]\d):([0-5]\d\.\d{3})$/.exec(time.trim());
	return match === null ? null : Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
