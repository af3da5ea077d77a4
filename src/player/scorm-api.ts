/**
 * What the content sees: exactly the eight methods of its SCORM version (1.2 RTE 3.3; 2004 RTE 3.3), in front of the full
 * scorm-again. Every successful call that changes or ends something goes to the journal here, and not by scorm-again's
 * listeners, which `reset()` drops.
 */
import type { Entry } from './journal.ts';
import type { Scorm12, Scorm2004 } from './scorm-library.ts';

export type Runtime = {
	/** Called after each successful Initialize, Commit, Terminate. */
	readonly initialised: () => void;
	readonly committed: () => void;
	readonly record: (entry: Entry, isStrict: boolean) => void;
};

const quietSettings = {
	autocommit: false,
	// Any text: without it scorm-again does not ask the service whether the data are safe.
	lmsCommitUrl: '/wal/',
	logLevel: 5,
	uninitializedGetLogLevel: 5,
	onLogMessage: () => undefined
} as const;

/** @param isStored whether what was set so far is stored: a Commit that is not, must say "false" */
export function settingsFor(isStored: () => boolean, failure: number) {
	return {
		...quietSettings,
		httpService: {
			processHttpRequest: () =>
				isStored() ? { result: 'true', errorCode: 0 } : { result: 'false', errorCode: failure },
			updateSettings: () => undefined
		}
	};
}

/** Pre-loads a run-time data model; what the library refuses (an old oddity) is left out. */
export function loadCmi(api: Scorm12 | Scorm2004, cmi: Readonly<Record<string, string>>): void {
	for (const [element, value] of Object.entries(cmi)) {
		try {
			api.setCMIValue(element, value);
		} catch {
			// The library throws for a value that content set when rules were laxer.
		}
	}
	api.lastErrorCode = '0';
}

/** SCORM 1.2 RTE 3.3.2.3, error 301. */
const NOT_INITIALISED = '301';

function isStrict12(element: string): boolean {
	return element === 'cmi.core.lesson_status' || element.startsWith('cmi.core.score.');
}

function isStrict2004(element: string): boolean {
	return element === 'cmi.completion_status' || element === 'cmi.success_status' || element.startsWith('cmi.score.');
}

/**
 * @param makeApi a fresh library instance with these data: the first one, and one more each time content that is cut
 * into pages initialises again after it finished (against the standard, and common)
 */
export function facade12(makeApi: (set: Readonly<Record<string, string>>) => Scorm12, runtime: Runtime): object {
	const set: Record<string, string> = {};
	let api = makeApi(set);
	/** RTE 3.4.2: after LMSFinish nothing is answered any more; the library still would. */
	const isOver = (): boolean => {
		if (api.isTerminated()) api.lastErrorCode = NOT_INITIALISED;
		return api.isTerminated();
	};
	return Object.freeze({
		LMSInitialize(parameter?: string) {
			if (api.isTerminated()) api = makeApi(set);
			const result = api.LMSInitialize(parameter);
			if (result === 'true') {
				runtime.record({ op: 'init' }, true);
				runtime.initialised();
			}
			return result;
		},
		LMSFinish(parameter?: string) {
			if (isOver()) return 'false';
			const result = api.LMSFinish(parameter);
			if (result === 'true') {
				set['cmi.core.lesson_status'] = api.cmi.core.lesson_status;
				runtime.record({ op: 'terminate' }, true);
			}
			return result;
		},
		LMSGetValue: (element: string) => (isOver() ? '' : api.LMSGetValue(element)),
		LMSSetValue(element: string, value: unknown) {
			if (isOver()) return 'false';
			const result = api.LMSSetValue(element, value);
			if (result === 'true') {
				const val = String(value);
				set[element] = val;
				runtime.record({ op: 'set', el: element, val }, isStrict12(element));
			}
			return result;
		},
		LMSCommit(parameter?: string) {
			if (isOver()) return 'false';
			const result = api.LMSCommit(parameter);
			if (result === 'true') {
				runtime.record({ op: 'commit' }, true);
				runtime.committed();
			}
			return result;
		},
		LMSGetLastError: () => api.lmsGetLastError(),
		LMSGetErrorString: (code: string) => api.LMSGetErrorString(code),
		LMSGetDiagnostic: (code: string) => api.LMSGetDiagnostic(code)
	});
}

export type Navigation = {
	/** The app's own request counts before the content's (SN 4.3: the learner's wish wins); null when there is none. */
	readonly pending: () => string | null;
	/** After a successful Terminate; `request` is what the content or the app asked for, "exit" if nobody did. */
	readonly terminated: (request: string) => void;
};

export function facade2004(api: Scorm2004, runtime: Runtime, navigation: Navigation): object {
	return Object.freeze({
		Initialize(parameter?: string) {
			const result = api.Initialize(parameter);
			if (result === 'true') {
				runtime.record({ op: 'init' }, true);
				runtime.initialised();
			}
			return result;
		},
		Terminate(parameter?: string) {
			const pending = navigation.pending();
			if (pending !== null && api.isInitialized()) api.adl.nav.request = pending;
			const request = api.adl.nav.request;
			const result = api.Terminate(parameter);
			if (result === 'true') {
				// The item is suspended with everything else, whatever its own exit says (RTE 4.2.8, adl.nav.request).
				if (request === 'suspendAll') runtime.record({ op: 'set', el: 'cmi.exit', val: 'suspend' }, false);
				runtime.record({ op: 'terminate' }, true);
				navigation.terminated(request === '_none_' ? 'exit' : request);
			}
			return result;
		},
		GetValue: (element: string) => api.GetValue(element),
		SetValue(element: string, value: unknown) {
			if (element === 'adl.nav.request' && navigation.pending() !== null) return 'true';
			const result = api.SetValue(element, value);
			if (result === 'true') runtime.record({ op: 'set', el: element, val: String(value) }, isStrict2004(element));
			return result;
		},
		Commit(parameter?: string) {
			const result = api.Commit(parameter);
			if (result === 'true') {
				runtime.record({ op: 'commit' }, true);
				runtime.committed();
			}
			return result;
		},
		GetLastError: () => api.lmsGetLastError(),
		GetErrorString: (code: string) => api.GetErrorString(code),
		GetDiagnostic: (code: string) => api.GetDiagnostic(code)
	});
}
