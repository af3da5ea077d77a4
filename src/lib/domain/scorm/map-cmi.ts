/**
 * From journal rows (what the content did, call by call) to run-time state and learning events. Pure: the same rows
 * always give the same state and the same events, in whatever portions they come (SPEC SC6 to SC8, SC10).
 */
import type { ItemLaunch, ScormVersion } from '../course/course-structure.ts';
import { bestCompletion, type Completion, type Score, type Success } from '../attempt/status.ts';
import type { AttemptAnswered, AttemptUpdated, EventBody, SessionEnded } from '../event/learning-event.ts';
import { formatDuration, formatTimespan, parseDuration, parseTimespan } from './scorm-time.ts';
import { completionWord, lessonStatusOf, progressOf, scoreOf, statusOf, type FlatCmi } from './status-rules.ts';

/** One journal row, as far as the mapping needs it (contracts/player-port.ts). `t` in ms. */
export type PlayRow = {
	readonly t: number;
	readonly op: 'init' | 'set' | 'commit' | 'terminate' | 'display' | 'beat' | 'snapshot' | 'rollup';
	readonly el?: string | undefined;
	readonly val?: string | undefined;
};

export type Summary = {
	readonly completion: Completion;
	readonly success: Success;
	readonly score: Score | null;
	readonly progress: number | null;
	readonly location: string | null;
};

/** One attempt on this device while and between it is played. JSON-safe: it is stored. */
export type PlayState = {
	readonly version: ScormVersion;
	/** What the content set, without what belongs to one session. */
	readonly cmi: FlatCmi;
	readonly phase: 'idle' | 'running' | 'ended';
	/** cmi.exit of the session going on or the last one; "" for normal. */
	readonly exit: string;
	/** The last session went without Terminate. */
	readonly isAbandoned: boolean;
	readonly sessions: number;
	/** `t` of the rows that opened and that last touched the session, ms. */
	readonly openedAt: number;
	readonly touchedAt: number;
	/** Session time as the content claims it, seconds. */
	readonly claimed: number | null;
	/** Seconds of the closed sessions on this device, as reported. */
	readonly seconds: number;
	/** cmi total_time: what content claimed on all devices, seconds; content must get back what it said. */
	readonly totalTime: number;
	/** The sequencing engine's word on this item (2004). */
	readonly engineCompletion: Completion;
	/** Index of the interaction being written, and what was reported of each. */
	readonly openInteraction: string | null;
	readonly answered: Readonly<Record<string, string>>;
	readonly reported: Summary;
	readonly reportedSeconds: number;
	/** `touchedAt` of the last attempt.saved; null = never. */
	readonly savedAt: number | null;
	readonly hasUnsaved: boolean;
};

export type Mapped = {
	readonly state: PlayState;
	readonly events: readonly { readonly at: number; readonly body: EventBody }[];
};

/** Two saves on Commit are at least this far apart, ms. */
const SAVE_EVERY = 60_000;
/** Calls closer together are one act of the content: a score comes in four parts. */
const BURST_MS = 200;
const MOST_ELEMENTS = 20_000;

const NOTHING: Summary = { completion: 'unknown', success: 'unknown', score: null, progress: null, location: null };

/** @param resume what another device or an earlier attempt saved, with its total time in it; null to start from nothing */
export function newPlayState(version: ScormVersion, resume: FlatCmi | null): PlayState {
	const names = namesOf(version);
	return {
		version,
		cmi: resume === null ? {} : withoutSession(resume),
		phase: 'idle',
		exit: resume?.[names.exit] ?? '',
		isAbandoned: false,
		sessions: resume === null ? 0 : 1,
		openedAt: 0,
		touchedAt: 0,
		claimed: null,
		seconds: 0,
		totalTime: secondsOf(version, resume?.[names.totalTime]) ?? 0,
		engineCompletion: 'unknown',
		openInteraction: null,
		answered: {},
		reported: NOTHING,
		reportedSeconds: 0,
		savedAt: null,
		hasUnsaved: false
	};
}

type Names = {
	readonly exit: string;
	readonly sessionTime: string;
	readonly totalTime: string;
	readonly location: string;
	readonly response: string;
};

