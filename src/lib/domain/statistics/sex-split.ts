/** Counts of people by sex; the four answers of the profile (SPEC ST1). Percentages always come from counts. */
export const SEXES = ['female', 'male', 'other', 'not_stated'] as const;
export type Sex = (typeof SEXES)[number];

export type SexSplit = Readonly<Record<Sex, number>>;

export const EMPTY_SPLIT: SexSplit = { female: 0, male: 0, other: 0, not_stated: 0 };

export function addSplits(left: SexSplit, right: SexSplit): SexSplit {
	return {
		female: left.female + right.female,
		male: left.male + right.male,
		other: left.other + right.other,
		not_stated: left.not_stated + right.not_stated
	};
}

export function totalOf(split: SexSplit): number {
	return SEXES.reduce((sum, sex) => sum + split[sex], 0);
}

/** ST2: the base is everyone, "not stated" included; null when nobody is counted. 0 to 1. */
export function shareOf(split: SexSplit, sex: Sex): number | null {
	const total = totalOf(split);
	return total === 0 ? null : split[sex] / total;
}

/** Enrolled, started, completed, certified: each a count of different people (ST3). */
export const FUNNEL_STEPS = ['enrolled', 'started', 'completed', 'certified'] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];
export type Funnel = Readonly<Record<FunnelStep, SexSplit>>;
export const EMPTY_FUNNEL: Funnel = {
	enrolled: EMPTY_SPLIT,
	started: EMPTY_SPLIT,
	completed: EMPTY_SPLIT,
	certified: EMPTY_SPLIT
};
