/** A seeded generator (mulberry32): the same seed gives the same schedule, everywhere and always. */
export type Random = {
	/** 0 to 1. */
	readonly next: () => number;
	/** 0 to limit - 1. */
	readonly below: (limit: number) => number;
	readonly chance: (probability: number) => boolean;
	readonly pick: <T>(values: readonly T[]) => T;
	/** A key, by its weight. */
	readonly weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key;
	readonly bytes: (count: number) => Uint8Array;
};

export function seeded(seed: number): Random {
	let state = seed | 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (limit: number): number => Math.floor(next() * limit);
	return {
		next,
		below,
		chance: (probability) => next() < probability,
		pick: (values) => values[below(values.length)] as (typeof values)[number],
		weighted: (weights) => {
			const entries = Object.entries(weights) as [keyof typeof weights, number][];
			let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
			for (const [key, weight] of entries) if ((rest -= weight) < 0) return key;
			return entries.at(-1)![0];
		},
		bytes: (count) => Uint8Array.from({ length: count }, () => below(256))
	};
}
