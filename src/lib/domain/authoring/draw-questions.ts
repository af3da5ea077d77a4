/** Which questions of the pool does this learner get, and in which order? Decided by a seed, so a resumed quiz is the same quiz. */

type Drawn = { readonly id: string; readonly objective: string };

/**
 * `count` ids from the pool, without repeats. Objectives take turns first, so every objective is asked about as evenly
 * as the count allows; then the whole draw is shuffled.
 * @param seed any integer; the same seed gives the same draw on every device.
 */
export function drawQuestions(pool: readonly Drawn[], count: number, seed: number): readonly string[] {
	const random = randomFrom(seed);
	const waiting = new Map<string, string[]>();
	for (const question of shuffle(pool, random)) {
		waiting.set(question.objective, [...(waiting.get(question.objective) ?? []), question.id]);
	}
	const queues = shuffle([...waiting.values()], random);
	const drawn: string[] = [];
	while (drawn.length < count && queues.some((queue) => queue.length > 0)) {
		for (const queue of queues) {
			const id = queue.shift();
			if (id !== undefined && drawn.length < count) drawn.push(id);
		}
	}
	return shuffle(drawn, random);
}

/** The same items in an order given by the seed. */
export function shuffleBy<T>(items: readonly T[], seed: number): readonly T[] {
	return shuffle(items, randomFrom(seed));
}

/** A number from a text, to seed the shuffle of one question (FNV-1a, 32 bit). */
export function seedOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
	return hash >>> 0;
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
	const shuffled = [...items];
	for (let n = shuffled.length - 1; n > 0; n--) {
		const other = Math.floor(random() * (n + 1));
		[shuffled[n], shuffled[other]] = [shuffled[other] as T, shuffled[n] as T];
	}
	return shuffled;
}

/** mulberry32: 0 <= x < 1 from a 32-bit seed. */
function randomFrom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
