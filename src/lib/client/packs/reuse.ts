/** SPEC PK5: files that an installed revision of the same course has already, so that only what changed is fetched. */
import type { DeviceDb } from '#lib/client/db/device-db.ts';
import { InstallerPage } from '#lib/client/player/installer-page.ts';

export type ReusableFile = {
	/** null when it is not there after all. */
	readonly read: (timeout: number) => Promise<Blob | null>;
	/** Closes the page it comes from; harmless more than once. */
	readonly close: () => void;
};

/** @returns by SHA-256; empty when no older revision is installed or its origin does not answer */
export async function reusableFiles(deviceDb: DeviceDb, order: { readonly courseId: string; readonly packId: string }): Promise<ReadonlyMap<string, ReusableFile>> {
	const found = new Map<string, ReusableFile>();
	const older = (await deviceDb.packs.where('courseId').equals(order.courseId).toArray())
		.filter(({ packId, state }) => packId !== order.packId && state === 'installed')
		.toSorted((left, right) => right.revision - left.revision);
	// The newest one has the most in common; more pages than one would cost more than they give.
	const [pack] = older;
	if (pack === undefined) return found;
	try {
		const page = await InstallerPage.open(pack.contentOrigin);
		const { files } = await page.ask(
			{ t: 'list', packId: pack.packId },
			'list',
			({ packId }) => packId === pack.packId
		);
		for (const { sha256 } of files) {
			found.set(sha256, {
				read: async (timeout) => {
					const isIt = (answer: { sha256: string }) => answer.sha256 === sha256;
					return (await page.ask({ t: 'read', packId: pack.packId, sha256 }, 'file', isIt, timeout)).blob;
				},
				close: () => page.close()
			});
		}
		if (files.length === 0) page.close();
	} catch {
		// Evicted: everything is fetched.
	}
	return found;
}
