/**
 * Room on the device. The quota that browsers report is not a measurement (Chromium always says usage plus 10 GiB), so
 * only the usage is shown; whether a course fits is found out by writing it.
 */
export class StorageState {
	#usage = $state.raw<number | null>(null);
	#kept = $state.raw<boolean | null>(null);

	/** Bytes this app uses on the app's origin; null = not known yet. */
	get usage(): number | null {
		return this.#usage;
	}

	/** The browser promised not to delete our data by itself; null = not known yet. */
	get kept(): boolean | null {
		return this.#kept;
	}

	async refresh(): Promise<void> {
		const storage = navigator.storage;
		this.#usage = (await storage?.estimate?.().catch(() => undefined))?.usage ?? null;
		this.#kept = (await storage?.persisted?.().catch(() => false)) ?? false;
	}

	/** Call from a tap (Firefox asks the person, Chromium judges by use): sign-in and download are good moments. */
	async keep(): Promise<boolean> {
		const kept = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
		this.#kept = kept;
		return kept;
	}
}
