/** Whether the service worker answers for this page, so that scripts and words come from the device itself. */
export function isServedByWorker(): boolean {
	return typeof navigator !== 'undefined' && Boolean(navigator.serviceWorker?.controller);
}
