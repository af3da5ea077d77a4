/**
 * One pack on its way to the device.
 *
 *   asking (for permission) --> installing --done--> installed
 *      ^   \--refused--> failed     |  \--device full, corrupt, gone--> failed
 *      |                            \--permission expired--> asking
 *      \--(back-off)-- waiting <--network--/        download.paused anywhere --> paused --download.resumed--> asking
 *
 * IO comes in as actors: askPermission, install. Everything that came stays on the device, whatever the state.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { InstallError } from '#lib/contracts/player-port.ts';

export type Permission = {
	readonly url: string;
	readonly contentOrigin: string;
	readonly size: number;
	readonly sha256: string;
};
export type Asked =
	| { readonly type: 'granted'; readonly permission: Permission }
	| { readonly type: 'refused'; readonly error: InstallError }
	| { readonly type: 'unreachable' };
export type Installed =
	{ readonly type: 'installed' } | { readonly type: 'stopped'; readonly error: InstallError | null };

export type DownloadContext = {
	readonly permission: Permission | null;
	readonly error: InstallError | null;
	/** Failures in a row without a byte of progress. */
	readonly failures: number;
	/** Permissions in a row that the content host did not take. */
	readonly refusals: number;
};

export type DownloadEvent =
	| { readonly type: 'download.paused' }
	| { readonly type: 'download.resumed' }
	/** Bytes came: the network works. */
	| { readonly type: 'bytes.came' }
	/** The browser thinks the network changed; it is often wrong, so this only shortens a wait. */
	| { readonly type: 'network.changed' };

const WAITS = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
/** A person looks at it: after this many tries it says so and waits for her. */
export const MOST_FAILURES = 6;
const MOST_REFUSALS = 3;

const unprovided = async (): Promise<never> => {
	throw new Error('provided by client/packs');
};

export const downloadMachine = setup({
	types: { context: {} as DownloadContext, events: {} as DownloadEvent },
	actors: {
		askPermission: fromPromise<Asked>(unprovided),
		/** Aborting (its signal) pauses; what came is kept. */
		install: fromPromise<Installed, Permission | null>(unprovided)
	},
	delays: { backOff: ({ context }) => WAITS[Math.min(context.failures, WAITS.length) - 1] ?? WAITS[0] },
	guards: {
		hasTriedEnough: ({ context }) => context.failures + 1 >= MOST_FAILURES
	}
}).createMachine({
	id: 'download',
	context: { permission: null, error: null, failures: 0, refusals: 0 },
	initial: 'asking',
	on: { 'download.paused': '.paused', 'bytes.came': { actions: assign({ failures: 0, refusals: 0 }) } },
	states: {
		asking: {
			entry: assign({ error: null }),
			invoke: {
				src: 'askPermission',
				onDone: [
					{
						guard: ({ event }) => event.output.type === 'granted',
						target: 'installing',
						actions: assign({
							permission: ({ event }) => (event.output.type === 'granted' ? event.output.permission : null)
						})
					},
					{
						guard: ({ event }) => event.output.type === 'refused',
						target: 'failed',
						actions: assign({ error: ({ event }) => (event.output.type === 'refused' ? event.output.error : null) })
					},
					{ target: 'noNetwork' }
				],
				onError: { target: 'failed', actions: assign({ error: 'unknown' }) }
			}
		},
		installing: {
			invoke: {
				src: 'install',
				input: ({ context }) => context.permission,
				onDone: [
					{ guard: ({ event }) => event.output.type === 'installed', target: 'installed' },
					{ guard: ({ event }) => errorOf(event.output) === null, target: 'paused' },
					{ guard: ({ event }) => errorOf(event.output) === 'network', target: 'noNetwork' },
					{
						guard: ({ event, context }) => errorOf(event.output) === 'not-allowed' && context.refusals < MOST_REFUSALS,
						target: 'asking',
						actions: assign({ refusals: ({ context }) => context.refusals + 1 })
					},
					{ target: 'failed', actions: assign({ error: ({ event }) => errorOf(event.output) }) }
				],
				onError: { target: 'noNetwork' }
			}
		},
		noNetwork: {
			always: [
				{ guard: 'hasTriedEnough', target: 'failed', actions: assign({ error: 'network' as const }) },
				{ target: 'waiting', actions: assign({ failures: ({ context }) => context.failures + 1 }) }
			]
		},
		waiting: { after: { backOff: 'asking' }, on: { 'network.changed': 'asking' } },
		paused: { on: { 'download.resumed': { target: 'asking', actions: assign({ failures: 0, refusals: 0 }) } } },
		failed: {
			on: {
				'download.resumed': { target: 'asking', actions: assign({ failures: 0, refusals: 0 }) },
				'download.paused': undefined
			}
		},
		installed: { type: 'final' }
	}
});

function errorOf(installed: Installed): InstallError | null {
	return installed.type === 'stopped' ? installed.error : null;
}
