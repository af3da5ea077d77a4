/** Runs in the browser: scorm-again alone against our facade with its journal, call by call in alternating tasks. */
import { Journal } from '#player/journal.ts';
import { facade12, facade2004, settingsFor } from '#player/scorm-api.ts';
import { loadScorm12, loadScorm2004 } from '#player/scorm-library.ts';

export type Measured = {
	readonly alone: number;
	readonly journal: number;
	readonly aloneAll: number;
	readonly journalAll: number;
};
type Set = (element: string, value: string) => unknown;

/** What courses set between two commits: mostly places and suspend data, now and then an answer. */
function callsOf(version: '1.2' | '2004', task: number): [string, string][] {
	const [place, response] =
		version === '1.2' ? ['cmi.core.lesson_location', 'student_response'] : ['cmi.location', 'learner_response'];
	const n = task % 40;
	return [
		[place, `page-${task}`],
		['cmi.suspend_data', `${task}:${'state;'.repeat(40)}`],
		[`cmi.interactions.${n}.id`, `question-${n}`],
		[`cmi.interactions.${n}.type`, 'choice'],
		[`cmi.interactions.${n}.${response}`, 'a'],
		[`cmi.interactions.${n}.result`, 'correct'],
		[place, `page-${task}b`],
		['cmi.suspend_data', `${task}:${'state;'.repeat(40)}b`]
	];
}

async function measure(version: '1.2' | '2004', tasks: number): Promise<Measured> {
	const channel = new MessageChannel();
	channel.port2.onmessage = () => undefined;
	const journal = await Journal.open(`bench-${version}`, 's', {
		send: (rows) => channel.port1.postMessage({ t: 'journal', rows }),
		failed: () => undefined
	});
	const settings = settingsFor(() => journal.isHealthy, 391) as never;
	const runtime = { record: journal.record.bind(journal), initialised: () => undefined, committed: () => undefined };
	let [alone, ours]: Set[] = [];
	if (version === '1.2') {
		const Scorm12API = await loadScorm12();
		const [plain, facade] = [
			new Scorm12API(settings),
			facade12(() => new Scorm12API(settings), runtime) as Record<string, (...args: string[]) => string>
		];
		plain.LMSInitialize();
		facade['LMSInitialize']?.('');
		alone = (element, value) => plain.LMSSetValue(element, value);
		ours = (element, value) => facade['LMSSetValue']?.(element, value);
	} else {
		const Scorm2004API = await loadScorm2004();
		const own = new Scorm2004API(settings);
		const facade = facade2004(own, runtime, { pending: () => null, terminated: () => undefined }) as Record<
			string,
			(...args: string[]) => string
		>;
		const plain = new Scorm2004API(settings);
		plain.Initialize();
		facade['Initialize']?.('');
		alone = (element, value) => plain.SetValue(element, value);
		ours = (element, value) => facade['SetValue']?.(element, value);
	}
	const calls: { alone: number[]; ours: number[] } = { alone: [], ours: [] };
	const whole: { alone: number[]; ours: number[] } = { alone: [], ours: [] };
	for (let task = 0; task < tasks; task++) {
		const list = callsOf(version, task);
		for (const who of task % 2 === 0 ? (['alone', 'ours'] as const) : (['ours', 'alone'] as const)) {
			const set = (who === 'alone' ? alone : ours) as Set;
			await new Promise((resolve) => setTimeout(resolve));
			const start = performance.now();
			for (const [element, value] of list) set(element, value);
			const called = performance.now();
			// What the end of the task costs: the write and the message.
			await Promise.resolve();
			calls[who].push((called - start) / list.length);
			whole[who].push((performance.now() - start) / list.length);
		}
		if (task % 50 === 0) journal.acknowledge(Number.MAX_SAFE_INTEGER);
	}
	const p50 = (values: number[]) =>
		values.slice(values.length / 5).toSorted((left, right) => left - right)[Math.floor(values.length * 0.4)] ?? 0;
	return { alone: p50(calls.alone), journal: p50(calls.ours), aloneAll: p50(whole.alone), journalAll: p50(whole.ours) };
}

Object.assign(globalThis, { measure });
