/**
 * Sends a package and reads how the import goes. By XMLHttpRequest, because `fetch` tells nothing about what was sent,
 * and 40 MB over a slow line are half an hour in which a person wants to see that something moves.
 */
import * as v from 'valibot';
import { apiErrorSchema, importStepSchema, type ImportStep } from '#lib/contracts/api.ts';
import { jsonLines } from './read-lines.ts';

export type SendPackage = {
	readonly file: Blob;
	readonly name: string;
	/** Of the course this is a new revision of; null = a new course. */
	readonly courseId: string | null;
	/** Whose session counts. */
	readonly profile: string;
	readonly signal: AbortSignal;
	/** Every step, also the bytes sent (`receiving`); the last one is `done` or `refused`. */
	readonly onstep: (step: ImportStep) => void;
};

/** Resolves when nothing more comes; a broken connection is told as `refused` with `unreachable`. */
export function sendPackage({ file, name, courseId, profile, signal, onstep }: SendPackage): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	if (signal.aborted) return Promise.resolve();
	const query = new URLSearchParams({ name, ...(courseId === null ? {} : { courseId }) });
	const request = new XMLHttpRequest();
	const lines = jsonLines(importStepSchema);
	let read = 0;
	let ended = false;

	function end(step: ImportStep | null): void {
		if (ended) return;
		ended = true;
		if (step !== null && !signal.aborted) onstep(step);
		resolve();
	}

	function take(steps: readonly ImportStep[]): void {
		for (const step of steps) {
			if (step.step === 'done' || step.step === 'refused') end(step);
			else if (!ended) onstep(step);
		}
	}

	function readMore(): void {
		if (request.status !== 200) return;
		const text = request.responseText.slice(read);
		read += text.length;
		try {
			take(lines.push(text));
		} catch {
			request.abort();
			end(refused('strange-answer'));
		}
	}

	request.open('POST', `/api/courses/import?${query}`);
	request.setRequestHeader('content-type', 'application/zip');
	request.setRequestHeader('x-waypost-profile', profile);
	request.upload.onprogress = (event) => {
		onstep({ step: 'receiving', done: event.loaded, total: event.lengthComputable ? event.total : null });
	};
	request.onprogress = readMore;
	request.onload = () => {
		if (request.status !== 200) return end(refusalOf(request.responseText));
		readMore();
		try {
			take(lines.end());
		} catch {
			// Cut in the middle of a line.
		}
		// Without a last word the connection went, and the server undid what it had begun.
		end(refused('unreachable'));
	};
	request.onerror = () => end(refused('unreachable'));
	request.onabort = () => end(null);
	signal.addEventListener('abort', () => request.abort(), { once: true });
	request.send(file);
	return promise;
}

function refused(code: string, params: Readonly<Record<string, string | number>> = {}): ImportStep {
	return { step: 'refused', code, params };
}

function refusalOf(text: string): ImportStep {
	try {
		const { code, params } = v.parse(apiErrorSchema, JSON.parse(text));
		return refused(code, params);
	} catch {
		// Something between us and the server answered.
		return refused('strange-answer');
	}
}
