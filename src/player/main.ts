/**
 * The player page: parent of the content on the content's own origin. It runs the full SCORM API in front of a journal,
 * tells the app what happened, and knows the learner only by what the app handed over. It and the content are one trust
 * domain: nothing here is a secret from the package, and the app believes nothing beyond "the content says so".
 */
import {
	launchableItems,
	type CourseItem,
	type CourseStructure,
	type ItemLaunch
} from '#lib/domain/course/course-structure.ts';
import {
	toPlayerSchema,
	type FromPlayer,
	type Launch,
	type Prepare,
	type ToPlayer
} from '#lib/contracts/player-port.ts';
import { connectToApp, listen } from './bridge.ts';
import { ContentFrame } from './content-frame.ts';
import { Journal, type Entry } from './journal.ts';
import { facade12, facade2004, loadCmi, settingsFor, type Runtime } from './scorm-api.ts';
import { loadScorm12, loadScorm2004 } from './scorm-library.ts';
import { Sequencing } from './sequencing.ts';

const BEAT_MS = 60_000;
const GENERAL_COMMIT_FAILURE = 391;
const GENERAL_EXCEPTION = 101;

type Item = CourseItem & { readonly launch: ItemLaunch };
type Close = Extract<ToPlayer, { t: 'close' }>;

class Player {
	readonly #port: MessagePort;
	#sequencing: Sequencing | null = null;
	#journal: Journal | null = null;
	#frame: ContentFrame | null = null;
	#item: Item | null = null;
	#attempt: string | null = null;
	#isInitialised = false;
	#isTerminated = false;
	/** The app's navigation request while it takes the content away. */
	#leaving: Close | null = null;

	constructor(port: MessagePort) {
		this.#port = port;
		// One after the other: a launch must not overtake the preparation before it.
		let turn: Promise<unknown> = Promise.resolve();
		listen(port, toPlayerSchema, (message) => {
			if (message.t === 'ack') {
				this.#journal?.acknowledge(message.upto);
				return;
			}
			turn = turn.then(() => this.#receive(message)).catch((error: unknown) => this.#fail(error));
		});
	}

	#say(message: FromPlayer): void {
		this.#port.postMessage(message);
	}

