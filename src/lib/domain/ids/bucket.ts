/**
 * Which of the 256 buckets a learner's rows live in: FNV-1a (32 bit, over UTF-8) of the learner id, modulo 256.
 * First column of every learner-owned key. Part of the data contract: it can never change (SPEC ID2).
 */
export const BUCKETS = 256;

export function bucketOf(learnerId: string): number {
	let hash = 0x811c9dc5;
	for (const byte of new TextEncoder().encode(learnerId)) {
		hash = Math.imul(hash ^ byte, 0x01000193);
	}
	return (hash >>> 0) % BUCKETS;
}
