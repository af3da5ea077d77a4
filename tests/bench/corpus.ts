/**
 * A corpus of learning, seeded: what devices record on ordinary days, and the same facts as xAPI statements of the SCORM
 * profile. Mix per 1,000 events: 503 page progress, 212 answers, 39 scores, 34 completions, 40 initialised, 39 terminated,
 * 54 video, the rest launched, resumed, passed, failed. A batch is what a device sends: one learner's events in order.
 */
import { uuidV7 } from '#lib/domain/ids/uuid-v7.ts';
import type { EventBody, LearningEvent } from '#lib/domain/event/learning-event.ts';
import { seeded, type Random } from '#tests/simulation/random.ts';

type Kind = keyof typeof mix;

const mix = {
	progressed: 503,
	answered: 212,
	scored: 39,
	completed: 34,
	initialized: 40,
	terminated: 39,
	video: 54,
	launched: 20,
	resumed: 19,
	passed: 20,
	failed: 20
};

export type Entry = { readonly event: LearningEvent; readonly statement: unknown };

type Item = {
	readonly courseId: string;
	readonly packId: string;
	readonly scoId: string;
	readonly title: string;
	readonly pages: number;
	readonly attemptId: string;
	page: number;
	question: number;
	seconds: number;
	readonly sessionId: string;
	readonly claims: boolean;
};

/** @param count events of one learner, one after the other */
export function corpus(seed: number, count: number): Entry[] {
	const random = seeded(seed);
	const newId = () => uuid(random);
	const learner = {
		id: newId(),
		name: random.pick(['Amina Diallo', 'Chanda Mwila', 'María José Quispe', 'فاطمة الزهراء', 'Oleksii Kovalenko'])
	};
	const device = hex(random, 8);
	const epoch = `${(1 + random.below(40)).toString(36).padStart(4, '0')}-${hex(random, 3)}`;
	const courses = Array.from({ length: 2 }, () => ({ courseId: newId(), packId: hex(random, 10) }));
	const entries: Entry[] = [];
	let now = 1_763_769_600_000 + random.below(86_400_000);
	let item = openItem(random, now, courses);
	for (let seq = 1; seq <= count; seq++) {
		// A session of some minutes, then hours of something else.
		if (random.chance(0.035)) {
			now += 1_800_000 + random.below(20 * 3_600_000);
			item = openItem(random, now, courses);
		}
		const spent = 2_000 + random.below(58_000);
		now += spent;
		// Half of the content says how long it took, in whole seconds; of the rest the player's own clock does.
		item.seconds = item.claims
			? Math.round(item.seconds + spent / 1000)
			: item.seconds + (spent - random.below(60)) / 1000;
		const kind = random.weighted(mix);
		const body = bodyOf(kind, item, random);
		const { courseId, packId, attemptId, scoId } = item;
		const at = Math.round(now / 100) * 100;
		const event = { device, epoch, seq, learnerId: learner.id, courseId, packId, attemptId, scoId, at, body };
		entries.push({ event, statement: statementOf(kind, event, item, learner, newId) });
	}
	return entries;
}

function openItem(random: Random, now: number, courses: readonly { courseId: string; packId: string }[]): Item {
	const number = 1 + random.below(12);
	return {
		...random.pick(courses),
		scoId: `item_${number}`,
		title: `Unit ${number}: ${random.pick(['A safe password', 'Sending a message', 'Forms at the office', 'Photos and files'])}`,
		pages: 8 + random.below(20),
		attemptId: uuidV7(now, random.bytes(10)),
		page: 0,
		question: 0,
		seconds: 0,
		sessionId: uuid(random),
		claims: random.chance(0.5)
	};
}

function bodyOf(kind: Kind, item: Item, random: Random): EventBody {
	const seconds = Math.round(item.seconds * 10) / 10;
	switch (kind) {
		case 'progressed':
		case 'video': {
			item.page = Math.min(item.pages, item.page + 1);
			const progress = Math.round((item.page / item.pages) * 100) / 100;
			return { type: 'attempt.updated', progress, location: `page-${item.page}`, seconds };
		}
		case 'answered':
			item.question += 1;
			return {
				type: 'attempt.answered',
				interactionId: `q${item.question}`,
				kind: random.pick(['choice', 'choice', 'true-false', 'matching', 'fill-in']),
				response: random.pick(['a', 'b', 'c', 'true', 'false', 'a[.]1[,]b[.]3', 'password']),
				result: random.chance(0.7) ? 'correct' : 'incorrect',
				latency: Math.round(random.below(40_000) / 100) / 10
			};
		case 'scored':
			return { type: 'attempt.updated', score: { scaled: null, raw: random.below(101), min: 0, max: 100 }, seconds };
		case 'completed':
			return { type: 'attempt.updated', completion: 'completed', progress: 1, seconds };
		case 'passed':
		case 'failed':
			return {
				type: 'attempt.updated',
				success: kind,
				score: { scaled: null, raw: kind === 'passed' ? 85 : 40, min: 0, max: 100 }
			};
		case 'initialized':
		case 'launched':
		case 'resumed':
			return { type: 'attempt.started' };
		case 'terminated':
			return { type: 'session.ended', exit: random.chance(0.6) ? 'suspend' : 'normal', seconds };
	}
}

