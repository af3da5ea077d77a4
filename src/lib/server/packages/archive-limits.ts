/** How large and how strange an archive may be. Configuration: spread these and change what a centre needs. */

export type ArchiveLimits = {
	/** Bytes of the uploaded file itself. */
	readonly archiveBytes: number;
	readonly entries: number;
	/** Uncompressed bytes of all files together. */
	readonly totalBytes: number;
	/** Uncompressed bytes of one file. */
	readonly fileBytes: number;
	/** Uncompressed to compressed, for one file and for the whole archive... */
	readonly ratio: number;
	/** ...but only above this many uncompressed bytes: a small blank bitmap is no bomb. */
	readonly ratioFloorBytes: number;
	readonly nameBytes: number;
	readonly manifestBytes: number;
	readonly manifestElements: number;
	readonly manifestDepth: number;
};

const MiB = 1024 * 1024;

export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
	archiveBytes: 1024 * MiB,
	entries: 10_000,
	totalBytes: 1024 * MiB,
	fileBytes: 512 * MiB,
	ratio: 200,
	ratioFloorBytes: 16 * MiB,
	nameBytes: 1024,
	manifestBytes: 16 * MiB,
	manifestElements: 250_000,
	manifestDepth: 64
};
