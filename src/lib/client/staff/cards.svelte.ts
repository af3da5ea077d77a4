/**
 * Sign-in cards made in this tab, to be printed. A secret is told once and kept nowhere: the cards live until the tab is
 * closed or the person locks her profile, and no longer.
 */
import type { SignInCard } from '#lib/contracts/api.ts';

export class CardBox {
	#cards = $state.raw<readonly SignInCard[]>([]);

	get cards(): readonly SignInCard[] {
		return this.#cards;
	}

	/** A newer card of the same person takes the place of the older one; a card without its secret never does. */
	readonly add = (cards: readonly SignInCard[]): void => {
		const kept = new Map(this.#cards.map((card) => [card.learnerId, card]));
		for (const card of cards) {
			if (card.secret === null && kept.get(card.learnerId)?.secret) continue;
			kept.set(card.learnerId, card);
		}
		this.#cards = [...kept.values()];
	};

	readonly clear = (): void => {
		this.#cards = [];
	};
}

/** One box a cohort, so that a print holds the cards of one room. */
export class CardBoxes {
	readonly #boxes = new Map<string, CardBox>();

	of(cohortId: string): CardBox {
		const box = this.#boxes.get(cohortId) ?? new CardBox();
		this.#boxes.set(cohortId, box);
		return box;
	}
}
