import type { App } from '#lib/client/app.ts';
import type { Packs } from '#lib/client/packs/packs.ts';
import type { CourseCard } from '#lib/contracts/sync.ts';

let made: Promise<Packs> | null = null;

/** The one `Packs` of this tab, loaded when a page first needs to fetch or remove a course. */
export function packsOf(app: App): Promise<Packs> {
	made ??= import('#lib/client/packs/packs.ts').then(async ({ Packs }) => {
		const packs = new Packs({ deviceDb: app.device, api: app.api, now: () => Date.now() });
		await packs.settle();
		return packs;
	});
	return made;
}

export function orderOf({ courseId, packId, packSha256, revision, packSize }: CourseCard) {
	return { courseId, packId, packSha256, revision, packSize };
}
