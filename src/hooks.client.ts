/** The first code of every page in the browser, before Kit starts. Public pages run none. */
import { beginApp } from '#lib/client/app.ts';
import { isServedByWorker } from '#lib/client/served-by-worker.ts';
import type { HandleClientError } from '@sveltejs/kit';

// The very first page needs no database.
if (location.pathname !== '/' && isServedByWorker()) void beginApp();

// What went wrong stays on this device, and the error page tells a missing network from trouble by it.
export const handleError: HandleClientError = ({ error, message }) => ({
	message: error instanceof Error ? error.message : message
});
