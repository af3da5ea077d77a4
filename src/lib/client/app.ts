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
import { whenPainted } from './when-painted.ts';

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

let begun: Promise<App> | null = null;

/**
 * Before anything is drawn, for a page of the app that a worker serves: everything is on the device, so the databases open while
 * Kit still puts the page together. On a first visit this would be in the way of what she is waiting to see.
 */
export function beginApp(): Promise<App> {
	begun ??= import('./compose.ts').then(({ compose }) => compose());
	// Whoever asks for the app hears of a failure; until then nobody does.
	begun.catch(() => undefined);
	return begun;
}

export async function createApp(): Promise<App> {
	if (begun === null) await new Promise<void>((resolve) => whenPainted(resolve, 0, 500));
	return beginApp();
}
