/** One uploaded file to one course pack: open, read the manifest, build. Leaves the pack, or nothing. */
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import { DEFAULT_ARCHIVE_LIMITS } from './archive-limits.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { buildPack, isPackable } from './build-pack.ts';
import type { BuiltPack } from './build-pack.ts';
import { PackageRefusal, WarningList, megabytes, refusedOrThrow } from './import-result.ts';
import type { ImportWarning, Refused } from './import-result.ts';
import { settleLegacyNames } from './legacy-names.ts';
import { decodeXml } from './manifest/decode-xml.ts';
import { parseManifest } from './manifest/parse-manifest.ts';
import { openArchive } from './open-archive.ts';
import type { Archive } from './open-archive.ts';
import { sweepWorkspaces } from './pack-workspace.ts';

export type ImportProgress = {
	/** `reading`: names and manifest; `packing`: files into the pack. */
	readonly phase: 'reading' | 'packing';
	readonly filesDone: number;
	readonly filesTotal: number;
	/** Uncompressed. */
	readonly bytesDone: number;
	readonly bytesTotal: number;
};

export type ImportOptions = {
	/** Made when absent. Receives `<sha256>.zip`. */
	readonly packsDir: string;
	readonly limits?: Partial<ArchiveLimits> | undefined;
	readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
	/** Aborting rejects with the signal's reason and leaves nothing behind. */
	readonly signal?: AbortSignal | undefined;
};

export type AcceptedPackage = {
	readonly type: 'accepted';
	readonly title: string;
	readonly structure: CourseStructure;
	readonly pack: BuiltPack;
	readonly warnings: readonly ImportWarning[];
	readonly sizes: {
		/** Bytes of the uploaded file. */
		readonly archive: number;
		/** Bytes of the pack, which is what a learner downloads. */
		readonly pack: number;
		/** Bytes of all files uncompressed, which is what a device needs room for at most. */
		readonly unpacked: number;
		readonly files: number;
	};
};
export type ImportedPackage = AcceptedPackage | Refused;

/** IO errors (no such file, disk full) and cancellation are thrown; everything about the package itself is a value. */
export async function importPackage(zipPath: string, options: ImportOptions): Promise<ImportedPackage> {
	const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...options.limits };
	options.signal?.throwIfAborted();
	await sweepWorkspaces(options.packsDir);
	const opened = await openArchive(zipPath, limits, options.signal);
	if (opened.type === 'refused') return opened;
	const { archive } = opened;
	try {
		return await importArchive(archive, limits, options);
	} catch (error) {
		return refusedOrThrow(error);
	} finally {
		await archive.close();
	}
}

async function importArchive(
	archive: Archive,
	limits: ArchiveLimits,
	options: ImportOptions
): Promise<ImportedPackage> {
	const { packsDir, onProgress, signal } = options;
	const source = await readManifestBytes(archive, limits, signal);
	const entries = settleLegacyNames(archive.entries, decodeXml(source, new WarningList()));
	const packable = entries.filter(isPackable);
	const filesTotal = packable.length;
	const bytesTotal = packable.reduce((total, { size }) => total + size, 0);
	const report = (phase: ImportProgress['phase'], filesDone: number, bytesDone: number) =>
		onProgress?.({ phase, filesDone, filesTotal, bytesDone, bytesTotal });

	report('reading', 0, 0);
	const parsed = parseManifest(
		source,
		packable.map(({ path }) => path),
		limits
	);
	if (parsed.type === 'refused') return parsed;
	const { structure } = parsed;

	report('packing', 0, 0);
	const pack = await buildPack({ entries, read: archive.read }, structure, packsDir, {
		signal,
		onProgress: ({ files, bytes }) => report('packing', files, bytes)
	});
	const reserved: readonly ImportWarning[] =
		filesTotal === entries.length ? [] : [{ code: 'reserved-file-left-out', detail: {} }];
	return {
		type: 'accepted',
		title: structure.title,
		structure,
		pack,
		warnings: [...archive.warnings, ...reserved, ...parsed.warnings],
		sizes: { archive: archive.size, pack: pack.size, unpacked: bytesTotal, files: filesTotal }
	};
}

async function readManifestBytes(
	archive: Archive,
	limits: ArchiveLimits,
	signal: AbortSignal | undefined
): Promise<Buffer> {
	const { manifest } = archive;
	if (manifest.size > limits.manifestBytes) {
		throw new PackageRefusal('manifest-too-large', {
			megabytes: megabytes(manifest.size),
			limit: megabytes(limits.manifestBytes)
		});
	}
	const chunks: Buffer[] = [];
	for await (const chunk of archive.read(manifest, signal)) chunks.push(chunk);
	return Buffer.concat(chunks);
}
