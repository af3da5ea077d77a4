/**
 * What changed for a person since her device last asked, from one snapshot. Rows come in lanes: reference data, her own, and one
 * lane for each bucket with learners of her cohorts; in each lane in the order of the feed. An answer ends between two feed
 * numbers, so a cursor never stands inside a change, and nothing is skipped whoever writes meanwhile.
 */
import { EMPTY_FRONTIER } from '#lib/domain/event/frontier.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { CourseCard, PullResponse } from '#lib/contracts/sync.ts';
import { AppError } from '#lib/errors/app-error.ts';
import type { Database, Queries } from '#lib/server/db/database.ts';
import { findCourseCards } from '#lib/server/repositories/courses.ts';
import { findHeads, REFERENCE_BUCKET } from '#lib/server/repositories/feed.ts';
import { findFrontiers } from '#lib/server/repositories/frontiers.ts';
import * as changes from './pull-changes.ts';
import { fingerprints, readCursor, writeCursor, type PullCursor } from './pull-cursor.ts';

/** Characters of JSON after which an answer ends at the next chance. */
const enough = 64_000;

/** @throws AppError 'person-unknown' */
export async function answerPull(db: Database, pull: changes.Pull): Promise<PullResponse> {
	return db.read(async (queries) => {
		const bucket = bucketOf(pull.person.id);
		const organisationId = await changes.findOrganisation(queries, bucket, pull.person.id);
		if (organisationId === null) throw new AppError('person-unknown');
		const resend = await findLost(queries, bucket, pull);
		const marks = fingerprints(organisationId, pull.scope.cohortIds);
		const scopeBuckets = await changes.findScopeBuckets(queries, pull.scope.cohortIds);
		const heads = await findHeads(queries, [REFERENCE_BUCKET, bucket, ...scopeBuckets]);
		// A server that lost events was restored from an older copy: the device's cursor is of another history.
		const known = resend === null ? readCursor(pull.request.cursor) : null;
		const since = startFrom(known, marks, heads, bucket);
		const viewer: changes.Viewer = { ...pull, bucket, organisationId, since, heads, scopeBuckets, marks };
		const page = await nextPage(queries, viewer);
		const cursor = cursorAfter(viewer, page.bound);
		return {
			v: 1,
			now: pull.now,
			cursor: writeCursor(cursor),
			...(page.bound === null ? {} : { more: true }),
			...(resend === null ? {} : { resend }),
			...(await responseOf(queries, page.items))
		};
	});
}

/** Epochs of which the device knows more to be acknowledged than the server has. */
async function findLost(
	queries: Queries,
	bucket: number,
	{ person, request }: changes.Pull
): Promise<NonNullable<PullResponse['resend']> | null> {
	const acked = Object.entries(request.acked);
	if (acked.length === 0) return null;
	const held = (await findFrontiers(queries, bucket, person.id)).filter(({ device }) => device === request.device);
	const lost = acked.flatMap(([epoch, upto]) => {
		const frontier = held.find((one) => one.epoch === epoch)?.frontier ?? EMPTY_FRONTIER;
		return frontier.upto < upto
			? [[epoch, { upto: frontier.upto, beyond: [...frontier.beyond] }] as [string, { upto: number; beyond: number[] }]]
			: [];
	});
	return lost.length === 0 ? null : Object.fromEntries(lost);
}

function startFrom(
	known: PullCursor | null,
	marks: Pick<PullCursor, 'organisation' | 'scope'>,
	heads: ReadonlyMap<number, number>,
	ownBucket: number
): PullCursor {
	const nothing: PullCursor = { ...marks, fresh: true, reference: 0, own: 0, heads: new Map() };
	if (known === null) return nothing;
	const isAhead =
		known.reference > (heads.get(REFERENCE_BUCKET) ?? 0) ||
		known.own > (heads.get(ownBucket) ?? 0) ||
		[...known.heads].some(([bucket, head]) => heads.has(bucket) && head > (heads.get(bucket) ?? 0));
	if (isAhead) return nothing;
	return {
		...known,
		reference: known.organisation === marks.organisation ? known.reference : 0,
		heads: known.scope === marks.scope ? known.heads : new Map()
	};
}

/** The first key that was not sent; null = everything was. */
type Bound = changes.Key | null;

async function nextPage(queries: Queries, viewer: changes.Viewer): Promise<{ items: changes.Item[]; bound: Bound }> {
	for (let limit = 400; ; limit *= 4) {
		const lists = await changes.findChanges(queries, viewer, limit);
		// A list that was cut off may lack rows from its last key on.
		const horizon = lists
			.flatMap(({ items, isCut }) => (isCut ? (items.at(-1) ?? []) : []))
			.reduce<Bound>((first, key) => (first === null || changes.compareKeys(key, first) < 0 ? key : first), null);
		const items = lists
			.flatMap((list) => list.items)
			.filter((item) => horizon === null || changes.compareKeys(item, horizon) < 0)
			.toSorted(changes.compareKeys);
		if (horizon === null || items.length > 0) return cutToSize(items, horizon);
	}
}

function cutToSize(items: changes.Item[], horizon: Bound): { items: changes.Item[]; bound: Bound } {
	let size = 0;
	for (const [index, item] of items.entries()) {
		const previous = items[index - 1];
		const isNewKey = previous === undefined || changes.compareKeys(previous, item) !== 0;
		if (size > enough && isNewKey) return { items: items.slice(0, index), bound: { lane: item.lane, feed: item.feed } };
		size += item.weight ?? JSON.stringify(item.value).length;
	}
	return { items, bound: horizon };
}

function cursorAfter({ since, heads, scopeBuckets, bucket, marks }: changes.Viewer, bound: Bound): PullCursor {
	const reached = (lane: number, from: number, head: number): number => {
		if (bound === null || lane < bound.lane) return head;
		return lane === bound.lane ? Math.max(from, bound.feed - 1) : from;
	};
	const headOf = (one: number): number => heads.get(one) ?? 0;
	return {
		...marks,
		fresh: since.fresh && bound !== null,
		reference: reached(changes.REFERENCE_LANE, since.reference, headOf(REFERENCE_BUCKET)),
		own: reached(changes.OWN_LANE, since.own, headOf(bucket)),
		heads: new Map(
			scopeBuckets.flatMap((one): [number, number][] => {
				const head = reached(changes.laneOf(one), since.heads.get(one) ?? 0, headOf(one));
				return head === 0 ? [] : [[one, head]];
			})
		)
	};
}

async function responseOf(queries: Queries, items: readonly changes.Item[]): Promise<Partial<PullResponse>> {
	const lists: { [kind in changes.Item['kind']]?: unknown[] } = {};
	for (const { kind, value } of items) (lists[kind] ??= []).push(value);
	const { profile, cohorts, courses, ...rest } = lists;
	// Courses are named first and fetched once, since several rows may bring the same card along.
	const courseIds = new Set([...((courses ?? []) as string[]), ...items.flatMap((item) => item.brings ?? [])]);
	const cards: CourseCard[] = await findCourseCards(queries, [...courseIds]);
	return {
		...rest,
		...(cards.length === 0 ? {} : { courses: cards }),
		...(profile === undefined ? {} : { profile: profile[0] }),
		...(cohorts === undefined ? {} : { cohorts: cohorts[0] })
	} as Partial<PullResponse>;
}
