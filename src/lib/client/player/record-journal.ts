/**
 * Journal rows become learning events: one transaction a batch, so that after it everything is safe on this device and
 * before it nothing has happened. Rows may come twice (a page that died, a drain that was cut): they count once.
 */
import type { JournalRow } from '#lib/contracts/player-port.ts';
import { appendEvents, type EventDraft } from '#lib/client/db/append-events.ts';
import type { LocalAttempt, ProfileDb } from '#lib/client/db/profile-db.ts';
import { launchableItems, type CourseStructure, type ItemLaunch } from '#lib/domain/course/course-structure.ts';
import type { EventBody } from '#lib/domain/event/learning-event.ts';
import { WHOLE_COURSE } from '#lib/domain/registration/registration.ts';
import { preferencesIn } from '#lib/domain/scorm/launch-cmi.ts';
import {
	applyRows,
	changesOf,
	closeSession,
	newPlayState,
	rollupOf,
	type PlayRow,
	type Summary
} from '#lib/domain/scorm/map-cmi.ts';
import type { FlatCmi } from '#lib/domain/scorm/status-rules.ts';

export type PlayContext = {
	readonly learnerId: string;
	readonly courseId: string;
	readonly packId: string;
	readonly structure: CourseStructure;
};

export type Ack = { readonly attempt: string; readonly session: string; readonly upto: number };

export type Recorded = {
	/** Tell the content origin: these it may forget. */
	readonly acks: readonly Ack[];
	/** Attempts this person does not have. */
	readonly foreign: readonly JournalRow[];
};

const PREFERENCES = 'scormPreferences';

export async function recordRows(db: ProfileDb, context: PlayContext, rows: readonly JournalRow[]): Promise<Recorded> {
	return db.transaction('rw', [db.meta, db.events, db.branches, db.journal, db.attempts], async () => {
		const foreign: JournalRow[] = [];
		const acks = new Map<string, Ack>();
		for (const [attemptId, own] of Map.groupBy(rows, ({ attempt }) => attempt)) {
			const attempt = await db.attempts.get(attemptId);
			if (attempt === undefined || attempt.packId !== context.packId || attempt.scoId === WHOLE_COURSE) {
				foreign.push(...own);
				continue;
			}
			await recordAttempt(db, context, attempt, own);
			for (const { attempt: id, session, n } of own) {
				const key = `${id} ${session}`;
				acks.set(key, { attempt: id, session, upto: Math.max(n, acks.get(key)?.upto ?? 0) });
			}
		}
		return { acks: [...acks.values()], foreign };
	});
}

async function recordAttempt(
	db: ProfileDb,
	context: PlayContext,
	attempt: LocalAttempt,
	rows: readonly JournalRow[]
): Promise<void> {
	const known = await db.journal.bulkGet(rows.map(({ attempt: id, session, n }) => [id, session, n]));
	const fresh = rows.filter((_, index) => known[index] === undefined).toSorted((left, right) => left.n - right.n);
	const last = fresh.findLast(({ session }) => session === attempt.openSession);
	if (fresh.length === 0) return;
	// Snapshots are large, and nobody reads them here again.
	await db.journal.bulkPut(fresh.map((row) => (row.op === 'snapshot' ? { ...row, val: '' } : row)));
	const inOrder = await withoutOvertaken(db, attempt, fresh);
	const own = inOrder.filter(({ op, el }) => op !== 'snapshot' && (op !== 'rollup' || el === attempt.scoId));
	const mapped = applyRows(attempt.play, own.map(playRow), launchOf(context.structure, attempt.scoId));
	await db.attempts.put({
		...attempt,
		play: mapped.state,
		lastRow: Math.max(attempt.lastRow, last?.n ?? 0),
		updatedAt: fresh.at(-1)?.t ?? attempt.updatedAt
	});
	await appendEvents(
		db,
		mapped.events.map(({ at, body }) => draft(context, attempt, at, body))
	);
	await keepPreferences(db, preferencesIn(own));
	await recordCourse(db, context, inOrder, mapped.state.phase !== 'running');
}

