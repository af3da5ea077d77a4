/**
 * What crosses the border between the app and a content origin: one MessagePort per frame, opened by a handshake.
 * The content side is one trust domain with hostile package code: the app parses every message with these schemas,
 * and believes nothing beyond "the content of this attempt says so".
 *
 * Handshake: the frame posts `hello` to its parent by window.postMessage; the app checks origin and source, answers
 * `connect` with a MessagePort; all else goes over the port.
 */
import * as v from 'valibot';
import { courseStructureSchema } from './course-manifest.ts';
import { packFileSchema } from './pack-manifest.ts';

export const PORT_VERSION = 1;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const shortText = v.pipe(v.string(), v.maxLength(300));

export const helloSchema = v.object({
	waypost: v.literal('hello'),
	role: v.picklist(['player', 'installer']),
	v: v.literal(PORT_VERSION)
});
export type Hello = v.InferOutput<typeof helloSchema>;
/** App to frame, with one transferred port. */
export const connectSchema = v.object({ waypost: v.literal('connect'), v: v.literal(PORT_VERSION) });

/**
 * One row of the journal: one successful call that changed or ended something. `n` counts 1, 2, 3 ... inside an attempt
 * session; `session` tells sessions apart (an attempt's journal numbers start anew in each).
 */
export const journalRowSchema = v.object({
	attempt: shortText,
	session: shortText,
	n: v.pipe(count, v.minValue(1)),
	/** Device wall clock, ms. */
	t: v.number(),
	op: v.picklist(['init', 'set', 'commit', 'terminate', 'snapshot', 'rollup']),
	/** set: element name. snapshot: "cmi" or "sequencing". */
	el: v.optional(v.pipe(v.string(), v.maxLength(500))),
	/** set: value as the content gave it. snapshot: JSON text. rollup: JSON of {completion, success, scaled, progress}. */
	val: v.optional(v.pipe(v.string(), v.maxLength(1_000_000)))
});
export type JournalRow = v.InferOutput<typeof journalRowSchema>;

export const launchSchema = v.object({
	t: v.literal('launch'),
	attempt: v.string(),
	session: v.string(),
	scoId: v.string(),
	structure: courseStructureSchema,
	/** Flattened CMI to start from ("cmi.core.lesson_location": "5"); {} for a first launch. Includes entry, mode, credit, total time, learner name. */
	cmi: v.record(v.string(), v.unknown()),
	/** Serialised scorm-again sequencing state of the course, or null. */
	sequencing: v.nullable(v.string()),
	/** Package needs window.open. */
	popups: v.boolean(),
	language: v.string(),
	/** Items the app already knows as done, for prerequisites (1.2). */
	itemStates: v.record(v.string(), v.object({ completion: v.string(), success: v.string() }))
});
export type Launch = v.InferOutput<typeof launchSchema>;

/** App to player. */
export const toPlayerSchema = v.variant('t', [
	launchSchema,
	v.object({ t: v.literal('ack'), attempt: v.string(), session: v.string(), upto: count }),
	/** The learner pressed next, previous, or an entry of the contents. */
	v.object({ t: v.literal('navigate'), request: v.string(), target: v.nullable(v.string()) }),
	/** Take the content away (its unload runs), flush, answer `closed`. */
	v.object({ t: v.literal('close') })
]);
export type ToPlayer = v.InferOutput<typeof toPlayerSchema>;

/** Player to app. */
export const fromPlayerSchema = v.variant('t', [
	v.object({ t: v.literal('launched'), attempt: shortText }),
	v.object({ t: v.literal('journal'), rows: v.pipe(v.array(journalRowSchema), v.maxLength(2_000)) }),
	/** What the sequencing rules allow now. */
	v.object({
		t: v.literal('allowed'),
		next: v.boolean(),
		previous: v.boolean(),
		choice: v.record(v.string(), v.boolean()),
		hidden: v.array(v.string())
	}),
	/** The engine (2004) or the content asks to go to another item: the app closes this attempt and launches `scoId`; null = the course ends. */
	v.object({
		t: v.literal('deliver'),
		scoId: v.nullable(shortText),
		reason: shortText
	}),
	v.object({ t: v.literal('terminated'), attempt: shortText }),
	v.object({ t: v.literal('closed'), attempt: v.nullable(shortText) }),
	v.object({ t: v.literal('storage-failed') }),
	v.object({ t: v.literal('fatal'), code: shortText })
]);
export type FromPlayer = v.InferOutput<typeof fromPlayerSchema>;

/** App to installer. */
export const toInstallerSchema = v.variant('t', [
	/** Fetch the pack (capability in the URL) and install; resumes from what is there. `reuse`: sha256 of files the app will hand over by `put`. */
	v.object({
		t: v.literal('install'),
		packId: v.string(),
		sha256: v.string(),
		url: v.string(),
		reuse: v.array(v.string())
	}),
	v.object({ t: v.literal('pause') }),
	v.object({ t: v.literal('has'), packId: v.string() }),
	v.object({ t: v.literal('remove'), packId: v.string() }),
	/** The files of an installed pack, for reuse by the next revision. */
	v.object({ t: v.literal('list'), packId: v.string() }),
	v.object({ t: v.literal('read'), packId: v.string(), sha256: v.string() }),
	v.object({ t: v.literal('put'), packId: v.string(), sha256: v.string(), blob: v.instance(Blob) }),
	/** Journal rows left behind by a page that died. */
	v.object({ t: v.literal('drain') }),
	v.object({ t: v.literal('ack'), attempt: v.string(), session: v.string(), upto: count })
]);
export type ToInstaller = v.InferOutput<typeof toInstallerSchema>;

/** Why an installation stopped. */
export const installErrors = ['network', 'not-allowed', 'gone', 'corrupt', 'device-full', 'unknown'] as const;
export type InstallError = (typeof installErrors)[number];

/** Installer to app. */
export const fromInstallerSchema = v.variant('t', [
	v.object({
		t: v.literal('progress'),
		packId: v.string(),
		/** Bytes of the pack that are on the device / that the pack has; `fetched`: bytes that came over the network in this run. */
		done: count,
		total: count,
		fetched: count
	}),
	v.object({ t: v.literal('wants'), packId: v.string(), sha256: v.array(v.string()) }),
	v.object({ t: v.literal('installed'), packId: v.string(), structure: courseStructureSchema, files: count, bytes: count }),
	v.object({ t: v.literal('stopped'), packId: v.string(), error: v.nullable(v.picklist(installErrors)) }),
	v.object({ t: v.literal('has'), packId: v.string(), installed: v.boolean(), bytes: count }),
	v.object({ t: v.literal('removed'), packId: v.string() }),
	v.object({ t: v.literal('list'), packId: v.string(), files: v.array(packFileSchema) }),
	v.object({ t: v.literal('file'), packId: v.string(), sha256: v.string(), blob: v.nullable(v.instance(Blob)) }),
	v.object({ t: v.literal('drained'), rows: v.array(journalRowSchema), more: v.boolean() })
]);
export type FromInstaller = v.InferOutput<typeof fromInstallerSchema>;
