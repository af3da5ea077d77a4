/**
 * One visit to one course: from opening the player to leaving it.
 *
 *   locking --free--> draining --> loading --an item--> playing --chosen, asked by the content--> switching --> loading
 *      \--another tab--> blocked     \--none to deliver--> choosing --chosen--> loading              \--none--> choosing
 *   playing, choosing --leave, course over--> closing --> closed
 *   trouble anywhere --> failed --leave--> closed
 *
 * IO comes in as actors, named by intention: takeLock, drainLeftovers, loadItem, takeAway.
 */
import { assign, fromPromise, setup } from 'xstate';

/** Which item next: as the course stands, this one (chosen by the learner), or the one the engine has moved to. */
export type Target =
	| { readonly kind: 'open' }
	| { readonly kind: 'choice'; readonly item: string }
	| { readonly kind: 'delivered'; readonly item: string };

/** Why the content is taken away. `none`: the content itself asked, and the sequencing engine has moved already. */
export type Request = 'continue' | 'previous' | 'choice' | 'suspendAll' | 'none';

/** What follows: an item, a choice by the learner, or nothing (the course was left). */
export type Next = Target | { readonly kind: 'ask' } | { readonly kind: 'leave' };

export type AttemptContext = {
	readonly item: string | null;
	readonly target: Target;
	readonly request: Request;
	readonly choice: string | null;
	/** Where the content asked to go, while it is taken away; null = it said nothing. */
	readonly asked: Next | null;
	readonly failure: string | null;
	/** The content ended its own session and is still on the screen. */
	readonly isFinished: boolean;
	/** The course ended by the content's own word or the engine's. */
	readonly isOver: boolean;
};

export type AttemptMachineEvent =
	| { readonly type: 'item.chosen'; readonly request: 'continue' | 'previous' | 'choice'; readonly item: string | null }
	| { readonly type: 'content.asked'; readonly next: Next }
	| { readonly type: 'content.finished' }
	| { readonly type: 'content.failed'; readonly code: string }
	| { readonly type: 'time.over' }
	| { readonly type: 'leave.requested' }
	| { readonly type: 'lock.retried' };

type Unload = { readonly request: Request; readonly choice: string | null; readonly asked: Next | null };

const unprovided = async (): Promise<never> => {
	throw new Error('provided by client/player');
};

function codeOf(error: unknown): string {
	return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
		? error.code
		: 'player-broken';
}

export const attemptMachine = setup({
	types: {
		context: {} as AttemptContext,
		events: {} as AttemptMachineEvent,
		input: {} as { readonly item: string | null }
	},
	actors: {
		takeLock: fromPromise<boolean>(unprovided),
		drainLeftovers: fromPromise<void>(unprovided),
		/** @returns the item that is on the screen now; null when the learner has to choose */
		loadItem: fromPromise<string | null, Target>(unprovided),
		/** Removes the content after its last words are recorded. */
		takeAway: fromPromise<Next, Unload>(unprovided)
	},
	guards: {
		isItem: (_, next: Next) => next.kind !== 'ask' && next.kind !== 'leave',
		isLeave: (_, next: Next) => next.kind === 'leave'
	},
	actions: {
		goTo: assign({
			target: ({ context }, next: Next) => (next.kind === 'ask' || next.kind === 'leave' ? context.target : next)
		})
	}
}).createMachine({
	id: 'attempt',
	context: ({ input }) => ({
		item: null,
		target: input.item === null ? { kind: 'open' } : { kind: 'choice', item: input.item },
		request: 'none',
		choice: null,
		asked: null,
		failure: null,
		isFinished: false,
		isOver: false
	}),
	initial: 'locking',
	states: {
		locking: {
			invoke: {
				src: 'takeLock',
				onDone: [{ guard: ({ event }) => event.output, target: 'draining' }, { target: 'blocked' }],
				onError: { target: 'failed', actions: assign({ failure: ({ event }) => codeOf(event.error) }) }
			},
			on: { 'leave.requested': 'closed' }
		},
		blocked: { on: { 'lock.retried': 'locking', 'leave.requested': 'closed' } },
		draining: {
			invoke: {
				src: 'drainLeftovers',
				onDone: 'loading',
				onError: { target: 'failed', actions: assign({ failure: ({ event }) => codeOf(event.error) }) }
			},
			on: { 'leave.requested': 'closed' }
		},
		loading: {
			entry: assign({ item: null, asked: null, isFinished: false }),
			invoke: {
				src: 'loadItem',
				input: ({ context }) => context.target,
				onDone: [
					{
						guard: ({ event }) => event.output !== null,
						target: 'playing',
						actions: assign({ item: ({ event }) => event.output })
					},
					{ target: 'choosing' }
				],
				onError: { target: 'failed', actions: assign({ failure: ({ event }) => codeOf(event.error) }) }
			},
			on: {
				// Content may end the course before it is on the screen.
				'content.finished': { actions: assign({ isFinished: true }) },
				'content.failed': { target: 'failed', actions: assign({ failure: ({ event }) => event.code }) },
				'leave.requested': { target: 'closing', actions: assign({ request: 'suspendAll' }) }
			}
		},
		playing: {
			on: {
				'item.chosen': {
					target: 'switching',
					actions: assign({ request: ({ event }) => event.request, choice: ({ event }) => event.item })
				},
				'content.asked': {
					target: 'switching',
					actions: assign({ request: 'none', choice: null, asked: ({ event }) => event.next })
				},
				'content.finished': { actions: assign({ isFinished: true }) },
				'content.failed': { target: 'failed', actions: assign({ failure: ({ event }) => event.code }) },
				'time.over': { target: 'closing', actions: assign({ request: 'suspendAll' }) },
				'leave.requested': { target: 'closing', actions: assign({ request: 'suspendAll' }) }
			}
		},
		choosing: {
			entry: assign({ item: null }),
			on: {
				'item.chosen': {
					guard: ({ event }) => event.item !== null,
					target: 'loading',
					actions: assign({
						target: ({ event, context }) =>
							event.item === null ? context.target : { kind: 'choice', item: event.item }
					})
				},
				'leave.requested': { target: 'closing', actions: assign({ request: 'suspendAll' }) }
			}
		},
		switching: {
			invoke: {
				src: 'takeAway',
				input: ({ context: { request, choice, asked } }) => ({ request, choice, asked }),
				onDone: [
					{
						guard: { type: 'isItem', params: ({ event }) => event.output },
						target: 'loading',
						actions: { type: 'goTo', params: ({ event }) => event.output }
					},
					{
						guard: { type: 'isLeave', params: ({ event }) => event.output },
						target: 'closed',
						actions: assign({ isOver: true })
					},
					{ target: 'choosing' }
				],
				onError: { target: 'failed', actions: assign({ failure: ({ event }) => codeOf(event.error) }) }
			},
			on: {
				'content.failed': { target: 'failed', actions: assign({ failure: ({ event }) => event.code }) }
			}
		},
		closing: {
			invoke: {
				src: 'takeAway',
				input: ({ context: { request } }) => ({ request, choice: null, asked: null }),
				onDone: 'closed',
				// The rows are on the content origin: the next drain brings them.
				onError: 'closed'
			}
		},
		failed: { on: { 'leave.requested': 'closed' } },
		closed: { type: 'final' }
	}
});
