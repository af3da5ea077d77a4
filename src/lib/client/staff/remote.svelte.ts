/** A value that only the server has: loading, ready, failed. The last good value stays on the screen while it is asked for again. */
import type { ApiResult } from '#lib/client/api.ts';

export type RemoteTrouble = { readonly code: string; readonly params: Readonly<Record<string, string | number>> };

export class Remote<T> {
	#value = $state.raw<T | undefined>(undefined);
	#trouble = $state.raw<RemoteTrouble | null>(null);
	#loading = $state.raw(false);
	#asked = 0;
	readonly #ask: () => Promise<ApiResult<T>>;

	/** Asks at once. */
	constructor(ask: () => Promise<ApiResult<T>>) {
		this.#ask = ask;
		void this.load();
	}

	/** undefined until the first answer. */
	get value(): T | undefined {
		return this.#value;
	}

	get trouble(): RemoteTrouble | null {
		return this.#trouble;
	}

	get loading(): boolean {
		return this.#loading;
	}

	readonly load = async (): Promise<void> => {
		const asked = ++this.#asked;
		this.#loading = true;
		const result = await this.#ask();
		// An older question answered late says nothing any more.
		if (asked !== this.#asked) return;
		this.#loading = false;
		if (result.type === 'ok') {
			this.#value = result.value;
			this.#trouble = null;
		} else {
			this.#trouble = { code: result.code, params: result.type === 'refused' ? result.params : {} };
		}
	};

	/** What this page itself changed; no need to ask. */
	readonly put = (value: T): void => {
		this.#asked += 1;
		this.#loading = false;
		this.#value = value;
		this.#trouble = null;
	};
}
