import type { Database, Queries } from './database.ts';

/** Runs `work` in the transaction the caller is in, or in one of its own: commands can stand alone or be part of a larger one. */
export function transact<T>(db: Database | Queries, work: (queries: Queries) => Promise<T>): Promise<T> {
	return 'tx' in db ? db.tx(work) : work(db);
}

/** The same for reading: one snapshot. */
export function snapshot<T>(db: Database | Queries, work: (queries: Queries) => Promise<T>): Promise<T> {
	return 'read' in db ? db.read(work) : work(db);
}
