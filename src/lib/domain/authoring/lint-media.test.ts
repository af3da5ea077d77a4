import { describe, expect, test } from 'vitest';
import { aPhoto, aTone } from '#tests/builders/tiny-media.ts';
import type { Block, CourseSource, LanguageVersion } from './course-source.ts';
import { lintMedia, lintMediaFiles, lintPackageSize } from './lint-media.ts';
import { fingerprint, languageState, stringsOf } from './strings.ts';

type Audio = Extract<Block, { kind: 'audio' }>;
type Video = Extract<Block, { kind: 'video' }>;

const vtt = 'WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning.\n';
const audio: Audio = {
	kind: 'audio',
	title: 'At the market',
	file: 'market.en.wav',
	recording: '01234567',
	transcript: [{ kind: 'text', text: 'Asha: Good morning.' }]
};
const video: Video = {
	...audio,
	kind: 'video',
	file: 'ball.webm',
	captions: { file: 'ball.en.vtt', text: vtt },
	poster: 'ball.svg'
};
const webm = Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3]);
const media = new Map<string, Uint8Array>([
	['market.en.wav', aTone(0.1)],
	['ball.webm', webm],
	['ball.en.vtt', new TextEncoder().encode(vtt)]
]);

function aCourse(
	blocks: readonly Block[],
	change: Partial<Pick<CourseSource, 'media' | 'photos' | 'pictures'>> = {},
	language = 'en'
): { course: CourseSource; version: LanguageVersion } {
	const version: LanguageVersion = {
		language,
		title: '',
		description: '',
		audience: '',
		entry: '',
		objectives: new Map(),
		units: [
			{ id: 'unit-1', title: 'One', file: `unit-1.${language}.md`, screens: [{ id: 's', title: 'S', line: 3, blocks }] }
		],
		quiz: [],
		glossary: []
	};
	const course = {
		record: { languages: ['en', 'fr'] } as unknown as CourseSource['record'],
		versions: [version],
		pictures: new Map([['ball.svg', '<svg/>']]),
		photos: new Map(),
		media,
		ledgers: new Map(),
		...change
	};
	return { course, version };
}

function found(...parts: Parameters<typeof aCourse>): readonly string[] {
	const { course, version } = aCourse(...parts);
	return [...lintMedia(course, version), ...lintMediaFiles(course)].map(({ rule, what }) => `${rule} ${what}`);
}

