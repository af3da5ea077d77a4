/** What the databases are called, and the key of a month: for pages and for the worker, which has no Dexie. */
export const DEVICE_DB_NAME = 'waypost-device';

export function profileDbName(personId: string): string {
	return `waypost-p-${personId}`;
}

/** "2026-11", by the device's calendar. */
export function monthOf(now: number): string {
	const date = new Date(now);
	return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}
