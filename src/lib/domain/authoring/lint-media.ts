/** What the linter asks of recordings, films, captions, photos and the size of a package: CL23 to CL27 of courses/FORMAT.md. */
import type { Block, CourseSource, Edition, LanguageVersion } from './course-source.ts';
import { kindByName, kindOfFile } from './file-kind.ts';
import type { FileKind } from './file-kind.ts';
import { error, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { countWords, textsOfBlock, WORDS_PER_MINUTE } from './reading-time.ts';
import { parseVtt } from './web-vtt.ts';

export const MEDIA_LIMITS = {
	/** Twice what speech needs in Opus at 16 to 24 kbit/s, mono. */
	audioBytesPerMinute: 300_000,
	shortAudioBytes: 200_000,
	photoBytes: 3_000_000,
	/** A cue longer than this stands too long or was never ended. */
	cueSeconds: 15,
	/** Of one package in one language. */
	packageBytes: { text: 250_000, standard: 1_000_000, rich: 30_000_000 },
	/** A standard package with recordings. */
	standardWithAudioBytes: 8_000_000
} as const;

type MediaBlock = Extract<Block, { kind: 'audio' | 'video' }>;

export function lintMedia(course: CourseSource, version: LanguageVersion): readonly Finding[] {
	return mediaBlocks(version).flatMap(({ block, where }) => [
		...lintFile(course, block, where, version.language),
		...lintWords(block, where, version.language),
		...(block.kind === 'video' ? [...lintCaptions(course, block, where), ...lintPoster(course, block, where)] : []),
		...lintLanguage(course, block, where, version.language)
	]);
}

/** Files that belong to the course as a whole: looked at once, not once a language. */
export function lintMediaFiles(course: CourseSource): readonly Finding[] {
	const used = new Set(
		course.versions.flatMap((version) =>
			mediaBlocks(version).flatMap(({ block }) => [
				block.file,
				...(block.kind === 'video' ? [block.captions.file] : [])
			])
		)
	);
	return [
		...[...course.media.keys()]
			.filter((file) => !used.has(file))
			.map((file) => warning('CL23', `media/${file}`, 'no screen plays it', 'use it or delete it')),
		...[...course.photos].flatMap(([file, bytes]) => {
			const where = `pictures/${file}`;
			if (kindOfFile(bytes) !== kindByName(file))
				return [error('CL26', where, 'the file is not what its name says', 'save it again as PNG, JPEG or WebP')];
			if (bytes.length > MEDIA_LIMITS.photoBytes)
				return [
					warning(
						'CL26',
						where,
						`${megabytes(bytes.length)}`,
						'crop it or save it smaller: no phone shows more than 1280 px'
					)
				];
			return [];
		})
	];
}

/** CL27: what a phone has to fetch. */
export function lintPackageSize(edition: Edition, bytes: number, hasAudio: boolean, where: string): readonly Finding[] {
	const limit =
		edition === 'standard' && hasAudio ? MEDIA_LIMITS.standardWithAudioBytes : MEDIA_LIMITS.packageBytes[edition];
	return bytes <= limit
		? []
		: [
				warning(
					'CL27',
					where,
					`the ${edition} edition has ${megabytes(bytes)}, more than ${megabytes(limit)}`,
					'shorten recordings, use fewer photos, or draw them'
				)
			];
}

export function mediaBlocks(
	version: LanguageVersion
): readonly { readonly block: MediaBlock; readonly where: string }[] {
	return version.units.flatMap((unit) =>
		unit.screens.flatMap((screen) =>
			screen.blocks.flatMap((block) =>
				block.kind === 'audio' || block.kind === 'video'
					? [{ block, where: `${unit.file}:${screen.line}, screen ${screen.id}` }]
					: []
			)
		)
	);
}

const PLAYED: Readonly<Record<MediaBlock['kind'], readonly FileKind[]>> = {
	audio: ['ogg', 'mp3', 'mp4', 'webm', 'wav'],
	video: ['webm', 'mp4']
};

function lintFile({ media }: CourseSource, block: MediaBlock, where: string, language: string): readonly Finding[] {
	const bytes = media.get(block.file);
	if (bytes === undefined)
		return [error('CL23', where, `media/${block.file} is missing`, 'record it, or correct the name')];
	const kind = kindByName(block.file);
	if (kind === null || !PLAYED[block.kind].includes(kind))
		return [
			error(
				'CL23',
				where,
				`media/${block.file} is of a kind that phones may not play`,
				block.kind === 'audio' ? 'use .opus, .mp3 or .m4a' : 'use .webm or .mp4'
			)
		];
	if (kindOfFile(bytes) !== kind)
		return [error('CL23', where, `media/${block.file} is not what its name says`, 'save it again in that format')];
	const minutes = countWords(textsOfBlock(block).join(' '), language) / WORDS_PER_MINUTE;
	const limit = Math.max(MEDIA_LIMITS.shortAudioBytes, minutes * MEDIA_LIMITS.audioBytesPerMinute);
	if (block.kind === 'audio' && bytes.length > limit)
		return [
			warning(
				'CL23',
				where,
				`media/${block.file} has ${megabytes(bytes.length)} for about ${Math.max(1, Math.round(minutes))} min`,
				'save speech as Opus, mono, 16 to 24 kbit/s'
			)
		];
	return [];
}

function lintWords(block: MediaBlock, where: string, language: string): readonly Finding[] {
	const words = countWords(block.transcript.flatMap((inner) => textsOfBlock(inner)).join(' '), language);
	return words > 0
		? []
		: [error('CL24', where, `${block.file} has no transcript`, 'write below the title what is said and what happens')];
}

function lintCaptions(
	{ media }: CourseSource,
	{ captions }: Extract<Block, { kind: 'video' }>,
	where: string
): readonly Finding[] {
	const name = `media/${captions.file}`;
	if (!media.has(captions.file))
		return [error('CL24', where, `the captions ${name} are missing`, 'write them as WebVTT, or correct the name')];
	const cues = parseVtt(captions.text);
	if (cues === null || cues.length === 0)
		return [
			error(
				'CL24',
				where,
				`${name} has no captions`,
				'begin with a line WEBVTT, then "00:01.000 --> 00:03.500" and the words'
			)
		];
	const strange = cues.findIndex(
		({ start, end, text }, n) =>
			end <= start || end - start > MEDIA_LIMITS.cueSeconds || text.trim() === '' || start < (cues[n - 1]?.start ?? 0)
	);
	if (strange >= 0)
		return [
			error(
				'CL24',
				where,
				`caption ${strange + 1} of ${name} is empty, ends before it begins, lasts over ${MEDIA_LIMITS.cueSeconds} s or stands before the one above it`,
				'correct its times or its words'
			)
		];
	const address = /\b[a-z][a-z0-9+.-]*:\/\/\S+/i.exec(captions.text);
	return address === null
		? []
		: [
				error(
					'CL8',
					where,
					`an external address in ${name}: ${address[0]}`,
					'describe how to find it; the course must work offline'
				)
			];
}

function lintPoster(
	{ pictures, photos }: CourseSource,
	{ poster }: Extract<Block, { kind: 'video' }>,
	where: string
): readonly Finding[] {
	return pictures.has(poster) || photos.has(poster)
		? []
		: [error('CL26', where, `the poster pictures/${poster} is missing`, 'draw it, or correct the name')];
}

/** CL25: `market.en.opus` is English. A name without a language is for all of them: music, a ring tone. */
function lintLanguage(
	{ record }: CourseSource,
	block: MediaBlock,
	where: string,
	language: string
): readonly Finding[] {
	const files = [block.file, ...(block.kind === 'video' ? [block.captions.file] : [])];
	return files.flatMap((file) => {
		const [, named] = /\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\.[a-z0-9]+$/.exec(file) ?? [];
		return named === undefined || named === language || !record.languages.includes(named)
			? []
			: [
					warning(
						'CL25',
						where,
						`media/${file} is in another language`,
						`record it as ${file.replace(`.${named}.`, `.${language}.`)}`
					)
				];
	});
}

function megabytes(bytes: number): string {
	return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
