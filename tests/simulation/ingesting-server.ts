// The process that server-kill.test.ts kills: waits to be told where the database is and what the devices know, then takes pushes
// from all of them as fast as it can, and says aloud each acknowledgement, after it was given, as a server would answer.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import { openSqlite } from '#lib/server/db/sqlite.ts';
import { createPushQueue } from '#lib/server/sync/push-queue.ts';

export type Order = {
	readonly file: string;
	readonly round: number;
	/** By "learner/device": what was acknowledged. */
	readonly acknowledged: Readonly<Record<string, number>>;
};

const epoch = '0001-abcdef';
const now = Date.UTC(2026, 5, 1);

/** What the n-th event of a device is: always the same, so that sending it again is sending the same. */
export function eventOf(learnerId: string, device: string, seq: number): LearningEvent {
	const attempt = Math.floor(seq / 15) % 4;
	return {
		device,
		epoch,
		seq,
		learnerId,
		courseId: 'c1',
		packId: 'p1',
		attemptId: `${learnerId}-${device}-${attempt}`,
		scoId: `i${1 + (attempt % 2)}`,
		at: now + seq * 1000,
		body: bodyOf(seq)
	};
}

function bodyOf(seq: number): EventBody {
	if (seq % 15 === 0) return { type: 'attempt.started' };
	if (seq % 15 === 14)
		return {
			type: 'attempt.updated',
			completion: 'completed',
			success: 'passed',
			score: { scaled: 0.9, raw: null, min: null, max: null }
		};
	if (seq % 5 === 2)
		return { type: 'attempt.saved', cmi: `{"cmi.suspend_data":"${'x'.repeat(seq % 400)}"}`, sequencing: null };
	if (seq % 3 === 0)
		return {
			type: 'attempt.answered',
			interactionId: `q${seq}`,
			kind: 'choice',
			response: 'a',
			result: 'correct',
			latency: 1
		};
	return { type: 'attempt.updated', progress: (seq % 15) / 15, seconds: seq * 3 };
}

async function serve({ file, round, acknowledged }: Order): Promise<void> {
	const db = openSqlite(file);
	const queue = createPushQueue(db);
	await Promise.all(
		Object.entries(acknowledged).map(async ([key, known], index) => {
			const [learnerId = '', device = ''] = key.split('/');
			for (let upto = known, turn = 0; ; turn++) {
				const length = 1 + ((round * 7 + index * 13 + turn * 5) % 25);
				const events = Array.from({ length }, (_, at) => eventOf(learnerId, device, upto + 1 + at));
				const answer = await queue.push({
					person: { id: learnerId },
					now: now + round,
					batch: { device, epoch, events }
				});
				upto = answer.frontier.upto;
				writeSync(1, `${key} ${upto}\n`);
			}
		})
	);
}

if (process.argv[1] === import.meta.filename) {
	createInterface({ input: process.stdin }).once('line', (line) => {
		void serve(JSON.parse(line) as Order);
	});
	writeSync(1, 'ready\n');
}
