/** What a schedule is made of: devices, a server, a network, and what is remembered to judge them by. */
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { SyncStore } from '#lib/client/sync/sync-store.ts';
import type { DeviceStorage } from './device-storage.ts';
import type { SimulatedNetwork } from './network.ts';
import type { Random } from './random.ts';
import type { ServerFaults, SimulatedServer } from './server.ts';

/** What happens next, by its weight. */
export const stepWeights = {
	work: 34,
	sync: 34,
	crash: 6,
	restart: 3,
	evict: 2,
	clone: 2,
	clock: 2,
	'server-clock': 1,
	backup: 4,
	'server-restore': 3,
	late: 6,
	mood: 4,
	trainer: 3
};
export type Step = keyof typeof stepWeights;

/** A deliberate fault in the protocol; the oracles have to find it. */
export type Mutant = {
	readonly name: string;
	readonly server?: ServerFaults | undefined;
	/** Wraps a device's store. */
	readonly store?: ((store: DeviceStorage, device: Device) => SyncStore) | undefined;
	/** Wraps the way to the server. */
	readonly fetch?: ((fetch: typeof globalThis.fetch, device: Device) => typeof globalThis.fetch) | undefined;
	/** Instead of `storage.begin`. */
	readonly begin?:
		| ((device: Device, why: 'first' | 'crash' | 'eviction' | 'clone' | 'start', random: Random) => Promise<void>)
		| undefined;
	/** After a push or pull, with the world. */
	readonly after?: ((world: World, device: Device) => Promise<void>) | undefined;
	/** Weights of steps changed, so that the situation comes about. */
	readonly weights?: Partial<Record<Step, number>> | undefined;
	/** Numbers are reused on purpose, so set-aside events are expected; nothing may vanish all the same. */
	readonly allowsConflicts?: boolean | undefined;
};

export type Device = {
	readonly name: string;
	readonly personId: string;
	storage: DeviceStorage;
	/** Its own clock, off by years perhaps, ms. */
	clockOffset: number;
	/** What it wrote and still had after every crash: its database's own history. */
	timeline: LearningEvent[];
	/** The timeline as of the last flush. */
	flushed: LearningEvent[];
	pace: { events: number };
};

export type World = {
	readonly seed: number;
	readonly random: Random;
	readonly server: SimulatedServer;
	readonly network: SimulatedNetwork;
	readonly devices: Device[];
	readonly trainer: Device;
	readonly mutant: Mutant | null;
	/** Every content that was ever written, by identity. */
	readonly created: Map<string, Set<string>>;
	/** What a device was told is received, and the server's time when it was: by "key content". */
	readonly acked: Map<string, number>;
	/** Was on the server, then the server went back to an older copy, and no device had it any more: nobody could save it. */
	readonly excused: Set<string>;
	/** Contents the server lost by going back. */
	readonly atRisk: Set<string>;
	readonly log: string[];
	counter: number;
};