export function namesOf(version: ScormVersion): Names {
	return version === '1.2'
		? {
				exit: 'cmi.core.exit',
				sessionTime: 'cmi.core.session_time',
				totalTime: 'cmi.core.total_time',
				location: 'cmi.core.lesson_location',
				response: 'student_response'
			}
		: {
				exit: 'cmi.exit',
				sessionTime: 'cmi.session_time',
				totalTime: 'cmi.total_time',
				location: 'cmi.location',
				response: 'learner_response'
			};
}

export function secondsOf(version: ScormVersion, text: string | undefined): number | null {
	if (text === undefined) return null;
	return version === '1.2' ? parseTimespan(text) : parseDuration(text);
}

export function timeText(version: ScormVersion, seconds: number): string {
	return version === '1.2' ? formatTimespan(seconds) : formatDuration(seconds);
}

/** Folds rows in order; what changed is reported once a burst of calls, and at the end of the portion. */
export function applyRows(before: PlayState, rows: readonly PlayRow[], launch: ItemLaunch): Mapped {
	const events: { at: number; body: EventBody }[] = [];
	let state = before;
	const report = () => {
		const update = updateOf(state, launch, false);
		if (update.body !== null) events.push({ at: state.touchedAt, body: update.body });
		state = update.state;
	};
	for (const row of rows) {
		// What a session said in its fifth minute counts, also when all of it arrives at once and the ninth minute says less.
		if (row.t - state.touchedAt > BURST_MS) report();
		const step = applyRow(state, row, launch);
		state = step.state;
		for (const body of step.bodies) events.push({ at: row.t, body });
	}
	report();
	return { state, events };
}

/** SC7: the app closes a session that nobody closed, as if the content had said "suspend"; what was reached stays. */
export function closeSession(before: PlayState, launch: ItemLaunch): Mapped {
	if (before.phase !== 'running') return { state: before, events: [] };
	const exit = before.exit === '' ? 'suspend' : before.exit;
	const step = endSession({ ...before, exit, isAbandoned: true }, launch, 'abandoned');
	return { state: step.state, events: step.bodies.map((body) => ({ at: before.touchedAt, body })) };
}

type Step = { readonly state: PlayState; readonly bodies: readonly EventBody[] };

function applyRow(before: PlayState, row: PlayRow, launch: ItemLaunch): Step {
	// A clock that jumped back between two page loads of one session must not make time negative.
	const touched = { ...before, touchedAt: Math.max(before.touchedAt, row.t) };
	switch (row.op) {
		case 'init':
			return openSession(before, row.t, launch);
		case 'set':
			return applySet(touched, row.el ?? '', row.val ?? '');
		case 'commit': {
			const closed = closeInteraction(touched);
			const isDue = closed.state.savedAt === null || row.t - closed.state.savedAt >= SAVE_EVERY;
			if (!closed.state.hasUnsaved || !isDue) return closed;
			const update = updateOf(closed.state, launch, true);
			const saved = save(update.state);
			return { state: saved.state, bodies: [...closed.bodies, ...maybe(update.body), ...saved.bodies] };
		}
		case 'terminate': {
			if (before.phase !== 'running') return { state: before, bodies: [] };
			return endSession({ ...touched, isAbandoned: false }, launch, exitWord(touched.exit));
		}
		case 'display': {
			// SC8: shown is done. The "session" of such a page is closed when the learner leaves it.
			const opened = before.phase === 'running' ? { state: touched, bodies: [] } : openSession(before, row.t, launch);
			const cmi = { ...opened.state.cmi, [displayedElement(before.version)]: 'completed' };
			return { state: { ...opened.state, cmi, hasUnsaved: true }, bodies: opened.bodies };
		}
		case 'rollup':
			return {
				state: { ...touched, engineCompletion: bestCompletion(touched.engineCompletion, rollupOf(row.val).completion) },
				bodies: []
			};
		case 'beat':
		case 'snapshot':
			return { state: touched, bodies: [] };
		default:
			return unreachable(row.op);
	}
}

function displayedElement(version: ScormVersion): string {
	return version === '1.2' ? 'cmi.core.lesson_status' : 'cmi.completion_status';
}

function openSession(before: PlayState, at: number, launch: ItemLaunch): Step {
	// A page that starts over without saying goodbye (or after it): the time until here counts.
	const closed =
		before.phase === 'running'
			? endSession({ ...before, isAbandoned: true }, launch, 'abandoned')
			: { state: before, bodies: [] };
	return {
		state: {
			...closed.state,
			phase: 'running',
			exit: '',
			isAbandoned: false,
			sessions: closed.state.sessions + 1,
			openedAt: at,
			touchedAt: at,
			claimed: null
		},
		bodies: [...closed.bodies, { type: 'attempt.started' }]
	};
}