	#fail(error: unknown): void {
		const code = error instanceof DOMException && error.name === 'QuotaExceededError' ? 'device-full' : 'player-broken';
		this.#say({ t: 'fatal', code });
	}

	async #receive(message: Exclude<ToPlayer, { t: 'ack' }>): Promise<void> {
		switch (message.t) {
			case 'prepare':
				return this.#prepare(message);
			case 'launch':
				return this.#launch(message);
			case 'close':
				return this.#close(message);
			default:
				return unreachable(message);
		}
	}

	async #prepare({ structure, sequencing, request, target }: Prepare): Promise<void> {
		this.#sequencing = await this.#openSequencing(structure, sequencing, request === 'choice' ? target : null);
		this.#say({ t: 'deliver', scoId: this.#sequencing.delivered, reason: request });
		this.#tellAllowed();
	}

	async #openSequencing(structure: CourseStructure, state: string | null, target: string | null): Promise<Sequencing> {
		const Scorm2004API = await loadScorm2004();
		const settings = settingsFor(() => this.#journal?.isHealthy ?? true, GENERAL_COMMIT_FAILURE);
		return Sequencing.open(
			structure,
			state,
			target,
			(sequencing) => new Scorm2004API({ ...settings, sequencing } as never)
		);
	}

	async #launch(launch: Launch): Promise<void> {
		const item = launchableItems(launch.structure.items).find(({ id }) => id === launch.scoId);
		if (item === undefined) return this.#say({ t: 'fatal', code: 'item-missing' });
		[this.#item, this.#attempt] = [item, launch.attempt];
		this.#journal = await Journal.open(launch.attempt, launch.session, {
			send: (rows) => this.#say({ t: 'journal', rows: [...rows] }),
			failed: () => this.#say({ t: 'storage-failed' })
		});
		// A scan for the other version's API climbs the parents and would end in a SecurityError at the app; it ends here.
		(window as { parent: Window }).parent = window;
		if (launch.structure.scormVersion === '1.2') await this.#offer12(launch);
		else await this.#offer2004(launch, item);
		this.#frame = new ContentFrame(launch.packId, item.launch, item.title, () => {
			if (item.launch.kind === 'asset') this.#record({ op: 'display' }, true);
		});
		this.#limitTime(item.launch, launch.seconds);
		setInterval(() => this.#beat(), BEAT_MS);
		this.#say({ t: 'launched', attempt: launch.attempt });
		this.#tellAllowed();
	}

	readonly #runtime: Runtime = {
		record: (entry, isStrict) => {
			this.#record(entry, isStrict);
			if (entry.op === 'init') this.#isTerminated = false;
			if (entry.op === 'terminate') {
				this.#isTerminated = true;
				if (this.#attempt !== null) this.#say({ t: 'terminated', attempt: this.#attempt });
			}
		},
		initialised: () => {
			this.#isInitialised = true;
		},
		committed: () => this.#tellAllowed()
	};

	async #offer12({ cmi }: Launch): Promise<void> {
		const Scorm12API = await loadScorm12();
		const settings = settingsFor(() => this.#journal?.isHealthy ?? true, GENERAL_EXCEPTION);
		const API = facade12((set) => {
			const api = new Scorm12API(settings as never);
			loadCmi(api, { ...cmi, ...set });
			return api;
		}, this.#runtime);
		Object.assign(window, { API });
	}

	async #offer2004({ structure, cmi }: Launch, item: Item): Promise<void> {
		this.#sequencing ??= await this.#openSequencing(structure, null, null);
		const sequencing = this.#sequencing;
		// The engine has seeded the objectives of the activity it delivered; without a tree, ours from the manifest.
		const own = Object.entries(cmi).filter(
			([element]) =>
				structure.sequencing === null || !/^cmi\.objectives\.\d+\.id$/.test(element) || !isSeeded(element, item)
		);
		loadCmi(sequencing.api, Object.fromEntries(own));
		// Where the course is, before the content says anything: a browser that dies now resumes here.
		this.#recordAll(sequencing.rows(null));
		const API_1484_11 = facade2004(sequencing.api, this.#runtime, {
			pending: () => (this.#leaving === null || this.#leaving.request === 'none' ? null : requestText(this.#leaving)),
			terminated: (request) => this.#navigated(request, sequencing.delivered)
		});
		sequencing.delivered = null;
		Object.assign(window, { API_1484_11 });
	}

	/** The content's Terminate (or the app, for content that said nothing) moved the engine. */
	#navigated(request: string, delivered: string | null): void {
		if (this.#sequencing === null) return;
		this.#recordAll(this.#sequencing.rows(this.#item?.id ?? null));
		// A mere "exit" without an item to go to leaves the page on the screen: the learner may still be reading the result.
		if (request !== 'exit' || delivered !== null)
			this.#say({ t: 'deliver', scoId: delivered, reason: request.slice(0, 300) });
		this.#tellAllowed();
	}

	#close(close: Close): void {
		this.#leaving = close;
		const sequencing = this.#sequencing;
		const isEngineDone = this.#isTerminated;
		this.#frame?.remove();
		const wasShown = this.#frame?.isLoaded === true;
		this.#frame = null;
		if (wasShown && !this.#isInitialised) {
			// It never spoke: shown is done (SPEC SC8).
			this.#record({ op: 'display' }, true);
			this.#record({ op: 'terminate' }, true);
		}
		const saidGoodbye = this.#isTerminated && !isEngineDone;
		if (sequencing !== null && !saidGoodbye && close.request !== 'none') {
			if (close.request === 'suspendAll' && this.#isInitialised && !this.#isTerminated) {
				this.#record({ op: 'set', el: 'cmi.exit', val: 'suspend' }, false);
			}
			const delivered = sequencing.navigate(close.request, close.target);
			this.#navigated(close.request, delivered);
		}
		this.#journal?.flush();
		this.#say({ t: 'closed', attempt: this.#attempt });
	}

	#record(entry: Entry, isStrict: boolean): void {
		this.#journal?.record(entry, isStrict);
	}

	#recordAll(entries: readonly Entry[]): void {
		entries.forEach((entry, index) => this.#record(entry, index === entries.length - 1));
	}

	/** Time spent reading is journaled too, so that a killed phone does not lose an hour. */
	#beat(): void {
		const isPlaying = this.#frame !== null && (this.#item?.launch.kind === 'asset' || this.#isInitialised);
		if (isPlaying && !this.#isTerminated && document.visibilityState === 'visible') this.#record({ op: 'beat' }, false);
	}

	#limitTime({ maxTimeAllowed, timeLimitAction }: ItemLaunch, seconds: number): void {
		if (maxTimeAllowed === null || timeLimitAction === null) return;
		const exit = timeLimitAction.startsWith('exit');
		const message = timeLimitAction.endsWith(',message');
		if (!exit && !message) return;
		const left = Math.max(0, maxTimeAllowed - seconds) * 1000;
		setTimeout(
			() => {
				const attempt = this.#attempt;
				if (attempt === null || this.#isTerminated || this.#frame === null) return;
				const element = this.#sequencing === null ? 'cmi.core.exit' : 'cmi.exit';
				if (exit) this.#record({ op: 'set', el: element, val: 'time-out' }, true);
				this.#say({ t: 'time-limit', attempt, exit, message });
			},
			Math.min(left, 2 ** 31 - 1)
		);
	}

	#tellAllowed(): void {
		if (this.#sequencing === null) return;
		const { next, previous, choice, hidden } = this.#sequencing.allowed();
		this.#say({ t: 'allowed', next, previous, choice: { ...choice }, hidden: [...hidden] });
	}
}

function requestText({ request, target }: Close): string {
	return request === 'choice' && target !== null ? `{target=${target}}choice` : request;
}

function isSeeded(element: string, item: Item): boolean {
	return Number(element.split('.')[2]) < item.launch.objectiveIds.length;
}

function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

const port = await connectToApp('player');
if (port !== null) new Player(port);
