/**
 * A value that follows the device's database while somebody looks at it: the query runs when a component first reads
 * `value`, runs again after every change (in any tab or worker) of what it read, and stops with the last reader.
 * `value` is undefined until the first answer. Inside `query` await Dexie only: anything else ends the observation.
 */
import { liveQuery } from 'dexie';
import { createSubscriber } from 'svelte/reactivity';

export class Live<T> {
	// Plain fields, told of by the subscriber: `$state` made while a `$derived` runs is no dependency of that `$derived`, and
	// a Live is often made there (`session.course(id).value`).
	#value: T | undefined = undefined;
	#error: unknown = undefined;
	readonly #subscribe: () => void;

	constructor(query: () => Promise<T>) {
		this.#subscribe = createSubscriber((update) => {
			const subscription = liveQuery(query).subscribe({
				next: (value) => {
					this.#value = value;
					this.#error = undefined;
					update();
				},
				error: (error: unknown) => {
					this.#error = error;
					update();
				}
			});
			return () => subscription.unsubscribe();
		});
	}

	get value(): T | undefined {
		this.#subscribe();
		return this.#value;
	}

	/** What went wrong with the last query, for `classify`; undefined when all is well. */
	get error(): unknown {
		this.#subscribe();
		return this.#error;
	}
}
