/**
 * Plays a course: the app's side of the player page. Everything that comes from the content is recorded before it is
 * acknowledged; whatever dies on the way is found again at the next drain.
 *
 *     const player = openPlayer({ ..., onChange: (state) => (shown = state) });
 *     player.next(); player.choose('item_2'); await player.close();
 */
import { createActor, fromPromise } from 'xstate';
import { fromPlayerSchema, type FromPlayer, type JournalRow, type ToPlayer } from '#lib/contracts/player-port.ts';
import type { DeviceDb, PackRecord } from '#lib/client/db/device-db.ts';
import type { LocalAttempt, ProfileDb } from '#lib/client/db/profile-db.ts';
import { attemptMachine, type Next, type Request, type Target } from '#lib/client/machines/attempt-machine.ts';
import { launchableItems, type CourseItem } from '#lib/domain/course/course-structure.ts';
import { isItemDone, type ItemState } from '#lib/domain/registration/registration.ts';
import { launchCmi } from '#lib/domain/scorm/launch-cmi.ts';
import { secondsSoFar } from '#lib/domain/scorm/map-cmi.ts';
import { AppError } from '#lib/errors/app-error.ts';
import { ContentPage } from './content-page.ts';
import { drainPack, takePlayLock } from './drain.ts';
import {
	attemptFor,
	courseAttemptFor,
	isItemOpen,
	itemStates,
	itemToOpen,
	learnerFor,
	newId,
	type Item
} from './launch.ts';
import { beginSession, closeSessions, readPreferences, recordRows, type PlayContext } from './record-journal.ts';

export type PlayerOptions = {
	readonly deviceDb: DeviceDb;
	readonly profileDb: ProfileDb;
	readonly course: { readonly courseId: string };
	/** Installed: with its structure. */
	readonly pack: PackRecord;
	readonly profile: { readonly personId: string; readonly displayName: string };
	/** Filled by the player; must have a size. */
	readonly container: HTMLElement;
	/** Open this item instead of going on. */
	readonly item?: string | undefined;
	/** The package needs window.open. */
	readonly popups?: boolean | undefined;
	readonly onChange: (state: PlayerState) => void;
};

export type ContentsNode = {
	readonly id: string;
	readonly title: string;
	/** false for a heading that only holds others. */
	readonly isItem: boolean;
	readonly state: 'not-begun' | 'going-on' | 'done';
	readonly isCurrent: boolean;
	/** Whether the course's rules let her go there now. */
	readonly isOpen: boolean;
	readonly children: readonly ContentsNode[];
};

export type PlayerState = {
	readonly status: 'draining' | 'loading' | 'playing' | 'choosing' | 'blocked' | 'closing' | 'closed' | 'failed';
	/** Code under `errors.`: content-unreachable, content-missing, player-broken, device-full, item-missing. */
	readonly failure: string | null;
	readonly item: { readonly id: string; readonly title: string } | null;
	readonly contents: readonly ContentsNode[];
	/** `finished`: the content has ended its session; the next step is hers. */
	readonly allowed: { readonly next: boolean; readonly previous: boolean; readonly finished: boolean };
	/** "saving" only while something is on its way to this phone's database. */
	readonly saved: 'saving' | 'on-this-phone' | 'not-saved';
	/** max_time_allowed is used up, and the course wants her to know. */
	readonly timeIsOver: boolean;
	/** The course ended by its own word (exitAll), not by hers. */
	readonly isOver: boolean;
};

export type PlayerHost = {
	readonly state: PlayerState;
	next(): void;
	previous(): void;
	choose(itemId: string): void;
	/** After "open elsewhere": try again. */
	retry(): void;
	/** Resolves when all is recorded; safe at any time, more than once. */
	close(): Promise<void>;
};

/** The app drains what a killed browser left when it starts; pressing Continue meanwhile is no second tab. */
const LOCK_PATIENCE_MS = 3_000;
const FIRST_WORD_MS = 8_000;
const CLOSING_MS = 2_000;
const PREPARING_MS = 10_000;
const ROWS_AT_ONCE = 1_000;

export function openPlayer(options: PlayerOptions): PlayerHost {
	return new Host(options);
}

type Deliver = Extract<FromPlayer, { t: 'deliver' }>;
type Rules = {
	readonly next: boolean;
	readonly previous: boolean;
	readonly choice: Readonly<Record<string, boolean>>;
	readonly hidden: readonly string[];
};

class Host implements PlayerHost {
	readonly #options: PlayerOptions;
	readonly #context: PlayContext;
	readonly #actor;
	readonly #ended: Promise<void>;
	#releaseLock: () => void = () => undefined;
	#page: ContentPage<ToPlayer> | null = null;
	#states: ReadonlyMap<string, ItemState> = new Map();
	/** What the sequencing engine allows; null in SCORM 1.2. */
	#rules: Rules | null = null;
	/** In the order of the port. */
	#unrecorded: JournalRow[] = [];
	#isRecording = false;
	#recording: Promise<void> = Promise.resolve();
	#isStorageBroken = false;
	#timeIsOver = false;
	#waiters: ((message: FromPlayer) => void)[] = [];
	#last: PlayerState | null = null;

