/**
 * Token buckets against guessing, two for every try: one of the account (few), one of the network (many, since a whole
 * school signs in from one address). In memory, bounded; a restart forgives, which an attacker cannot cause.
 */

export type BucketRule = {
	/** Tries at once. */
	readonly capacity: number;
	/** Milliseconds until one try comes back. */
	readonly refillMs: number;
};

export type Verdict = { readonly type: 'go' } | { readonly type: 'wait'; readonly seconds: number };

type Bucket = { tokens: number; at: number };

export interface RateLimit {
	/** Takes one try from every key, or from none when one of them is empty. */
	take(keys: readonly string[]): Verdict;
	/** Gives a try back: signing in rightly costs nothing. */
	giveBack(keys: readonly string[]): void;
}

const mostBuckets = 50_000;

export function createRateLimit(ruleOf: (key: string) => BucketRule, now: () => number): RateLimit {
	const buckets = new Map<string, Bucket>();

	const current = (key: string): Bucket => {
		const rule = ruleOf(key);
		const at = now();
		const known = buckets.get(key);
		const bucket = known ?? { tokens: rule.capacity, at };
		// A clock set back must not take tries away.
		bucket.tokens = Math.min(rule.capacity, bucket.tokens + Math.max(0, at - bucket.at) / rule.refillMs);
		bucket.at = at;
		// The oldest use comes first in the map, so that forgetting takes the ones that are full again.
		buckets.delete(key);
		buckets.set(key, bucket);
		if (buckets.size > mostBuckets) forgetOldest(buckets, ruleOf, at);
		return bucket;
	};

	return {
		take(keys) {
			const wanted = keys.map((key) => ({ rule: ruleOf(key), bucket: current(key) }));
			const seconds = Math.max(
				0,
				...wanted.map(({ rule, bucket }) => (bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * rule.refillMs) / 1000))
			);
			if (seconds > 0) return { type: 'wait', seconds: Math.ceil(seconds) };
			for (const { bucket } of wanted) bucket.tokens -= 1;
			return { type: 'go' };
		},
		giveBack(keys) {
			for (const key of keys) {
				const bucket = current(key);
				bucket.tokens = Math.min(ruleOf(key).capacity, bucket.tokens + 1);
			}
		}
	};
}

/** Drops full buckets first; a flood of new keys must not wash out the ones that hold an attacker back. */
function forgetOldest(buckets: Map<string, Bucket>, ruleOf: (key: string) => BucketRule, at: number): void {
	let looked = 0;
	for (const [key, bucket] of buckets) {
		const rule = ruleOf(key);
		if (bucket.tokens + (at - bucket.at) / rule.refillMs >= rule.capacity) buckets.delete(key);
		if (++looked >= 1_000) break;
	}
	if (buckets.size > mostBuckets) {
		const [oldest] = buckets.keys();
		if (oldest !== undefined) buckets.delete(oldest);
	}
}

/** One network: an IPv4 address, or the /64 of an IPv6 one (RFC 6177: what one subscriber has). */
export function networkOf(address: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
	if (mapped !== null) return mapped[1] ?? address;
	if (!address.includes(':')) return address;
	const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
	const left = head === '' ? [] : head.split(':');
	const right = tail === undefined || tail === '' ? [] : tail.split(':');
	const groups =
		tail === undefined
			? left
			: [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
	return `${groups
		.slice(0, 4)
		.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
		.join(':')}::/64`;
}
