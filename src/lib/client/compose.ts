/** Puts the app together from its parts. Loaded by app.ts after the first paint. */
import { publicConfigSchema } from '#lib/contracts/api.ts';
import { Api } from './api.ts';
import type { App } from './app.ts';
import { addDataUse } from './db/data-use.ts';
import { DeviceDb } from './db/device-db.ts';
import { holdCourseOpen } from './state/course-lock.ts';
import { downloadsView } from './state/device-views.ts';
import { Live } from './state/live.svelte.ts';
import { ProfilesState } from './state/profiles.svelte.ts';
import type { Session } from './state/session.ts';
import { StorageState } from './state/storage.svelte.ts';
import { SyncStatus } from './state/sync-status.svelte.ts';
import { UpdateState } from './state/update.svelte.ts';
import { startSync, type SyncRunner } from './sync/sync-runner.ts';
import { whenPainted } from './when-painted.ts';

export async function compose(): Promise<App> {
	const device = new DeviceDb();
	const now = (): number => Date.now();
	const count = (use: { readonly down: number; readonly up: number }): void => {
		// Counting is a courtesy: it must never stop what is counted.
		addDataUse(device, now(), use).catch(() => undefined);
	};
	const sync = new SyncStatus();
	const fetch = globalThis.fetch.bind(globalThis);
	const api = new Api({ fetch, profile: () => profiles.session?.personId ?? null, count });
	let runner: SyncRunner | null = null;
	let wait: (() => void) | null = null;
	const profiles: ProfilesState = new ProfilesState({
		device,
		now,
		api,
		onSession: (session, { online }) => {
			wait?.();
			wait = null;
			runner?.stop();
			runner = null;
			sync.attach(null);
			if (session === null) return;
			const begin = (): void => {
				void bringHome(device, session);
				runner = startSync({ db: session.db, personId: session.personId, fetch, count, onSnapshot: sync.show });
				sync.attach(runner);
			};
			// A start from the device shows her courses first; a fresh sign-in has nothing to show before it has asked.
			if (online) begin();
			else wait = whenPainted(begin, 100, 1_000);
		},
		isAsking: () => sync.isAsking,
		onRenewed: () => runner?.signedIn()
	});
	const storage = new StorageState();
	const update = new UpdateState();
	const config = new Live(async () => (await device.config.get('config')) ?? null);

	await profiles.restore();
	void refreshConfig(api, device);
	void storage.refresh();
	void update.start().catch(() => undefined);

	return {
		profiles,
		get session() {
			return profiles.session;
		},
		sync,
		update,
		storage,
		downloads: new Live(() => downloadsView(device, profiles.session?.db ?? null)),
		config,
		api,
		device,
		holdCourseOpen
	};
}

/** What a browser that was killed left on a content origin, so that it is sent without opening the course again. */
async function bringHome(deviceDb: DeviceDb, { db, personId }: Session): Promise<void> {
	// Indexed: only attempts with an open session count.
	if ((await db.attempts.orderBy('openSession').count()) === 0) return;
	const { drainLeftovers } = await import('./player/drain.ts');
	await drainLeftovers({ deviceDb, profileDb: db, personId });
}

async function refreshConfig(api: Api, device: DeviceDb): Promise<void> {
	const result = await api.get('/api/config', publicConfigSchema, { profile: null });
	if (result.type === 'ok') await device.config.put({ key: 'config', ...result.value });
}
