/**
 * One course as its learner sees it: what is offered, what is on this phone, how far she is, what is safe.
 * Everything is folded here from the device's own rows; nothing is asked of the network.
 */
import { mergeBranches, type Attempt } from '#lib/domain/attempt/merge-branches.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import { launchableItems, type CourseStructure } from '#lib/domain/course/course-structure.ts';
import { eligibilityOf, type Eligibility } from '#lib/domain/credential/certificate-rule.ts';
import { registrationOf, type Registration } from '#lib/domain/registration/registration.ts';
import type { PackRecord } from '#lib/client/db/device-db.ts';
import type { Certificate, CourseCard, Enrolment } from '#lib/contracts/sync.ts';
import { NOTHING_WAITS, type Safety, type SafetyState } from './safety.ts';

export type CourseSummary = {
	readonly card: CourseCard;
	readonly enrolment: Enrolment | null;
	readonly registration: Registration;
	/** The attempts behind the registration. */
	readonly attempts: readonly Attempt[];
	/** The pack she would play now: the one she is in the middle of, else the published one, else any that is here. */
	readonly playable: (PackRecord & { readonly structure: CourseStructure }) | null;
	/** The pack on offer with its state here (downloading, paused, failed, installed), or null when nothing of it is here. */
	readonly offered: PackRecord | null;
	/** A newer revision than the playable one is on offer. */
	readonly hasUpdate: boolean;
	readonly eligibility: Eligibility;
	readonly certificate: Certificate | null;
	/** `waiting`: earned by the rule, not issued yet. */
	readonly certificateState: 'none' | 'waiting' | 'issued';
	readonly safety: SafetyState;
	/** Rough, from the course's hours; null when those are not known. */
	readonly minutesLeft: number | null;
};

export type LearnerRows = {
	readonly learnerId: string;
	readonly cards: readonly CourseCard[];
	readonly enrolments: readonly Enrolment[];
	readonly branches: readonly Branch[];
	readonly certificates: readonly Certificate[];
	readonly packs: readonly PackRecord[];
	readonly safety: Safety;
};

export function courseSummaries(rows: LearnerRows): CourseSummary[] {
	const branches = Map.groupBy(rows.branches, (branch) => branch.courseId);
	const packs = Map.groupBy(rows.packs, (pack) => pack.courseId);
	return rows.cards.map((card) =>
		summaryOf(card, branches.get(card.courseId) ?? [], packs.get(card.courseId) ?? [], rows)
	);
}

function summaryOf(
	card: CourseCard,
	branches: readonly Branch[],
	packs: readonly PackRecord[],
	rows: LearnerRows
): CourseSummary {
	const attempts = [...Map.groupBy(branches, (branch) => branch.attemptId).values()].flatMap(
		(own) => mergeBranches(own) ?? []
	);
	const registration = registrationOf(
		rows.learnerId,
		card.courseId,
		(packId) => itemIds(packId, card, packs),
		attempts
	);
	const playable = playableOf(card, registration, packs);
	const certificate = rows.certificates.find((one) => one.courseId === card.courseId && !one.revoked) ?? null;
	const eligibility = eligibilityOf(card.rule, registration);
	return {
		card,
		enrolment: rows.enrolments.find((one) => one.courseId === card.courseId) ?? null,
		registration,
		attempts,
		playable,
		offered: packs.find((pack) => pack.packId === card.packId) ?? null,
		hasUpdate: playable !== null && playable.packId !== card.packId && !card.withdrawn,
		eligibility,
		certificate,
		certificateState: certificate !== null ? 'issued' : eligibility.type === 'earned' ? 'waiting' : 'none',
		safety: rows.safety.courses.get(card.courseId) ?? NOTHING_WAITS,
		minutesLeft: card.hours === null ? null : Math.round(card.hours * 60 * (1 - registration.progress))
	};
}

/** The items of a pack by its structure, where it is installed, else by the card; [] for an older pack that is gone. */
function itemIds(packId: string, card: CourseCard, packs: readonly PackRecord[]): readonly string[] {
	const structure = packs.find((pack) => pack.packId === packId)?.structure;
	if (structure) return launchableItems(structure.items).map((item) => item.id);
	return packId === card.packId ? card.items.map((item) => item.id) : [];
}

/** DESIGN 4.6: a running attempt stays on its revision. */
function playableOf(
	card: CourseCard,
	registration: Registration,
	packs: readonly PackRecord[]
): CourseSummary['playable'] {
	const installed = packs.flatMap((pack) =>
		pack.state === 'installed' && pack.structure !== null ? [{ ...pack, structure: pack.structure }] : []
	);
	const running = registration.state === 'going-on' ? registration.packId : null;
	return (
		installed.find((pack) => pack.packId === running) ??
		installed.find((pack) => pack.packId === card.packId) ??
		installed.toSorted((left, right) => right.revision - left.revision)[0] ??
		null
	);
}
