/** One line of `npm run bench`: a ratio, and what it may be at most. */
export type BenchRow = {
	readonly name: string;
	readonly ratio: number;
	/** null = reported, not judged. */
	readonly budget: number | null;
	/** The medians behind the ratio, in words. */
	readonly median: string;
	readonly note?: string;
};

export function medianOf(values: readonly number[]): number {
	const sorted = values.toSorted((left, right) => left - right);
	const middle = Math.floor(sorted.length / 2);
	const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
	return (low + high) / 2;
}
