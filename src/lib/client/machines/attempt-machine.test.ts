import { expect, test } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import { attemptMachine, type Next, type Request, type Target } from './attempt-machine.ts';

/** A course whose parts answer as told; what was asked of them is written down. */
function visit(options: { free?: boolean; drain?: () => Promise<void>; items?: (string | null)[]; next?: Next } = {}) {
	const asked: string[] = [];
	const items = [...(options.items ?? ['a', 'b', 'c'])];
	const actor = createActor(
		attemptMachine.provide({
			actors: {
				takeLock: fromPromise(async () => options.free ?? true),
				drainLeftovers: fromPromise(options.drain ?? (async () => undefined)),
				loadItem: fromPromise(async ({ input }: { input: Target }) => {
					asked.push(`load ${input.kind}${'item' in input ? ` ${input.item}` : ''}`);
					return items.shift() ?? null;
				}),
				takeAway: fromPromise(
					async ({ input }: { input: { request: Request; choice: string | null; asked: Next | null } }) => {
						asked.push(`away ${input.request}${input.choice === null ? '' : ` ${input.choice}`}`);
						return input.asked ?? options.next ?? { kind: 'ask' };
					}
				)
			}
		}),
		{ input: { item: null } }
	).start();
	const reach = (state: string) => waitFor(actor, (snapshot) => snapshot.value === state, { timeout: 1000 });
	return { actor, asked, reach };
}

test('open, leave', async () => {
	const { actor, asked, reach } = visit();
	await reach('playing');
	expect(actor.getSnapshot().context.item).toBe('a');
	actor.send({ type: 'leave.requested' });
	await reach('closed');
	expect(asked).toEqual(['load open', 'away suspendAll']);
});

test('open elsewhere: nothing is touched, and it can be tried again', async () => {
	const { actor, asked, reach } = visit({ free: false });
	await reach('blocked');
	actor.send({ type: 'lock.retried' });
	await reach('blocked');
	actor.send({ type: 'leave.requested' });
	expect(actor.getSnapshot().value).toBe('closed');
	expect(asked).toEqual([]);
});

test('what the learner chooses is loaded after the item before is taken away', async () => {
	const { actor, asked, reach } = visit({ next: { kind: 'choice', item: 'b' } });
	await reach('playing');
	actor.send({ type: 'item.chosen', request: 'choice', item: 'b' });
	await waitFor(actor, (snapshot) => snapshot.context.item === 'b');
	expect(asked).toEqual(['load open', 'away choice b', 'load choice b']);
});

test('the content asks to go on: the engine has moved, so nothing is asked of it again', async () => {
	const { actor, asked, reach } = visit();
	await reach('playing');
	actor.send({ type: 'content.asked', next: { kind: 'delivered', item: 'b' } });
	await waitFor(actor, (snapshot) => snapshot.context.item === 'b');
	expect(asked).toEqual(['load open', 'away none', 'load delivered b']);
});

test('the content ends the course', async () => {
	const { actor, reach } = visit();
	await reach('playing');
	actor.send({ type: 'content.asked', next: { kind: 'leave' } });
	await reach('closed');
	expect(actor.getSnapshot().context.isOver).toBe(true);
});

test('nothing to deliver: she chooses', async () => {
	const { actor, asked, reach } = visit({ items: [null, 'b'] });
	await reach('choosing');
	actor.send({ type: 'item.chosen', request: 'choice', item: 'b' });
	await reach('playing');
	expect(asked).toEqual(['load open', 'load choice b']);
});

test('trouble has a code, and leaving is always possible', async () => {
	const drain = async () => {
		throw Object.assign(new Error('gone'), { code: 'content-missing' });
	};
	const { actor, reach } = visit({ drain });
	await reach('failed');
	expect(actor.getSnapshot().context.failure).toBe('content-missing');
	actor.send({ type: 'leave.requested' });
	await reach('closed');
});

test('time is over: the item is taken away and the visit ends', async () => {
	const { actor, asked, reach } = visit();
	await reach('playing');
	actor.send({ type: 'time.over' });
	await reach('closed');
	expect(asked.at(-1)).toBe('away suspendAll');
});
