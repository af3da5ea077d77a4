import { expect, test } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import { downloadMachine, MOST_FAILURES, type Asked, type Installed } from './download-machine.ts';

const granted: Asked = {
	type: 'granted',
	permission: { url: '/pack?cap=1', contentOrigin: 'http://c', size: 10, sha256: 'x' }
};

/** Answers in turn; the last one stays. */
function download(asked: readonly Asked[], installs: readonly (Installed | 'hangs')[]) {
	let [asks, tries] = [0, 0];
	const aborted: boolean[] = [];
	const actor = createActor(
		downloadMachine.provide({
			delays: { backOff: 1 },
			actors: {
				askPermission: fromPromise(async () => asked[Math.min(asks++, asked.length - 1)] as Asked),
				install: fromPromise(async ({ signal }) => {
					const answer = installs[Math.min(tries++, installs.length - 1)];
					if (answer !== 'hangs') return answer as Installed;
					signal.addEventListener('abort', () => aborted.push(true));
					return new Promise<Installed>(() => undefined);
				})
			}
		})
	).start();
	return { actor, aborted, counts: () => ({ asks, tries }) };
}

test('an expired permission is asked for again, and the installation goes on', async () => {
	const { actor, counts } = download([granted], [{ type: 'stopped', error: 'not-allowed' }, { type: 'installed' }]);
	await waitFor(actor, (snapshot) => snapshot.matches('installed'));
	expect(counts()).toEqual({ asks: 2, tries: 2 });
});

test('a lost network is waited out, with a limit', async () => {
	const { actor, counts } = download([{ type: 'unreachable' }], []);
	await waitFor(actor, (snapshot) => snapshot.matches('failed'));
	expect(actor.getSnapshot().context.error).toBe('network');
	expect(counts().asks).toBe(MOST_FAILURES);
});

test.each(['device-full', 'corrupt', 'gone'] as const)('%s is said at once', async (error) => {
	const { actor, counts } = download([granted], [{ type: 'stopped', error }]);
	await waitFor(actor, (snapshot) => snapshot.matches('failed'));
	expect(actor.getSnapshot().context.error).toBe(error);
	expect(counts().tries).toBe(1);
});

test('pausing stops the work and resuming begins with a new permission', async () => {
	const { actor, aborted, counts } = download([granted], ['hangs', { type: 'installed' }]);
	await waitFor(actor, (snapshot) => snapshot.matches('installing'));
	actor.send({ type: 'download.paused' });
	expect(actor.getSnapshot().value).toBe('paused');
	expect(aborted).toEqual([true]);
	actor.send({ type: 'download.resumed' });
	await waitFor(actor, (snapshot) => snapshot.matches('installed'));
	expect(counts()).toEqual({ asks: 2, tries: 2 });
});
