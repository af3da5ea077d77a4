/**
 * When to sync.
 *
 *   idle --sync.wanted--> checking --something waits--> pushing --> pulling --> idle
 *                            \------nothing waits-----------------^   |
 *                                                     ^---asked again-/
 *   trouble anywhere --> waiting-retry --(back-off, or network.changed, or sync.wanted by a person)--> checking
 *   401 anywhere --> needs-sign-in --signed.in--> checking
 *   a newer app is needed --> stopped
 *
 * A wish that comes while it works is remembered and served once at the end. IO comes in as actors.
 */
import { assign, fromPromise, setup } from 'xstate';

export type SyncTrouble =
	| { readonly type: 'retry'; readonly seconds: number | null; readonly code: string }
	| { readonly type: 'needs-sign-in' }
	| { readonly type: 'app-too-old' };
export type SyncStep = { readonly type: 'done'; readonly sendAgain?: number; readonly received?: number } | SyncTrouble;

export type SyncContext = {
	/** 0 to 1: jitter, so that a whole school does not come back in the same second. */
	readonly random: () => number;
	/** Troubles in a row. */
	readonly failures: number;
	/** What the server asked for, seconds. */
	readonly askedWait: number | null;
	/** Code of the last trouble; null after a success. */
	readonly trouble: string | null;
	/** Somebody wished for a sync while one was running. */
	readonly again: boolean;
	/** Times around because the server asked for events again. */
	readonly rounds: number;
};

export type SyncEvent =
	/** `byPerson`: she pressed the button, so no back-off. */
	| { readonly type: 'sync.wanted'; readonly byPerson?: boolean }
	/** The browser thinks the network changed; it is often wrong, so this only shortens a wait. */
	| { readonly type: 'network.changed' }
	| { readonly type: 'signed.in' };

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;
/** After this much quiet the server is asked for news even when nothing waits. */
export const IDLE_INTERVAL = 15 * 60_000;

/** Full jitter between half and the whole of the back-off; a server's wish is a minimum, spread by up to half. */
export function retryDelay(context: Pick<SyncContext, 'failures' | 'askedWait' | 'random'>): number {
	const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(Math.max(0, context.failures - 1), 12));
	const own = backOff * (0.5 + context.random() / 2);
	return context.askedWait === null ? own : Math.max(own, context.askedWait * 1000 * (1 + context.random() / 2));
}

const unprovided = fromPromise<never>(async () => {
	throw new Error('provided by client/app');
});

export const syncMachine = setup({
	types: {
		context: {} as SyncContext,
		events: {} as SyncEvent,
		input: {} as { readonly random: () => number }
	},
	actors: {
		/** How many events wait. */
		check: unprovided as ReturnType<typeof fromPromise<number>>,
		push: unprovided as ReturnType<typeof fromPromise<SyncStep>>,
		pull: unprovided as ReturnType<typeof fromPromise<SyncStep>>
	},
	delays: {
		retry: ({ context }) => retryDelay(context),
		idle: ({ context }) => IDLE_INTERVAL * (1 + context.random() / 4)
	},
	actions: {
		rememberWish: assign({ again: true }),
		noteTrouble: assign({
			failures: ({ context }) => context.failures + 1,
			trouble: (_, step: SyncStep) => (step.type === 'retry' ? step.code : step.type === 'done' ? null : step.type),
			askedWait: (_, step: SyncStep) => (step.type === 'retry' ? step.seconds : null)
		}),
		noteFailure: assign({
			failures: ({ context }) => context.failures + 1,
			trouble: 'storage-broken',
			askedWait: null
		}),
		noteSuccess: assign({ failures: 0, trouble: null, askedWait: null })
	}
}).createMachine({
	id: 'sync',
	initial: 'idle',
	context: ({ input }) => ({
		random: input.random,
		failures: 0,
		askedWait: null,
		trouble: null,
		again: false,
		rounds: 0
	}),
	on: { 'sync.wanted': { actions: 'rememberWish' } },
	states: {
		idle: {
			entry: assign({ rounds: 0 }),
			always: { guard: ({ context }) => context.again, target: 'checking' },
			after: { idle: 'checking' },
			on: { 'sync.wanted': 'checking', 'network.changed': 'checking' }
		},
		checking: {
			entry: assign({ again: false }),
			invoke: {
				src: 'check',
				onDone: [{ guard: ({ event }) => event.output > 0, target: 'pushing' }, { target: 'pulling' }],
				onError: { target: 'waiting-retry', actions: 'noteFailure' }
			}
		},
		pushing: {
			invoke: {
				src: 'push',
				onDone: [
					{ guard: ({ event }) => event.output.type === 'done', target: 'pulling' },
					{
						guard: ({ event }) => event.output.type === 'needs-sign-in',
						target: 'needs-sign-in',
						actions: { type: 'noteTrouble', params: ({ event }) => event.output }
					},
					{
						guard: ({ event }) => event.output.type === 'app-too-old',
						target: 'stopped',
						actions: { type: 'noteTrouble', params: ({ event }) => event.output }
					},
					{ target: 'waiting-retry', actions: { type: 'noteTrouble', params: ({ event }) => event.output } }
				],
				onError: { target: 'waiting-retry', actions: 'noteFailure' }
			}
		},
		pulling: {
			invoke: {
				src: 'pull',
				onDone: [
					{
						guard: ({ event, context }) =>
							event.output.type === 'done' && (event.output.sendAgain ?? 0) > 0 && context.rounds < 3,
						target: 'pushing',
						actions: assign({ rounds: ({ context }) => context.rounds + 1 })
					},
					{ guard: ({ event }) => event.output.type === 'done', target: 'idle', actions: 'noteSuccess' },
					{
						guard: ({ event }) => event.output.type === 'needs-sign-in',
						target: 'needs-sign-in',
						actions: { type: 'noteTrouble', params: ({ event }) => event.output }
					},
					{
						guard: ({ event }) => event.output.type === 'app-too-old',
						target: 'stopped',
						actions: { type: 'noteTrouble', params: ({ event }) => event.output }
					},
					{ target: 'waiting-retry', actions: { type: 'noteTrouble', params: ({ event }) => event.output } }
				],
				onError: { target: 'waiting-retry', actions: 'noteFailure' }
			}
		},
		'waiting-retry': {
			after: { retry: 'checking' },
			on: {
				'network.changed': { guard: ({ context }) => context.askedWait === null, target: 'checking' },
				'sync.wanted': [
					{ guard: ({ event }) => event.byPerson === true, target: 'checking' },
					// It comes anyway at the end of the wait.
					{}
				]
			}
		},
		'needs-sign-in': {
			on: {
				'signed.in': 'checking',
				'sync.wanted': { guard: ({ event }) => event.byPerson === true, target: 'checking' }
			}
		},
		stopped: {}
	}
});
