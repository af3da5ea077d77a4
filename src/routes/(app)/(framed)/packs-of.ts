import type { App } from '#lib/client/app.ts';
import type { Packs } from '#lib/client/packs/packs.ts';
import { addDataUse } from '#lib/client/db/data-use.ts';
import type { CourseCard } from '#lib/contracts/sync.ts';

let made: Promise<Packs> | null = null;

/** The one `Packs` of this tab, loaded when a page first needs to fetch or remove a course. */
export function packsOf(app: App): Promise<Packs> {
	made ??= import('#lib/client/packs/packs.ts').then(async ({ Packs }) => {
		const packs = new Packs({
			deviceDb: app.device,
			api: app.api,
			now: () => Date.now(),
			// Counting is a courtesy: it must never stop what is counted.
			count: (use) => void addDataUse(app.device, Date.now(), use).catch(() => undefined)
		});
		await packs.settle();
		return packs;
	});
	return made;
}

export function orderOf({ courseId, packId, packSha256, revision, packSize }: CourseCard) {
	return { courseId, packId, packSha256, revision, packSize };
}
