import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawQuestions, shuffleBy } from './draw-questions.ts';

const pools = fc.uniqueArray(fc.record({ id: fc.uuid(), objective: fc.constantFrom('a', 'b', 'c', 'd') }), {
	minLength: 1,
	maxLength: 40,
	selector: ({ id }) => id
});

test('the same seed draws the same questions, without repeats, as many as asked for', () => {
	fc.assert(
		fc.property(pools, fc.nat(45), fc.integer(), (pool, count, seed) => {
			const drawn = drawQuestions(pool, count, seed);
			expect(drawn).toEqual(drawQuestions(pool, count, seed));
			expect(new Set(drawn).size).toBe(drawn.length);
			expect(drawn.length).toBe(Math.min(count, pool.length));
			expect(drawn.every((id) => pool.some((question) => question.id === id))).toBe(true);
		})
	);
});

test('objectives take turns: none is asked about twice more often than another that has questions left', () => {
	fc.assert(
		fc.property(pools, fc.nat(40), fc.integer(), (pool, count, seed) => {
			const drawn = drawQuestions(pool, count, seed);
			const asked = (objective: string): number =>
				drawn.filter((id) => pool.find((question) => question.id === id)?.objective === objective).length;
			const written = (objective: string): number => pool.filter((question) => question.objective === objective).length;
			const objectives = [...new Set(pool.map(({ objective }) => objective))];
			for (const one of objectives) {
				for (const other of objectives) {
					if (asked(other) < written(other)) expect(asked(one) - asked(other)).toBeLessThanOrEqual(1);
				}
			}
		})
	);
});

test('seeds differ in what they draw', () => {
	const pool = Array.from({ length: 26 }, (_, n) => ({ id: `q${n}`, objective: `o${n % 6}` }));
	const draws = new Set(Array.from({ length: 50 }, (_, seed) => drawQuestions(pool, 14, seed).join()));
	expect(draws.size).toBe(50);
});

test('a shuffle keeps every item', () => {
	fc.assert(
		fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
			expect([...shuffleBy(items, seed)].sort()).toEqual([...items].sort());
		})
	);
});
