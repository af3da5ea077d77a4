import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { JournalRow } from '#lib/contracts/player-port.ts';
import { ProfileDb } from '#lib/client/db/profile-db.ts';
import { beginEpoch } from '#lib/client/sync/epoch.ts';
import { anItem, aStructure } from '#tests/fixtures/make-pack.ts';
import { attemptFor, courseAttemptFor, itemStates, itemToOpen } from './launch.ts';
import { beginSession, closeSessions, recordRows, type PlayContext } from './record-journal.ts';

const context: PlayContext = {
	learnerId: 'jo',
	courseId: 'course',
	packId: 'pack',
	structure: aStructure([anItem('a', {}), anItem('b', { prerequisites: 'a' })])
};

let db: ProfileDb;
let runs = 0;

beforeEach(async () => {
	db = new ProfileDb(`record-journal-${(runs += 1)}`);
	await beginEpoch(db);
	return () => db.delete();
});

async function begin(scoId = 'a', session = 's1', own = context): Promise<string> {
	const attempt = await attemptFor(db, own, scoId, 1000);
	const course = own.structure.scormVersion === '2004' ? await courseAttemptFor(db, own, 1000) : null;
	await beginSession(db, own, { ...attempt, openSession: session, lastRow: 0 }, course);
	return attempt.attemptId;
}

/** "el=val" is a set; numbered from `first`. */
function rows(attempt: string, texts: readonly string[], { session = 's1', first = 1 } = {}): JournalRow[] {
	return texts.map((text, index) => {
		const [n, at] = [first + index, text.indexOf('=')];
		const base = { attempt, session, n, t: 10_000 + n * 1000 };
		return at < 0
			? { ...base, op: text as JournalRow['op'] }
			: { ...base, op: 'set', el: text.slice(0, at), val: text.slice(at + 1) };
	});
}

async function types(): Promise<string[]> {
	return (await db.events.toArray()).map(({ event }) => event.body.type);
}

describe('recording', () => {
	test('rows that come twice, in any grouping, count once', async () => {
		const id = await begin();
		const all = rows(id, [
			'init',
			'cmi.core.lesson_location=2',
			'cmi.core.lesson_status=passed',
			'cmi.core.exit=suspend',
			'terminate'
		]);
		await recordRows(db, context, all.slice(0, 3));
		const { acks } = await recordRows(db, context, all);
		await recordRows(db, context, all.slice(2));
		expect(acks).toEqual([{ attempt: id, session: 's1', upto: 5 }]);
		const [branch] = await db.branches.toArray();
		expect(branch).toMatchObject({ completion: 'completed', success: 'passed', location: '2', sessions: 1 });
		expect((await types()).filter((type) => type === 'session.ended')).toHaveLength(1);
	});

	test('rows of an attempt that is not here, of another pack or of the course itself are not taken', async () => {
		const id = await begin();
		const other = { ...context, packId: 'other' };
		expect((await recordRows(db, context, rows('nobody', ['init']))).foreign).toHaveLength(1);
		expect((await recordRows(db, other, rows(id, ['init']))).foreign).toHaveLength(1);
		expect(await types()).toEqual([]);
	});

	test('[SC7] a session nobody closed is closed once, and goes on with resume', async () => {
		const id = await begin();
		await recordRows(db, context, rows(id, ['init', 'cmi.core.lesson_location=4']));
		await closeSessions(db, context);
		await closeSessions(db, context);
		expect((await types()).filter((type) => type === 'session.ended')).toHaveLength(1);
		const again = await attemptFor(db, context, 'a', 5000);
		expect(again).toMatchObject({
			attemptId: id,
			openSession: null,
			play: { isAbandoned: true, cmi: { 'cmi.core.lesson_location': '4' } }
		});
	});

	test('a row overtaken by a later one does not undo it, also when it comes after the end', async () => {
		const id = await begin();
		const all = rows(id, ['init', 'cmi.core.lesson_location=1', 'cmi.suspend_data=x', 'cmi.core.lesson_location=2']);
		await recordRows(db, context, [all[0]!, all[3]!]);
		await closeSessions(db, context);
		await recordRows(db, context, [all[1]!, all[2]!]);
		const [attempt] = await db.attempts.toArray();
		expect(attempt?.play.cmi).toEqual({ 'cmi.core.lesson_location': '2', 'cmi.suspend_data': 'x' });
	});

	test('a transaction that fails leaves nothing: no event without its journal row', async () => {
		const id = await begin();
		await db.meta.delete('writer');
		await expect(recordRows(db, context, rows(id, ['init']))).rejects.toThrow('no epoch');
		expect(await db.journal.count()).toBe(0);
		expect((await db.attempts.get(id))?.play.sessions).toBe(0);
	});
});

