/** DR10 to DR19: can everybody take it? Only what stands in pages and in data is judged; what scripts draw is not seen. */
import type { FileFacts, SignName } from './package-facts.ts';
import { finding, findingIfAny, type Finding, type FindingCode } from './finding.ts';
import { signsIn } from './judge-addresses.ts';

const BY_SIGN: readonly (readonly [SignName, FindingCode])[] = [
	['picture-without-words', 'picture-without-words'],
	['no-language', 'page-without-language'],
	['no-title', 'page-without-title'],
	['field-without-label', 'field-without-label'],
	['tab-order', 'tab-order'],
	['autoplay', 'plays-by-itself'],
	['no-zoom', 'no-zoom'],
	['video-without-captions', 'video-without-captions'],
	['audio-without-transcript', 'audio-without-transcript'],
	['keyboard-trap', 'keyboard-trap']
];

const SOUND = /^(?:audio|video)\//;

/** Pages that nobody comes to do nobody harm. */
export function judgeAccess(files: readonly FileFacts[], reached: ReadonlySet<string>): readonly Finding[] {
	const shown = files.filter(({ path }) => reached.has(path));
	const findings = BY_SIGN.flatMap(([sign, code]) => {
		const { count, places } = signsIn(shown, [sign]);
		return findingIfAny(code, places, { count });
	});
	return [...findings, ...unseenMedia(files, shown)];
}

/** Sound and video that only scripts play: nobody can tell from here whether their words can be read. */
function unseenMedia(files: readonly FileFacts[], shown: readonly FileFacts[]): readonly Finding[] {
	const inPages = shown.some(({ text }) =>
		text?.signs.some(({ sign }) => ['video-without-captions', 'video-with-captions', 'audio'].includes(sign))
	);
	const media = files.filter(({ type }) => SOUND.test(type));
	const hasWords = files.some(({ path }) => /\.(?:vtt|srt|ttml|dfxp)$/i.test(path));
	if (media.length === 0 || inPages || hasWords) return [];
	return [
		finding(
			'media-unknown',
			media.map(({ path }) => ({ path, line: null, what: null })),
			{ isSure: false }
		)
	];
}
