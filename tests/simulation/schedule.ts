/**
 * One schedule: some learners, their devices, a server and a trainer's phone live through a seeded series of misfortunes;
 * then the network is well, everyone syncs, and the oracles look. The device's side is the product's own sync code.
 */
import { httpTransport } from '#lib/client/sync/transport.ts';
import { newPace, syncOnce, type SyncParts } from '#lib/client/sync/sync.ts';
import { RETENTION, type SyncStore } from '#lib/client/sync/sync-store.ts';
import type { EventDraft } from '#lib/client/db/append-events.ts';
import { canonicalEvent } from '#lib/domain/event/canonical-event.ts';
import { eventKey, type EventBody, type LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { DeviceStorage } from './device-storage.ts';
import { MemoryStorage } from './memory-storage.ts';
import { SimulatedNetwork } from './network.ts';
import { inspect, type Violation } from './oracles.ts';
import { stepWeights, type Device, type Mutant, type Step, type World } from './world.ts';
import { liftFeeds } from '#lib/server/repositories/feed.ts';
import { seeded } from './random.ts';
import { COURSE, ITEMS, LEARNERS, PACKS, TRAINER, type SimulatedServer } from './server.ts';

export type Outcome = {
	readonly violations: readonly Violation[];
	readonly events: number;
	readonly requests: number;
	readonly log: readonly string[];
};

export type Options = {
	readonly mutant?: Mutant | null | undefined;
	readonly newStorage?: ((personId: string) => DeviceStorage) | undefined;
};

export async function runSchedule(server: SimulatedServer, seed: number, options: Options = {}): Promise<Outcome> {
	server.reset();
	const mutant = options.mutant ?? null;
	const newStorage = options.newStorage ?? ((personId: string) => new MemoryStorage(personId));
	const random = seeded(seed);
	server.faults = mutant?.server ?? {};
	const network = new SimulatedNetwork(server, random);
	const world: World = {
		seed,
		random,
		server,
		network,
		devices: [],
		trainer: newDevice('trainer', TRAINER, newStorage(TRAINER)),
		mutant,
		created: new Map(),
		acked: new Map(),
		excused: new Set(),
		atRisk: new Set(),
		log: [],
		counter: 0
	};
	await begin(world, world.trainer, 'first');
	for (let count = 1 + random.below(4); count > 0; count--) {
		const personId = random.pick(LEARNERS);
		await addDevice(world, newDevice(`d${count}`, personId, newStorage(personId)), 'first');
	}
	const weights = { ...stepWeights, ...mutant?.weights };
	for (let count = 20 + random.below(25); count > 0; count--) await takeStep(world, random.weighted(weights));
	await converge(world);
	const violations = await inspect(world);
	return { violations, events: world.created.size, requests: network.requests, log: world.log };
}

function newDevice(name: string, personId: string, storage: DeviceStorage): Device {
	return { name, personId, storage, clockOffset: 0, timeline: [], flushed: [], pace: newPace() };
}

async function addDevice(world: World, device: Device, why: 'first' | 'clone'): Promise<void> {
	world.devices.push(device);
	await begin(world, device, why);
}

async function begin(
	world: World,
	device: Device,
	why: 'first' | 'crash' | 'eviction' | 'clone' | 'start'
): Promise<void> {
	device.pace = newPace();
	if (world.mutant?.begin) await world.mutant.begin(device, why, world.random);
	else await device.storage.begin(world.random.bytes);
}

async function takeStep(world: World, step: Step): Promise<void> {
	const { random, server, network, devices } = world;
	const device = random.pick(devices);
	server.now += random.below(600_000);
	world.log.push(`${step} ${device.name}`);
	switch (step) {
		case 'work':
			return work(world, device);
		case 'sync':
			return sync(world, device);
		case 'crash':
			return crash(world, device);
		case 'restart':
			return begin(world, device, 'start');
		case 'evict':
			await noteLoss(world, device, []);
			device.storage = await device.storage.evict();
			device.timeline = [];
			device.flushed = [];
			return begin(world, device, 'eviction');
		case 'clone': {
			if (devices.length > 5) return;
			const copy = newDevice(`${device.name}'`, device.personId, await device.storage.clone());
			copy.timeline = [...device.timeline];
			copy.flushed = [...device.timeline];
			return addDevice(world, copy, 'clone');
		}
		case 'clock':
			device.clockOffset = random.pick([0, -10, 10, -55]) * 31_557_600_000 + random.below(3_600_000);
			return;
		case 'server-clock':
			server.now += random.below(40) * 86_400_000;
			return;
		case 'backup':
			server.backups.push(server.db.backUp());
			return;
		case 'server-restore':
			return restoreServer(world);
		case 'late':
			return network.deliverLate();
		case 'mood':
			network.mood = random.pick(['good', 'bad']);
			return;
		case 'trainer':
			return sync(world, world.trainer);
	}
}

async function work(world: World, device: Device): Promise<void> {
	const { random } = world;
	const drafts = Array.from({ length: 1 + random.below(5) }, () => draftOf(world, device));
	// The attempts she can go on with: those her device knows, her other devices' too.
	const known = (await device.storage.dump()).branches.filter((branch) => branch.learnerId === device.personId);
	const branch = known.length > 0 && random.chance(0.7) ? random.pick(known) : null;
	const packId = random.pick(PACKS);
	const subject = branch ?? {
		attemptId: `attempt-${++world.counter}`,
		packId,
		scoId: random.pick(ITEMS[packId]!)
	};
	const { attemptId, scoId } = subject;
	const events = await device.storage.append(
		drafts.map((draft) => ({ ...draft, attemptId, packId: subject.packId, scoId }))
	);
	for (const event of events) {
		const key = eventKey(event);
		world.created.set(key, (world.created.get(key) ?? new Set()).add(canonicalEvent(event)));
	}
	device.timeline.push(...events);
	// Strict durability flushes every time; a disk that lies about it must not break anything either.
	if (random.chance(0.6)) flush(device);
}

function draftOf(world: World, device: Device): EventDraft {
	const { random } = world;
	const unique = ++world.counter;
	const body = random.pick<() => EventBody>([
		() => ({ type: 'attempt.started' }),
		() => ({
			type: 'attempt.updated',
			location: `page-${unique}`,
			progress: random.below(101) / 100,
			seconds: random.below(9_000) / 10
		}),
		() => ({
			type: 'attempt.updated',
			completion: random.pick(['incomplete', 'completed']),
			success: random.pick(['failed', 'passed']),
			score: { scaled: null, raw: random.below(101), min: 0, max: 100 }
		}),
		() => ({
			type: 'attempt.answered',
			interactionId: `q${unique}`,
			kind: 'choice',
			response: 'b',
			result: random.pick(['correct', 'incorrect']),
			latency: 3.5
		}),
		() => ({
			type: 'attempt.answered',
			interactionId: `q${unique}`,
			kind: null,
			response: '\ud800😀\0 سؤال',
			result: null,
			latency: null
		}),
		() => ({
			type: 'attempt.saved',
			cmi: `{"cmi.suspend_data":"${'x'.repeat(random.below(60))}${unique}"}`,
			sequencing: null
		}),
		() => ({ type: 'session.ended', exit: 'suspend', seconds: unique }),
		() => ({ type: 'unknown', original: `{"type":"note.written","n":${unique}}` })
	])();
	return {
		learnerId: device.personId,
		courseId: COURSE,
		packId: '',
		attemptId: '',
		scoId: '',
		at: world.server.now + device.clockOffset,
		body
	};
}

class DeviceDied extends Error {}

async function sync(world: World, device: Device): Promise<void> {
	const { random, network } = world;
	// Sometimes the device dies in the middle of it, before or after some store call.
	const dies = network.mood !== 'perfect' && random.chance(0.12) ? random.below(6) : null;
	network.meanwhile = async () => {
		if (device !== world.trainer && network.mood !== 'perfect' && random.chance(0.1)) await work(world, device);
	};
	try {
		const outcome = await syncOnce(partsOf(world, device, dies));
		world.log.push(`  ${JSON.stringify(outcome)}`);
		await noteAcked(world, device);
		if (random.chance(0.6)) flush(device);
	} catch (error) {
		if (!(error instanceof DeviceDied)) throw error;
		world.log.push('  died');
		await noteAcked(world, device);
		await crash(world, device);
	} finally {
		network.meanwhile = async () => {};
	}
	await world.mutant?.after?.(world, device);
}

function partsOf(world: World, device: Device, dies: number | null): SyncParts {
	const { network, mutant } = world;
	const fetch = network.fetchFor(device.personId);
	const store = mutant?.store ? mutant.store(device.storage, device) : device.storage;
	return {
		store: dies === null ? store : mortal(store, dies, world.random.chance(0.5)),
		transport: httpTransport({
			fetch: mutant?.fetch ? mutant.fetch(fetch, device) : fetch,
			personId: device.personId,
			count: () => {}
		}),
		pace: device.pace,
		clock: () => 0
	};
}

/** A store whose device dies at the given call, just before it or just after. */
function mortal(store: SyncStore, calls: number, before: boolean): SyncStore {
	let left = calls;
	return new Proxy(store, {
		get(target, name) {
			const member: unknown = Reflect.get(target, name, target);
			if (typeof member !== 'function') return member;
			return async (...args: unknown[]) => {
				const isLast = left-- === 0;
				if (isLast && before) throw new DeviceDied();
				const result: unknown = await member.apply(target, args);
				if (isLast) throw new DeviceDied();
				return result;
			};
		}
	});
}

function flush(device: Device): void {
	device.flushed = [...device.timeline];
	if (device.storage instanceof MemoryStorage) device.storage.flush();
}

async function crash(world: World, device: Device): Promise<void> {
	if (device.storage instanceof MemoryStorage && device !== world.trainer) {
		await noteLoss(world, device, device.flushed);
		device.storage.loseUnflushed();
		device.timeline = [...device.flushed];
	}
	await begin(world, device, 'crash');
}

async function noteAcked(world: World, device: Device): Promise<void> {
	for (const { event, waiting } of (await device.storage.dump()).events) {
		const content = `${eventKey(event)} ${canonicalEvent(event)}`;
		if (waiting === 0 && !world.acked.has(content)) world.acked.set(content, world.server.now);
	}
}

/** A device is about to lose events. Those that the server once had and lost, and that nobody else holds, are beyond help. */
async function noteLoss(world: World, device: Device, kept: readonly LearningEvent[]): Promise<void> {
	const keeps = new Set(kept.map(eventKey));
	const going = device.timeline.filter((event) => !keeps.has(eventKey(event)));
	if (!going.some((event) => world.atRisk.has(`${eventKey(event)} ${canonicalEvent(event)}`))) return;
	const elsewhere = heldBy(
		world,
		world.devices.filter((other) => other !== device)
	);
	const onServer = await world.server.contents();
	for (const event of going) {
		const content = `${eventKey(event)} ${canonicalEvent(event)}`;
		const isSafe = elsewhere.has(content) || onServer.get(eventKey(event)) === canonicalEvent(event);
		if (world.atRisk.has(content) && !isSafe) world.excused.add(content);
	}
}

async function restoreServer(world: World): Promise<void> {
	const { server, random } = world;
	const backup = random.pick(server.backups);
	const before = await server.contents();
	server.db.restore(backup);
	// Whoever puts a backup in place starts the server on it.
	await liftFeeds(server.db, server.now);
	const after = await server.contents();
	const held = heldBy(world, world.devices);
	for (const [key, text] of before) {
		if (after.get(key) === text) continue;
		const content = `${key} ${text}`;
		world.atRisk.add(content);
		if (!held.has(content)) world.excused.add(content);
	}
}

/** What these devices owe it to everyone to hold: all they wrote, but what was acknowledged more than 30 days ago. */
function heldBy(world: World, devices: readonly Device[]): Set<string> {
	const held = new Set<string>();
	for (const event of devices.flatMap((device) => device.timeline)) {
		const content = `${eventKey(event)} ${canonicalEvent(event)}`;
		if (world.server.now - (world.acked.get(content) ?? world.server.now) <= RETENTION) held.add(content);
	}
	return held;
}

/** The network is well again and everyone comes back a few times. */
async function converge(world: World): Promise<void> {
	world.network.mood = 'perfect';
	while (world.random.chance(0.7)) await world.network.deliverLate();
	for (let round = 0; round < 2; round++) {
		for (const device of world.devices) {
			if (round === 0) await begin(world, device, 'start');
			world.server.now += 60_000;
			await sync(world, device);
		}
	}
	await sync(world, world.trainer);
}