describe('2004', () => {
	const own = { ...context, structure: { ...context.structure, scormVersion: '2004' as const } };
	const rollup = (id: string, n: number): JournalRow => ({
		attempt: id,
		session: 's1',
		n,
		t: 20_000,
		op: 'rollup',
		el: '*',
		val: JSON.stringify({ completion: 'completed', success: 'passed', scaled: 0.9, progress: 1 })
	});

	test('[SC13] a course is passed only when some content spoke of success', async () => {
		const id = await begin('a', 's1', own);
		await recordRows(db, own, [...rows(id, ['init', 'terminate']), rollup(id, 3)]);
		const whole = async () => (await db.branches.toArray()).find(({ scoId }) => scoId === '*');
		expect(await whole()).toMatchObject({ completion: 'completed', success: 'unknown', score: null });
		await recordRows(db, own, [...rows(id, ['cmi.score.scaled=0.9'], { first: 4 })]);
		await recordRows(db, own, [{ ...rollup(id, 5) }]);
		expect(await whole()).toMatchObject({ success: 'passed', score: { scaled: 0.9 } });
	});

	test('the sequencing state is kept at once and travels at the end of the item', async () => {
		const id = await begin('a', 's1', own);
		const snapshot = (n: number): JournalRow => ({
			attempt: id,
			session: 's1',
			n,
			t: 1,
			op: 'snapshot',
			el: 'sequencing',
			val: `state ${n}`
		});
		await recordRows(db, own, [...rows(id, ['init']), snapshot(2)]);
		expect((await courseAttemptFor(db, own, 1)).sequencing).toBe('state 2');
		expect(await types()).not.toContain('attempt.saved');
		await closeSessions(db, own);
		const saved = (await db.events.toArray()).flatMap(({ event }) =>
			event.body.type === 'attempt.saved' ? [event.body.sequencing] : []
		);
		expect(saved).toContain('state 2');
	});

	test('[SC11] an ended attempt is followed by a new one', async () => {
		const id = await begin('a', 's1', own);
		await recordRows(db, own, rows(id, ['init', 'cmi.location=4', 'terminate']));
		await closeSessions(db, own);
		const next = await attemptFor(db, own, 'a', 9000);
		expect(next.attemptId).not.toBe(id);
		expect(next.play.cmi).toEqual({});
	});
});

describe('two devices', () => {
	test('the branch that is further along is taken over once, and what follows here stays', async () => {
		const id = await begin();
		await recordRows(
			db,
			context,
			rows(id, ['init', 'cmi.core.lesson_location=2', 'cmi.core.exit=suspend', 'terminate'])
		);
		await closeSessions(db, context);
		const [mine] = await db.branches.toArray();
		const saved = {
			cmi: JSON.stringify({
				'cmi.core.lesson_location': '9',
				'cmi.core.exit': 'suspend',
				'cmi.core.total_time': '0001:00:00.00'
			}),
			sequencing: null
		};
		await db.branches.put({ ...mine!, device: 'phone', seconds: 3600, saved });
		const taken = await attemptFor(db, context, 'a', 1);
		expect(taken.play).toMatchObject({ cmi: { 'cmi.core.lesson_location': '9' }, totalTime: 3600, exit: 'suspend' });
		await beginSession(db, context, { ...taken, openSession: 's2', lastRow: 0 }, null);
		await recordRows(db, context, rows(id, ['init', 'cmi.core.lesson_location=10', 'terminate'], { session: 's2' }));
		expect((await attemptFor(db, context, 'a', 1)).play.cmi['cmi.core.lesson_location']).toBe('10');
	});
});

test('[SC9] [SC14] where a 1.2 course opens', async () => {
	const open = async (last: string | null) => itemToOpen(context.structure, await itemStates(db, context), last)?.id;
	expect(await open(null)).toBe('a');
	const id = await begin();
	await recordRows(db, context, rows(id, ['init', 'terminate']));
	expect(await open('a')).toBe('b');
	expect(await open('b')).toBe('b');
});
