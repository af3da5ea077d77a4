/**
 * What has arrived of one (device, epoch): everything up to `upto`, and beyond it the numbers in `beyond`.
 * A set of numbers, written shortly (SPEC EV4).
 */
export type Frontier = {
	readonly upto: number;
	/** Ascending, all > upto + 1. */
	readonly beyond: readonly number[];
};

export const EMPTY_FRONTIER: Frontier = { upto: 0, beyond: [] };

export function addToFrontier(frontier: Frontier, seqs: readonly number[]): Frontier {
	const beyond = new Set(frontier.beyond);
	for (const seq of seqs) if (seq > frontier.upto) beyond.add(seq);
	let upto = frontier.upto;
	while (beyond.delete(upto + 1)) upto += 1;
	return { upto, beyond: [...beyond].toSorted((left, right) => left - right) };
}

export function frontierHas(frontier: Frontier, seq: number): boolean {
	return seq <= frontier.upto || frontier.beyond.includes(seq);
}