/**
 * Rows that come after later ones of their session (by a channel that was slower), or after their session was closed,
 * must not undo what came later; begin and end of such a session are history.
 */
async function withoutOvertaken(
	db: ProfileDb,
	attempt: LocalAttempt,
	rows: readonly JournalRow[]
): Promise<readonly JournalRow[]> {
	const isLate = (row: JournalRow) => row.session !== attempt.openSession || row.n < attempt.lastRow;
	if (!rows.some(isLate)) return rows;
	const stored = await db.journal
		.where('[attempt+session+n]')
		.between([attempt.attemptId, '', 0], [attempt.attemptId, '\uffff', 0])
		.toArray();
	const isOvertaken = (row: JournalRow) =>
		stored.some(
			(other) =>
				other.el === row.el &&
				other.op === 'set' &&
				(other.session === row.session ? other.n > row.n : other.session === attempt.openSession)
		);
	return rows.filter(
		(row) =>
			!isLate(row) ||
			(row.session === attempt.openSession && row.op === 'terminate') ||
			(row.op === 'set' && !isOvertaken(row))
	);
}

function playRow({ t, op, el, val }: JournalRow): PlayRow {
	return { t, op, el, val };
}

async function keepPreferences(db: ProfileDb, changed: FlatCmi): Promise<void> {
	if (Object.keys(changed).length === 0) return;
	await db.meta.put({ key: PREFERENCES, value: { ...(await readPreferences(db)), ...changed } });
}

export async function readPreferences(db: ProfileDb): Promise<FlatCmi> {
	return ((await db.meta.get(PREFERENCES))?.value ?? {}) as FlatCmi;
}

/** SCORM 2004: position and roll-up of the whole course. */
async function recordCourse(
	db: ProfileDb,
	context: PlayContext,
	rows: readonly JournalRow[],
	isBetweenItems: boolean
): Promise<void> {
	const rollup = rows.findLast(({ op, el }) => op === 'rollup' && el === WHOLE_COURSE);
	const snapshot = rows.findLast(({ op, el }) => op === 'snapshot' && el === 'sequencing');
	const course = await courseAttempt(db, context);
	if (course === null || (rollup === undefined && snapshot === undefined)) return;
	const reported = rollup === undefined ? course.play.reported : await courseSummary(db, context, rollup);
	const changes = changesOf(course.play.reported, reported);
	const at = (snapshot ?? rollup)?.t ?? course.updatedAt;
	const sequencing = snapshot?.val ?? course.sequencing;
	const hasUnsavedSequencing = snapshot === undefined ? course.hasUnsavedSequencing : !isBetweenItems;
	await db.attempts.put({
		...course,
		play: { ...course.play, reported },
		sequencing,
		hasUnsavedSequencing,
		updatedAt: at
	});
	const bodies: EventBody[] = [];
	if (Object.keys(changes).length > 0) bodies.push({ type: 'attempt.updated', ...changes });
	if (snapshot !== undefined && isBetweenItems) bodies.push({ type: 'attempt.saved', cmi: '{}', sequencing });
	await appendEvents(
		db,
		bodies.map((body) => draft(context, course, at, body))
	);
}

/**
 * SC13: the engine calls a course "passed" when every item merely ended (SN UP.4, objectiveSetByContent false). That is
 * passed on only when some content spoke of success or gave a score.
 */
async function courseSummary(db: ProfileDb, context: PlayContext, row: JournalRow): Promise<Summary> {
	const { completion, success, scaled, progress } = rollupOf(row.val);
	const branches = await db.branches.where('courseId').equals(context.courseId).toArray();
	const isJudged = branches.some(
		(branch) =>
			branch.packId === context.packId &&
			branch.scoId !== WHOLE_COURSE &&
			(branch.success !== 'unknown' || branch.score !== null)
	);
	return {
		completion,
		success: isJudged ? success : 'unknown',
		score: scaled === null || !isJudged ? null : { scaled, raw: null, min: null, max: null },
		progress,
		location: null
	};
}

