/**
 * Course packs on this device: fetching, pausing, checking, removing. What is going on stands in `PackRecord` rows, so a
 * screen reads it with liveQuery and every tab sees the same; a Web Lock lets one tab at a time fetch a pack.
 */
import { createActor, fromPromise, type ActorRefFrom } from 'xstate';
import { capabilitySchema } from '#lib/contracts/api.ts';
import type { FromInstaller, InstallError } from '#lib/contracts/player-port.ts';
import type { Api } from '#lib/client/api.ts';
import type { DeviceDb, PackRecord } from '#lib/client/db/device-db.ts';
import { downloadMachine, type Asked, type Installed, type Permission } from '#lib/client/machines/download-machine.ts';
import { InstallerPage } from '#lib/client/player/installer-page.ts';
import { reusableFiles, type ReusableFile } from './reuse.ts';

export type PacksOptions = {
	readonly deviceDb: DeviceDb;
	readonly api: Pick<Api, 'post'>;
	readonly now: () => number;
	/** Told the bytes that came over the network. */
	readonly count?: ((use: { readonly down: number; readonly up: number }) => void) | undefined;
};

/** What a course card says about its pack. */
export type PackOrder = {
	readonly courseId: string;
	readonly packId: string;
	readonly packSha256: string;
	readonly revision: number;
	/** Bytes. */
	readonly packSize: number;
};

type Download = { readonly actor: ActorRefFrom<typeof downloadMachine>; readonly ended: Promise<void> };

/** A file is read from the older pack and handed over; longer than this it is fetched instead. */
const HANDING_MS = 20_000;
const VERIFYING_MS = 120_000;

export class Packs {
	readonly #options: PacksOptions;
	readonly #downloads = new Map<string, Download>();