function applySet(before: PlayState, element: string, value: string): Step {
	const names = namesOf(before.version);
	const index = /^cmi\.interactions\.(\d+)\./.exec(element)?.[1] ?? null;
	const closed = index === before.openInteraction ? { state: before, bodies: [] } : closeInteraction(before);
	const state = { ...closed.state, openInteraction: index };
	if (element === names.exit) return { state: { ...state, exit: value }, bodies: closed.bodies };
	if (element === names.sessionTime) {
		return { state: { ...state, claimed: secondsOf(before.version, value) ?? state.claimed }, bodies: closed.bodies };
	}
	if (isSessionBound(element)) return { state, bodies: closed.bodies };
	// Content that never stops inventing elements must not fill the device.
	if (!Object.hasOwn(state.cmi, element) && Object.keys(state.cmi).length >= MOST_ELEMENTS)
		return { state, bodies: closed.bodies };
	return { state: { ...state, cmi: { ...state.cmi, [element]: value }, hasUnsaved: true }, bodies: closed.bodies };
}

/** What belongs to the session, the app or the sequencing engine, and must not come back as the content's own data. */
function isSessionBound(element: string): boolean {
	return (
		element.startsWith('adl.') ||
		element.startsWith('nav.') ||
		element.startsWith('cmi.student_preference.') ||
		element.startsWith('cmi.learner_preference.') ||
		/^cmi\.(core\.)?(exit|session_time|total_time|entry|credit|lesson_mode|mode)$/.test(element)
	);
}

function withoutSession(flat: FlatCmi): FlatCmi {
	return Object.fromEntries(Object.entries(flat).filter(([element]) => !isSessionBound(element)));
}

/** SC6: the content's claim counts, but no session lasts longer than the clock ran. */
export function sessionSeconds(state: PlayState): number {
	const measured = Math.max(0, state.touchedAt - state.openedAt) / 1000;
	const seconds = state.claimed === null ? measured : Math.min(state.claimed, measured + 1);
	return Math.round(seconds * 10) / 10;
}

/** Seconds in this attempt on this device, the session going on included. */
export function secondsSoFar(state: PlayState): number {
	return state.seconds + (state.phase === 'running' ? sessionSeconds(state) : 0);
}

function endSession(before: PlayState, launch: ItemLaunch, exit: SessionEnded['exit']): Step {
	const closed = closeInteraction(before);
	const seconds = sessionSeconds(closed.state);
	const cmi = exit === 'abandoned' ? closed.state.cmi : finishedCmi(closed.state, launch);
	const ended: PlayState = {
		...closed.state,
		cmi,
		phase: 'ended',
		seconds: closed.state.seconds + seconds,
		totalTime: closed.state.totalTime + (closed.state.claimed ?? seconds),
		openInteraction: null
	};
	const update = updateOf(ended, launch, true);
	const saved = save(update.state);
	return {
		state: saved.state,
		bodies: [...closed.bodies, ...maybe(update.body), ...saved.bodies, { type: 'session.ended', exit, seconds }]
	};
}

/** SC2, SC3: what the LMS's rules made of the status is what the content finds at its next launch. */
function finishedCmi(state: PlayState, launch: ItemLaunch): FlatCmi {
	if (state.version !== '1.2') return state.cmi;
	return { ...state.cmi, 'cmi.core.lesson_status': lessonStatusOf(state.cmi, launch, true) };
}

function save(state: PlayState): Step {
	const cmi = JSON.stringify(savedCmi(state));
	return {
		state: { ...state, savedAt: state.touchedAt, hasUnsaved: false },
		bodies: [{ type: 'attempt.saved', cmi, sequencing: null }]
	};
}

/** All that another device needs to go on. */
export function savedCmi(state: PlayState): FlatCmi {
	const names = namesOf(state.version);
	return {
		...state.cmi,
		[names.exit]: state.phase === 'running' ? 'suspend' : state.exit,
		[names.totalTime]: timeText(state.version, state.totalTime)
	};
}