export async function courseAttempt(db: ProfileDb, { courseId, packId }: PlayContext): Promise<LocalAttempt | null> {
	const all = await db.attempts.where('courseId').equals(courseId).toArray();
	return all.find((attempt) => attempt.packId === packId && attempt.scoId === WHOLE_COURSE) ?? null;
}

/** Begins a session in its attempt (made if new), before the content starts. `course`: the course-level attempt, likewise. */
export async function beginSession(
	db: ProfileDb,
	context: PlayContext,
	attempt: LocalAttempt,
	course: LocalAttempt | null
): Promise<void> {
	await db.transaction('rw', [db.meta, db.events, db.branches, db.attempts], async () => {
		if (course !== null && (await db.attempts.get(course.attemptId)) === undefined) {
			await db.attempts.put(course);
			await appendEvents(db, [draft(context, course, course.updatedAt, { type: 'attempt.started' })]);
		}
		await db.attempts.put(attempt);
	});
}

/**
 * SC7: closes every session of this pack that is still open. Call it when all rows have arrived and nobody plays: after
 * the player said `closed`, or after a drain.
 */
export async function closeSessions(db: ProfileDb, context: PlayContext): Promise<void> {
	await db.transaction('rw', [db.meta, db.events, db.branches, db.journal, db.attempts], async () => {
		const open = await db.attempts
			.filter(({ openSession, packId }) => openSession !== null && packId === context.packId)
			.toArray();
		for (const attempt of open) {
			const { state, events } = closeSession(attempt.play, launchOf(context.structure, attempt.scoId));
			await db.attempts.put({ ...attempt, play: state, openSession: null });
			await appendEvents(
				db,
				events.map(({ at, body }) => draft(context, attempt, at, body))
			);
		}
		const course = await courseAttempt(db, context);
		if (open.length === 0 || course?.hasUnsavedSequencing !== true) return;
		await db.attempts.put({ ...course, hasUnsavedSequencing: false });
		await appendEvents(db, [
			draft(context, course, course.updatedAt, { type: 'attempt.saved', cmi: '{}', sequencing: course.sequencing })
		]);
	});
}

/** The content origin has forgotten these rows, so nobody can bring them again. */
export async function forgetRows(db: ProfileDb, packId: string): Promise<void> {
	const attempts = await db.attempts
		.filter((attempt) => attempt.packId === packId && attempt.openSession === null)
		.toArray();
	for (const { attemptId } of attempts) {
		await db.journal.where('[attempt+session+n]').between([attemptId, '', 0], [attemptId, '\uffff', 0]).delete();
	}
}

function draft(
	{ learnerId, courseId, packId }: PlayContext,
	{ attemptId, scoId }: LocalAttempt,
	at: number,
	body: EventBody
): EventDraft {
	return { learnerId, courseId, packId, attemptId, scoId, at, body };
}

const NO_RULES: ItemLaunch = {
	kind: 'sco',
	path: '',
	suffix: '',
	dataFromLms: null,
	masteryScore: null,
	scaledPassingScore: null,
	completionThreshold: null,
	maxTimeAllowed: null,
	timeLimitAction: null,
	prerequisites: null,
	objectiveIds: [],
	hideLmsUi: []
};

function launchOf(structure: CourseStructure, scoId: string): ItemLaunch {
	return launchableItems(structure.items).find(({ id }) => id === scoId)?.launch ?? NO_RULES;
}

export function newLocalAttempt(
	attemptId: string,
	{ courseId, packId, structure }: PlayContext,
	scoId: string,
	now: number
): LocalAttempt {
	return {
		attemptId,
		courseId,
		packId,
		scoId,
		openSession: null,
		lastRow: 0,
		play: newPlayState(structure.scormVersion, null),
		sequencing: null,
		hasUnsavedSequencing: false,
		basedOn: null,
		updatedAt: now
	};
}
