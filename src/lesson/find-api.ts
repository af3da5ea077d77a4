/**
 * Finds the API object of the LMS: SCORM 1.2 RTE 3.2 (`API`), SCORM 2004 RTE 3.3.2 (`API_1484_11`). First this window
 * and its parents, then the opener and its parents.
 */

/** The eight methods of both versions, under their 2004 names. */
export type LmsApi = {
	readonly version: '1.2' | '2004';
	initialize(): boolean;
	terminate(): boolean;
	get(element: string): string;
	set(element: string, value: string): boolean;
	commit(): boolean;
	lastError(): string;
};

/** The chain of parents in real systems is short; a longer one is a loop or somebody else's page. */
const MOST_PARENTS = 50;

/** @param preferred the version this package was built for; the other is taken only if it is the one there. */
export function findApi(start: Window, preferred: '1.2' | '2004'): LmsApi | null {
	const order = preferred === '1.2' ? (['1.2', '2004'] as const) : (['2004', '1.2'] as const);
	for (const version of order) {
		const name = version === '1.2' ? 'API' : 'API_1484_11';
		const raw = search(start, name) ?? search(openerOf(start), name);
		if (raw !== null) return wrap(version, raw);
	}
	return null;
}

type RawApi = Record<string, (...values: string[]) => unknown>;

function search(start: Window | null, name: string): RawApi | null {
	let here = start;
	for (let parents = 0; here !== null && parents < MOST_PARENTS; parents++) {
		try {
			const found = (here as unknown as Record<string, unknown>)[name];
			if (found !== undefined && found !== null) return found as RawApi;
			if (here.parent === here) return null;
			here = here.parent;
		} catch {
			// A parent of another origin cannot be asked, nor can anything beyond it.
			return null;
		}
	}
	return null;
}

function openerOf(start: Window): Window | null {
	try {
		return (start.opener ?? start.top?.opener ?? null) as Window | null;
	} catch {
		return null;
	}
}

function wrap(version: LmsApi['version'], raw: RawApi): LmsApi {
	const prefix = version === '1.2' ? 'LMS' : '';
	const call = (method: string, ...values: string[]): string => {
		try {
			// Called on the object: some systems write their API as a class.
			return String(raw[prefix + method]?.(...values) ?? '');
		} catch {
			return '';
		}
	};
	return {
		version,
		initialize: () => call('Initialize', '') === 'true',
		terminate: () => call(version === '1.2' ? 'Finish' : 'Terminate', '') === 'true',
		get: (element) => call('GetValue', element),
		set: (element, value) => call('SetValue', element, value) === 'true',
		commit: () => call('Commit', '') === 'true',
		lastError: () => call('GetLastError')
	};
}
