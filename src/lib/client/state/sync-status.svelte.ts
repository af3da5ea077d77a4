/** What sync is doing for the person at the screen. The safety of her work is `session.safety`; this is only the motion. */
import type { SyncRunner, SyncSnapshot } from '#lib/client/sync/sync-runner.ts';

export type SyncMotion = 'off' | 'idle' | 'working' | 'waiting' | 'needs-sign-in' | 'app-too-old';

export class SyncStatus {
	#snapshot = $state.raw<SyncSnapshot | null>(null);
	#runner: SyncRunner | null = null;

	get motion(): SyncMotion {
		const state = this.#snapshot?.value;
		switch (state) {
			case undefined:
				return 'off';
			case 'checking':
			case 'pushing':
			case 'pulling':
				return 'working';
			case 'waiting-retry':
				return 'waiting';
			case 'stopped':
				return 'app-too-old';
			default:
				return state;
		}
	}

	/** Code of the last trouble, for `classify`; null when the last sync went well. */
	get trouble(): string | null {
		return this.#snapshot?.context.trouble ?? null;
	}

	/** The server may answer at any moment: nothing went wrong so far. Also before the first sync, which begins by itself. */
	get isAsking(): boolean {
		return this.trouble === null && this.motion !== 'needs-sign-in' && this.motion !== 'app-too-old';
	}

	/** "Send now": at once, without back-off. */
	now(): void {
		this.#runner?.want(true);
	}

	/** Something changed on the server that this page wants to see (a cohort made, a learner added). */
	soon(): void {
		this.#runner?.want();
	}

	/** For client/compose.ts. */
	readonly show = (snapshot: SyncSnapshot): void => {
		this.#snapshot = snapshot;
	};

	/** For client/compose.ts. */
	attach(runner: SyncRunner | null): void {
		this.#runner = runner;
		if (runner === null) this.#snapshot = null;
	}
}
