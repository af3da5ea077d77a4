/** What a simulated device does with its database besides sync; one implementation in memory, one on the product's Dexie. */
import type { EventDraft, Writer } from '#lib/client/db/append-events.ts';
import type { EventRecord } from '#lib/client/db/profile-db.ts';
import type { RandomBytes } from '#lib/client/sync/epoch.ts';
import type { SyncStore } from '#lib/client/sync/sync-store.ts';
import type { PullResponse } from '#lib/contracts/sync.ts';
import type { Branch } from '#lib/domain/attempt/branch.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';

export type Dump = {
	readonly writer: Writer | undefined;
	readonly events: readonly EventRecord[];
	readonly branches: readonly Branch[];
	readonly registrations: NonNullable<PullResponse['registrations']>;
	readonly acked: Readonly<Record<string, number>>;
	readonly cursor: string | null;
};

export interface DeviceStorage extends SyncStore {
	/** Every start of the app. */
	begin(random: RandomBytes): Promise<Writer>;
	append(drafts: readonly EventDraft[]): Promise<readonly LearningEvent[]>;
	dump(): Promise<Dump>;
	/** A second database with the same content: a restored phone backup, a copied browser profile. */
	clone(): Promise<DeviceStorage>;
	/** The browser threw the origin away; what comes after is a new database. */
	evict(): Promise<DeviceStorage>;
}
