/**
 * What a screen needs to know about a failure besides its sentence (`errors.<code>` in static/locales): whether the work
 * is safe, and what the person can do. One table, so that the same trouble looks the same everywhere.
 */
import { AppError } from './app-error.ts';

/** `retry`: the same again later; `sign-in`: say who you are; `free-space`: remove a course; `update`: a newer app is there; `help`: show it to the trainer; `correct`: change what was typed. */
export type Remedy = 'retry' | 'sign-in' | 'free-space' | 'update' | 'help' | 'correct';

export type Trouble = {
	readonly code: string;
	readonly remedy: Remedy;
	/** True when nothing has to be said: it mends itself, and the safety line already tells. */
	readonly quiet: boolean;
};

const table: Readonly<Record<string, Omit<Trouble, 'code'>>> = {
	unreachable: { remedy: 'retry', quiet: true },
	busy: { remedy: 'retry', quiet: true },
	'strange-answer': { remedy: 'retry', quiet: true },
	'server-error': { remedy: 'retry', quiet: true },
	'too-many-tries': { remedy: 'retry', quiet: false },
	'needs-sign-in': { remedy: 'sign-in', quiet: false },
	'wrong-name-or-secret': { remedy: 'correct', quiet: false },
	'wrong-secret': { remedy: 'correct', quiet: false },
	'secret-too-short': { remedy: 'correct', quiet: false },
	'not-on-this-device': { remedy: 'retry', quiet: false },
	'not-allowed': { remedy: 'help', quiet: false },
	'not-found': { remedy: 'help', quiet: false },
	'device-full': { remedy: 'free-space', quiet: false },
	'storage-broken': { remedy: 'help', quiet: false },
	'storage-blocked': { remedy: 'retry', quiet: false },
	'app-too-old': { remedy: 'update', quiet: false },
	'server-too-old': { remedy: 'retry', quiet: true },
	'unsent-work': { remedy: 'retry', quiet: false }
};

/** @param error a code, an AppError, or whatever was thrown */
export function classify(error: unknown): Trouble {
	const code = codeOf(error);
	return { code, ...(table[code] ?? { remedy: 'help', quiet: false }) };
}

function codeOf(error: unknown): string {
	if (typeof error === 'string') return error;
	if (error instanceof AppError) return error.code;
	const name = error instanceof Error || error instanceof DOMException ? error.name : '';
	switch (name) {
		case 'QuotaExceededError':
			return 'device-full';
		// What Dexie and browsers throw when the store cannot be opened or went away under us.
		case 'OpenFailedError':
		case 'DatabaseClosedError':
		case 'MissingAPIError':
		case 'InvalidStateError':
		case 'UnknownError':
		case 'VersionError':
			return 'storage-broken';
		case 'TimeoutError':
		case 'NetworkError':
			return 'unreachable';
		case 'AbortError':
			// Dexie wraps the cause of an aborted transaction, and a full disk is the usual one.
			return error instanceof Error && /quota/i.test(error.message) ? 'device-full' : 'unknown';
		default:
			return 'unknown';
	}
}
