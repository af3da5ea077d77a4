import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createActor, fromPromise } from 'xstate';
import { retryDelay, syncMachine, type SyncStep } from './sync-machine.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const done: SyncStep = { type: 'done' };
const retry: SyncStep = { type: 'retry', seconds: null, code: 'unreachable' };

/** The machine with scripted IO: each call takes the next step of its list, then the last one for ever. */
function started({
	waiting = [0],
	push = [done],
	pull = [done]
}: {
	waiting?: number[];
	push?: SyncStep[];
	pull?: SyncStep[];
}) {
	const calls: string[] = [];
	const next = <T>(name: string, list: T[]) =>
		fromPromise(async () => {
			calls.push(name);
			return list.length > 1 ? list.shift()! : list[0]!;
		});
	const actor = createActor(
		syncMachine.provide({
			actors: { check: next('check', waiting), push: next('push', push), pull: next('pull', pull) }
		}),
		{ input: { random: () => 0.5 } }
	);
	actor.start();
	return { actor, calls, state: () => actor.getSnapshot().value };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('when to sync', () => {
	test('[SY29] with nothing to send it only asks for news: one request', async () => {
		const { actor, calls, state } = started({});
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(calls).toEqual(['check', 'pull']);
		expect(state()).toBe('idle');
	});

	test('what waits goes out first', async () => {
		const { actor, calls } = started({ waiting: [3] });
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(calls).toEqual(['check', 'push', 'pull']);
	});

	test('[SY25] what a restored server asks for goes at once, and not for ever', async () => {
		const { actor, calls, state } = started({ pull: [{ type: 'done', sendAgain: 4 }] });
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(calls).toEqual(['check', 'pull', 'push', 'pull', 'push', 'pull', 'push', 'pull']);
		expect(state()).toBe('idle');
	});

	test('a wish that comes while it works is served once, at the end', async () => {
		const { actor, calls } = started({});
		actor.send({ type: 'sync.wanted' });
		actor.send({ type: 'sync.wanted' });
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(calls).toEqual(['check', 'pull', 'check', 'pull']);
	});

	test('[SY30] troubles wait longer and longer, and a success forgets them', async () => {
		const { actor, calls, state } = started({ pull: [retry, retry, done] });
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(state()).toBe('waiting-retry');
		await vi.advanceTimersByTimeAsync(3_750);
		expect(calls.filter((call) => call === 'pull')).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(3_750);
		expect(state()).toBe('waiting-retry');
		await vi.advanceTimersByTimeAsync(3_750);
		expect(state()).toBe('idle');
		expect(actor.getSnapshot().context).toMatchObject({ failures: 0, trouble: null });
	});

	test('[SY30] the browser saying "online" shortens a wait of ours, but not one that the server asked for', async () => {
		const ours = started({ pull: [retry, done] });
		ours.actor.send({ type: 'sync.wanted' });
		await settle();
		ours.actor.send({ type: 'network.changed' });
		await settle();
		expect(ours.state()).toBe('idle');

		const asked = started({ pull: [{ type: 'retry', seconds: 60, code: 'busy' }, done] });
		asked.actor.send({ type: 'sync.wanted' });
		await settle();
		asked.actor.send({ type: 'network.changed' });
		await settle();
		expect(asked.state()).toBe('waiting-retry');
		await vi.advanceTimersByTimeAsync(75_000);
		expect(asked.state()).toBe('idle');
	});

	test('a person who asks is not made to wait', async () => {
		const { actor, state } = started({ pull: [retry, done] });
		actor.send({ type: 'sync.wanted' });
		await settle();
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(state()).toBe('waiting-retry');
		actor.send({ type: 'sync.wanted', byPerson: true });
		await settle();
		expect(state()).toBe('idle');
	});

	test('[SY30] signed out it stands still until she has signed in', async () => {
		const { actor, calls, state } = started({ waiting: [1], push: [{ type: 'needs-sign-in' }, done] });
		actor.send({ type: 'sync.wanted' });
		await settle();
		actor.send({ type: 'network.changed' });
		await vi.advanceTimersByTimeAsync(3_600_000);
		expect(state()).toBe('needs-sign-in');
		expect(calls).toEqual(['check', 'push']);
		actor.send({ type: 'signed.in' });
		await settle();
		expect(state()).toBe('idle');
	});

	test('an app that is too old stops', async () => {
		const { actor, state } = started({ pull: [{ type: 'app-too-old' }] });
		actor.send({ type: 'sync.wanted' });
		await vi.advanceTimersByTimeAsync(86_400_000);
		expect(state()).toBe('stopped');
	});

	test('a store that throws is trouble like any other', async () => {
		const actor = createActor(
			syncMachine.provide({ actors: { check: fromPromise<number>(() => Promise.reject(new Error('disk'))) } }),
			{ input: { random: () => 0 } }
		);
		actor.start();
		actor.send({ type: 'sync.wanted' });
		await settle();
		expect(actor.getSnapshot()).toMatchObject({ value: 'waiting-retry', context: { trouble: 'storage-broken' } });
	});

	test('idle for a quarter of an hour, it asks for news by itself', async () => {
		const { calls } = started({});
		await vi.advanceTimersByTimeAsync(17 * 60_000);
		expect(calls).toEqual(['check', 'pull']);
	});
});

test.each([
	[1, null, 0, 2_500],
	[1, null, 1, 5_000],
	[4, null, 1, 40_000],
	[99, null, 1, 900_000],
	[1, 60, 0, 60_000],
	[1, 60, 1, 90_000]
])('[SY30] after %i troubles, asked for %s s, chance %d: %i ms', (failures, askedWait, chance, expected) => {
	expect(retryDelay({ failures, askedWait, random: () => chance })).toBe(expected);
});