	constructor(options: PlayerOptions) {
		const { structure } = options.pack;
		if (structure === null) throw new AppError('content-missing');
		this.#options = options;
		this.#context = {
			learnerId: options.profile.personId,
			courseId: options.course.courseId,
			packId: options.pack.packId,
			structure
		};
		this.#actor = createActor(
			attemptMachine.provide({
				actors: {
					takeLock: fromPromise(() => this.#takeLock()),
					drainLeftovers: fromPromise(() => this.#drain()),
					loadItem: fromPromise(({ input }: { input: Target }) => this.#load(input)),
					takeAway: fromPromise(({ input }) => this.#takeAway(input.request, input.choice, input.asked))
				}
			}),
			{ input: { item: options.item ?? null } }
		);
		this.#ended = new Promise((resolve) => {
			this.#actor.subscribe({
				next: () => this.#tell(),
				complete: () => {
					this.#clear();
					resolve();
				}
			});
		});
		this.#actor.start();
	}

	get state(): PlayerState {
		return this.#last ?? this.#stateNow();
	}

	next(): void {
		this.#move('continue', 1);
	}

	previous(): void {
		this.#move('previous', -1);
	}

	choose(itemId: string): void {
		this.#actor.send({ type: 'item.chosen', request: 'choice', item: itemId });
	}

	retry(): void {
		this.#actor.send({ type: 'lock.retried' });
	}

	async close(): Promise<void> {
		this.#actor.send({ type: 'leave.requested' });
		await this.#ended;
	}

	/** SCORM 1.2 has no engine: the order of the course and its prerequisites decide. */
	#move(request: 'continue' | 'previous', step: 1 | -1): void {
		if (this.#rules !== null) return this.#actor.send({ type: 'item.chosen', request, item: null });
		const neighbour = this.#neighbour(step);
		if (neighbour !== null) this.#actor.send({ type: 'item.chosen', request, item: neighbour.id });
	}

	#neighbour(step: 1 | -1): Item | null {
		const items = launchableItems(this.#context.structure.items);
		const here = items.findIndex(({ id }) => id === this.#actor.getSnapshot().context.item);
		const rest = here < 0 ? [] : step === 1 ? items.slice(here + 1) : items.slice(0, here).reverse();
		return rest.find((item) => isItemOpen(this.#context.structure, this.#states, item)) ?? null;
	}

	async #takeLock(): Promise<boolean> {
		const release = await takePlayLock(this.#context.learnerId, this.#context.packId, LOCK_PATIENCE_MS);
		if (release === null) return false;
		this.#releaseLock = release;
		return true;
	}

	async #drain(): Promise<void> {
		const { pack, deviceDb, profileDb } = this.#options;
		const isInstalled = await drainPack({
			deviceDb,
			db: profileDb,
			context: this.#context,
			origin: pack.contentOrigin
		});
		if (!isInstalled) {
			// Evicted by the browser: progress is here, the files must come again.
			await deviceDb.packs.update(pack.packId, { state: 'paused', done: 0, error: null, installedAt: null });
			throw new AppError('content-missing');
		}
		await this.#refresh();
	}

	async #refresh(): Promise<void> {
		this.#states = await itemStates(this.#options.profileDb, this.#context);
		this.#tell();
	}

	/* ---- opening an item ---- */

	async #load(target: Target): Promise<string | null> {
		const { structure } = this.#context;
		await this.#refresh();
		const scoId = structure.scormVersion === '1.2' ? await this.#itemOf12(target) : await this.#itemOf2004(target);
		if (scoId === null) return null;
		await this.#launch(scoId);
		return scoId;
	}

	async #itemOf12(target: Target): Promise<string | null> {
		const { structure } = this.#context;
		if (target.kind !== 'open') return target.item;
		const attempts = await this.#options.profileDb.attempts.where('courseId').equals(this.#context.courseId).toArray();
		const last = attempts
			.filter(({ packId }) => packId === this.#context.packId)
			.reduce<LocalAttempt | null>((best, one) => (best === null || one.updatedAt > best.updatedAt ? one : best), null);
		return itemToOpen(structure, this.#states, last?.scoId ?? null)?.id ?? null;
	}

	/** The engine decides, in a fresh page. */
	async #itemOf2004(target: Target): Promise<string | null> {
		const { profileDb } = this.#options;
		const course = await courseAttemptFor(profileDb, this.#context, Date.now());
		const page = await this.#openPage();
		const delivered = this.#hear<Deliver>('deliver', PREPARING_MS);
		page.send({
			t: 'prepare',
			structure: this.#context.structure,
			sequencing: course.sequencing,
			request: target.kind === 'choice' ? 'choice' : 'open',
			target: target.kind === 'choice' ? target.item : null
		});
		const answer = await delivered;
		if (answer === null) throw new AppError('player-broken');
		return answer.scoId;
	}

	async #openPage(): Promise<ContentPage<ToPlayer>> {
		this.#page?.remove();
		this.#rules = null;
		const { pack, container, popups, course } = this.#options;
		this.#page = await ContentPage.open<ToPlayer, FromPlayer>({
			origin: pack.contentOrigin,
			role: 'player',
			container,
			title: pack.structure?.title || course.courseId,
			popups,
			schema: fromPlayerSchema,
			receive: (message) => this.#receive(message),
			timeout: FIRST_WORD_MS
		});
		return this.#page;
	}

	async #launch(scoId: string): Promise<void> {
		const { profileDb, profile, popups } = this.#options;
		const { structure, courseId, packId } = this.#context;
		const item = launchableItems(structure.items).find(({ id }) => id === scoId);
		if (item === undefined) throw new AppError('item-missing');
		const now = Date.now();
		const attempt = await attemptFor(profileDb, this.#context, scoId, now);
		const session = newId().slice(-12);
		const course = structure.scormVersion === '2004' ? await courseAttemptFor(profileDb, this.#context, now) : null;
		const cmi = launchCmi(
			attempt.play,
			item,
			await learnerFor(profile.personId, profile.displayName, courseId),
			await readPreferences(profileDb)
		);
		// Known here before the content can say a word, so that whatever it says finds its attempt.
		await beginSession(
			profileDb,
			this.#context,
			{ ...attempt, openSession: session, lastRow: 0, updatedAt: now },
			course
		);
		const page = structure.scormVersion === '2004' && this.#page !== null ? this.#page : await this.#openPage();
		const launched = this.#hear('launched', PREPARING_MS);
		page.send({
			t: 'launch',
			attempt: attempt.attemptId,
			session,
			packId,
			scoId,
			structure,
			cmi: { ...cmi },
			seconds: secondsSoFar(attempt.play),
			popups: popups === true
		});
		if ((await launched) === null) throw new AppError('player-broken');
		page.focus();
	}

	/* ---- what the player says ---- */

	#receive(message: FromPlayer): void {
		for (const waiter of this.#waiters) waiter(message);
		switch (message.t) {
			case 'journal':
				this.#record(message.rows);
				return;
			case 'allowed':
				this.#rules = message;
				return this.#tell();
			case 'deliver':
				// The answer to `prepare` is heard by whoever waits for it.
				if (message.reason !== 'open' && message.reason !== 'choice')
					this.#actor.send({ type: 'content.asked', next: nextOf(message) });
				return;
			case 'terminated':
				return this.#actor.send({ type: 'content.finished' });
			case 'time-limit':
				this.#timeIsOver = message.message;
				if (message.exit) this.#actor.send({ type: 'time.over' });
				return this.#tell();
			case 'storage-failed':
				this.#isStorageBroken = true;
				return this.#tell();
			case 'fatal':
				return this.#actor.send({ type: 'content.failed', code: message.code });
			case 'launched':
			case 'closed':
				return;
			default:
				return unreachable(message);
		}
	}

	/**
	 * What comes while a batch is being written goes into the next one together: one flush to the disk for all of it. An
	 * acknowledgement says "everything up to here", so rows that could not be stored stay first in line.
	 */
	#record(rows: readonly JournalRow[]): void {
		this.#unrecorded.push(...rows);
		this.#tell();
		if (!this.#isRecording) this.#recording = this.#recordAll();
	}

	async #recordAll(): Promise<void> {
		this.#isRecording = true;
		while (this.#unrecorded.length > 0) {
			const rows = this.#unrecorded.slice(0, ROWS_AT_ONCE);
			try {
				const { acks } = await recordRows(this.#options.profileDb, this.#context, rows);
				this.#unrecorded = this.#unrecorded.slice(rows.length);
				for (const ack of acks) this.#page?.send({ t: 'ack', ...ack });
				this.#isStorageBroken = false;
				if (rows.some(({ op }) => op !== 'beat')) await this.#refresh();
			} catch {
				// Not acknowledged, so the content origin keeps them too: tried again with the next rows, and at the next drain.
				this.#isStorageBroken = true;
				break;
			}
		}
		this.#isRecording = false;
		this.#tell();
	}

	/** The next message of this kind; null when it does not come in time. */
	#hear<Message extends FromPlayer>(kind: Message['t'], timeout: number): Promise<Message | null> {
		return new Promise((resolve) => {
			const end = (message: Message | null) => {
				clearTimeout(timer);
				this.#waiters = this.#waiters.filter((waiter) => waiter !== hear);
				resolve(message);
			};
			const hear = (message: FromPlayer) => {
				if (message.t === kind) end(message as Message);
				else if (message.t === 'fatal') end(null);
			};
			const timer = setTimeout(() => end(null), timeout);
			this.#waiters.push(hear);
		});
	}

	/* ---- leaving an item ---- */

	async #takeAway(request: Request, choice: string | null, asked: Next | null): Promise<Next> {
		const page = this.#page;
		const is12 = this.#context.structure.scormVersion === '1.2';
		let answer: Deliver | null = null;
		if (page !== null) {
			this.#waiters.push((message) => {
				if (message.t === 'deliver') answer = message;
			});
			const closed = this.#hear('closed', CLOSING_MS);
			page.send({ t: 'close', request: is12 ? 'none' : request, target: choice });
			const saidClosed = (await closed) !== null;
			await this.#recording;
			this.#page = null;
			page.remove();
			// Rows that could not be stored are on its origin still: the next drain closes the session.
			if (saidClosed && this.#unrecorded.length === 0) {
				await closeSessions(this.#options.profileDb, this.#context);
			}
			this.#unrecorded = [];
			// Its frame was taken off the page before it could answer (a screen that changed): what it said last is on its origin.
			if (!saidClosed) await this.#drain().catch(() => undefined);
		}
		this.#waiters = [];
		await this.#refresh();
		if (asked !== null) return asked;
		if (is12) return choice === null ? { kind: 'ask' } : { kind: 'choice', item: choice };
		return answer === null ? { kind: 'ask' } : nextOf(answer);
	}

	#clear(): void {
		this.#page?.remove();
		this.#page = null;
		this.#releaseLock();
	}

	/* ---- what is shown ---- */

	#tell(): void {
		this.#last = this.#stateNow();
		this.#options.onChange(this.#last);
	}

	#stateNow(): PlayerState {
		const snapshot = this.#actor.getSnapshot();
		const { item, failure, isFinished, isOver } = snapshot.context;
		const items = launchableItems(this.#context.structure.items);
		const current = items.find(({ id }) => id === item) ?? null;
		const isHidden = (button: string) => this.#rules?.hidden.includes(button) === true;
		return {
			status: statusOf(snapshot.value as string),
			failure: snapshot.value === 'failed' ? failure : null,
			item: current === null ? null : { id: current.id, title: current.title },
			contents: this.#context.structure.items.flatMap((one) => this.#node(one, item)),
			allowed: {
				next: this.#rules === null ? this.#neighbour(1) !== null : this.#rules.next && !isHidden('continue'),
				previous: this.#rules === null ? this.#neighbour(-1) !== null : this.#rules.previous && !isHidden('previous'),
				finished: isFinished
			},
			saved: this.#isStorageBroken ? 'not-saved' : this.#unrecorded.length > 0 ? 'saving' : 'on-this-phone',
			timeIsOver: this.#timeIsOver,
			isOver
		};
	}

	#node(item: CourseItem, current: string | null): readonly ContentsNode[] {
		const children = item.children.flatMap((child) => this.#node(child, current));
		if (!item.visible) return children;
		return [
			{
				id: item.id,
				title: item.title,
				isItem: item.launch !== null,
				state: stateOf(item, this.#states),
				isCurrent: item.id === current,
				isOpen: item.launch !== null && this.#isOpen({ ...item, launch: item.launch }),
				children
			}
		];
	}

	#isOpen(item: Item): boolean {
		return this.#rules === null
			? isItemOpen(this.#context.structure, this.#states, item)
			: this.#rules.choice[item.id] === true;
	}
}

function statusOf(value: string): PlayerState['status'] {
	switch (value) {
		case 'locking':
		case 'draining':
			return 'draining';
		case 'switching':
			return 'loading';
		default:
			return value as PlayerState['status'];
	}
}

/** Without an item: the engine waits for a choice, unless the content or the rules left the course as a whole. */
function nextOf({ scoId, reason }: Deliver): Next {
	if (scoId !== null) return { kind: 'delivered', item: scoId };
	return /^(exitAll|abandonAll|suspendAll)$/.test(reason) ? { kind: 'leave' } : { kind: 'ask' };
}

function stateOf(item: CourseItem, states: ReadonlyMap<string, ItemState>): ContentsNode['state'] {
	const within = launchableItems([item]).map(({ id }) => states.get(id));
	if (within.length > 0 && within.every((state) => state !== undefined && isItemDone(state))) return 'done';
	const isBegun = within.some(
		(state) =>
			state !== undefined &&
			(isItemDone(state) || (state.completion !== 'unknown' && state.completion !== 'not attempted'))
	);
	return isBegun ? 'going-on' : 'not-begun';
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
