/**
 * What a media edition of one language carries besides its pages, and how its pictures are drawn.
 *   text      words and drawings; recordings, films and photos are given in words
 *   standard  also recordings, and photos of at most 640 px; a film is its poster and its transcript
 *   rich      also films, and photos of at most 1280 px
 */
import { readFileSync } from 'node:fs';
import type { CourseSource, Edition, LanguageVersion } from '#lib/domain/authoring/course-source.ts';
import { mediaBlocks } from '#lib/domain/authoring/lint-media.ts';
import { picturesOfBlock, picturesOfQuestion } from '#lib/domain/authoring/reading-time.ts';
import { encodePhoto } from './encode-photo.ts';
import type { Drawn, Pictures } from './render-html.ts';

export type PackageFile = { readonly name: string; readonly bytes: Uint8Array };
export type EditionFiles = {
	readonly pictures: Pictures;
	/** In reading order; their names are their addresses in the package. */
	readonly files: readonly PackageFile[];
};

export async function editionFiles(
	course: CourseSource,
	version: LanguageVersion,
	edition: Edition
): Promise<EditionFiles> {
	const pictures = new Map<string, Drawn>([...course.pictures].map(([file, svg]) => [file, { svg }]));
	const files: PackageFile[] = [];
	if (edition !== 'text') {
		for (const file of photosOf(course, version)) {
			const photo = await encodePhoto(file, course.photos.get(file) as Uint8Array, edition);
			const path = `pictures/${file}.webp`;
			pictures.set(file, { path, width: photo.width, height: photo.height });
			files.push({ name: path, bytes: photo.bytes });
		}
	}
	const names = new Set(
		mediaBlocks(version).flatMap(({ block }) =>
			block.kind === 'audio'
				? edition === 'text'
					? []
					: [block.file]
				: edition === 'rich'
					? [block.file, block.captions.file]
					: []
		)
	);
	for (const file of names) {
		const bytes = course.media.get(file);
		if (bytes !== undefined) files.push({ name: `media/${file}`, bytes });
	}
	if (edition === 'rich') {
		for (const { block } of mediaBlocks(version)) {
			const svg = block.kind === 'video' ? course.pictures.get(block.poster) : undefined;
			if (block.kind !== 'video' || svg === undefined) continue;
			const name = posterPath(block.poster);
			if (!files.some((file) => file.name === name)) files.push({ name, bytes: aloneSvg(svg) });
		}
	}
	return { pictures, files };
}

/** The pictures as every edition of a course has them alike: for what must not differ between editions. */
export function picturesOfAnyEdition(course: CourseSource): Pictures {
	return new Map<string, Drawn>([
		...[...course.pictures].map(([file, svg]) => [file, { svg }] as const),
		...[...course.photos.keys()].map((file) => [file, { path: file, width: 0, height: 0 }] as const)
	]);
}

/** A poster is fetched as a file, also when it is a drawing. */
export function posterPath(file: string): string {
	return `pictures/${file}${file.endsWith('.svg') ? '' : '.webp'}`;
}

function photosOf(course: CourseSource, version: LanguageVersion): readonly string[] {
	const shown = [
		...version.units.flatMap((unit) =>
			unit.screens.flatMap((screen) => screen.blocks.flatMap(picturesOfBlock).map(({ file }) => file))
		),
		...mediaBlocks(version).flatMap(({ block }) => (block.kind === 'video' ? [block.poster] : [])),
		...version.quiz.flatMap(picturesOfQuestion).map(({ file }) => file)
	];
	return [...new Set(shown)].filter((file) => course.photos.has(file));
}

/** A drawing that stands alone brings the colours that the page would give it. */
function aloneSvg(svg: string): Uint8Array {
	const colours = readFileSync(new URL('../../../courses/pictures.css', import.meta.url), 'utf8');
	const body = svg.replaceAll(/<\?[^>]*\?>\s*/g, '').replace(/>/, `><style>${colours.replaceAll(/\s+/g, ' ')}</style>`);
	return new TextEncoder().encode(body);
}
