/** The few single values of a person's database, each with its type. Keys are stored: they never change their meaning. */
import type { ProfileDb } from './profile-db.ts';
import type { Writer } from './append-events.ts';

export type ProfileMeta = {
	/** Who writes here now; set by client/sync/epoch.ts at every start. */
	writer: Writer;
	/** Of the last pull; opaque. */
	cursor: string;
	/** Per epoch still held here: the number up to which everything held is acknowledged. */
	acked: Readonly<Record<string, number>>;
	/** Server time of the newest acknowledgement, of all events and of each course's. */
	received: { readonly at: number; readonly courses: Readonly<Record<string, number>> };
	/** Server time as of the last answer. */
	serverNow: number;
	/** Pulls so far: decides which old epochs the next pull mentions. */
	pulls: number;
	/** Set while the server does not know the session any more. */
	needsSignIn: boolean;
	/** Events the server set aside: nothing is lost, but somebody should look. */
	quarantined: number;
};

export async function readMeta<Key extends keyof ProfileMeta>(
	db: ProfileDb,
	key: Key
): Promise<ProfileMeta[Key] | undefined> {
	return (await db.meta.get(key))?.value as ProfileMeta[Key] | undefined;
}

export async function writeMeta<Key extends keyof ProfileMeta>(
	db: ProfileDb,
	key: Key,
	value: ProfileMeta[Key]
): Promise<void> {
	await db.meta.put({ key, value });
}
