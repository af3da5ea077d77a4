/** What must hold when everything has calmed down. Contents are compared, never only ids. */
import { foldBranch, type Branch } from '#lib/domain/attempt/branch.ts';
import { mergeBranches } from '#lib/domain/attempt/merge-branches.ts';
import { canonicalEvent } from '#lib/domain/event/canonical-event.ts';
import { eventKey, type LearningEvent } from '#lib/domain/event/learning-event.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import { registrationOf, type Registration } from '#lib/domain/registration/registration.ts';
import { findBranches } from '#lib/server/repositories/branches.ts';
import { COHORT, COURSE, ITEMS, LEARNERS } from './server.ts';
import type { World } from './world.ts';

export type Violation = { readonly rule: string; readonly detail: string };

export async function inspect(world: World): Promise<Violation[]> {
	const violations: Violation[] = [];
	const report = (rule: string, detail: string): void => {
		violations.push({ rule, detail });
	};
	for (const error of world.server.errors) report('server-error', error);
	const events = await world.server.events();
	const contents = new Map(events.map((event) => [eventKey(event), canonicalEvent(event)]));
	const aside = await quarantined(world);

	const arrived = (content: string, key: string): boolean =>
		contents.get(key) === content || (world.mutant?.allowsConflicts === true && aside.has(`${key} ${content}`));

	for (const entry of world.acked.keys()) {
		const [key = '', content = ''] = split(entry);
		if (!arrived(content, key) && !world.excused.has(entry)) report('acknowledged-lost', key);
	}
	for (const device of world.devices) {
		for (const event of device.timeline) {
			const [key, content] = [eventKey(event), canonicalEvent(event)];
			if (!arrived(content, key) && !world.excused.has(`${key} ${content}`)) report('written-lost', key);
		}
	}
	for (const [key, content] of contents) {
		if (world.created.get(key)?.has(content) !== true) report('invented', key);
	}
	if (world.mutant?.allowsConflicts !== true) for (const entry of aside) report('set-aside', entry);

	for (const learnerId of LEARNERS) await inspectLearner(world, learnerId, events, report);
	for (const device of world.devices) await inspectDevice(world, device, events, report);
	await inspectTrainer(world, events, report);
	return violations;
}

type Report = (rule: string, detail: string) => void;

function split(entry: string): [string, string] {
	const at = entry.indexOf(' ');
	return [entry.slice(0, at), entry.slice(at + 1)];
}

async function quarantined(world: World): Promise<Set<string>> {
	const rows = await world.server.db.all<{ event: string }>('SELECT event FROM quarantined_events');
	return new Set(
		rows.map((row) => {
			const event = JSON.parse(row.event) as LearningEvent;
			return `${eventKey(event)} ${canonicalEvent(event)}`;
		})
	);
}

/** The server's projections are the domain's folds of the server's events, made from nothing. */
async function inspectLearner(
	world: World,
	learnerId: string,
	all: readonly LearningEvent[],
	report: Report
): Promise<void> {
	const own = all.filter((event) => event.learnerId === learnerId);
	const folded = branchesOf(own);
	const bucket = bucketOf(learnerId);
	const attemptIds = [...new Set(own.map((event) => event.attemptId))];
	const stored = (await findBranches(world.server.db, bucket, learnerId, [COURSE], attemptIds)).map(
		({ branch }) => branch
	);
	compare('branches', byKey(folded), byKey(stored), report);
	const expected = own.length === 0 ? null : registrationFrom(learnerId, folded);
	const [row] = await world.server.db.all('SELECT * FROM registrations WHERE learner_id = ?', [learnerId]);
	if ((row === undefined) !== (expected === null)) report('registrations', learnerId);
	if (row === undefined || expected === null) return;
	const counts = {
		state: expected.state,
		success: expected.success,
		score: expected.score,
		progress: expected.progress,
		items_done: expected.itemsDone,
		seconds: expected.seconds,
		answers: own.filter((event) => event.body.type === 'attempt.answered').length,
		sessions: own.filter((event) => event.body.type === 'attempt.started').length
	};
	for (const [name, value] of Object.entries(counts)) {
		if (row[name] !== value) report('registrations', `${learnerId} ${name}: ${row[name]} instead of ${value}`);
	}
}

