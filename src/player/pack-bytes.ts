/**
 * The downloaded but not yet unpacked bytes of packs, on disk in portions: what has come is never fetched again. A portion is
 * written as soon as it is full, so a browser that dies loses at most PORTION_BYTES.
 */
export const PORTION_BYTES = 64 * 1024;

/** Half-open interval of bytes of a pack. */
export type Range = { readonly start: number; readonly end: number };

const DATABASE = 'waypost-install';
const STORE = 'portions';

export class PackBytes {
	readonly #database: IDBDatabase;
	readonly #packId: string;
	/** What is stored, ascending, without overlap. */
	#portions: Range[];

	static async open(packId: string): Promise<PackBytes> {
		const database = await openDatabase();
		const keys = await settled(
			database
				.transaction(STORE)
				.objectStore(STORE)
				.getAllKeys(IDBKeyRange.bound([packId], [packId, []]))
		);
		const portions = (keys as [string, number, number][]).map(([, start, end]) => ({ start, end }));
		return new PackBytes(database, packId, portions);
	}

	private constructor(database: IDBDatabase, packId: string, portions: Range[]) {
		this.#database = database;
		this.#packId = packId;
		this.#portions = portions;
	}

	get stored(): number {
		return this.#portions.reduce((sum, { start, end }) => sum + end - start, 0);
	}

	/** What of `wanted` is not here, ascending. */
	missing(wanted: Range): Range[] {
		const gaps: Range[] = [];
		let at = wanted.start;
		for (const { start, end } of this.#portions) {
			if (end <= at || start >= wanted.end) continue;
			if (start > at) gaps.push({ start: at, end: start });
			at = Math.max(at, end);
		}
		if (at < wanted.end) gaps.push({ start: at, end: wanted.end });
		return gaps;
	}

	/** Resolves when the operating system has it. */
	async put(start: number, bytes: Uint8Array): Promise<void> {
		const transaction = this.#database.transaction(STORE, 'readwrite', { durability: 'relaxed' });
		transaction.objectStore(STORE).put(bytes, [this.#packId, start, start + bytes.length]);
		transaction.commit();
		await completed(transaction);
		this.#portions = [...this.#portions, { start, end: start + bytes.length }].sort(
			(left, right) => left.start - right.start
		);
	}

	/** The bytes of `wanted`, which must all be here, in portions. */
	async *read(wanted: Range): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		let at = wanted.start;
		for (const { start, end } of this.#portions) {
			if (end <= at || start >= wanted.end) continue;
			if (start > at) break;
			const bytes = (await settled(
				this.#database.transaction(STORE).objectStore(STORE).get([this.#packId, start, end])
			)) as Uint8Array<ArrayBuffer> | undefined;
			if (bytes === undefined) break;
			yield bytes.subarray(at - start, Math.min(end, wanted.end) - start);
			at = Math.min(end, wanted.end);
		}
		if (at < wanted.end) throw new RangeError('the bytes are not here');
	}

	/** Forgets portions for which nobody has a use any more. */
	async drop(isUseless: (portion: Range) => boolean): Promise<void> {
		const useless = this.#portions.filter(isUseless);
		if (useless.length === 0) return;
		const transaction = this.#database.transaction(STORE, 'readwrite', { durability: 'relaxed' });
		for (const { start, end } of useless) transaction.objectStore(STORE).delete([this.#packId, start, end]);
		transaction.commit();
		await completed(transaction);
		this.#portions = this.#portions.filter((portion) => !useless.includes(portion));
	}

	close(): void {
		this.#database.close();
	}
}

function openDatabase(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open(DATABASE, 1);
		opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error);
	});
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}

function completed(transaction: IDBTransaction): Promise<void> {
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
	});
}
