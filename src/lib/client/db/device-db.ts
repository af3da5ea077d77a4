/**
 * What belongs to the device and not to one person: who has a profile here, which packs are installed, how content
 * origins are named, what was transferred. Nothing here is secret beyond names; the PIN verifiers are salted PBKDF2.
 */
import { Dexie, type EntityTable } from 'dexie';
import { DEVICE_DB_NAME } from './names.ts';
import type { CourseStructure } from '#lib/domain/course/course-structure.ts';
import type { InstallError } from '#lib/contracts/player-port.ts';
import type { PublicConfig } from '#lib/contracts/api.ts';
import type { Role } from '#lib/contracts/sync.ts';

export type KnownProfile = {
	readonly personId: string;
	readonly displayName: string;
	readonly userName: string;
	readonly roles: readonly Role[];
	readonly language: string;
	/** Which of the built-in pictures stands for this person, from 0. */
	readonly picture: number;
	/** PBKDF2-SHA256 of the secret, for unlocking without network. */
	readonly verifier: { readonly salt: string; readonly hash: string; readonly iterations: number };
	readonly lastUsedAt: number;
	/** Wrong secrets in a row, and when the next try is allowed (device time). Absent = none. */
	readonly failures?: number | undefined;
	readonly retryAt?: number | undefined;
};

/** The state of one pack on this device. `done` and `total` are bytes of the pack. */
export type PackRecord = {
	readonly packId: string;
	readonly courseId: string;
	readonly sha256: string;
	readonly revision: number;
	readonly state: 'downloading' | 'paused' | 'installed' | 'failed';
	readonly error: InstallError | null;
	readonly done: number;
	readonly total: number;
	/** Bytes fetched over the network so far, all runs. */
	readonly fetched: number;
	/** null until installed. */
	readonly structure: CourseStructure | null;
	readonly contentOrigin: string;
	readonly installedAt: number | null;
};

export type DataUse = { readonly month: string; readonly down: number; readonly up: number };

export class DeviceDb extends Dexie {
	profiles!: EntityTable<KnownProfile, 'personId'>;
	packs!: EntityTable<PackRecord, 'packId'>;
	dataUse!: EntityTable<DataUse, 'month'>;
	config!: EntityTable<PublicConfig & { readonly key: 'config' }, 'key'>;

	constructor(name = DEVICE_DB_NAME) {
		super(name);
		this.version(1).stores({ profiles: 'personId', packs: 'packId, courseId', dataUse: 'month', config: 'key' });
	}
}
