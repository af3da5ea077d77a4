/** The same schedules on the product's own database: Dexie over an IndexedDB in memory. */
import { afterEach, expect, test } from 'vitest';
import { DexieStorage } from './dexie-storage.ts';
import { describeFailures, runSchedules } from './run-schedules.ts';

const opened: DexieStorage[] = [];

afterEach(async () => {
	for (const storage of opened.splice(0)) await storage.delete();
});

test.each(Array.from({ length: 20 }, (_, index) => 100_001 + index * 25))(
	'[SY22] 25 schedules from seed %i on Dexie',
	async (from) => {
		const { failures } = await runSchedules({
			from,
			count: 25,
			newStorage: (personId) => {
				const storage = new DexieStorage(personId);
				opened.push(storage);
				return storage;
			}
		});
		expect(describeFailures(failures)).toBe('');
	}
);
