/**
 * A newer version of the app: found in the background, offered, and started only when the person says so and no course
 * is open in any tab. Until then everything goes on in the version that runs.
 */
import { isCourseOpen } from './course-lock.ts';

const HOUR = 3_600_000;

export class UpdateState {
	#waiting = $state.raw<ServiceWorker | null>(null);
	#refused = $state.raw<'course-open' | null>(null);
	#registration: ServiceWorkerRegistration | null = null;
	#lastCheck = 0;

	/** A newer version is ready to start. */
	get available(): boolean {
		return this.#waiting !== null;
	}

	/** Why the last `apply` did nothing. */
	get refused(): 'course-open' | null {
		return this.#refused;
	}

	/** Registers the worker. A classic worker, since older browsers have no module workers. */
	async start(scriptUrl = '/service-worker.js'): Promise<void> {
		if (!('serviceWorker' in navigator)) return;
		const hadController = navigator.serviceWorker.controller !== null;
		navigator.serviceWorker.addEventListener('controllerchange', () => {
			// The first worker takes over a page that is already right; a later one means that the person asked for it.
			if (hadController && this.#accepted) location.reload();
		});
		const registration = await navigator.serviceWorker.register(scriptUrl, { updateViaCache: 'none' });
		this.#registration = registration;
		this.#lastCheck = Date.now();
		this.#look(registration);
		tellLanguage(registration);
		registration.addEventListener('updatefound', () => {
			registration.installing?.addEventListener('statechange', () => this.#look(registration));
		});
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && Date.now() - this.#lastCheck > HOUR) void this.check();
		});
	}

	/** Asks the server for a newer version; offline it simply stays as it is. */
	async check(): Promise<void> {
		this.#lastCheck = Date.now();
		await this.#registration?.update().catch(() => undefined);
	}

	/** Starts the newer version; the page reloads. Does nothing while a course is open anywhere. */
	async apply(): Promise<void> {
		if (this.#waiting === null) return;
		if (await isCourseOpen()) {
			this.#refused = 'course-open';
			return;
		}
		this.#refused = null;
		this.#accepted = true;
		this.#waiting.postMessage({ type: 'activate' });
	}

	#accepted = false;

	#look(registration: ServiceWorkerRegistration): void {
		this.#waiting = navigator.serviceWorker.controller === null ? null : registration.waiting;
	}
}

/** The worker keeps the words of the languages that are spoken here, all of them, for pages that were never opened. */
function tellLanguage(registration: ServiceWorkerRegistration): void {
	const tell = (): void => {
		const worker = registration.active ?? registration.waiting ?? registration.installing;
		worker?.postMessage({ type: 'language', code: document.documentElement.lang });
	};
	new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ['lang'] });
	tell();
}
