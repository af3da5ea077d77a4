/** The trainer's screens as data: her cohorts as last pulled, with the figures counted here from the same rows. */
import { needOf, type Need } from '#lib/domain/statistics/needs-help.ts';
import { funnelOf } from '#lib/domain/statistics/funnel-of.ts';
import type { Funnel } from '#lib/domain/statistics/sex-split.ts';
import type { Cohort, CohortLearner, CourseCard, RegistrationRow } from '#lib/contracts/sync.ts';
import { readMeta } from '#lib/client/db/profile-meta.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';

export type CohortMember = {
	readonly learner: CohortLearner;
	/** By course id; a course without a row has not been begun. */
	readonly rows: ReadonlyMap<string, RegistrationRow>;
	/** Why she needs her trainer next; null = she does not. */
	readonly need: Need | null;
};

export type CohortView = {
	readonly cohort: Cohort;
	readonly courses: readonly (CourseCard & { readonly funnel: Funnel })[];
	/** By name. */
	readonly members: readonly CohortMember[];
	/** Server time of the last pull: how old these figures are; null = never. */
	readonly asOf: number | null;
};

/** By name; those put away come last. */
export async function cohortViews(db: ProfileDb): Promise<CohortView[]> {
	const views: CohortView[] = [];
	for (const cohort of await db.cohorts.toArray()) views.push(await viewOf(db, cohort));
	return views.toSorted(
		(left, right) =>
			Number(left.cohort.archived) - Number(right.cohort.archived) || compareNames(left.cohort.name, right.cohort.name)
	);
}

export async function cohortView(db: ProfileDb, cohortId: string): Promise<CohortView | null> {
	const cohort = await db.cohorts.get(cohortId);
	return cohort === undefined ? null : viewOf(db, cohort);
}

async function viewOf(db: ProfileDb, cohort: Cohort): Promise<CohortView> {
	const asOf = (await readMeta(db, 'serverNow')) ?? null;
	const learners = (await db.learners.bulkGet([...cohort.learnerIds])).filter((learner) => learner !== undefined);
	const cards = (await db.courses.bulkGet([...cohort.courseIds])).filter((card) => card !== undefined);
	const rows = await db.registrations
		.where('courseId')
		.anyOf([...cohort.courseIds])
		.toArray();
	const byLearner = Map.groupBy(rows, (row) => row.learnerId);
	const members = learners
		.map((learner): CohortMember => {
			const own = new Map((byLearner.get(learner.learnerId) ?? []).map((row) => [row.courseId, row]));
			return { learner, rows: own, need: needOf(cards, own, learner.lastSeenAt, asOf) };
		})
		.toSorted((left, right) => compareNames(left.learner.displayName, right.learner.displayName));
	const courses = cards.map((card) => ({
		...card,
		funnel: funnelOf(
			members.map(({ learner, rows: own }) => {
				const row = own.get(card.courseId);
				return { sex: learner.sex, state: row?.state ?? 'not-begun', certificate: row?.certificate ?? 'none' };
			})
		)
	}));
	return { cohort, courses, members, asOf };
}

function compareNames(left: string, right: string): number {
	return left.localeCompare(right);
}
