/** A new build waits until a person asks for it, and never starts while a course is open in any tab (DESIGN 4.6). */
import { COURSE_LOCK } from '#lib/client/sync/course-lock-name.ts';

export function activateWhenAsked(worker: ServiceWorkerGlobalScope): void {
	worker.addEventListener('message', (event) => {
		const message: unknown = event.data;
		if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'activate') return;
		event.waitUntil(
			isCourseOpen().then((isOpen) => {
				// The page asked too, but another tab may have opened a course since.
				return isOpen ? undefined : worker.skipWaiting();
			})
		);
	});
}

async function isCourseOpen(): Promise<boolean> {
	const { held = [] } = (await navigator.locks?.query()) ?? {};
	return held.some((lock) => lock.name === COURSE_LOCK);
}
