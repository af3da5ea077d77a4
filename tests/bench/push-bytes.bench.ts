// What an event costs on the way up: our push body against the same facts as xAPI JSON with gzip, by batch size. Bodies only, on
// both sides, so that the request's headers (alike for both) hide nothing. Budgets of DESIGN 10: a sixth at 10 and 100, a twelfth at 1,000.
import { gzipSync } from 'node:zlib';
import { encodeBatch } from '#lib/contracts/push-codec.ts';
import type { LearningEvent } from '#lib/domain/event/learning-event.ts';
import { medianOf, type BenchRow } from './bench-row.ts';
import { corpus } from './corpus.ts';

const batches = 40;

const budgets: readonly (readonly [number, number | null])[] = [
	[1, null],
	[10, 1 / 6],
	[100, 1 / 6],
	[1_000, 1 / 12]
];

export async function run(): Promise<BenchRow[]> {
	const rows: BenchRow[] = [];
	for (const [size, budget] of budgets) rows.push(await compare(size, budget));
	rows.push(await withResumeStates());
	return rows;
}

async function compare(size: number, budget: number | null): Promise<BenchRow> {
	const ours: number[] = [];
	const theirs: number[] = [];
	let plain = 0;
	for (let seed = 1; seed <= batches; seed++) {
		// From the middle of a device's life, not from its tidy first minutes.
		const entries = corpus(seed * 1000 + size, size + 50).slice(50);
		const events = entries.map(({ event }) => event);
		const statements = JSON.stringify(entries.map(({ statement }) => statement));
		ours.push((await encodeBatch(events, events[0]?.learnerId)).length / size);
		theirs.push(gzipSync(statements, { level: 6 }).length / size);
		plain += Buffer.byteLength(statements) / size / batches;
	}
	const [mine, other] = [medianOf(ours), medianOf(theirs)];
	return {
		name: `push bytes an event, batch of ${size}, against xAPI JSON + gzip`,
		ratio: mine / other,
		budget,
		median: `${mine.toFixed(1)} B against ${other.toFixed(1)} B (${Math.round(plain)} B plain)`
	};
}

/** What xAPI has no word for: resume states. Reported, so that nobody is surprised by them. */
async function withResumeStates(): Promise<BenchRow> {
	const sizes: number[] = [];
	for (let seed = 1; seed <= batches; seed++) {
		const events = corpus(seed, 100).map(({ event }) => event);
		const without = (await encodeBatch(events, events[0]?.learnerId)).length;
		sizes.push((await encodeBatch(saving(events), events[0]?.learnerId)).length - without);
	}
	return {
		name: 'push bytes a resume state (300 to 2,700 characters, every tenth event), of 100 B',
		ratio: medianOf(sizes) / 10 / 100,
		budget: null,
		median: `${(medianOf(sizes) / 10).toFixed(1)} B each`
	};
}

function saving(events: readonly LearningEvent[]): LearningEvent[] {
	let state = '';
	return events.map((event, index) => {
		if (index % 10 !== 9) return event;
		state += `p${index}:${'visited;'.repeat(3)}${event.at % 9973};`.repeat(4);
		const cmi = JSON.stringify({ 'cmi.location': `page-${index}`, 'cmi.suspend_data': state, 'cmi.exit': 'suspend' });
		return { ...event, body: { type: 'attempt.saved', cmi, sequencing: null } };
	});
}
