/** One press of a button that asks the server: busy while it runs, so that it cannot be pressed twice; the trouble stays until the next try. */
import type { Answer, Trouble } from './values.ts';

export class Submission {
	#busy = $state.raw(false);
	#trouble = $state.raw<Trouble | null>(null);

	get busy(): boolean {
		return this.#busy;
	}

	get trouble(): Trouble | null {
		return this.#trouble;
	}

	/** @returns the answer; null when it is running already */
	async run<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T> | null> {
		if (this.#busy) return null;
		this.#busy = true;
		this.#trouble = null;
		try {
			const answer = await ask();
			if (answer.type !== 'ok')
				this.#trouble = { code: answer.code, params: answer.type === 'refused' ? answer.params : {} };
			return answer;
		} finally {
			this.#busy = false;
		}
	}

	clear(): void {
		this.#trouble = null;
	}
}
