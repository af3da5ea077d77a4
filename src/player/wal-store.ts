/**
 * The write-ahead log on the content origin: an IndexedDB database with one store of journal rows. Raw IndexedDB, because
 * `commit()` at once is what lets a write survive the page that made it. There are two such databases: "waypost-wal" is
 * written by the player page only, "waypost-wal-late" by the worker only; sharing one lost rows in unload.
 */
import type { JournalRow } from '#lib/contracts/player-port.ts';

export const PAGE_LOG = 'waypost-wal';
export const WORKER_LOG = 'waypost-wal-late';
const STORE = 'rows';

export function openLog(name: string): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open(name, 1);
		opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: ['attempt', 'session', 'n'] });
		opening.onsuccess = () => resolve(opening.result);
		opening.onerror = () => reject(opening.error);
		opening.onblocked = () => reject(new DOMException('blocked', 'InvalidStateError'));
	});
}

/**
 * Issues the write and returns at once. `strict` waits for the disk, `relaxed` for the operating system: it survives the
 * browser's death, not a power cut.
 */
export function putRows(
	log: IDBDatabase,
	rows: readonly JournalRow[],
	durability: 'strict' | 'relaxed',
	done: (error: DOMException | null) => void
): void {
	const transaction = log.transaction(STORE, 'readwrite', { durability });
	transaction.oncomplete = () => done(null);
	transaction.onabort = () => done(transaction.error ?? new DOMException('aborted', 'AbortError'));
	const record = recordOf(rows);
	if (record !== null) transaction.objectStore(STORE).put(record);
	transaction.commit();
}

/**
 * Rows of one session that were written together are one record, under the number of the last: one write costs what it
 * costs, however many rows it holds. The worker writes the same shape.
 */
type WalRecord = {
	readonly attempt: string;
	readonly session: string;
	readonly n: number;
	readonly rows: readonly JournalRow[];
};

function recordOf(rows: readonly JournalRow[]): WalRecord | null {
	const last = rows.at(-1);
	return last === undefined ? null : { attempt: last.attempt, session: last.session, n: last.n, rows };
}

/** The app has these rows: they must not stay where the next learner's content could read them. */
export function deleteRows(log: IDBDatabase, attempt: string, session: string, upto: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const transaction = log.transaction(STORE, 'readwrite', { durability: 'relaxed' });
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error);
		transaction.objectStore(STORE).delete(IDBKeyRange.bound([attempt, session, 0], [attempt, session, upto]));
		transaction.commit();
	});
}

/** @param most records to read, from the oldest of the first attempt on */
export function readRows(log: IDBDatabase, most: number): Promise<unknown[]> {
	return new Promise((resolve, reject) => {
		const reading = log.transaction(STORE).objectStore(STORE).getAll(null, most);
		reading.onsuccess = () => resolve((reading.result as Partial<WalRecord>[]).flatMap(({ rows }) => rows ?? []));
		reading.onerror = () => reject(reading.error);
	});
}