/** xAPI SCORM Profile 1.0: what a conformant wrapper sends for the same fact. */
function statementOf(
	kind: Kind,
	event: LearningEvent,
	item: Item,
	learner: { id: string; name: string },
	newId: () => string
): unknown {
	const home = 'https://learn.example.org';
	const activity = `${home}/xapi/courses/${event.courseId}/items/${event.scoId}`;
	const { body } = event;
	return {
		id: newId(),
		version: '1.0.3',
		timestamp: new Date(event.at).toISOString(),
		actor: { objectType: 'Agent', name: learner.name, account: { homePage: home, name: learner.id } },
		verb: { id: verbOf(kind), display: { 'en-US': kind } },
		object: objectOf(body, activity, item),
		...resultOf(body),
		context: {
			registration: event.attemptId,
			platform: 'Waypost',
			language: 'en-US',
			contextActivities: {
				parent: [
					{ id: activity, objectType: 'Activity', definition: { type: 'http://adlnet.gov/expapi/activities/lesson' } }
				],
				grouping: [
					{
						id: `${home}/xapi/courses/${event.courseId}`,
						objectType: 'Activity',
						definition: { type: 'http://adlnet.gov/expapi/activities/course' }
					},
					{
						id: `${activity}?attemptId=${event.attemptId}`,
						objectType: 'Activity',
						definition: { type: 'http://adlnet.gov/expapi/activities/attempt' }
					}
				],
				category: [
					{
						id: 'https://w3id.org/xapi/scorm',
						objectType: 'Activity',
						definition: { type: 'http://adlnet.gov/expapi/activities/profile' }
					}
				]
			},
			extensions: {
				'https://w3id.org/xapi/scorm/attempt-id': event.attemptId,
				'https://w3id.org/xapi/scorm/session-id': item.sessionId,
				'https://learn.example.org/xapi/extensions/device': event.device,
				'https://learn.example.org/xapi/extensions/package': event.packId
			}
		}
	};
}

function verbOf(kind: Kind): string {
	const known: Partial<Record<Kind, string>> = {
		video: 'https://w3id.org/xapi/video/verbs/played',
		launched: 'http://adlnet.gov/expapi/verbs/launched'
	};
	return known[kind] ?? `http://adlnet.gov/expapi/verbs/${kind}`;
}

function objectOf(body: EventBody, activity: string, item: Item): unknown {
	if (body.type !== 'attempt.answered') {
		return {
			objectType: 'Activity',
			id: activity,
			definition: { name: { 'en-US': item.title }, type: 'http://adlnet.gov/expapi/activities/lesson' }
		};
	}
	return {
		objectType: 'Activity',
		id: `${activity}/interactions/${body.interactionId}`,
		definition: {
			name: { 'en-US': `Question ${body.interactionId}` },
			type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
			interactionType: body.kind
		}
	};
}

function resultOf(body: EventBody): { result?: unknown } {
	switch (body.type) {
		case 'attempt.updated':
			return {
				result: {
					...(body.completion === undefined ? {} : { completion: body.completion === 'completed' }),
					...(body.success === undefined ? {} : { success: body.success === 'passed' }),
					...(body.score === undefined
						? {}
						: {
								score: {
									raw: body.score.raw,
									min: body.score.min,
									max: body.score.max,
									scaled: (body.score.raw ?? 0) / 100
								}
							}),
					...(body.seconds === undefined ? {} : { duration: `PT${body.seconds}S` }),
					extensions: {
						...(body.progress === undefined
							? {}
							: { 'https://w3id.org/xapi/cmi5/result/extensions/progress': Math.round(body.progress * 100) }),
						...(body.location === undefined ? {} : { 'https://w3id.org/xapi/scorm/location': body.location })
					}
				}
			};
		case 'attempt.answered':
			return {
				result: { success: body.result === 'correct', response: body.response, duration: `PT${body.latency}S` }
			};
		case 'session.ended':
			return { result: { duration: `PT${body.seconds}S` } };
		default:
			return {};
	}
}

function uuid(random: Random): string {
	const bytes = random.bytes(16);
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

function hex(random: Random, bytes: number): string {
	return Array.from(random.bytes(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
