/**
 * The few calls on IndexedDB that the service worker needs, without Dexie: a worker is one file that every phone fetches,
 * and Dexie would be most of it. Opens only what a page has made, at whatever version it is.
 */

/** null when there is no such database (yet). @throws what the browser says when it cannot be opened */
export function openExisting(name: string): Promise<IDBDatabase | null> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.open(name);
		// It did not exist: leave no empty database behind, which would confuse the pages.
		request.onupgradeneeded = () => request.transaction?.abort();
		request.onsuccess = () => {
			const db = request.result;
			// A page wants to change the schema: it must not wait for us.
			db.onversionchange = () => db.close();
			resolve(db);
		};
		request.onerror = () => (request.error?.name === 'AbortError' ? resolve(null) : reject(request.error));
	});
}

export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}

/** One strict transaction; resolves when it is on the disk. Inside await `answerOf` only. */
export async function inTransaction<T>(
	db: IDBDatabase,
	stores: readonly string[],
	mode: 'readonly' | 'readwrite',
	work: (store: (name: string) => IDBObjectStore) => Promise<T>
): Promise<T> {
	const transaction = db.transaction([...stores], mode, { durability: 'strict' });
	const complete = new Promise<void>((resolve, reject) => {
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
	});
	try {
		const result = await work((name) => transaction.objectStore(name));
		await complete;
		return result;
	} catch (error) {
		complete.catch(() => undefined);
		if (transaction.error === null) abortQuietly(transaction);
		throw error;
	}
}

function abortQuietly(transaction: IDBTransaction): void {
	try {
		transaction.abort();
	} catch {
		// It was over already.
		return;
	}
}