describe('recordings and films', () => {
	test('good ones have no findings', () => {
		expect(found([audio, video])).toEqual([]);
	});

	test('[CL23] a missing file, a kind that phones do not play, a file that is something else, one that nobody plays', () => {
		const rest = { ...video, captions: video.captions };
		expect(found([{ ...audio, file: 'lost.opus' }, { ...rest }])).toEqual([
			'CL23 media/lost.opus is missing',
			'CL23 no screen plays it'
		]);
		const others = new Map(media).set('a.aiff', aTone(0.1)).set('a.opus', new TextEncoder().encode('<html>'));
		expect(
			found([audio, video, { ...audio, file: 'a.aiff' }, { ...audio, file: 'a.opus' }], { media: others })
		).toEqual([
			'CL23 media/a.aiff is of a kind that phones may not play',
			'CL23 media/a.opus is not what its name says'
		]);
		expect(found([audio, { ...video, file: 'market.en.wav' }])).toContain(
			'CL23 media/market.en.wav is of a kind that phones may not play'
		);
	});

	test('[CL23] a recording that is much larger than speech has to be', () => {
		const large = new Map(media).set('market.en.wav', aTone(60));
		expect(found([audio, video], { media: large })).toEqual(['CL23 media/market.en.wav has 960 kB for about 1 min']);
	});

	test('[CL24] no transcript', () => {
		expect(found([{ ...audio, transcript: [] }, video])).toEqual(['CL24 market.en.wav has no transcript']);
	});

	test.each([
		['', 'has no captions'],
		['WEBVTT\n', 'has no captions'],
		['1\n00:00:01,000 --> 00:00:02,000\nSubRip\n', 'has no captions'],
		['WEBVTT\n\n00:03.000 --> 00:02.000\nBack in time\n', 'caption 1'],
		['WEBVTT\n\n00:00.000 --> 00:02.000\nA\n\n00:02.000 --> 00:04.000\n', 'caption 2'],
		['WEBVTT\n\n00:00.000 --> 02:00.000\nFor ever\n', 'caption 1'],
		['WEBVTT\n\n00:05.000 --> 00:06.000\nB\n\n00:01.000 --> 00:02.000\nA\n', 'caption 2']
	])('[CL24] captions %j', (text, what) => {
		expect(found([audio, { ...video, captions: { ...video.captions, text } }])).toEqual([
			expect.stringContaining(what)
		]);
	});

	test('[CL24] captions that are not there', () => {
		const without = new Map([...media].filter(([name]) => name !== 'ball.en.vtt'));
		expect(found([audio, video], { media: without })).toEqual(['CL24 the captions media/ball.en.vtt are missing']);
	});

	test('[CL8] an address in captions', () => {
		const text = 'WEBVTT\n\n00:00.000 --> 00:02.000\nSee https://example.org now\n';
		expect(found([audio, { ...video, captions: { ...video.captions, text } }])).toEqual([
			expect.stringMatching(/^CL8 .*https:\/\/example\.org/)
		]);
	});

	test('[CL25] a translation that plays the recording of another language', () => {
		expect(found([audio, video], {}, 'fr')).toEqual([
			'CL25 media/market.en.wav is in another language',
			'CL25 media/ball.en.vtt is in another language'
		]);
	});

	test('[CL26] a poster that is not there, a photo that is none, a photo that is huge', () => {
		expect(found([audio, { ...video, poster: 'lost.svg' }])).toEqual(['CL26 the poster pictures/lost.svg is missing']);
		expect(found([audio, video], { photos: new Map([['a.png', new TextEncoder().encode('<html>')]]) })).toEqual([
			'CL26 the file is not what its name says'
		]);
		const photo = aPhoto(8, 8);
		expect(found([audio, video], { photos: new Map([['a.png', photo]]) })).toEqual([]);
		const padded = new Uint8Array(4_000_000);
		padded.set(photo);
		expect(found([audio, video], { photos: new Map([['a.png', padded]]) })).toEqual(['CL26 4.0 MB']);
	});

	test('[CL27] a package that is too much for its edition', () => {
		const rule = (...size: Parameters<typeof lintPackageSize>): readonly string[] =>
			lintPackageSize(...size).map((finding) => finding.rule);
		expect(rule('text', 249_000, false, 'C1 en')).toEqual([]);
		expect(rule('text', 251_000, false, 'C1 en')).toEqual(['CL27']);
		expect(rule('standard', 1_100_000, false, 'C1 en')).toEqual(['CL27']);
		expect(rule('standard', 1_100_000, true, 'C1 en')).toEqual([]);
	});

	test('[CL17] a new recording, transcript or caption makes the translation stale', () => {
		const source = aCourse([audio, video]).version;
		const french = aCourse([audio, video], {}, 'fr').version;
		const ledger = new Map(
			[...stringsOf(source)].map(([key, text]) => [key, { of: fingerprint(text), state: 'reviewed' as const }])
		);
		expect(languageState(source, french, ledger).state).toBe('reviewed');
		for (const changed of [
			[{ ...audio, recording: '76543210' }, video],
			[{ ...audio, transcript: [{ kind: 'text', text: 'Asha: Good evening.' }] }, video],
			[audio, { ...video, captions: { ...video.captions, text: `${vtt}\n00:03.000 --> 00:04.000\nBye.\n` } }]
		] as const) {
			expect(languageState(aCourse(changed).version, french, ledger).staleKeys).toHaveLength(1);
		}
	});
});
