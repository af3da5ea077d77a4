/**
 * Tells the LMS how the learner stands, in the elements of SCORM 1.2 (RTE 3.4) or SCORM 2004 4th Edition (RTE 4.2);
 * without an LMS it keeps the place in the browser. Every screen and every answer is committed: a phone can go dark at
 * any moment.
 */
import type { LmsApi } from './find-api.ts';
import type { Answered } from './interaction.ts';
import { interactionOf } from './interaction.ts';
import type { ObjectiveResult, Standing } from './lesson-state.ts';
import { timespan12, duration2004 } from './session-time.ts';

export type Report = { readonly location: string; readonly suspendData: string; readonly standing: Standing };

export type Tracker = {
	/** What the LMS kept from last time; empty strings at the first launch. */
	readonly resume: { readonly suspendData: string; readonly location: string };
	save(report: Report): void;
	answered(answer: Answered): void;
	objectives(results: readonly ObjectiveResult[]): void;
	/** False when the LMS said that it could not keep what it was given. */
	commit(): boolean;
	/** Ends the session; calls after it do nothing. `leave`: the learner is done here and wants out. */
	finish(leave: boolean): void;
};

/** @param activeTime milliseconds the learner has had the lesson on screen in this session. */
export function openTracker(
	api: LmsApi | null,
	keep: Pick<Storage, 'getItem' | 'setItem'> | null,
	key: string,
	activeTime: () => number
): Tracker {
	if (api !== null && (api.initialize() || api.lastError() === '101' || api.lastError() === '103')) {
		return lmsTracker(api, activeTime);
	}
	return pageTracker(keep, key);
}

function lmsTracker(api: LmsApi, activeTime: () => number): Tracker {
	const is12 = api.version === '1.2';
	const core = is12 ? 'cmi.core.' : 'cmi.';
	const mode = api.get(is12 ? 'cmi.core.lesson_mode' : 'cmi.mode');
	// Browse and review: the LMS wants nothing recorded (RTE 4.2.13).
	const records = mode !== 'browse' && mode !== 'review';
	const sent = new Map<string, string>();
	let open = true;
	let dirty = false;

	const set = (element: string, value: string): void => {
		if (!open || sent.get(element) === value) return;
		if (api.set(element, value)) sent.set(element, value);
		dirty = true;
	};
	const count = (collection: string): number => Number.parseInt(api.get(`${collection}._count`), 10) || 0;

	const resume = {
		suspendData: api.get('cmi.suspend_data'),
		location: api.get(is12 ? 'cmi.core.lesson_location' : 'cmi.location')
	};
	const already = api.get(is12 ? 'cmi.core.lesson_status' : 'cmi.completion_status');
	if (records) {
		if (!['incomplete', 'completed', 'passed', 'failed'].includes(already)) {
			set(is12 ? 'cmi.core.lesson_status' : 'cmi.completion_status', 'incomplete');
		}
		// The place is kept even after passing: people come back to look things up and to print their card.
		set(`${core}exit`, 'suspend');
		api.commit();
		dirty = false;
	}

	const save = ({ location, suspendData, standing }: Report): void => {
		set('cmi.suspend_data', suspendData);
		set(is12 ? 'cmi.core.lesson_location' : 'cmi.location', location);
		if (!records) return;
		if (!is12) set('cmi.progress_measure', String(standing.progress));
		if (standing.score === null) return;
		set(`${core}score.min`, '0');
		set(`${core}score.max`, '100');
		set(`${core}score.raw`, String(standing.score));
		if (is12) {
			// One word for two facts: passed and failed also say that the learner went through to the end.
			set('cmi.core.lesson_status', standing.passed === true ? 'passed' : 'failed');
		} else {
			set('cmi.score.scaled', String(standing.score / 100));
			set('cmi.completion_status', 'completed');
			set('cmi.success_status', standing.passed === true ? 'passed' : 'failed');
		}
	};

	const objectives = (results: readonly ObjectiveResult[]): void => {
		if (!records) return;
		const known = new Map<string, number>();
		const before = count('cmi.objectives');
		for (let n = 0; n < before; n++) known.set(api.get(`cmi.objectives.${n}.id`), n);
		let next = before;
		for (const { id, right, asked } of results) {
			const n = known.get(id) ?? next++;
			const score = right / asked;
			const path = `cmi.objectives.${n}.`;
			if (!known.has(id)) set(`${path}id`, id);
			set(`${path}score.min`, '0');
			set(`${path}score.max`, '100');
			set(`${path}score.raw`, String(Math.round(100 * score)));
			if (is12) set(`${path}status`, score === 1 ? 'passed' : 'failed');
			else {
				set(`${path}score.scaled`, String(Math.round(100 * score) / 100));
				set(`${path}success_status`, score === 1 ? 'passed' : 'failed');
				set(`${path}completion_status`, 'completed');
			}
		}
	};

	const commit = (): boolean => {
		if (!open || !dirty) return true;
		set(`${core}session_time`, is12 ? timespan12(activeTime()) : duration2004(activeTime()));
		const kept = api.commit();
		dirty = !kept;
		return kept;
	};

	return {
		resume,
		save,
		objectives,
		commit,
		answered(answer) {
			if (!records) return;
			const n = count('cmi.interactions');
			for (const [element, value] of interactionOf(api.version, answer)) {
				set(`cmi.interactions.${n}.${element}`, value);
			}
		},
		finish(leave) {
			if (!open) return;
			set(`${core}session_time`, is12 ? timespan12(activeTime()) : duration2004(activeTime()));
			if (leave && !is12) set('adl.nav.request', 'exitAll');
			api.commit();
			api.terminate();
			open = false;
		}
	};
}

/** A plain web page: the place is kept in this browser, nothing is reported to anybody. */
function pageTracker(keep: Pick<Storage, 'getItem' | 'setItem'> | null, key: string): Tracker {
	let suspendData = '';
	try {
		suspendData = keep?.getItem(key) ?? '';
	} catch {
		// Storage may be forbidden; then the lesson starts anew each time.
	}
	let kept = true;
	return {
		resume: { suspendData, location: '' },
		save(report) {
			try {
				keep?.setItem(key, report.suspendData);
				kept = true;
			} catch {
				kept = false;
			}
		},
		answered() {},
		objectives() {},
		commit: () => kept,
		finish() {}
	};
}
