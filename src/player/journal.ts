/**
 * The append-only journal of what the content did (DESIGN 4.1). Rows are written to the log and sent to the app at the
 * end of the content's current task, so that a burst of calls is one write; what must not be lost (commits, scores,
 * statuses) is written at once and to the disk; while the page is going away everything is written at once and sent by
 * every channel that survives it.
 */
import type { JournalRow } from '#lib/contracts/player-port.ts';
import { sendLate } from './late-rows.ts';
import { deleteRows, openLog, PAGE_LOG, putRows } from './wal-store.ts';

export type JournalEvents = {
	/** New rows, in order, for the app. */
	readonly send: (rows: readonly JournalRow[]) => void;
	/** Storing failed: the next Commit must say "false". Called once per failure. */
	readonly failed: () => void;
};

export type Entry = Pick<JournalRow, 'op' | 'el' | 'val'>;

/** A page that asked "really leave?" and stayed gets no event; after this long it has stayed. */
const LEAVING_MS = 5_000;

export class Journal {
	readonly #log: IDBDatabase;
	readonly #attempt: string;
	readonly #session: string;
	readonly #events: JournalEvents;
	/** Rows of this task, not yet written. */
	#waiting: JournalRow[] = [];
	/** Written, not yet sent to the app. */
	#unsent: JournalRow[] = [];
	/** Rows the app has not acknowledged. */
	#unacknowledged: JournalRow[] = [];
	#n = 0;
	#isSending = false;
	#needsDisk = false;
	#isLeaving = false;
	#leavingTimer: ReturnType<typeof setTimeout> | undefined;
	#isHealthy = true;

	static async open(attempt: string, session: string, events: JournalEvents): Promise<Journal> {
		return new Journal(await openLog(PAGE_LOG), attempt, session, events);
	}

	private constructor(log: IDBDatabase, attempt: string, session: string, events: JournalEvents) {
		this.#log = log;
		this.#attempt = attempt;
		this.#session = session;
		this.#events = events;
		addEventListener('beforeunload', () => this.#leave());
		addEventListener('pagehide', () => this.#leave());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'hidden') this.#leave();
			else this.#stay();
		});
		addEventListener('pageshow', () => this.#stay());
		// No `unload`, and no closing of the log here: our own events come BEFORE the content's, which still wants to finish.
	}

	/** False from a failed write until a later write succeeded. */
	get isHealthy(): boolean {
		return this.#isHealthy;
	}

	record(entry: Entry, isStrict: boolean): void {
		this.#n += 1;
		const row: JournalRow = { attempt: this.#attempt, session: this.#session, n: this.#n, t: wallClock(), ...entry };
		this.#waiting.push(row);
		if (this.#isLeaving) return this.flush();
		// A dialog of the content may hold the task up for minutes, so this row does not wait for its end; the disk may.
		if (isStrict) {
			this.#needsDisk = true;
			this.#write();
		}
		if (this.#isSending) return;
		this.#isSending = true;
		// One message for one task of the content: a score's four parts reach the app together.
		queueMicrotask(() => this.flush());
	}

	acknowledge(upto: number): void {
		this.#unacknowledged = this.#unacknowledged.filter(({ n }) => n > upto);
		deleteRows(this.#log, this.#attempt, this.#session, upto).catch(() => {
			// They stay until the next drain; the app knows them by number.
		});
	}

	#write(): void {
		if (this.#waiting.length === 0) return;
		const rows = this.#waiting;
		this.#waiting = [];
		this.#unsent.push(...rows);
		this.#put(rows, 'relaxed');
	}

	#put(rows: readonly JournalRow[], durability: 'strict' | 'relaxed'): void {
		try {
			putRows(this.#log, rows, durability, (error) => this.#wrote(error));
		} catch {
			this.#wrote(new DOMException('closed', 'InvalidStateError'));
		}
	}

	/** Writes and sends what waits, now. */
	flush(): void {
		this.#isSending = false;
		this.#write();
		const rows = this.#unsent;
		if (rows.length === 0) return;
		// What reaches the disk takes all before it along. In a page that goes away there is no time for that.
		if (this.#needsDisk && !this.#isLeaving) this.#put(rows, 'strict');
		this.#needsDisk = false;
		this.#unsent = [];
		this.#unacknowledged.push(...rows);
		if (this.#isLeaving) sendLate(rows);
		this.#events.send(rows);
	}

	#wrote(error: DOMException | null): void {
		const wasHealthy = this.#isHealthy;
		this.#isHealthy = error === null;
		if (wasHealthy && error !== null) this.#events.failed();
	}

	#leave(): void {
		if (!this.#isLeaving) {
			this.flush();
			this.#isLeaving = true;
			sendLate(this.#unacknowledged);
		}
		clearTimeout(this.#leavingTimer);
		this.#leavingTimer = setTimeout(() => {
			if (document.visibilityState === 'visible') this.#stay();
		}, LEAVING_MS);
	}

	#stay(): void {
		this.#isLeaving = false;
	}
}

/** Device time at the start of the page plus what passed since: a clock that is set meanwhile bends no session. */
const startedAt = Date.now() - performance.now();
export function wallClock(): number {
	return Math.round(startedAt + performance.now());
}
