/** The learner's screens as data, read from the device's two databases. Await Dexie only (see live.svelte.ts). */
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { WHOLE_COURSE, isItemDone, itemStateOf, type ItemState } from '#lib/domain/registration/registration.ts';
import type { DeviceDb } from '#lib/client/db/device-db.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import type { Certificate, Profile } from '#lib/contracts/sync.ts';
import { courseSummaries, type CourseSummary, type LearnerRows } from './course-summary.ts';
import { safetyOf, type Safety } from './safety.ts';

export type Owner = { readonly device: DeviceDb; readonly db: ProfileDb; readonly personId: string };

export type LearnerHome = {
	readonly profile: Profile | null;
	/** The one next step; null when there is nothing to do. */
	readonly next: { readonly course: CourseSummary; readonly item: CourseItemView | null } | null;
	/** Not finished, with a date, the nearest first. Without `next`. */
	readonly due: readonly CourseSummary[];
	/** On this phone, not in the lists above. */
	readonly onPhone: readonly CourseSummary[];
	/** Enrolled, not on this phone, not in the lists above. */
	readonly toDownload: readonly CourseSummary[];
	readonly finished: readonly CourseSummary[];
	readonly safety: Safety;
};

export type CourseItemView = ItemState & {
	readonly title: string;
	readonly state: 'not-begun' | 'going-on' | 'done';
};

export type CourseView = {
	readonly summary: CourseSummary;
	/** In reading order: the playable pack's items, else the card's. */
	readonly items: readonly CourseItemView[];
	/** Where to go on: the item last left, else the first that is not done; null when all is done. */
	readonly continueAt: CourseItemView | null;
};

export type CertificatesView = {
	readonly issued: readonly Certificate[];
	/** Earned on this device, waiting to be issued. */
	readonly waiting: readonly CourseSummary[];
};

export async function learnerHome(owner: Owner): Promise<LearnerHome> {
	const rows = await learnerRows(owner);
	const profile = (await owner.db.profile.get(owner.personId)) ?? null;
	const courses = courseSummaries(rows).filter(isOwn);
	const open = courses.filter((course) => course.registration.state !== 'done');
	const nextCourse = nextOf(open);
	const rest = open.filter((course) => course !== nextCourse);
	const due = rest
		.filter((course) => dueAt(course) !== null)
		.toSorted((left, right) => (dueAt(left) ?? 0) - (dueAt(right) ?? 0));
	const others = rest.filter((course) => dueAt(course) === null);
	return {
		profile,
		next: nextCourse === null ? null : { course: nextCourse, item: continueAt(nextCourse, itemsOf(nextCourse)) },
		due,
		onPhone: others.filter((course) => course.playable !== null),
		toDownload: others.filter((course) => course.playable === null && !course.card.withdrawn),
		finished: courses.filter((course) => course.registration.state === 'done'),
		safety: rows.safety
	};
}

/** Every course this person may see here, also those she is not enrolled in. */
export async function allCourses(owner: Owner): Promise<CourseSummary[]> {
	const collator = new Intl.Collator();
	return courseSummaries(await learnerRows(owner))
		.filter((course) => !course.card.withdrawn || isOwn(course))
		.toSorted((left, right) => collator.compare(left.card.title, right.card.title));
}

export async function courseView(owner: Owner, courseId: string): Promise<CourseView | null> {
	const rows = await learnerRows(owner);
	const summary = courseSummaries({ ...rows, cards: rows.cards.filter((card) => card.courseId === courseId) })[0];
	if (summary === undefined) return null;
	const items = itemsOf(summary);
	return { summary, items, continueAt: continueAt(summary, items) };
}

export async function certificatesView(owner: Owner): Promise<CertificatesView> {
	const rows = await learnerRows(owner);
	return {
		issued: rows.certificates.toSorted((left, right) => right.issuedAt - left.issuedAt),
		waiting: courseSummaries(rows).filter((course) => course.certificateState === 'waiting')
	};
}

async function learnerRows({ device, db, personId }: Owner): Promise<LearnerRows> {
	// Side by side: one after the other they would be half of what a start from the device takes.
	const [cards, enrolments, branches, certificates, packs, safety] = await Promise.all([
		db.courses.toArray(),
		db.enrolments.toArray(),
		db.branches.toArray(),
		db.certificates.toArray(),
		device.packs.toArray(),
		safetyOf(db)
	]);
	return { learnerId: personId, cards, enrolments, branches, certificates, packs, safety };
}

function isOwn(course: CourseSummary): boolean {
	return (course.enrolment !== null && !course.enrolment.ended) || course.registration.state !== 'not-begun';
}

function dueAt(course: CourseSummary): number | null {
	return course.enrolment?.dueAt ?? null;
}

/** What she did last, if it can be played here; else something that is here; else the first thing to fetch. */
function nextOf(open: readonly CourseSummary[]): CourseSummary | null {
	const begun = open
		.filter((course) => course.registration.state === 'going-on')
		.toSorted((left, right) => (right.registration.lastAt ?? 0) - (left.registration.lastAt ?? 0));
	const byDate = open.toSorted(
		(left, right) => (dueAt(left) ?? Number.POSITIVE_INFINITY) - (dueAt(right) ?? Number.POSITIVE_INFINITY)
	);
	return (
		begun.find((course) => course.playable !== null) ??
		byDate.find((course) => course.playable !== null) ??
		begun[0] ??
		byDate.find((course) => !course.card.withdrawn) ??
		null
	);
}

export function itemsOf(course: CourseSummary): CourseItemView[] {
	const titles = course.playable === null ? course.card.items : launchableItems(course.playable.structure.items);
	return titles.map(({ id, title }) => {
		const item = itemStateOf(id, course.attempts);
		const begun = course.attempts.some((attempt) => attempt.scoId === id);
		return { ...item, title, state: isItemDone(item) ? 'done' : begun ? 'going-on' : 'not-begun' };
	});
}

function continueAt(course: CourseSummary, items: readonly CourseItemView[]): CourseItemView | null {
	const last = course.attempts
		.filter((attempt) => attempt.scoId !== WHOLE_COURSE)
		.toSorted((left, right) => right.lastAt - left.lastAt)[0];
	const lastItem = items.find((item) => item.scoId === last?.scoId);
	if (lastItem !== undefined && lastItem.state !== 'done') return lastItem;
	return items.find((item) => item.state !== 'done') ?? null;
}
