/**
 * What the server tells about a person, as this device has it. Until the first answer is here nothing is known, which is not the
 * same as empty: while the server is being asked, `value` is undefined, as it is while the device is read.
 */
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import { readMeta } from '#lib/client/db/profile-meta.ts';
import { Live } from './live.svelte.ts';

export class Told<T> {
	/** Both from one reading: the value before the first answer never passes for the one after. */
	readonly #live: Live<{ readonly heard: boolean; readonly value: T }>;
	readonly #isAsking: () => boolean;

	/** @param isAsking whether an answer may come at any moment; reactive */
	constructor(db: ProfileDb, isAsking: () => boolean, query: () => Promise<T>) {
		this.#isAsking = isAsking;
		this.#live = new Live(async () => {
			const [serverNow, value] = await Promise.all([readMeta(db, 'serverNow'), query()]);
			return { heard: serverNow !== undefined, value };
		});
	}

	get value(): T | undefined {
		const told = this.#live.value;
		return told === undefined || (!told.heard && this.#isAsking()) ? undefined : told.value;
	}

	get error(): unknown {
		return this.#live.error;
	}
}
