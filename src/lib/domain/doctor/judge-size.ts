/** DR4, DR20 to DR23: bytes are money. Budgets after the quality checklist for learners on mobile data. */
import type { FileFacts } from './package-facts.ts';
import { finding, findingIfAny, type Finding, type Place } from './finding.ts';
import { sum } from './judge-addresses.ts';

export const BUDGETS = {
	/** Bytes as fetched. */
	textCourse: 1_000_000,
	courseWithSound: 8_000_000,
	picture: 200_000,
	picturePixels: 1280,
	/** Bits a second of a video, sound and picture together. */
	videoRate: 800_000,
	/** Unused files below this are not worth a word. */
	unused: 20_000,
	uncompressed: 200_000
} as const;

const UNCOMPRESSED = /\.(?:wav|aiff?|bmp|tiff?)$/i;
/** Belongs to the package, though no page names it. */
const HOUSEKEEPING =
	/(?:^|\/)(?:imsmanifest\.xml|waypost-course\.json|metadata[^/]*\.xml|readme[^/]*|licen[sc]e[^/]*)$|\.(?:xsd|dtd|map|vtt|srt)$/i;

export function judgeSize(files: readonly FileFacts[], reached: ReadonlySet<string>): readonly Finding[] {
	const whole = ({ path, size }: FileFacts, what: string | null = null): Place & { readonly size: number } => ({
		path,
		line: null,
		what,
		size
	});
	const bySize = (some: readonly FileFacts[]) => some.toSorted((a, b) => b.packed - a.packed);
	const unused = bySize(files.filter(({ path }) => !reached.has(path) && !HOUSEKEEPING.test(path)));
	const unusedBytes = sum(unused.map(({ packed }) => packed));
	const pictures = bySize(
		files.filter(
			({ type, packed, picture }) =>
				type.startsWith('image/') && (packed > BUDGETS.picture || (picture?.width ?? 0) > BUDGETS.picturePixels)
		)
	);
	const raw = bySize(files.filter(({ path, size }) => UNCOMPRESSED.test(path) && size > BUDGETS.uncompressed));
	const videos = bySize(files.filter((file) => (rateOf(file) ?? 0) > BUDGETS.videoRate));
	const total = sum(files.map(({ packed }) => packed));
	const hasSound = files.some(({ type }) => /^(?:audio|video)\//.test(type));
	const limit = hasSound ? BUDGETS.courseWithSound : BUDGETS.textCourse;
	const plain = (places: readonly (Place & { readonly size: number })[]): readonly Place[] =>
		places.map(({ path, line, what }) => ({ path, line, what }));
	return [
		...(total > limit
			? [finding('heavy-course', [], { count: 1, params: { totalBytes: total, limitBytes: limit } })]
			: []),
		...findingIfAny(
			'large-pictures',
			plain(pictures.map((file) => whole(file, file.picture && `${file.picture.width} × ${file.picture.height}`))),
			{
				params: {
					totalBytes: sum(pictures.map(({ packed }) => packed)),
					limitBytes: BUDGETS.picture,
					pixels: BUDGETS.picturePixels
				}
			}
		),
		...findingIfAny('uncompressed-media', plain(raw.map((file) => whole(file))), {
			params: { totalBytes: sum(raw.map(({ packed }) => packed)) }
		}),
		...findingIfAny(
			'heavy-video',
			plain(videos.map((file) => whole(file, `${Math.round((rateOf(file) ?? 0) / 1000)} kbit/s`))),
			{ params: { rate: BUDGETS.videoRate / 1000 } }
		),
		...(unusedBytes >= BUDGETS.unused
			? [
					finding('unused-files', plain(unused.map((file) => whole(file))), {
						isSure: false,
						count: unused.length,
						params: { totalBytes: unusedBytes }
					})
				]
			: [])
	];
}

/** Bits a second. */
function rateOf({ seconds, size }: FileFacts): number | null {
	return seconds === null || seconds <= 0 ? null : (size * 8) / seconds;
}

export const SIZE_KINDS = [
	'pages',
	'scripts',
	'styles',
	'pictures',
	'sound',
	'video',
	'fonts',
	'documents',
	'other'
] as const;
export type SizeKind = (typeof SIZE_KINDS)[number];
export type SizeOfKind = {
	readonly kind: SizeKind;
	readonly files: number;
	readonly size: number;
	readonly packed: number;
};

/** What the bytes are spent on; kinds that there are, in a fixed order. */
export function sizesOf(files: readonly FileFacts[]): readonly SizeOfKind[] {
	return SIZE_KINDS.flatMap((kind) => {
		const own = files.filter(({ type }) => kindOf(type) === kind);
		if (own.length === 0) return [];
		return [
			{ kind, files: own.length, size: sum(own.map((file) => file.size)), packed: sum(own.map((file) => file.packed)) }
		];
	});
}

function kindOf(type: string): SizeKind {
	if (/^(?:text\/html|application\/xhtml)/.test(type)) return 'pages';
	if (/^(?:text\/javascript|application\/wasm)/.test(type)) return 'scripts';
	if (type === 'text/css') return 'styles';
	if (type.startsWith('image/')) return 'pictures';
	if (type.startsWith('audio/')) return 'sound';
	if (type.startsWith('video/')) return 'video';
	if (/^(?:font\/|application\/vnd\.ms-fontobject)/.test(type)) return 'fonts';
	if (/^application\/(?:pdf|epub|msword|rtf|vnd\.)/.test(type)) return 'documents';
	return 'other';
}
