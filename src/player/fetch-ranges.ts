/** Fetches byte ranges of a pack and hands over every byte that came, also those before a cut. */
import type { InstallError } from '#lib/contracts/player-port.ts';
import { PORTION_BYTES, type Range } from './pack-bytes.ts';

export class InstallFailure extends Error {
	override readonly name = 'InstallFailure';
	readonly reason: InstallError;

	constructor(reason: InstallError, options?: ErrorOptions) {
		super(reason, options);
		this.reason = reason;
	}
}

/** A request asks for at most this much: what is on its way when a connection is cut is lost, so it must not be much. */
const LEAST_WINDOW = 128 * 1024;
const MOST_WINDOW = 2 * 1024 * 1024;

export type Sink = {
	/** Bytes from `start` on, in portions; what it returns is waited for before the download ends. */
	readonly store: (start: number, bytes: Uint8Array) => Promise<void>;
	/** Bytes that came over the network. */
	readonly came: (bytes: number) => void;
};

/** Neighbours with a small gap between them are one request. */
export function mergeRanges(ranges: readonly Range[], gap: number): Range[] {
	const merged: Range[] = [];
	for (const range of [...ranges].sort((left, right) => left.start - right.start)) {
		const last = merged.at(-1);
		if (last !== undefined && range.start - last.end <= gap)
			merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
		else merged.push(range);
	}
	return merged;
}

/** @throws InstallFailure; everything that came before the failure has been stored */
export async function fetchRange(url: string, range: Range, sink: Sink, signal: AbortSignal): Promise<void> {
	let window = LEAST_WINDOW;
	for (let at = range.start; at < range.end;) {
		const end = Math.min(range.end, at + window);
		await fetchWindow(url, { start: at, end }, sink, signal);
		at = end;
		window = Math.min(MOST_WINDOW, window * 2);
	}
}

async function fetchWindow(url: string, range: Range, sink: Sink, signal: AbortSignal): Promise<void> {
	const response = await request(url, range, signal);
	const reader = response.body?.getReader();
	if (reader === undefined) throw new InstallFailure('network');
	const pending: Promise<void>[] = [];
	let portion = new Uint8Array(PORTION_BYTES);
	let [filled, start] = [0, range.start];
	const flush = () => {
		if (filled === 0) return;
		pending.push(sink.store(start, portion.subarray(0, filled).slice()));
		start += filled;
		filled = 0;
		portion = new Uint8Array(PORTION_BYTES);
	};
	let cause: unknown;
	try {
		for (let result = await reader.read(); !result.done; result = await reader.read()) {
			sink.came(result.value.length);
			for (let at = 0; at < result.value.length;) {
				const take = Math.min(PORTION_BYTES - filled, result.value.length - at);
				portion.set(result.value.subarray(at, at + take), filled);
				filled += take;
				at += take;
				if (filled === PORTION_BYTES) flush();
			}
			// The disk sets the pace, with a little ahead: memory stays small on a slow phone.
			if (pending.length > 8) await pending.shift();
		}
	} catch (error) {
		cause = error;
	}
	flush();
	await Promise.all(pending);
	if (cause !== undefined || start < range.end) throw new InstallFailure('network', { cause });
}

async function request(url: string, { start, end }: Range, signal: AbortSignal): Promise<Response> {
	let response: Response;
	try {
		response = await fetch(url, {
			headers: { range: `bytes=${start}-${end - 1}` },
			cache: 'no-store',
			credentials: 'omit',
			redirect: 'error',
			signal
		});
	} catch (cause) {
		throw new InstallFailure('network', { cause });
	}
	if (response.status === 401 || response.status === 403) throw new InstallFailure('not-allowed');
	if (response.status === 404 || response.status === 410) throw new InstallFailure('gone');
	// A captive portal says 200 and sends a page; our server always answers a range with that range.
	const given = /^bytes (\d+)-(\d+)\//.exec(response.headers.get('content-range') ?? '');
	if (response.status !== 206 || Number(given?.[1]) !== start) {
		await response.body?.cancel();
		throw new InstallFailure('network');
	}
	return response;
}
