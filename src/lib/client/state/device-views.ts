/** What is on this device and what it cost: packs and their state, data used by month, people with a profile here. */
import type { DataUse, DeviceDb, KnownProfile, PackRecord } from '#lib/client/db/device-db.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';

export type Download = PackRecord & {
	/** From the course card of the person looking, or the pack itself; null when neither names it. */
	readonly title: string | null;
};

export type DownloadsView = {
	/** Not installed yet: going on, paused or stopped with an error. */
	readonly running: readonly Download[];
	readonly installed: readonly Download[];
	/** Bytes of all packs here, as far as they have come. */
	readonly bytes: number;
};

export type MyDataView = {
	readonly downloads: DownloadsView;
	/** Newest month first. */
	readonly dataUse: readonly DataUse[];
	readonly people: readonly KnownProfile[];
};

export async function downloadsView(device: DeviceDb, db: ProfileDb | null): Promise<DownloadsView> {
	const packs = await device.packs.toArray();
	const cards = new Map((db === null ? [] : await db.courses.toArray()).map((card) => [card.courseId, card]));
	const downloads = packs.map((pack) => ({
		...pack,
		title: cards.get(pack.courseId)?.title ?? pack.structure?.title ?? null
	}));
	return {
		running: downloads.filter((download) => download.state !== 'installed'),
		installed: downloads.filter((download) => download.state === 'installed'),
		bytes: downloads.reduce((sum, download) => sum + download.done, 0)
	};
}

export async function myDataView(device: DeviceDb, db: ProfileDb): Promise<MyDataView> {
	return {
		downloads: await downloadsView(device, db),
		dataUse: (await device.dataUse.toArray()).toSorted((left, right) => (left.month < right.month ? 1 : -1)),
		people: await device.profiles.toArray()
	};
}