function closeInteraction(before: PlayState): Step {
	const index = before.openInteraction;
	if (index === null) return { state: before, bodies: [] };
	const state = { ...before, openInteraction: null };
	const answer = answerOf(before, index);
	if (answer === null) return { state, bodies: [] };
	const key = JSON.stringify([answer.interactionId, answer.response, answer.result]);
	if (before.answered[index] === key) return { state, bodies: [] };
	return { state: { ...state, answered: { ...before.answered, [index]: key } }, bodies: [answer] };
}

/** SC10: an interaction is an answer once it has an identifier and a response or a result. */
function answerOf(state: PlayState, index: string): AttemptAnswered | null {
	const part = (name: string) => state.cmi[`cmi.interactions.${index}.${name}`] ?? null;
	const [id, response, result] = [part('id'), part(namesOf(state.version).response), part('result')];
	if (id === null || id === '' || (response === null && result === null)) return null;
	return {
		type: 'attempt.answered',
		interactionId: id.slice(0, 4000),
		kind: part('type'),
		response: response?.slice(0, 4000) ?? null,
		result,
		latency: secondsOf(state.version, part('latency') ?? undefined)
	};
}

export function summaryOf(state: PlayState, launch: ItemLaunch): Summary {
	const { completion, success } = statusOf(
		state.version,
		state.cmi,
		launch,
		state.phase === 'ended' && !state.isAbandoned
	);
	return {
		completion: bestCompletion(completion, state.engineCompletion),
		success,
		score: scoreOf(state.version, state.cmi),
		progress: progressOf(state.version, state.cmi),
		location: state.cmi[namesOf(state.version).location]?.slice(0, 1000) ?? null
	};
}

/** @param withTime also when nothing but the time has changed */
function updateOf(
	state: PlayState,
	launch: ItemLaunch,
	withTime: boolean
): { readonly state: PlayState; readonly body: AttemptUpdated | null } {
	const summary = summaryOf(state, launch);
	const seconds = Math.round(secondsSoFar(state) * 10) / 10;
	const changes = changesOf(state.reported, summary);
	const isLate = withTime && seconds > state.reportedSeconds;
	if (Object.keys(changes).length === 0 && !isLate) return { state, body: null };
	return {
		state: { ...state, reported: summary, reportedSeconds: seconds },
		body: { type: 'attempt.updated', ...changes, ...(seconds > state.reportedSeconds ? { seconds } : {}) }
	};
}

/** Only what changed; an update never says "unknown", since facts only grow (AT5). */
export function changesOf(before: Summary, now: Summary): Omit<AttemptUpdated, 'type'> {
	const hasNewScore = now.score !== null && JSON.stringify(now.score) !== JSON.stringify(before.score);
	return {
		...(now.completion !== before.completion && now.completion !== 'unknown' ? { completion: now.completion } : {}),
		...(now.success !== before.success && now.success !== 'unknown' ? { success: now.success } : {}),
		...(hasNewScore && now.score !== null ? { score: now.score } : {}),
		...(now.progress !== null && now.progress !== before.progress ? { progress: now.progress } : {}),
		...(now.location !== null && now.location !== before.location ? { location: now.location } : {})
	};
}

export type Rollup = Pick<Summary, 'completion' | 'success' | 'progress'> & { readonly scaled: number | null };

/** Reads the JSON of a rollup row; whatever is not understood is unknown. */
export function rollupOf(val: string | undefined): Rollup {
	const none: Rollup = { completion: 'unknown', success: 'unknown', progress: null, scaled: null };
	try {
		const json: unknown = JSON.parse(val ?? '');
		if (typeof json !== 'object' || json === null) return none;
		const { completion, success, progress, scaled } = json as Record<string, unknown>;
		return {
			completion: completionWord(completion),
			success: success === 'passed' || success === 'failed' ? success : 'unknown',
			progress: typeof progress === 'number' && progress >= 0 && progress <= 1 ? progress : null,
			scaled: typeof scaled === 'number' && scaled >= -1 && scaled <= 1 ? scaled : null
		};
	} catch {
		return none;
	}
}

function exitWord(exit: string): SessionEnded['exit'] {
	return exit === 'suspend' || exit === 'logout' || exit === 'time-out' ? exit : 'normal';
}

function maybe<T>(value: T | null): readonly T[] {
	return value === null ? [] : [value];
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
