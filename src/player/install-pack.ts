/**
 * Installs one pack: fetch what is missing, unpack file by file into Cache Storage as soon as a file is whole, verify each
 * by its SHA-256, and mark the pack complete last (SPEC PK1 to PK6). Everything can stop anywhere and go on later.
 */
import { packManifestSchema, type PackFile, type PackManifest } from '#lib/contracts/pack-manifest.ts';
import * as v from 'valibot';
import {
	completeRecord,
	manifestRecord,
	packCacheName,
	packagePath,
	type InstallError
} from '#lib/contracts/player-port.ts';
import type { ScormVersion } from '#lib/domain/course/course-structure.ts';
import { fetchRange, InstallFailure, mergeRanges, type Sink } from './fetch-ranges.ts';
import { PackBytes, PORTION_BYTES, type Range } from './pack-bytes.ts';
import { readPackHead, type PackHead } from './pack-head.ts';
import { Sha256 } from './sha256.ts';

export type InstallTask = {
	readonly packId: string;
	readonly url: string;
	/** Bytes of the whole pack, as the app was told. */
	readonly size: number;
	/** An older revision is here: most of the pack will not be needed. */
	readonly isUpdate: boolean;
	/** Which of these files can the app hand over? Asked once, answered by one blob or null each. */
	readonly reuse: (
		wanted: readonly string[],
		receive: (sha256: string, blob: Blob | null) => Promise<void>
	) => Promise<void>;
	/** Fetches what plays this version of SCORM, unless it is here. Rejects with `InstallFailure`. */
	readonly keepRuntime: (version: ScormVersion) => Promise<void>;
	readonly progress: (done: number, total: number, fetched: number) => void;
	readonly signal: AbortSignal;
};

/** Fetched again rather than asked for in a request of its own: about what a request costs. */
const GAP_BYTES = 1024;
/** Begins the manifest, and says how long it is. A new installation begins with a whole portion instead: it needs what follows as well. */
const UPDATE_HEAD_BYTES = 2048;
const HASH_HEADER = 'x-waypost-sha256';

export async function installPack(
	task: InstallTask
): Promise<{ readonly manifest: PackManifest; readonly bytes: number }> {
	const bytes = await PackBytes.open(task.packId);
	try {
		return await new Installation(task, bytes).run();
	} finally {
		bytes.close();
	}
}

class Installation {
	readonly #task: InstallTask;
	readonly #bytes: PackBytes;
	#fetched = 0;
	/** Compressed bytes of files that are unpacked. */
	#unpacked = 0;
	#total: number;

	constructor(task: InstallTask, bytes: PackBytes) {
		this.#task = task;
		this.#bytes = bytes;
		this.#total = task.size;
	}

	async run(): Promise<{ manifest: PackManifest; bytes: number }> {
		const { packId, signal } = this.#task;
		const cache = await caches.open(packCacheName(packId));
		const head = await this.#head(cache);
		const { files, course } = head.manifest;
		await this.#task.keepRuntime(course.scormVersion);
		this.#total = files.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
		let todo = await this.#notYetThere(cache, files);
		this.#unpacked = this.#total - sizeOf(todo);
		await this.#takeOver(cache, todo);
		todo = await this.#notYetThere(cache, files);
		this.#unpacked = this.#total - sizeOf(todo);
		this.#report();
		await this.#bytes.drop((portion) => !todo.some((file) => overlaps(placeOf(file, head), portion)));
		await this.#fetchAndUnpack(cache, head, todo, signal);
		await cache.put(completeRecord(packId), new Response(String(files.length)));
		await this.#bytes.drop(() => true);
		return { manifest: head.manifest, bytes: files.reduce((sum, { size }) => sum + size, 0) };
	}

