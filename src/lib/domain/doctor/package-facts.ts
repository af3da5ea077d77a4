/**
 * What a reading of a package found, before anybody judges it: files with their sizes, the addresses in them, and signs
 * ("a picture without words", "opens a window"). Nothing of the package was run. Gathered by server/packages/doctor.
 */
import type { CourseStructure } from '../course/course-structure.ts';

export type PackageFacts = {
	readonly structure: CourseStructure;
	readonly files: readonly FileFacts[];
};

export type FileFacts = {
	/** As in the pack: forward slashes, NFC. */
	readonly path: string;
	/** Bytes uncompressed, and as a learner fetches them. */
	readonly size: number;
	readonly packed: number;
	/** Content type, without parameters. */
	readonly type: string;
	/** null: not a text, or not read. */
	readonly text: TextFacts | null;
	/** Pixels, of bitmaps whose header says so. */
	readonly picture: { readonly width: number; readonly height: number } | null;
	/** Length of a video, when its header says so. */
	readonly seconds: number | null;
};

export type TextFacts = {
	/** `data`: JSON, XML, and scripts that hold values and no instructions. */
	readonly kind: 'page' | 'style' | 'script' | 'data' | 'picture';
	/** False: longer than is read; what stands further on is not known. */
	readonly isWhole: boolean;
	/** A library, or made by a machine: what stands there need not be used by this course. */
	readonly isGenerated: boolean;
	/** `href` of a page's <base>. */
	readonly base: string | null;
	readonly references: readonly Reference[];
	/** File names (and folders, with a slash at the end) that stand in scripts and data, lower case, whatever they are there for. */
	readonly mentions: readonly string[];
	readonly signs: readonly Sign[];
};

/** What an address is wanted for. */
export type Use =
	| 'script'
	| 'style'
	| 'frame'
	| 'image'
	| 'media'
	| 'track'
	| 'object'
	| 'request'
	| 'font'
	| 'icon'
	| 'link'
	| 'form'
	/** Stands in a script or in data, for whatever purpose. */
	| 'address';

export type Reference = {
	readonly use: Use;
	/** As written, without white space around it. */
	readonly address: string;
	/** From 1. */
	readonly line: number;
	/** In a page or style sheet, where it certainly is loaded; not in a script, where it may be. */
	readonly isPlain: boolean;
};

export type SignName =
	// pages
	| 'whole-page'
	| 'no-language'
	| 'no-title'
	| 'picture-without-words'
	| 'field-without-label'
	| 'tab-order'
	| 'autoplay'
	| 'no-zoom'
	| 'video-without-captions'
	| 'video-with-captions'
	| 'audio'
	| 'audio-without-transcript'
	| 'keyboard-trap'
	| 'leaves-frame'
	| 'popup'
	| 'dead-technology'
	/** Almost no text of its own, but scripts. */
	| 'drawn-by-script'
	// scripts
	| 'storage'
	| 'service-worker'
	| 'document-domain'
	| 'old-browser'
	| 'initialises'
	| 'finishes'
	| 'sets-status'
	| 'sets-score'
	| 'speaks-12'
	| 'speaks-2004'
	| 'suspend-data'
	| 'serialises'
	| 'minds-limit';

/** All of one kind in one file. */
export type Sign = {
	readonly sign: SignName;
	readonly count: number;
	/** The first few. */
	readonly spots: readonly { readonly line: number; readonly what: string }[];
};
