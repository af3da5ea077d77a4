/**
 * Waypost course pack, format 1. A pack is one immutable ZIP named by the SHA-256 of its bytes (64 lower-case hex).
 * Its FIRST entry is `waypost.json`: this manifest, deflated (packs made before
 * November 2026 have it stored). Then the files in reading order: launch page
 * of the first item, what lies beside it, the rest. Every entry is plain ZIP (method 0 or 8, UTF-8 names, no data
 * descriptors, no ZIP64 under 4 GiB), so any unzip tool opens it and a reader needs no central directory.
 * `offset` counts from `dataStart` = the first byte after the manifest entry, so that the manifest need not know its
 * own length; it points at the entry's compressed bytes (after its local header).
 */
import * as v from 'valibot';
import { courseStructureSchema } from './course-manifest.ts';

export const PACK_FORMAT = 1;
export const PACK_MANIFEST_NAME = 'waypost.json';

export const packFileSchema = v.object({
	/** Path inside the package, forward slashes, NFC as in the archive. */
	path: v.string(),
	/** Hex SHA-256 of the uncompressed bytes. */
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	/** Uncompressed bytes. */
	size: v.pipe(v.number(), v.integer(), v.minValue(0)),
	offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
	compressedSize: v.pipe(v.number(), v.integer(), v.minValue(0)),
	method: v.picklist([0, 8]),
	/** Content-Type to answer with. */
	type: v.string()
});
export type PackFile = v.InferOutput<typeof packFileSchema>;

export const packManifestSchema = v.object({
	format: v.literal(PACK_FORMAT),
	/** Bytes after the manifest entry up to the central directory. */
	dataLength: v.pipe(v.number(), v.integer(), v.minValue(0)),
	course: courseStructureSchema,
	files: v.array(packFileSchema)
});
export type PackManifest = v.InferOutput<typeof packManifestSchema>;
