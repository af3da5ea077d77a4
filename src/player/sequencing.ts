/**
 * SCORM 2004 sequencing: one fresh scorm-again per item, with the activity tree restored from its serialised state. (Its
 * `reset()` between items drops listeners and carries total_time over: scorm-again #1700.)
 */
import { WHOLE_COURSE } from '#lib/domain/registration/registration.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import { completionWord, successWord } from '#lib/domain/scorm/status-rules.ts';
import type { Entry } from './journal.ts';
import type { Scorm2004 } from './scorm-library.ts';

export type Allowed = {
	readonly next: boolean;
	readonly previous: boolean;
	readonly choice: Readonly<Record<string, boolean>>;
	readonly hidden: readonly string[];
};

type Validity = {
	readonly continue: boolean;
	readonly previous: boolean;
	readonly choice: Readonly<Record<string, string>>;
	readonly hideLmsUi: readonly string[];
};

type Activity = {
	readonly id: string;
	readonly isActive: boolean;
	readonly isAvailable: boolean;
	readonly isHiddenFromChoice: boolean;
	readonly sequencingControls: { readonly choice: boolean };
	readonly children: readonly Activity[];
};

/** scorm-again's own settings type wants a whole object; the importer made this JSON for exactly that. */
type MakeApi = (sequencing: unknown) => Scorm2004;

export class Sequencing {
	readonly api: Scorm2004;
	/** The item delivered last; null when a request ended without one. */
	delivered: string | null = null;
	#validity: Validity = { continue: false, previous: false, choice: {}, hideLmsUi: [] };

	/** @param state of an earlier serialize(), or null for a course never begun */
	static open(structure: CourseStructure, state: string | null, target: string | null, makeApi: MakeApi): Sequencing {
		const sequencing = new Sequencing(structure, state, makeApi);
		if (target !== null) {
			sequencing.navigate('choice', target);
			return sequencing;
		}
		if (sequencing.#goOn()) return sequencing;
		// A state that neither resumes nor starts (scorm-again #1701, or an older version's): keep what was learnt, begin anew.
		const restarted = new Sequencing(structure, state === null ? null : withoutPosition(state), makeApi);
		restarted.navigate('start', null);
		return restarted;
	}

	private constructor(structure: CourseStructure, state: string | null, makeApi: MakeApi) {
		const eventListeners = {
			onActivityDelivery: (activity: Activity) => {
				this.delivered = activity.id;
			},
			onNavigationValidityUpdate: (validity: Validity) => {
				this.#validity = validity;
			}
		};
		const settings = typeof structure.sequencing === 'object' ? structure.sequencing : {};
		this.api = makeApi({ ...settings, logLevel: 'error', eventListeners });
		if (state !== null) this.api.deserializeSequencingState(state);
	}

	/** Whether an item is there to be launched. */
	#goOn(): boolean {
		const current = this.#current();
		if (current !== null && current.isActive && current.children.length === 0) {
			// Left without a word, or delivered by the request that ended the item before: it is still the learner's turn there.
			this.api.reset();
			this.delivered = current.id;
			return true;
		}
		return this.navigate(this.#isSuspended() ? 'resumeAll' : 'start', null) !== null;
	}

	#current(): Activity | null {
		return (this.api.getSequencingState() as { currentActivity: Activity | null }).currentActivity;
	}

	#root(): Activity | null {
		return (this.api.getSequencingState() as { rootActivity: Activity | null }).rootActivity;
	}

	#isSuspended(): boolean {
		const state = JSON.parse(this.api.serializeSequencingState()) as { sequencing?: { suspendedActivity?: unknown } };
		return typeof state.sequencing?.suspendedActivity === 'string';
	}

	/** @returns the item to launch next, or null */
	navigate(request: string, target: string | null): string | null {
		this.delivered = null;
		try {
			this.api.processNavigationRequest(request, target ?? undefined);
		} catch {
			return null;
		}
		return this.delivered;
	}

	/** Rows that keep the course's position and roll-up. */
	rows(item: string | null): Entry[] {
		const root = this.#root();
		const rollup = (id: string, name: string): Entry[] => {
			const data = this.api.getActivityTrackingData(id);
			if (data === null) return [];
			const progress = data.attemptCompletionAmountStatus ? data.attemptCompletionAmount : null;
			const val = JSON.stringify({
				completion: completionWord(data.completionStatus),
				success: successWord(data.successStatus),
				scaled: data.score,
				progress
			});
			return [{ op: 'rollup', el: name, val }];
		};
		return [
			...(item === null ? [] : rollup(item, item)),
			...(root === null ? [] : rollup(root.id, WHOLE_COURSE)),
			{ op: 'snapshot', el: 'sequencing', val: this.api.serializeSequencingState() }
		];
	}

	#choices(): Record<string, boolean> {
		return Object.fromEntries(Object.entries(this.#validity.choice).map(([id, word]) => [id, String(word) === 'true']));
	}

	/**
	 * The engine predicts nothing while nobody is anywhere in the course, so: what the clusters' choice control and the
	 * visibility allow. A choice that its rules forbid is refused when it is made.
	 */
	#choicesAtRest(): Record<string, boolean> {
		const choices: Record<string, boolean> = {};
		const visit = (activity: Activity, isOpen: boolean): void => {
			choices[activity.id] = isOpen && activity.isAvailable && !activity.isHiddenFromChoice;
			for (const child of activity.children) visit(child, isOpen && activity.sequencingControls.choice);
		};
		const root = this.#root();
		if (root !== null) visit(root, true);
		return choices;
	}

	/** What the learner may do now, by the data as they are (a preview: nothing is changed). */
	allowed(): Allowed {
		const may = (request: 'continue' | 'previous', otherwise: boolean) => {
			const { outcome } = this.api.previewNavigationRequest(request);
			return outcome === 'unknown' ? otherwise : outcome === 'allowed';
		};
		return {
			next: may('continue', this.#validity.continue),
			previous: may('previous', this.#validity.previous),
			choice: this.#current() === null ? this.#choicesAtRest() : this.#choices(),
			hidden: [...this.#validity.hideLmsUi]
		};
	}
}

/** The tracking data of a serialised state, with nobody anywhere in the course. */
function withoutPosition(state: string): string | null {
	try {
		const parsed = JSON.parse(state) as Record<string, unknown>;
		const sequencing = parsed['sequencing'] as { activityStates?: Record<string, object> } | null;
		const activityStates = Object.fromEntries(
			Object.entries(sequencing?.activityStates ?? {}).map(([id, activity]) => [
				id,
				{ ...activity, isActive: false, isSuspended: false }
			])
		);
		return JSON.stringify({
			...parsed,
			sequencing: {
				...sequencing,
				activityStates,
				currentActivity: null,
				suspendedActivity: null,
				contentDelivered: false
			},
			suspensionState: undefined,
			currentActivityId: null,
			contentDelivered: false
		});
	} catch {
		return null;
	}
}
