/** One package on its way into the server: sending, checking, packing, and how it ended. Cancelling leaves nothing behind. */
import type { AdminCourse, ImportStep } from '#lib/contracts/api.ts';
import { sendPackage } from './send-package.ts';

export type ImportState =
	| { readonly state: 'idle' }
	/** `done` of `total`: bytes while receiving, files after; total null = cannot be told. */
	| {
			readonly state: 'running';
			readonly step: 'receiving' | 'checking' | 'packing';
			readonly name: string;
			readonly done: number;
			readonly total: number | null;
	  }
	| { readonly state: 'done'; readonly name: string; readonly course: AdminCourse; readonly sameAsBefore: boolean }
	/** `code` has a sentence under `admin-import.import.refused.<code>` or `errors.<code>`. */
	| {
			readonly state: 'refused';
			readonly name: string;
			readonly code: string;
			readonly params: Readonly<Record<string, string | number>>;
	  }
	| { readonly state: 'cancelled'; readonly name: string };

export class ImportRun {
	#state = $state.raw<ImportState>({ state: 'idle' });
	#abort: AbortController | null = null;
	readonly #profile: string;

	/** @param profile whose session counts */
	constructor(profile: string) {
		this.#profile = profile;
	}

	get current(): ImportState {
		return this.#state;
	}

	readonly start = async (file: File, courseId: string | null): Promise<void> => {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		const { name } = file;
		this.#state = { state: 'running', step: 'receiving', name, done: 0, total: file.size };
		await sendPackage({
			file,
			name,
			courseId,
			profile: this.#profile,
			signal: abort.signal,
			onstep: (step) => {
				// Another file may have been chosen since.
				if (this.#abort === abort) this.#state = stateOf(step, name);
			}
		});
		if (this.#abort !== abort) return;
		this.#abort = null;
		if (abort.signal.aborted) this.#state = { state: 'cancelled', name };
	};

	readonly cancel = (): void => this.#abort?.abort();

	/** Back to choosing a file. */
	readonly reset = (): void => {
		this.#abort?.abort();
		this.#abort = null;
		this.#state = { state: 'idle' };
	};
}

function stateOf(step: ImportStep, name: string): ImportState {
	switch (step.step) {
		case 'done':
			return { state: 'done', name, course: step.course, sameAsBefore: step.sameAsBefore };
		case 'refused':
			return { state: 'refused', name, code: step.code, params: step.params };
		default:
			return { state: 'running', step: step.step, name, done: step.done, total: step.total };
	}
}
