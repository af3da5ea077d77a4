/**
 * The two channels that work while a page is going away: a keepalive request that the content worker answers, and
 * localStorage for what is too big for it (Chromium allows 64 KiB of keepalive bodies in flight).
 */
import type { JournalRow } from '#lib/contracts/player-port.ts';

const PREFIX = 'waypost-wal:';
const KEEPALIVE_BYTES = 56_000;

let bytesInFlight = 0;

export function sendLate(rows: readonly JournalRow[]): void {
	for (const chunk of chunksOf(rows)) {
		const body = JSON.stringify(chunk);
		const size = body.length * (isAscii(body) ? 1 : 3);
		if (bytesInFlight + size > KEEPALIVE_BYTES) {
			keepInLocalStorage(chunk, body);
			continue;
		}
		bytesInFlight += size;
		fetch('/wal/', { method: 'POST', body, keepalive: true, headers: { 'content-type': 'application/json' } })
			.then((response) => {
				if (!response.ok) keepInLocalStorage(chunk, body);
			})
			.catch(() => keepInLocalStorage(chunk, body))
			.finally(() => {
				bytesInFlight -= size;
			});
	}
}

function* chunksOf(rows: readonly JournalRow[]): Generator<readonly JournalRow[]> {
	let chunk: JournalRow[] = [];
	let size = 0;
	for (const row of rows) {
		const own = 120 + 2 * (row.val?.length ?? 0);
		if (chunk.length > 0 && size + own > KEEPALIVE_BYTES / 2) {
			yield chunk;
			[chunk, size] = [[], 0];
		}
		chunk.push(row);
		size += own;
	}
	if (chunk.length > 0) yield chunk;
}

function isAscii(text: string): boolean {
	return !/[^\0-\x7f]/.test(text);
}

function keepInLocalStorage(rows: readonly JournalRow[], body: string): void {
	const [first] = rows;
	if (first === undefined) return;
	try {
		localStorage.setItem(`${PREFIX}${first.attempt}:${first.session}:${first.n}`, body);
	} catch {
		// Full or forbidden: IndexedDB has been asked as well, and nothing else can be done in a page that is going away.
	}
}

export function rowsInLocalStorage(): unknown[] {
	return ownKeys().flatMap((key) => parsed(key));
}

/** Forgets every entry whose rows have all been acknowledged. */
export function forgetInLocalStorage(attempt: string, session: string, upto: number): void {
	for (const key of ownKeys().filter((key) => key.startsWith(`${PREFIX}${attempt}:${session}:`))) {
		const last = (parsed(key).at(-1) as Partial<JournalRow> | undefined)?.n ?? 0;
		if (last <= upto) localStorage.removeItem(key);
	}
}

function ownKeys(): string[] {
	try {
		return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
	} catch {
		return [];
	}
}

function parsed(key: string): unknown[] {
	try {
		const rows: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
		return Array.isArray(rows) ? rows : [];
	} catch {
		return [];
	}
}
