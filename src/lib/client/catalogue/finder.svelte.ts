/**
 * Asking as one types: the engine is fetched with the first question, the index made anew when what is searched has changed, and of
 * answers that overtake each other the last question's counts.
 */
import type { Hit, Search, Searchable } from './search.ts';

export class Finder {
	readonly #boosts: Readonly<Record<string, number>>;
	#hits = $state.raw<ReadonlyMap<string, Hit> | null>(null);
	#isWorking = $state.raw(false);
	#made: { readonly mark: string; readonly search: Promise<Search> } | null = null;
	#asked = 0;

	constructor(boosts: Readonly<Record<string, number>>) {
		this.#boosts = boosts;
	}

	/** By id, the best first; null while nothing is asked or the first answer is not there. */
	get hits(): ReadonlyMap<string, Hit> | null {
		return this.#hits;
	}

	/** The index is being made. */
	get isWorking(): boolean {
		return this.#isWorking;
	}

	/** @param mark another one when `documents` would give others than at the last question */
	async ask(question: string, mark: string, documents: () => readonly Searchable[]): Promise<void> {
		const own = ++this.#asked;
		if (question.trim() === '') {
			this.#hits = null;
			this.#isWorking = false;
			return;
		}
		this.#isWorking = this.#made?.mark !== mark || this.#hits === null;
		if (this.#made?.mark !== mark) {
			const search = import('./search.ts').then(({ createSearch }) => createSearch(documents(), this.#boosts));
			this.#made = { mark, search };
			// Not kept when it could not be loaded: the next question tries again.
			search.catch(() => (this.#made = null));
		}
		try {
			const search = await this.#made.search;
			if (own === this.#asked) this.#hits = new Map(search.find(question).map((hit) => [hit.id, hit]));
		} finally {
			if (own === this.#asked) this.#isWorking = false;
		}
	}
}
