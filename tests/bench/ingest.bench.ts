// What a stored event costs: acceptPush (look over, hash, deduplicate, fold, register, roll up) against a bare INSERT of the same
// rows into a table of the same shape, batch by batch, each durable before the next. Both on SQLite and on PostgreSQL.
// The ratio is time per event over time per event; the budget of DESIGN 10 (a third of the raw rate) is a ratio of 3.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { Database, SqlValue } from '#lib/server/db/database.ts';
import { openDatabase } from '#lib/server/db/open-database.ts';
import { forSqlite, statementsOf } from '#lib/server/db/sql-text.ts';
import { addMembers, createCohort, enrolCohortInCourse } from '#lib/server/repositories/cohorts.ts';
import { acceptPush } from '#lib/server/sync/accept-push.ts';
import { addCourse, addPerson, anEvent, buildWorld, T0 } from '#tests/contracts/world.ts';
import { PostgresUnavailable, startPostgres } from '#tests/servers/embedded-postgres.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const learners = 40;
const batch = 100;
const rounds = 12;
const batchesPerRound = 20;

const hex = (seed: number): string => (Math.imul(seed, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
const learnerId = (index: number): string =>
	`01890000-${hex(index).slice(0, 4)}-7000-8000-${hex(index * 7 + 1)}${hex(index).slice(4)}`;

export async function run(): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), 'waypost-bench-'));
	const rows: BenchRow[] = [];
	try {
		const sqlite = await openDatabase({ file: join(folder, 'bench.sqlite') });
		rows.push(...(await compare(sqlite, 'SQLite', 1)));
		await sqlite.close();
		const server = await startPostgres({ durable: true }).catch((error: unknown) => {
			if (error instanceof PostgresUnavailable) return null;
			throw error;
		});
		if (server === null) return rows;
		const postgres = await openDatabase({ url: server.url });
		rows.push(
			...(await compare(postgres, 'PostgreSQL, one at a time', 1)),
			...(await compare(postgres, 'PostgreSQL, four at a time', 4))
		);
		await postgres.close();
		await server.stop();
		return rows;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function compare(db: Database, name: string, parallel: number): Promise<BenchRow[]> {
	await prepare(db);
	let next = 0;
	const raw: number[] = [];
	const product: number[] = [];
	// Interleaved, so that both meet the same weather; the first round warms up.
	for (let round = 0; round <= rounds; round++) {
		const batches = Array.from({ length: batchesPerRound }, () => batchOf(++next + (parallel - 1) * 1_000_000));
		const rawTime = await timed(batches, parallel, (events) => insertRaw(db, events));
		const productTime = await timed(batches, parallel, async (events) => {
			const [first] = events;
			if (first === undefined) return;
			await acceptPush(db, {
				person: { id: first.learnerId },
				now: T0,
				batch: { device: first.device, epoch: first.epoch, events }
			});
		});
		if (round === 0) continue;
		raw.push(rawTime);
		product.push(productTime);
	}
	const rate = (time: number): string => `${Math.round((batchesPerRound * batch * 1000) / time / 100) / 10} k events/s`;
	return [
		{
			name: `ingest of a batch of ${batch}, ${name}`,
			ratio: medianOf(product.map((time, index) => time / (raw[index] ?? Number.NaN))),
			budget: 3,
			median: `${rate(medianOf(product))} against ${rate(medianOf(raw))} bare`
		}
	];
}

async function timed(
	batches: readonly LearningEvent[][],
	parallel: number,
	work: (events: LearningEvent[]) => Promise<void>
): Promise<number> {
	const waiting = [...batches];
	const started = performance.now();
	await Promise.all(
		Array.from({ length: parallel }, async () => {
			for (let events = waiting.shift(); events !== undefined; events = waiting.shift()) await work(events);
		})
	);
	return performance.now() - started;
}

async function prepare(db: Database): Promise<void> {
	const known = await db.all('SELECT id FROM organisations');
	if (known.length > 0) return;
	await buildWorld(db);
	await addCourse(db, {
		id: 'c1',
		packs: { p1: Array.from({ length: 12 }, (_, index) => `item-${index}`) },
		passMark: 0.7
	});
	const ids = Array.from({ length: learners }, (_, index) => learnerId(index));
	for (const [index, id] of ids.entries()) await addPerson(db, id, index % 2 === 0 ? 'female' : 'male');
	await createCohort(db, {
		cohortId: 'cohort',
		centreId: 'centre',
		name: 'Cohort',
		startsAt: null,
		endsAt: null,
		now: T0
	});
	await enrolCohortInCourse(db, { cohortId: 'cohort', courseId: 'c1', enrol: true, dueAt: null, now: T0 });
	await addMembers(db, { cohortId: 'cohort', learnerIds: ids, now: T0 });
	const script = readFileSync(new URL('../../migrations/0001_house.sql', import.meta.url), 'utf8');
	for (const statement of statementsOf(script).filter((one) => /\blearning_events\b/.test(one))) {
		const bare = statement.replaceAll('learning_events', 'bare_events');
		await db.run(db.engine === 'sqlite' ? forSqlite(bare) : bare);
	}
}

/** The n-th batch: one learner, one device, two items of a course, in the usual mix. */
function batchOf(n: number): LearningEvent[] {
	const learner = n % learners;
	const device = `device-${hex(n)}`;
	return Array.from({ length: batch }, (_, index) =>
		anEvent({
			device,
			seq: index + 1,
			learnerId: learnerId(learner),
			attemptId: `attempt-${hex(n)}-${Math.floor(index / 50)}`,
			scoId: `item-${(n + Math.floor(index / 50)) % 12}`,
			at: T0 + n * 1000 + index * 100,
			body: bodyOf(index % 50, index)
		})
	);
}

function bodyOf(step: number, index: number): EventBody {
	if (step === 0) return { type: 'attempt.started' };
	if (step === 49) return { type: 'session.ended', exit: 'normal', seconds: 600 };
	if (step === 48) {
		return {
			type: 'attempt.updated',
			completion: 'completed',
			success: 'passed',
			score: { scaled: 0.8, raw: 80, min: 0, max: 100 },
			progress: 1,
			seconds: 600
		};
	}
	if (step % 10 === 5)
		return {
			type: 'attempt.saved',
			cmi: JSON.stringify({ 'cmi.suspend_data': `${'p'.repeat(300)}${index}` }),
			sequencing: null
		};
	if (step % 3 === 0) {
		return {
			type: 'attempt.answered',
			interactionId: `q${step}`,
			kind: 'choice',
			response: 'b',
			result: 'correct',
			latency: 4
		};
	}
	return { type: 'attempt.updated', progress: step / 50, location: `page-${step}`, seconds: step * 12 };
}

const columns =
	'bucket learner_id device_id epoch seq course_id pack_id attempt_id sco_id type device_at body hash received_at feed'.split(
		' '
	);

async function insertRaw(db: Database, events: readonly LearningEvent[]): Promise<void> {
	const rows = events.map((event): SqlValue[] => [
		bucketOf(event.learnerId),
		event.learnerId,
		event.device,
		event.epoch,
		event.seq,
		event.courseId,
		event.packId,
		event.attemptId,
		event.scoId,
		event.body.type,
		event.at,
		JSON.stringify(event.body),
		'0123456789abcdef0123456789abcdef',
		T0,
		1
	]);
	await db.tx((queries) => queries.insert('bare_events', columns, rows));
}
