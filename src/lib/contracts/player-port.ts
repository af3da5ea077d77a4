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
export type Connect = v.InferOutput<typeof connectSchema>;

/**
 * One row of the journal: one successful call that changed or ended something. `n` counts 1, 2, 3 ... inside an attempt
 * session; `session` tells sessions apart (an attempt's journal numbers start anew in each).
 */
export const journalRowSchema = v.object({
	attempt: shortText,
	session: shortText,
	n: v.pipe(count, v.minValue(1)),
	/** Device wall clock when the page was opened plus what has passed since by a clock nobody can set, ms. */
	t: v.number(),
	/**
	 * `display`: a page that speaks no SCORM was shown to the learner (an asset, or a SCO that never initialised).
	 * `beat`: the learner is still there; only for the time spent.
	 */
	op: v.picklist(['init', 'set', 'commit', 'terminate', 'display', 'beat', 'snapshot', 'rollup']),
	/** set: element name. snapshot: "sequencing". rollup: item id, or WHOLE_COURSE. */
	el: v.optional(v.pipe(v.string(), v.maxLength(500))),
	/** set: value as the content gave it. snapshot: JSON text. rollup: JSON of {completion, success, scaled, progress}. */
	val: v.optional(v.pipe(v.string(), v.maxLength(1_000_000)))
});
export type JournalRow = v.InferOutput<typeof journalRowSchema>;

/**
 * SCORM 2004 only, before `launch`: restore the sequencing state and find out which item is next. The player answers
 * `deliver` with reason "open". `request` open: go on where the learner was, or start; choice: `target` is the item.
 */
export const prepareSchema = v.object({
	t: v.literal('prepare'),
	structure: courseStructureSchema,
	/** Serialised scorm-again sequencing state of the course, or null. */
	sequencing: v.nullable(v.string()),
	request: v.picklist(['open', 'choice']),
	target: v.nullable(v.string())
});
export type Prepare = v.InferOutput<typeof prepareSchema>;

export const launchSchema = v.object({
	t: v.literal('launch'),
	attempt: v.string(),
	session: v.string(),
	packId: v.string(),
	scoId: v.string(),
	structure: courseStructureSchema,
	/**
	 * Flattened CMI to start from, in the order in which it was set ("cmi.core.lesson_location": "5"). Includes what the app
	 * provides: entry, mode, credit, total time, learner name and preferences.
	 */
	cmi: v.record(v.string(), v.string()),
	/** Seconds spent in this attempt so far, for max_time_allowed. */
	seconds: v.number(),
	/** Package needs window.open. */
	popups: v.boolean()
});
export type Launch = v.InferOutput<typeof launchSchema>;

/** App to player. */
export const toPlayerSchema = v.variant('t', [
	prepareSchema,
	launchSchema,
	v.object({ t: v.literal('ack'), attempt: v.string(), session: v.string(), upto: count }),
	/**
	 * Take the content away (its unload runs), flush, answer `closed`. `request` tells the sequencing engine why (2004):
	 * the learner pressed next, previous or an entry of the contents, or leaves the course; the player says `deliver` first.
	 * none: the content itself asked to go, and the engine has moved.
	 */
	v.object({
		t: v.literal('close'),
		request: v.picklist(['continue', 'previous', 'choice', 'suspendAll', 'none']),
		target: v.nullable(v.string())
	})
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
		/** adlnav:hideLMSUI: buttons not to show. */
		hidden: v.array(v.string())
	}),
	/**
	 * The engine's (2004) answer to a navigation request: the item to launch; null = none. With reason "open" or "choice" a
	 * null means that the learner has to choose from the contents; with any other reason the course was left.
	 */
	v.object({
		t: v.literal('deliver'),
		scoId: v.nullable(shortText),
		reason: shortText
	}),
	v.object({ t: v.literal('terminated'), attempt: shortText }),
	/** max_time_allowed is used up. `exit`: the content has been taken away. `message`: tell the learner. */
	v.object({ t: v.literal('time-limit'), attempt: shortText, exit: v.boolean(), message: v.boolean() }),
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
		/** Bytes of the pack. */
		size: count,
		reuse: v.array(v.string())
	}),
	v.object({ t: v.literal('pause') }),
	v.object({ t: v.literal('has'), packId: v.string() }),
	v.object({ t: v.literal('remove'), packId: v.string() }),
	/** The files of an installed pack, for reuse by the next revision. */
	v.object({ t: v.literal('list'), packId: v.string() }),
	v.object({ t: v.literal('read'), packId: v.string(), sha256: v.string() }),
	/** Answer to `wants`, one for each; null when the app cannot have it after all, and it must be fetched. */
	v.object({ t: v.literal('put'), packId: v.string(), sha256: v.string(), blob: v.nullable(v.instance(Blob)) }),
	/** Hashes every stored file again; answers `verified`. */
	v.object({ t: v.literal('verify'), packId: v.string() }),
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
	v.object({
		t: v.literal('installed'),
		packId: v.string(),
		structure: courseStructureSchema,
		files: count,
		bytes: count
	}),
	v.object({ t: v.literal('stopped'), packId: v.string(), error: v.nullable(v.picklist(installErrors)) }),
	v.object({ t: v.literal('has'), packId: v.string(), installed: v.boolean(), bytes: count }),
	/** Paths whose bytes are missing or not what they should be. */
	v.object({ t: v.literal('verified'), packId: v.string(), damaged: v.array(v.string()) }),
	v.object({ t: v.literal('removed'), packId: v.string() }),
	v.object({ t: v.literal('list'), packId: v.string(), files: v.array(packFileSchema) }),
	v.object({ t: v.literal('file'), packId: v.string(), sha256: v.string(), blob: v.nullable(v.instance(Blob)) }),
	v.object({ t: v.literal('drained'), rows: v.array(journalRowSchema), more: v.boolean() })
]);
export type FromInstaller = v.InferOutput<typeof fromInstallerSchema>;

/**
 * Where things are on a content origin (worker, player and installer agree on it). The pack id is part of the path, so that a
 * single content host without wildcard names works too.
 */
export const PACKAGE_PREFIX = '/pkg/';
/** Cache of one pack: its files under `packagePath`, and the two records below. */
export function packCacheName(packId: string): string {
	return `pkg-${packId}`;
}
export function packagePath(packId: string, path: string): string {
	return `${PACKAGE_PREFIX}${packId}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
/** The pack's manifest, put before the first file. */
export function manifestRecord(packId: string): string {
	return `/records/${packId}/manifest.json`;
}
/** Put last: the pack is whole. */
export function completeRecord(packId: string): string {
	return `/records/${packId}/complete`;
}
