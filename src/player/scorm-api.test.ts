/** The content's view of the SCORM API, with the real scorm-again behind it. */
import { describe, expect, test } from 'vitest';
import { facade12, facade2004, loadCmi, settingsFor, type Runtime } from './scorm-api.ts';
import type { Entry } from './journal.ts';
import { loadScorm12, loadScorm2004 } from './scorm-library.ts';

type Api12 = Readonly<
	Record<'LMSInitialize' | 'LMSCommit' | 'LMSFinish' | 'LMSGetLastError', (parameter?: string) => string>
> & {
	readonly LMSSetValue: (element: string, value: string) => string;
	readonly LMSGetValue: (element: string) => string;
};
type Api2004 = Readonly<Record<'Initialize' | 'GetLastError', (parameter?: string) => string>> & {
	readonly SetValue: (element: string, value: string) => string;
	readonly GetValue: (element: string) => string;
};

function recording(): { readonly entries: Entry[]; readonly runtime: Runtime } {
	const entries: Entry[] = [];
	return {
		entries,
		runtime: { initialised: () => undefined, committed: () => undefined, record: (entry) => void entries.push(entry) }
	};
}

async function content12(runtime: Runtime, cmi: Readonly<Record<string, string>> = {}): Promise<Api12> {
	const Scorm12API = await loadScorm12();
	return facade12((set) => {
		const api = new Scorm12API(settingsFor(() => true, 101) as never);
		loadCmi(api, { ...cmi, ...set });
		return api;
	}, runtime) as Api12;
}

const ELEMENT = 'cmi.suspend_data';

describe('[SC17] suspend data', () => {
	test.each([4_096, 4_097, 20_000, 64_000])(
		'%i characters are kept whole in SCORM 1.2, journaled, and given back',
		async (length) => {
			const { entries, runtime } = recording();
			const api = await content12(runtime);
			const data = 'x'.repeat(length);
			expect(api.LMSInitialize('')).toBe('true');
			expect(api.LMSSetValue(ELEMENT, data)).toBe('true');
			expect(api.LMSCommit('')).toBe('true');
			expect(entries).toContainEqual({ op: 'set', el: ELEMENT, val: data });
			expect(api.LMSFinish('')).toBe('true');

			const again = await content12(recording().runtime, { [ELEMENT]: data });
			again.LMSInitialize('');
			expect(again.LMSGetValue(ELEMENT)).toBe(data);
		}
	);

	test('more than 64,000 are refused with the standard’s word, and what was kept stays', async () => {
		const { entries, runtime } = recording();
		const api = await content12(runtime);
		api.LMSInitialize('');
		api.LMSSetValue(ELEMENT, 'unit 3');
		expect(api.LMSSetValue(ELEMENT, 'x'.repeat(64_001))).toBe('false');
		expect(api['LMSGetLastError']()).toBe('405');
		expect(api.LMSGetValue(ELEMENT)).toBe('unit 3');
		expect(entries.filter(({ el }) => el === ELEMENT)).toHaveLength(1);
		expect(api.LMSCommit('')).toBe('true');
	});

	test('SCORM 2004 has the same room', async () => {
		const Scorm2004API = await loadScorm2004();
		const { entries, runtime } = recording();
		const api = facade2004(new Scorm2004API(settingsFor(() => true, 391) as never), runtime, {
			pending: () => null,
			terminated: () => undefined
		}) as Api2004;
		api.Initialize('');
		expect(api.SetValue(ELEMENT, 'x'.repeat(64_000))).toBe('true');
		expect(api.SetValue(ELEMENT, 'x'.repeat(64_001))).toBe('false');
		expect(api['GetLastError']('')).toBe('406');
		expect(api.GetValue(ELEMENT)).toHaveLength(64_000);
		expect(entries.filter(({ el }) => el === ELEMENT)).toHaveLength(1);
	});
});
