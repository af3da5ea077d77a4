/**
 * "A course is open", said so that every tab and the service worker can hear it: a shared Web Lock, which goes with the
 * page however it ends. App updates wait for it (DESIGN 4.6).
 */
import { COURSE_LOCK } from '#lib/client/sync/course-lock-name.ts';

/** @returns call it when the course is closed */
export function holdCourseOpen(): () => void {
	let release = (): void => {};
	const closed = new Promise<void>((resolve) => {
		release = resolve;
	});
	void navigator.locks?.request(COURSE_LOCK, { mode: 'shared' }, () => closed);
	return release;
}

export async function isCourseOpen(): Promise<boolean> {
	const { held = [] } = (await navigator.locks?.query()) ?? {};
	return held.some((lock) => lock.name === COURSE_LOCK);
}
