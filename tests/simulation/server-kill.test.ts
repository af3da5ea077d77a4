// [SY1] The server is killed (SIGKILL) at 200 random moments of ingest, each time on the database that the last one left behind:
// nothing that was acknowledged is lost, nothing is counted twice, and every projection is right.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canonicalBody } from '#lib/domain/event/canonical-event.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import type { Database } from '#lib/server/db/database.ts';
import { rebuild } from '#lib/server/projections/rebuild.ts';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { cohortStatistics } from '#lib/server/reports/cohort-statistics.ts';
import { recountCohort } from '#lib/server/reports/recount-cohort.ts';
import { addCourse, addPerson, buildWorld, projectionsOf, T0 } from '#tests/contracts/world.ts';
import { eventOf, type Order } from './ingesting-server.ts';

const kills = Number(process.env['WAYPOST_KILLS'] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'waypost-kill-'));
const file = join(folder, 'server.sqlite');
const devices = ['amina/phone', 'amina/tablet', 'bo/phone', 'zoe/phone'];
const servers = new Set<Server>();

afterAll(() => {
	for (const server of servers) server.child.kill('SIGKILL');
	rmSync(folder, { recursive: true, force: true });
});

type Server = {
	readonly child: ChildProcess;
	readonly ready: Promise<void>;
	/** Resolves when it has acknowledged so many batches. */
	readonly acknowledged: (count: number) => Promise<void>;
	readonly ended: Promise<void>;
	readonly said: () => string;
};

/** A server that has loaded and waits to be told to begin. */
function warmServer(): Server {
	const child = spawn(
		process.execPath,
		['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'ingesting-server.ts')],
		{
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') }
		}
	);
	let output = '';
	let awaited = { lines: 1, resolve: (): void => undefined };
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		if (output.split('\n').length > awaited.lines) awaited.resolve();
	});
	const lines = (count: number): Promise<void> =>
		new Promise((resolve) => {
			awaited = { lines: count, resolve };
			if (output.split('\n').length > count) resolve();
		});
	// "close" comes after the last of what it said.
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	// The first line is "ready".
	const server = {
		child,
		ready: lines(1),
		acknowledged: (count: number) => lines(count + 1),
		ended,
		said: () => output
	};
	servers.add(server);
	void ended.then(() => servers.delete(server));
	return server;
}

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
	const db = await openDatabase({ file });
	try {
		return await work(db);
	} finally {
		await db.close();
	}
}

test(`[SY1] ${kills} kills during ingest lose nothing that was acknowledged`, { timeout: 600_000 }, async () => {
	await withDatabase(async (db) => {
		await buildWorld(db);
		await addCourse(db, { id: 'c1', packs: { p1: ['i1', 'i2'] }, passMark: 0.7 });
		for (const id of ['amina', 'bo', 'zoe']) await addPerson(db, id, 'female');
		await createCohort(db, { cohortId: 'h', centreId: 'centre', name: 'H', startsAt: null, endsAt: null, now: T0 });
		await enrolCohortInCourse(db, { cohortId: 'h', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
		await addMembers(db, { cohortId: 'h', learnerIds: ['amina', 'bo', 'zoe'], now: T0 });
	});
	const acknowledged: Record<string, number> = Object.fromEntries(devices.map((device) => [device, 0]));
	const verified = { ...acknowledged };
	let busy = 0;
	let next = warmServer();
	for (let round = 1; round <= kills; round++) {
		const server = next;
		await server.ready;
		// The one after it loads meanwhile.
		next = warmServer();
		server.child.stdin?.write(`${JSON.stringify({ file, round, acknowledged } satisfies Order)}\n`);
		// Some while they open the database, most some acknowledgements later, in the middle of whatever comes next.
		await server.acknowledged(Math.floor(Math.random() * 8));
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
		server.child.kill('SIGKILL');
		await server.ended;
		const lines = server.said().split('\n').slice(1, -1);
		if (lines.length > 0) busy += 1;
		for (const line of lines) {
			const [device = '', upto] = line.split(' ');
			acknowledged[device] = Math.max(acknowledged[device] ?? 0, Number(upto));
		}
		await withDatabase(async (db) => {
			await expectAcknowledged(db, acknowledged, verified);
			if (round % 50 === 0 || round === kills) await expectSound(db, verified);
		});
	}
	next.child.kill('SIGKILL');
	await next.ended;
	// Most of them were killed at work, not before it.
	expect(busy).toBeGreaterThan(kills / 2);
});

/** What is new since the last look: no less than was acknowledged, and of each batch all or nothing. */
async function expectAcknowledged(
	db: Database,
	acknowledged: Readonly<Record<string, number>>,
	verified: Record<string, number>
): Promise<void> {
	for (const [key, promised] of Object.entries(acknowledged)) {
		const [learnerId = '', device = ''] = key.split('/');
		const place = [bucketOf(learnerId), learnerId, device];
		const [frontier] = await db.all<{ upto: number; beyond: string }>(
			'SELECT upto, beyond FROM frontiers WHERE bucket = ? AND learner_id = ? AND device_id = ?',
			place
		);
		const { upto, beyond } = frontier ?? { upto: 0, beyond: '[]' };
		expect(upto, `${key} was told ${promised}`).toBeGreaterThanOrEqual(promised);
		expect(beyond).toBe('[]');
		const known = verified[key] ?? 0;
		const [stored] = await db.all<{ many: number; last: number | null }>(
			`SELECT count(*) AS many, max(seq) AS last FROM learning_events
			WHERE bucket = ? AND learner_id = ? AND device_id = ? AND seq > ?`,
			[...place, known]
		);
		expect(stored).toEqual({ many: upto - known, last: upto === known ? null : upto });
		verified[key] = upto;
	}
}

/** The whole database: its pages, the content of every event, figures against a recount, projections against a rebuild. */
async function expectSound(db: Database, verified: Readonly<Record<string, number>>): Promise<void> {
	expect(await db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
	expect(await db.all('SELECT * FROM quarantined_events')).toEqual([]);
	const events = await db.all<{ learner_id: string; device_id: string; seq: number; body: string }>(
		'SELECT learner_id, device_id, seq, body FROM learning_events'
	);
	expect(events).toHaveLength(Object.values(verified).reduce((sum, upto) => sum + upto, 0));
	const wrong = events.filter(
		(row) => row.body !== canonicalBody(eventOf(row.learner_id, row.device_id, row.seq).body)
	);
	expect(wrong).toEqual([]);
	expect(await cohortStatistics(db, 'h')).toEqual(await recountCohort(db, 'h'));
	const before = await projectionsOf(db);
	await rebuild(db);
	expect(await projectionsOf(db)).toEqual(before);
}
