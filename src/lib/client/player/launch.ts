/** What to open and with which data: the learner's attempts here and on other devices, and the course's own order. */
import type { Branch } from '#lib/domain/attempt/branch.ts';
import { mergeBranches } from '#lib/domain/attempt/merge-branches.ts';
import {
	launchableItems,
	type CourseItem,
	type CourseStructure,
	type ItemLaunch
} from '#lib/domain/course/course-structure.ts';
import { uuidV7 } from '#lib/domain/ids/uuid-v7.ts';
import { isItemDone, itemStateOf, WHOLE_COURSE, type ItemState } from '#lib/domain/registration/registration.ts';
import { needsNewAttempt, type Learner } from '#lib/domain/scorm/launch-cmi.ts';
import { newPlayState } from '#lib/domain/scorm/map-cmi.ts';
import { isOpen } from '#lib/domain/scorm/prerequisites.ts';
import type { FlatCmi } from '#lib/domain/scorm/status-rules.ts';
import type { LocalAttempt, ProfileDb } from '#lib/client/db/profile-db.ts';
import type { Writer } from '#lib/client/db/append-events.ts';
import { newLocalAttempt, type PlayContext } from './record-journal.ts';

export type Item = CourseItem & { readonly launch: ItemLaunch };

export function newId(): string {
	return uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** A name for the learner that tells content (and what it may write down) nothing: stable per course, not reversible. */
export async function learnerFor(personId: string, displayName: string, courseId: string): Promise<Learner> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${courseId}\n${personId}`));
	const hex = Array.from(new Uint8Array(digest).subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
	return { studentId: `l${hex}`, name: displayName };
}

/** The attempt to go on with at this item, or a new one. Not stored yet. */
export async function attemptFor(
	db: ProfileDb,
	context: PlayContext,
	scoId: string,
	now: number
): Promise<LocalAttempt> {
	const found = await latestAttempt(db, context, scoId, now);
	return found === null || needsNewAttempt(found.play) ? newLocalAttempt(newId(), context, scoId, now) : found;
}

/** The course-level attempt with the sequencing state (2004), or a new one. Not stored yet. */
export async function courseAttemptFor(db: ProfileDb, context: PlayContext, now: number): Promise<LocalAttempt> {
	return (await latestAttempt(db, context, WHOLE_COURSE, now)) ?? newLocalAttempt(newId(), context, WHOLE_COURSE, now);
}

async function latestAttempt(
	db: ProfileDb,
	context: PlayContext,
	scoId: string,
	now: number
): Promise<LocalAttempt | null> {
	const isHere = (one: { readonly packId: string; readonly scoId: string }) =>
		one.packId === context.packId && one.scoId === scoId;
	const local = (await db.attempts.where('courseId').equals(context.courseId).toArray()).filter(isHere);
	const branches = (await db.branches.where('courseId').equals(context.courseId).toArray()).filter(isHere);
	// Ids are made of the time, so the greatest is the newest.
	const id = [...local, ...branches]
		.map(({ attemptId }) => attemptId)
		.toSorted()
		.at(-1);
	if (id === undefined) return null;
	const own = local.find(({ attemptId }) => attemptId === id) ?? null;
	const other = await furtherBranch(
		db,
		branches.filter(({ attemptId }) => attemptId === id),
		own
	);
	if (other === null) return own ?? newLocalAttempt(id, context, scoId, now);
	return adopt(own ?? newLocalAttempt(id, context, scoId, now), other, context.structure);
}

/** DESIGN 4.5: the branch of another device, when it is further along and has not been taken over before. */
async function furtherBranch(
	db: ProfileDb,
	branches: readonly Branch[],
	own: LocalAttempt | null
): Promise<Branch | null> {
	const writer = (await db.meta.get('writer'))?.value as Writer | undefined;
	const resume = mergeBranches(branches)?.resume ?? null;
	if (resume === null || resume.saved === null || resume.device === writer?.device) return null;
	return own?.basedOn === nameOf(resume) ? null : resume;
}

function nameOf({ device, epoch, seq }: Branch): string {
	return `${device}/${epoch}/${seq}`;
}

function adopt(own: LocalAttempt, branch: Branch, structure: CourseStructure): LocalAttempt {
	const resumed = newPlayState(structure.scormVersion, flatCmi(branch.saved?.cmi ?? '{}'));
	return {
		...own,
		// Time is counted per device, and what was answered here was answered here.
		play: {
			...resumed,
			seconds: own.play.seconds,
			reportedSeconds: own.play.reportedSeconds,
			answered: own.play.answered
		},
		sequencing: branch.saved?.sequencing ?? own.sequencing,
		basedOn: nameOf(branch)
	};
}

/** Text only, since it goes to the content as SCORM values. */
function flatCmi(json: string): FlatCmi {
	try {
		const parsed: unknown = JSON.parse(json);
		if (typeof parsed !== 'object' || parsed === null) return {};
		return Object.fromEntries(
			Object.entries(parsed).flatMap(([element, value]) => (typeof value === 'string' ? [[element, value]] : []))
		);
	} catch {
		return {};
	}
}

/** State of every launchable item of this pack. */
export async function itemStates(db: ProfileDb, context: PlayContext): Promise<ReadonlyMap<string, ItemState>> {
	const branches = (await db.branches.where('courseId').equals(context.courseId).toArray()).filter(
		({ packId }) => packId === context.packId
	);
	const attempts = [...Map.groupBy(branches, ({ attemptId }) => attemptId).values()].flatMap(
		(own) => mergeBranches(own) ?? []
	);
	return new Map(launchableItems(context.structure.items).map(({ id }) => [id, itemStateOf(id, attempts)]));
}

/** SC9 over items and blocks: a block is done when all in it is done. */
export function isItemOpen(structure: CourseStructure, states: ReadonlyMap<string, ItemState>, item: Item): boolean {
	return isOpen(item.launch.prerequisites, (id) => {
		const named = findItem(structure.items, id);
		if (named === null) return null;
		const within = launchableItems([named]).flatMap((one) => states.get(one.id) ?? []);
		const [only] = within;
		if (within.length === 1 && only !== undefined) return only;
		return { completion: within.every(isItemDone) ? 'completed' : 'incomplete', success: 'unknown' };
	});
}

function findItem(items: readonly CourseItem[], id: string): CourseItem | null {
	for (const item of items) {
		const found = item.id === id ? item : findItem(item.children, id);
		if (found !== null) return found;
	}
	return null;
}

/**
 * SC14 (SCORM 1.2, which has no sequencing): where she was if that is not done, else the first open item that is not, else where she
 * was, else the first.
 */
export function itemToOpen(
	structure: CourseStructure,
	states: ReadonlyMap<string, ItemState>,
	last: string | null
): Item | null {
	const items = launchableItems(structure.items).filter((item) => isItemOpen(structure, states, item));
	const isDone = ({ id }: Item) => {
		const state = states.get(id);
		return state !== undefined && isItemDone(state);
	};
	const here = items.find(({ id }) => id === last) ?? null;
	if (here !== null && !isDone(here)) return here;
	return items.find((item) => !isDone(item)) ?? here ?? items[0] ?? null;
}
