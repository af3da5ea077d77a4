/** What the content finds in its run-time data when it is launched (SCORM 1.2 RTE 3.4.4; SCORM 2004 RTE 4.2; SPEC SC11, SC12). */
import type { CourseItem, ItemLaunch } from '../course/course-structure.ts';
import { timeText, type PlayState } from './map-cmi.ts';
import type { FlatCmi } from './status-rules.ts';

export type Learner = {
	/** A pseudonym: content is untrusted and never learns the account's id. */
	readonly studentId: string;
	readonly name: string;
};

/** SC11: SCORM 2004 starts a new attempt unless the last one was suspended (or left without a word, which counts as that). */
export function needsNewAttempt(state: PlayState): boolean {
	return state.version === '2004' && state.sessions > 0 && entryOf(state) !== 'resume';
}

export function entryOf(state: PlayState): 'ab-initio' | 'resume' | '' {
	if (state.sessions === 0) return 'ab-initio';
	return state.exit === 'suspend' || state.isAbandoned || state.phase === 'running' ? 'resume' : '';
}

/** @param preferences elements as the learner's content last set them, of any course */
export function launchCmi(
	state: PlayState,
	item: CourseItem & { readonly launch: ItemLaunch },
	learner: Learner,
	preferences: FlatCmi
): FlatCmi {
	const { launch } = item;
	const total = timeText(state.version, state.totalTime);
	const own: Record<string, string> =
		state.version === '1.2'
			? {
					'cmi.core.student_id': learner.studentId,
					'cmi.core.student_name': learner.name,
					'cmi.core.credit': 'credit',
					'cmi.core.lesson_mode': 'normal',
					'cmi.core.entry': entryOf(state),
					'cmi.core.total_time': total,
					// A session without a status is begun, not "not attempted": golf-style content would start from zero.
					...(state.sessions > 0 ? { 'cmi.core.lesson_status': 'incomplete' } : {}),
					...optional('cmi.student_data.mastery_score', launch.masteryScore?.toString()),
					...optional('cmi.student_data.max_time_allowed', timeOrNothing(state, launch.maxTimeAllowed)),
					...optional('cmi.student_data.time_limit_action', launch.timeLimitAction)
				}
			: {
					'cmi.learner_id': learner.studentId,
					'cmi.learner_name': learner.name,
					'cmi.credit': 'credit',
					'cmi.mode': 'normal',
					'cmi.entry': entryOf(state),
					'cmi.total_time': total,
					...optional('cmi.scaled_passing_score', launch.scaledPassingScore?.toString()),
					...optional('cmi.completion_threshold', launch.completionThreshold?.toString()),
					...optional('cmi.max_time_allowed', timeOrNothing(state, launch.maxTimeAllowed)),
					...optional('cmi.time_limit_action', launch.timeLimitAction),
					...Object.fromEntries(launch.objectiveIds.map((id, index) => [`cmi.objectives.${index}.id`, id]))
				};
	const prefix = state.version === '1.2' ? 'cmi.student_preference.' : 'cmi.learner_preference.';
	const kept = Object.fromEntries(Object.entries(preferences).filter(([element]) => element.startsWith(prefix)));
	return { ...own, ...optional('cmi.launch_data', launch.dataFromLms), ...kept, ...state.cmi };
}

/** SC12: preferences belong to the learner, so they follow her into every course. */
export function preferencesIn(
	rows: readonly { readonly op: string; readonly el?: string | undefined; readonly val?: string | undefined }[]
): FlatCmi {
	return Object.fromEntries(
		rows.flatMap(({ op, el, val }) =>
			op === 'set' && el !== undefined && /^cmi\.(student|learner)_preference\.[a-z_]+$/.test(el)
				? [[el, (val ?? '').slice(0, 250)]]
				: []
		)
	);
}

function timeOrNothing(state: PlayState, seconds: number | null): string | null {
	return seconds === null ? null : timeText(state.version, seconds);
}

function optional(element: string, value: string | null | undefined): Record<string, string> {
	return value === null || value === undefined ? {} : { [element]: value };
}
