/** What a demo learner did, as the events her phone would have written; pushed like anyone's. */
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import type { DemoLearner } from './people.ts';
import { formatTimespan } from '#lib/domain/scorm/scorm-time.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Screens of the demonstration course at which a sitting ends, so that who signs in as that learner goes on there. */
const places = ['unit-2/keys', 'unit-4/light', 'unit-6/compare', 'finished'];

export type Journey = {
	readonly learnerId: string;
	readonly courseId: string;
	readonly packId: string;
	/** Launchable items in order. */
	readonly scoIds: readonly string[];
	readonly kind: DemoLearner['journey'];
	/** The last day of the demo's story, ms. */
	readonly until: number;
	/** Makes learners differ: 0, 1, 2 ... */
	readonly index: number;
	readonly idOf: (...parts: readonly (string | number)[]) => string;
};

/** Batches in the order in which they were sent, each with the time of its arrival. */
export type JourneyPush = {
	readonly at: number;
	readonly device: string;
	readonly epoch: string;
	readonly events: readonly LearningEvent[];
};

export function pushesOf(journey: Journey): JourneyPush[] {
	const { learnerId, courseId, packId, scoIds, kind, until, index, idOf } = journey;
	if (kind === 'none' || scoIds.length === 0) return [];
	const device = idOf('device', learnerId);
	const epoch = '0001-demo00';
	const sittings = { begun: 1, middle: 2, failed: 3, due: 3, issued: 4 }[kind];
	const finishes = kind === 'due' || kind === 'issued' || kind === 'failed';
	const score = kind === 'failed' ? 0.5 : 0.8 + ((index * 7) % 20) / 100;
	let seq = 0;
	let seconds = 0;
	return Array.from({ length: sittings }, (_, sitting): JourneyPush => {
		const start = until - (sittings - sitting) * 3 * day - (index % 5) * day + (8 + (index % 9)) * 60 * minute;
		const events: LearningEvent[] = [];
		let at = start;
		const attemptOf = (item: number): string => idOf('attempt', learnerId, courseId, item);
		const write = (item: number, body: EventBody, later: number): void => {
			at += later;
			events.push({
				device,
				epoch,
				seq: ++seq,
				learnerId,
				courseId,
				packId,
				attemptId: attemptOf(item),
				scoId: scoIds[item] ?? '',
				at,
				body
			});
		};
		// Items are taken in turn over the sittings; a course of one item is taken up again each time.
		const isLast = sitting === sittings - 1;
		const first = Math.floor((scoIds.length * sitting) / sittings);
		const last = Math.max(first, Math.floor((scoIds.length * (sitting + 1)) / sittings) - 1);
		for (let item = first; item <= last; item++) {
			const spent = 18 * 60 + ((index * 37 + sitting * 11 + item) % 30) * 60;
			const progress = Math.min(0.95, (sitting + 1) / (sittings + (finishes ? 0 : 2)));
			seconds += spent;
			write(item, { type: 'attempt.started' }, 0);
			for (let answer = 0; answer < 3 + (index % 4); answer++) {
				const right = kind !== 'failed' && (index + answer) % 5 !== 0;
				write(
					item,
					{
						type: 'attempt.answered',
						interactionId: `q${sitting}-${answer + 1}`,
						kind: 'choice',
						response: right ? 'a' : 'c',
						result: right ? 'correct' : 'incorrect',
						latency: 9 + answer
					},
					2 * minute
				);
			}
			const place = places[sitting] ?? 'start';
			const done = (finishes && isLast) || (scoIds.length > 1 && item < last);
			write(
				item,
				{
					type: 'attempt.updated',
					progress: done ? 1 : progress,
					location: place,
					seconds: scoIds.length === 1 ? seconds : spent,
					...(done
						? {
								completion: 'completed',
								score: { scaled: score, raw: Math.round(score * 100), min: 0, max: 100 },
								success: kind === 'failed' ? 'failed' : 'passed'
							}
						: { completion: 'incomplete' })
				},
				spent * 1000 - 4 * minute
			);
			write(item, { type: 'attempt.saved', cmi: savedCmi(place, done, kind, seconds), sequencing: null }, 0);
			write(item, { type: 'session.ended', exit: done ? 'normal' : 'suspend', seconds: spent }, minute);
		}
		// The phone finds a network some hours later.
		return { at: at + (1 + (index % 6)) * 60 * minute, device, epoch, events };
	});
}

/** What the lesson of the demonstration course (SCORM 1.2) leaves behind. */
function savedCmi(place: string, done: boolean, kind: DemoLearner['journey'], seconds: number): string {
	return JSON.stringify({
		'cmi.core.lesson_location': place,
		'cmi.core.lesson_status': done ? (kind === 'failed' ? 'failed' : 'passed') : 'incomplete',
		'cmi.core.exit': 'suspend',
		'cmi.core.total_time': formatTimespan(seconds)
	});
}
