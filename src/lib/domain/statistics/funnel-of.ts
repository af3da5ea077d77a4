/** ST3: how many different people were enrolled, started, completed and were certified in one course, by sex. */
import { EMPTY_FUNNEL, type Funnel, type Sex, type SexSplit } from './sex-split.ts';

export type FunnelRow = {
	readonly sex: Sex;
	readonly state: 'not-begun' | 'going-on' | 'done';
	readonly certificate: 'none' | 'due' | 'issued';
};

/** @param rows one for every enrolled person, also for those who have not begun */
export function funnelOf(rows: readonly FunnelRow[]): Funnel {
	return rows.reduce<Funnel>(
		(funnel, row) => ({
			enrolled: count(funnel.enrolled, row.sex, true),
			started: count(funnel.started, row.sex, row.state !== 'not-begun'),
			completed: count(funnel.completed, row.sex, row.state === 'done'),
			certified: count(funnel.certified, row.sex, row.certificate === 'issued')
		}),
		EMPTY_FUNNEL
	);
}

function count(split: SexSplit, sex: Sex, counts: boolean): SexSplit {
	return counts ? { ...split, [sex]: split[sex] + 1 } : split;
}
