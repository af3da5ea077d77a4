import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { funnelOf, type FunnelRow } from './funnel-of.ts';
import { addSplits, EMPTY_SPLIT, FUNNEL_STEPS, SEXES, shareOf, totalOf, type SexSplit } from './sex-split.ts';

const splits: fc.Arbitrary<SexSplit> = fc.record({
	female: fc.nat(1000),
	male: fc.nat(1000),
	other: fc.nat(1000),
	not_stated: fc.nat(1000)
});

describe('counts by sex', () => {
	test('[ST1] there are four answers, and none is lost in a sum', () => {
		expect(SEXES).toEqual(['female', 'male', 'other', 'not_stated']);
		fc.assert(
			fc.property(splits, splits, (left, right) => {
				expect(totalOf(addSplits(left, right))).toBe(totalOf(left) + totalOf(right));
			})
		);
	});

	test('[ST1] sums do not depend on order or grouping', () => {
		fc.assert(
			fc.property(splits, splits, splits, (one, two, three) => {
				expect(addSplits(one, two)).toEqual(addSplits(two, one));
				expect(addSplits(addSplits(one, two), three)).toEqual(addSplits(one, addSplits(two, three)));
				expect(addSplits(one, EMPTY_SPLIT)).toEqual(one);
			})
		);
	});

	test('[ST2] a share is of everyone, those who did not say included', () => {
		expect(shareOf({ female: 57, male: 33, other: 0, not_stated: 10 }, 'female')).toBe(0.57);
	});

	test('[ST2] of nobody there is no share', () => expect(shareOf(EMPTY_SPLIT, 'female')).toBeNull());

	test('[ST2] the shares of all answers make a whole', () => {
		fc.assert(
			fc.property(
				splits.filter((split) => totalOf(split) > 0),
				(split) => {
					expect(SEXES.reduce((sum, sex) => sum + (shareOf(split, sex) ?? 0), 0)).toBeCloseTo(1);
				}
			)
		);
	});
});

describe('the funnel', () => {
	const rows: fc.Arbitrary<FunnelRow[]> = fc.array(
		fc.record({
			sex: fc.constantFrom(...SEXES),
			state: fc.constantFrom('not-begun' as const, 'going-on' as const, 'done' as const),
			certificate: fc.constantFrom('none' as const, 'due' as const, 'issued' as const)
		})
	);

	test('[ST3] every step counts people, and no more than are enrolled', () => {
		fc.assert(
			fc.property(rows, (people) => {
				const funnel = funnelOf(people);
				expect(totalOf(funnel.enrolled)).toBe(people.length);
				expect(totalOf(funnel.started)).toBe(people.filter(({ state }) => state !== 'not-begun').length);
				expect(totalOf(funnel.completed)).toBe(people.filter(({ state }) => state === 'done').length);
				expect(totalOf(funnel.certified)).toBe(people.filter(({ certificate }) => certificate === 'issued').length);
				for (const step of FUNNEL_STEPS)
					for (const sex of SEXES) expect(funnel[step][sex]).toBeLessThanOrEqual(funnel.enrolled[sex]);
			})
		);
	});
});
