/**
 * Composition root of the app in the browser. Everything heavy (Dexie, XState, the state classes) is loaded by
 * `createApp`, after the first paint, so that a first visit costs little.
 *
 *     const app = await createApp();            // once, in the layout, in the browser
 *     app.profiles.session?.home.value          // undefined = still reading the device
 */
import type { Api } from './api.ts';
import type { DeviceDb } from './db/device-db.ts';
import type { Live } from './state/live.svelte.ts';
import type { DownloadsView } from './state/device-views.ts';
import type { ProfilesState } from './state/profiles.svelte.ts';
import type { Session } from './state/session.ts';
import type { StorageState } from './state/storage.svelte.ts';
import type { SyncStatus } from './state/sync-status.svelte.ts';
import type { UpdateState } from './state/update.svelte.ts';
import type { PublicConfig } from '#lib/contracts/api.ts';

export type App = {
	/** People of this device; signing in, unlocking, locking, removing. */
	readonly profiles: ProfilesState;
	/** The open profile with all its live screens; null = ask who it is. Reactive. */
	readonly session: Session | null;
	readonly sync: SyncStatus;
	readonly update: UpdateState;
	readonly storage: StorageState;
	/** Of the device, whoever is signed in. */
	readonly downloads: Live<DownloadsView>;
	/** As last heard from the server; null = never. */
	readonly config: Live<PublicConfig | null>;
	readonly api: Api;
	readonly device: DeviceDb;
	/** Say that a course is open: app updates wait. @returns call it when the course is closed */
	readonly holdCourseOpen: () => () => void;
};

/**
 * A page that a worker serves has everything on the device: there the parts may come at once, beside the page's own. On a
 * first visit they would be in the way of what she is waiting to see.
 */
const early = typeof navigator !== 'undefined' && navigator.serviceWorker?.controller ? import('./compose.ts') : null;
// Whoever asks for the app hears of a failure; until then nobody does.
early?.catch(() => undefined);

export async function createApp(): Promise<App> {
	if (early === null) await firstPaint();
	const { compose } = await (early ?? import('./compose.ts'));
	return compose();
}

/** A hidden page never paints, so it waits for a moment only. */
function firstPaint(): Promise<void> {
	return new Promise((resolve) => {
		requestAnimationFrame(() => setTimeout(resolve));
		setTimeout(resolve, 500);
	});
}