	constructor(options: PacksOptions) {
		this.#options = options;
		globalThis.addEventListener?.('online', () => {
			for (const { actor } of this.#downloads.values()) actor.send({ type: 'network.changed' });
		});
	}

	/** Fetches the pack, or goes on fetching it. Resolves when it is installed, paused or has failed; see the PackRecord. */
	async install(order: PackOrder): Promise<void> {
		const going = this.#downloads.get(order.packId);
		if (going !== undefined) return going.ended;
		const record = await this.#options.deviceDb.packs.get(order.packId);
		if (record?.state === 'installed') return;
		await this.#options.deviceDb.packs.put({
			...newRecord(order),
			...record,
			state: 'downloading',
			error: null
		});
		const again = this.#downloads.get(order.packId);
		if (again !== undefined) return again.ended;
		const download = this.#start(order);
		this.#downloads.set(order.packId, download);
		try {
			await download.ended;
		} finally {
			this.#downloads.delete(order.packId);
		}
	}

	/** What has come stays. */
	async pause(packId: string): Promise<void> {
		const download = this.#downloads.get(packId);
		if (download === undefined) {
			await this.#update(packId, (record) => (record.state === 'downloading' ? { state: 'paused' } : {}));
			return;
		}
		download.actor.send({ type: 'download.paused' });
		await download.ended;
	}

	/** At the start of the app: nothing large starts by itself, so a download that was cut waits for its person. */
	async settle(): Promise<void> {
		const { deviceDb } = this.#options;
		const cut = (await deviceDb.packs.toArray()).filter(
			({ state, packId }) => state === 'downloading' && !this.#downloads.has(packId)
		);
		for (const { packId } of cut) await this.#update(packId, () => ({ state: 'paused' }));
	}

	/** Takes the files away; progress and certificates are elsewhere and stay. */
	async remove(packId: string): Promise<void> {
		const record = await this.#options.deviceDb.packs.get(packId);
		if (record === undefined) return;
		await this.pause(packId);
		if (record.contentOrigin !== '') {
			const page = await InstallerPage.open(record.contentOrigin);
			try {
				await page.ask({ t: 'remove', packId }, 'removed', (answer) => answer.packId === packId);
			} finally {
				page.close();
			}
		}
		await this.#options.deviceDb.packs.delete(packId);
	}

	/**
	 * Hashes every file again. Damaged files are removed and the pack becomes `paused`, so that `install` fetches just them.
	 * @returns how many were damaged
	 */
	async verify(packId: string): Promise<number> {
		const record = await this.#options.deviceDb.packs.get(packId);
		if (record === undefined || record.contentOrigin === '') return 0;
		const page = await InstallerPage.open(record.contentOrigin);
		try {
			const { damaged } = await page.ask(
				{ t: 'verify', packId },
				'verified',
				(answer) => answer.packId === packId,
				VERIFYING_MS
			);
			if (damaged.length > 0) await this.#update(packId, () => ({ state: 'paused', installedAt: null }));
			return damaged.length;
		} finally {
			page.close();
		}
	}

	#start(order: PackOrder): Download {
		const actor = createActor(
			downloadMachine.provide({
				actors: {
					askPermission: fromPromise(({ signal }) => this.#ask(order, signal)),
					install: fromPromise(({ input, signal }) =>
						this.#fetch(order, input, signal, () => actor.send({ type: 'bytes.came' }))
					)
				}
			})
		);
		const ended = new Promise<void>((resolve) => {
			const subscription = actor.subscribe((snapshot) => {
				const state = snapshot.value;
				if (state !== 'installed' && state !== 'paused' && state !== 'failed') return;
				subscription.unsubscribe();
				void this.#settleRecord(order.packId, state, snapshot.context.error).then(resolve, resolve);
				actor.stop();
			});
		});
		actor.start();
		return { actor, ended };
	}

	async #settleRecord(
		packId: string,
		state: 'installed' | 'paused' | 'failed',
		error: InstallError | null
	): Promise<void> {
		// `installed` was written, with the structure, when the installer said so.
		if (state !== 'installed') await this.#update(packId, () => ({ state, error }));
	}

	async #ask({ courseId, packId }: PackOrder, signal: AbortSignal): Promise<Asked> {
		const path = `/api/packs/${encodeURIComponent(courseId)}/${encodeURIComponent(packId)}/capability`;
		const result = await this.#options.api.post(path, {}, capabilitySchema, { signal });
		switch (result.type) {
			case 'unreachable':
				return { type: 'unreachable' };
			case 'refused':
				if (result.status >= 500 || result.status === 429) return { type: 'unreachable' };
				return { type: 'refused', error: result.status === 404 || result.status === 410 ? 'gone' : 'not-allowed' };
			case 'ok': {
				const { contentOrigin, url, size, sha256 } = result.value;
				return { type: 'granted', permission: { contentOrigin, url, size, sha256 } };
			}
			default:
				return unreachable(result);
		}
	}

	async #fetch(
		order: PackOrder,
		permission: Permission | null,
		signal: AbortSignal,
		came: () => void
	): Promise<Installed> {
		if (permission === null) return { type: 'stopped', error: 'unknown' };
		const work = () => this.#fetchAlone(order, permission, signal, came);
		// A second tab waits for its turn, finds everything there, and is done at once.
		return navigator.locks === undefined
			? work()
			: navigator.locks.request(`waypost-install-${order.packId}`, { signal }, work);
	}

	async #fetchAlone(
		order: PackOrder,
		permission: Permission,
		signal: AbortSignal,
		came: () => void
	): Promise<Installed> {
		const { packId } = order;
		await this.#update(packId, () => ({ contentOrigin: permission.contentOrigin, total: permission.size }));
		const page = await InstallerPage.open(permission.contentOrigin, true);
		const reusable = await reusableFiles(this.#options.deviceDb, order);
		const before = (await this.#options.deviceDb.packs.get(packId))?.fetched ?? 0;
		let counted = 0;
		/** Rows are written one after the other, or an older one could win. */
		let writing: Promise<unknown> = Promise.resolve();
		try {
			return await new Promise<Installed>((resolve) => {
				signal.addEventListener('abort', () => page.send({ t: 'pause' }), { once: true });
				page.listen((message) => {
					if (!('packId' in message) || message.packId !== packId) return;
					if (message.t === 'progress') {
						const { done, total, fetched } = message;
						if (fetched > counted) {
							came();
							this.#options.count?.({ down: fetched - counted, up: 0 });
							counted = fetched;
						}
						writing = writing.then(() => this.#update(packId, () => ({ done, total, fetched: before + fetched })));
					} else if (message.t === 'wants') {
						void handOver(page, packId, message.sha256, reusable);
					} else if (message.t === 'installed') {
						void writing.then(() => this.#markInstalled(packId, message)).then(() => resolve({ type: 'installed' }));
					} else if (message.t === 'stopped') {
						void writing.then(() => resolve({ type: 'stopped', error: message.error }));
					}
				});
				page.send({
					t: 'install',
					packId,
					sha256: permission.sha256,
					size: permission.size,
					url: permission.url,
					reuse: [...reusable.keys()]
				});
			});
		} finally {
			page.close();
			for (const file of reusable.values()) file.close();
		}
	}

	async #markInstalled(packId: string, { structure }: Extract<FromInstaller, { t: 'installed' }>): Promise<void> {
		await this.#update(packId, (record) => ({
			state: 'installed',
			error: null,
			done: record.total,
			structure,
			installedAt: this.#options.now()
		}));
	}

	/** Never makes a row: one that was removed meanwhile stays removed. */
	async #update(packId: string, change: (record: PackRecord) => Partial<PackRecord>): Promise<void> {
		const { deviceDb } = this.#options;
		await deviceDb.transaction('rw', deviceDb.packs, async () => {
			const record = await deviceDb.packs.get(packId);
			if (record !== undefined) await deviceDb.packs.put({ ...record, ...change(record) });
		});
	}
}

async function handOver(
	page: InstallerPage,
	packId: string,
	wanted: readonly string[],
	reusable: ReadonlyMap<string, ReusableFile>
): Promise<void> {
	for (const sha256 of wanted) {
		const blob =
			(await reusable
				.get(sha256)
				?.read(HANDING_MS)
				.catch(() => null)) ?? null;
		page.send({ t: 'put', packId, sha256, blob });
	}
}

function newRecord({ packId, courseId, packSha256, revision, packSize }: PackOrder): PackRecord {
	return {
		packId,
		courseId,
		sha256: packSha256,
		revision,
		state: 'downloading',
		error: null,
		done: 0,
		total: packSize,
		fetched: 0,
		structure: null,
		contentOrigin: '',
		installedAt: null
	};
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
