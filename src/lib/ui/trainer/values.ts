/** What the screens of trainers and administrators are given. */
import type { Cohort, CohortLearner, CourseCard, RegistrationRow } from '#lib/contracts/sync.ts';
import { comparePressing, needOf, type Need } from '#lib/domain/statistics/needs-help.ts';
import type { Funnel } from '#lib/domain/statistics/sex-split.ts';

/** What came of a request. Every code has a sentence under `errors.<code>`. */
export type Answer<T> =
	| { readonly type: 'ok'; readonly value: T }
	| { readonly type: 'refused'; readonly code: string; readonly params: Readonly<Record<string, string | number>> }
	| { readonly type: 'unreachable'; readonly code: string };

export type Trouble = {
	readonly code: string;
	readonly params?: Readonly<Record<string, string | number>> | undefined;
};

export type CourseFigures = CourseCard & { readonly funnel: Funnel };

export type Member = {
	readonly learner: CohortLearner;
	/** By course id; a course without a row has not been begun. */
	readonly rows: ReadonlyMap<string, RegistrationRow>;
};

export type CohortData = {
	readonly cohort: Cohort;
	readonly courses: readonly CourseFigures[];
	readonly members: readonly Member[];
	/** Server time of the figures, ms; null = never heard from it. */
	readonly asOf: number | null;
};

export type MemberNeed = {
	readonly cohort: Cohort;
	readonly member: Member;
	readonly need: Need;
	readonly course: CourseFigures | null;
};

/** Who needs the trainer next, the most pressing first. */
export function needsOf(cohorts: readonly CohortData[]): MemberNeed[] {
	return cohorts
		.filter(({ cohort }) => !cohort.archived)
		.flatMap(({ cohort, courses, members, asOf }) =>
			members.flatMap((member): MemberNeed[] => {
				const need = needOf(courses, member.rows, member.learner.lastSeenAt, asOf);
				if (need === null) return [];
				const course = 'courseId' in need ? (courses.find(({ courseId }) => courseId === need.courseId) ?? null) : null;
				return [{ cohort, member, need, course }];
			})
		)
		.toSorted((left, right) => comparePressing(left.need, right.need));
}

/** One learner's row in a course, also when she has not begun it. */
export function rowOf(member: Member, course: CourseCard): RegistrationRow {
	return (
		member.rows.get(course.courseId) ?? {
			learnerId: member.learner.learnerId,
			courseId: course.courseId,
			state: 'not-begun',
			success: 'unknown',
			score: null,
			progress: 0,
			itemsDone: 0,
			itemsTotal: course.items.length,
			seconds: 0,
			startedAt: null,
			changedAt: 0,
			certificate: 'none'
		}
	);
}

/** Searching as people type: capitals, accents and vowel marks do not matter. */
export function isMatch(search: string, ...texts: readonly string[]): boolean {
	const wanted = plain(search).split(/\s+/).filter(Boolean);
	const all = plain(texts.join(' '));
	return wanted.every((word) => all.includes(word));
}

function plain(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