/** A device shows its own work in full, and its learner's other devices' as the server has it. */
async function inspectDevice(
	world: World,
	device: World['devices'][number],
	all: readonly LearningEvent[],
	report: Report
): Promise<void> {
	const { branches, writer } = await device.storage.dump();
	const own = branches.filter((branch) => branch.device === writer?.device);
	compare(`own branches of ${device.name}`, byKey(branchesOf(device.timeline)), byKey(own), report);
	// Work that is gone for good (excused) may still be shown by a device that heard of it in time.
	const gone = goneBranches(world);
	const others = all.filter(
		(event) => event.learnerId === device.personId && event.device !== writer?.device && !gone.has(branchKey(event))
	);
	const pulled = branches.filter((branch) => branch.device !== writer?.device && !gone.has(branchKey(branch)));
	compare(`pulled branches of ${device.name}`, byKey(branchesOf(others)), byKey(pulled), report);
	for (const record of (await device.storage.dump()).events) {
		if (record.waiting === 1) report('still-waiting', `${device.name} ${eventKey(record.event)}`);
	}
}

/** The trainer's table, and the cohort's figures, are a recount. */
async function inspectTrainer(world: World, all: readonly LearningEvent[], report: Report): Promise<void> {
	const { registrations } = await world.trainer.storage.dump();
	const learners = LEARNERS.filter((learnerId) => all.some((event) => event.learnerId === learnerId));
	let [started, completed] = [0, 0];
	const gone = new Set([...world.excused].map((entry) => excusedEvent(entry).learnerId));
	for (const learnerId of learners) {
		const expected = registrationFrom(learnerId, branchesOf(all.filter((event) => event.learnerId === learnerId)));
		started += Number(expected.state !== 'not-begun');
		completed += Number(expected.state === 'done');
		const row = registrations.find((one) => one.learnerId === learnerId);
		if (gone.has(learnerId)) continue;
		if (row?.state !== expected.state || row.progress !== expected.progress || row.score !== expected.score) {
			report('trainer', `${learnerId}: ${JSON.stringify(row)} instead of ${JSON.stringify(expected)}`);
		}
	}
	const [sums] = await world.server.db.all(
		'SELECT SUM(started) AS started, SUM(completed) AS completed FROM cohort_rollups WHERE cohort_id = ?',
		[COHORT]
	);
	if ((sums?.['started'] ?? 0) !== started || (sums?.['completed'] ?? 0) !== completed) {
		report('roll-ups', `${JSON.stringify(sums)} instead of ${started} started, ${completed} completed`);
	}
}

function branchKey(of: { readonly attemptId: string; readonly device: string }): string {
	return `${of.attemptId}|${of.device}`;
}

/** The ids that canonicalEvent begins with. */
function excusedEvent(entry: string): {
	readonly device: string;
	readonly learnerId: string;
	readonly attemptId: string;
} {
	const [, content = ''] = split(entry);
	const [device, , , learnerId, , , attemptId] = JSON.parse(content.slice(0, content.indexOf(']') + 1)) as string[];
	return { device: device ?? '', learnerId: learnerId ?? '', attemptId: attemptId ?? '' };
}

function goneBranches(world: World): Set<string> {
	return new Set([...world.excused].map((entry) => branchKey(excusedEvent(entry))));
}

function branchesOf(events: readonly LearningEvent[]): Branch[] {
	const groups = Map.groupBy(events, branchKey);
	return [...groups.values()].flatMap((own) => foldBranch(own) ?? []);
}

function registrationFrom(learnerId: string, branches: readonly Branch[]): Registration {
	const attempts = [...Map.groupBy(branches, (branch) => branch.attemptId).values()].flatMap(
		(own) => mergeBranches(own) ?? []
	);
	return registrationOf(learnerId, COURSE, (packId) => ITEMS[packId] ?? [], attempts);
}

function byKey(branches: readonly Branch[]): Map<string, string> {
	// What was saved is compared by device and server alike; `findBranches` leaves it out where it is not needed.
	return new Map(
		branches.map(({ saved: _, ...branch }) => [
			`${branch.attemptId}|${branch.device}`,
			JSON.stringify(Object.entries(branch).toSorted(([left], [right]) => (left < right ? -1 : 1)))
		])
	);
}

function compare(rule: string, expected: Map<string, string>, actual: Map<string, string>, report: Report): void {
	for (const [key, text] of expected) {
		if (actual.get(key) !== text) report(rule, `${key}: ${actual.get(key)} instead of ${text}`);
	}
	for (const key of actual.keys()) if (!expected.has(key)) report(rule, `${key} should not be there`);
}