	readonly #sink: Sink = {
		store: (start, bytes) => this.#bytes.put(start, bytes).then(() => this.#report()),
		came: (bytes) => {
			this.#fetched += bytes;
		}
	};

	#report(): void {
		this.#task.progress(Math.min(this.#total, this.#unpacked + this.#bytes.stored), this.#total, this.#fetched);
	}

	/** The manifest: kept from an earlier run, or read from the first bytes of the pack. */
	async #head(cache: Cache): Promise<PackHead> {
		const { packId, url, size, signal } = this.#task;
		const record = await cache.match(manifestRecord(packId));
		if (record !== undefined) {
			const manifest = v.parse(packManifestSchema, await record.json());
			return { manifest, dataStart: Number(record.headers.get('x-waypost-data-start')) };
		}
		for (let wanted = Math.min(this.#task.isUpdate ? UPDATE_HEAD_BYTES : PORTION_BYTES, size); ;) {
			for (const gap of this.#bytes.missing({ start: 0, end: wanted })) await fetchRange(url, gap, this.#sink, signal);
			const head = await parseHead(await collect(this.#bytes.read({ start: 0, end: wanted })));
			if ('manifest' in head) {
				const body = JSON.stringify(head.manifest);
				await cache.put(
					manifestRecord(packId),
					new Response(body, { headers: { 'x-waypost-data-start': String(head.dataStart) } })
				);
				return head;
			}
			if (head.needs > size || head.needs <= wanted) throw new InstallFailure('corrupt');
			wanted = head.needs;
		}
	}

	async #notYetThere(cache: Cache, files: readonly PackFile[]): Promise<PackFile[]> {
		const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
		return files.filter(({ path }) => !there.has(packagePath(this.#task.packId, path)));
	}

	/** Files that an older revision has: handed over by the app, not fetched (PK5). */
	async #takeOver(cache: Cache, todo: readonly PackFile[]): Promise<void> {
		const byHash = Map.groupBy(todo, ({ sha256 }) => sha256);
		await this.#task.reuse([...byHash.keys()], async (sha256, blob) => {
			for (const file of blob === null ? [] : (byHash.get(sha256) ?? [])) {
				try {
					await this.#store(cache, file, chunksOf(blob as Blob), 0);
				} catch (error) {
					// Damaged over there: it will be fetched.
					if (!(error instanceof InstallFailure) || error.reason !== 'corrupt') throw error;
				}
			}
		});
	}

	async #fetchAndUnpack(cache: Cache, head: PackHead, todo: readonly PackFile[], signal: AbortSignal): Promise<void> {
		const { url } = this.#task;
		const waiting = [...todo].sort((left, right) => left.offset - right.offset);
		const unpackReady = async () => {
			for (
				let file = waiting[0];
				file !== undefined && this.#bytes.missing(placeOf(file, head)).length === 0;
				file = waiting[0]
			) {
				await this.#unpack(cache, head, file, signal);
				waiting.shift();
				this.#unpacked += file.compressedSize;
				const next = waiting[0];
				const from = next === undefined ? Number.POSITIVE_INFINITY : placeOf(next, head).start;
				await this.#bytes.drop(({ end }) => end <= from);
			}
		};
		// Unpacking goes on beside the download; it never holds the network up, and a failure on either side ends both.
		let turn = Promise.resolve();
		let failure: unknown;
		const sink: Sink = {
			...this.#sink,
			store: async (start, bytes) => {
				await this.#sink.store(start, bytes);
				turn = turn
					.then(() => (failure === undefined ? unpackReady() : undefined))
					.catch((error: unknown) => {
						failure = error;
					});
			}
		};
		for (;;) {
			await unpackReady();
			const [gap] = this.#gaps(waiting.map((file) => placeOf(file, head)));
			if (gap === undefined) return;
			try {
				await fetchRange(url, gap, sink, signal);
			} finally {
				await turn;
			}
			if (failure !== undefined) throw failure;
		}
	}

	/** What to fetch for these places: asked anew after each piece, since a damaged file gives bytes back. */
	#gaps(places: readonly Range[]): Range[] {
		return mergeRanges(
			places.flatMap((place) => this.#bytes.missing(place)),
			GAP_BYTES
		);
	}

	/** PK3: a file that is not what its hash says is fetched once more; then the pack is called corrupt. */
	async #unpack(cache: Cache, head: PackHead, file: PackFile, signal: AbortSignal): Promise<void> {
		const place = placeOf(file, head);
		try {
			await this.#store(cache, file, this.#bytes.read(place), file.method);
		} catch (error) {
			if (!(error instanceof InstallFailure) || error.reason !== 'corrupt') throw error;
			await this.#bytes.drop((portion) => overlaps(place, portion));
			for (const gap of this.#bytes.missing(place)) await fetchRange(this.#task.url, gap, this.#sink, signal);
			await this.#store(cache, file, this.#bytes.read(place), file.method);
		}
	}

	/** Streams a file into the cache; the cache keeps it only when the stream ends well, with the right hash. */
	async #store(
		cache: Cache,
		file: PackFile,
		chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
		method: 0 | 8
	): Promise<void> {
		const hash = new Sha256();
		let length = 0;
		const verify = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
			transform(chunk, controller) {
				hash.update(chunk);
				length += chunk.length;
				// What grows beyond its size is a bomb, whatever the manifest said.
				if (length > file.size) controller.error(new InstallFailure('corrupt'));
				else controller.enqueue(chunk);
			},
			flush(controller) {
				if (length !== file.size || hash.hex() !== file.sha256) controller.error(new InstallFailure('corrupt'));
			}
		});
		const raw = streamOf(chunks);
		const plain = method === 8 ? raw.pipeThrough(new DecompressionStream('deflate-raw')) : raw;
		const body = plain.pipeThrough(verify);
		const headers = { 'content-type': file.type, 'content-length': String(file.size), [HASH_HEADER]: file.sha256 };
		try {
			await cache.put(packagePath(this.#task.packId, file.path), new Response(body, { headers }));
		} catch (error) {
			// Whatever broke inside the stream (bad deflate data, wrong hash) arrives here under a name of the cache's choosing.
			throw isFull(error) ? error : new InstallFailure('corrupt', { cause: error });
		}
	}
}

async function parseHead(bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof readPackHead> {
	try {
		return await readPackHead(bytes);
	} catch (cause) {
		throw new InstallFailure('corrupt', { cause });
	}
}

function placeOf(file: PackFile, { dataStart }: PackHead): Range {
	const start = dataStart + file.offset;
	return { start, end: start + file.compressedSize };
}

function overlaps(left: Range, right: Range): boolean {
	return left.start < right.end && right.start < left.end;
}

function sizeOf(files: readonly PackFile[]): number {
	return files.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array<ArrayBuffer>[] = [];
	for await (const chunk of chunks) parts.push(new Uint8Array(chunk));
	return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** `ReadableStream.from` is not everywhere yet. */
function streamOf(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
	const iterator = chunks[Symbol.asyncIterator]();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await iterator.next();
			if (done === true) controller.close();
			else controller.enqueue(value);
		}
	});
}

async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	for (let at = 0; at < blob.size; at += PORTION_BYTES) {
		yield new Uint8Array(await blob.slice(at, at + PORTION_BYTES).arrayBuffer());
	}
}

export function isFull(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'QuotaExceededError';
}

export function reasonOf(error: unknown): InstallError {
	if (error instanceof InstallFailure) return error.reason;
	return isFull(error) ? 'device-full' : 'unknown';
}
