/**
 * Scripts, read as text and never run: addresses they may load, and signs of what they do. Code made by machines and
 * libraries holds much that a course never uses, so the judge takes what stands there as a "perhaps".
 */
import type { SignName, Use } from '#lib/domain/doctor/package-facts.ts';
import { lineCounter, type TextNotes } from './text-notes.ts';
import { withoutComments } from './without-comments.ts';

const LIBRARY_NAME =
	/(?:^|[/.-])(?:jquery|bootstrap|react|vue|angular|backbone|underscore|lodash|modernizr|require|swfobject|mathjax|katex|video(?:\.|js)|hls|plyr|mediaelement|pdf(?:\.worker)?|three|gsap|tweenmax|tweenlite|createjs|easeljs|preloadjs|soundjs|howler|d3|moment|handlebars|mustache|polyfills?|core-js|zone|webcomponents|scormdriver|scorm[_-]?api[_-]?wrapper|apiwrapper|pipwerks|xapiwrapper|tincan|lz-?string|hammer|swiper|slick|popper|fontawesome|highlight|prism|velocity|waypoints|isotope|fancybox|lightbox)(?:[.\-_@\d][^/]*)?\.m?js$/i;
const LIBRARY_BANNER = /^\s*\/\*!|@license|\bLicensed under the MIT\b|\(c\) .{0,80} Foundation/i;

/** Written by a machine, or by strangers for everybody. */
export function isGeneratedScript(path: string, code: string): boolean {
	if (/[.-]min\.m?js$/i.test(path) || LIBRARY_NAME.test(path) || LIBRARY_BANNER.test(code.slice(0, 600))) return true;
	const lines = code.split('\n', 2_000);
	return lines.some((line) => line.length > 2_000) || (code.length > 2_000 && code.length / lines.length > 250);
}

/** A value that is handed over: "globalThis.course={...};", "[...]", and `provide('slide','...')` when it is long. */
const HANDS_OVER = /^;*(?:(?:var|let|const)\s+|export\s+default\s+)?[\w$.[\]"']*(?:\s*=)?\s*[{[(]/;
/** Of the beginning, where this is seen: white space without end would keep an expression busy. */
const BEGINNING = 300;
const LONG_VALUE = 1_000;

/** Values only, and no instructions: what stands in it is shown, not done. */
export function isDataScript(code: string): boolean {
	const outside = code.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
	if (
		/\bfunction\b|=>|\breturn\b|\bif\s*\(|\bfor\s*\(|\bclass\b|\bimport\b|\bnew\b/.test(outside) ||
		!HANDS_OVER.test(outside.trimStart().slice(0, BEGINNING))
	)
		return false;
	const calls = outside.split('(', 3).length - 1;
	return calls === 0 || (calls === 1 && code.length > LONG_VALUE);
}

const AN_ADDRESS = String.raw`["'\x60]([^"'\x60\s\\]{1,300})["'\x60]`;
const LOADS: readonly (readonly [Use, RegExp])[] = [
	['request', new RegExp(String.raw`\bfetch\(\s*${AN_ADDRESS}`, 'g')],
	[
		'request',
		new RegExp(String.raw`\.open\(\s*["'\x60](?:GET|POST|PUT|HEAD|get|post)["'\x60]\s*,\s*${AN_ADDRESS}`, 'g')
	],
	['request', new RegExp(String.raw`(?:\$|jQuery)\.(?:get|post|getJSON|load|ajax)\(\s*${AN_ADDRESS}`, 'g')],
	['request', new RegExp(String.raw`\.ajax\(\s*\{[^{}]{0,300}?\burl\s*:\s*${AN_ADDRESS}`, 'g')],
	['request', new RegExp(String.raw`\bnew\s+(?:WebSocket|EventSource)\(\s*${AN_ADDRESS}`, 'g')],
	['request', new RegExp(String.raw`\bsendBeacon\(\s*${AN_ADDRESS}`, 'g')],
	['script', new RegExp(String.raw`\b(?:import|importScripts|getScript|(?:Shared)?Worker)\(\s*${AN_ADDRESS}`, 'g')],
	['script', new RegExp(String.raw`\bimport\s{0,5}(?:[\w$*{},\s]{1,200}?\bfrom\s{0,5})?["']([^"'\s]{1,300})["']`, 'g')]
];
/** Tags that code writes: `document.write('<script src="https://...')`. */
const WRITTEN_TAG =
	/<(script|iframe|frame|img|link|video|audio|source|embed|object)\b[^<>]{0,300}?\b(?:src|href|data)\s*=\s*\\?["']?((?:https?:)?\/\/[^"'\s>\\]{1,300})/gi;
const SET_SOURCE = /\.src\s*=\s*["'`]((?:https?:)?\/\/[^"'`\s]{1,300})["'`]/g;
const ANY_ADDRESS = /\bhttps?:\\?\/\\?\/[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?:[/:?#\\][^\s"'`<>)\\]{0,200})?/gi;
/** A whole run of letters at a time, so that an inline picture of a megabyte is passed over once. */
const FILE_NAME =
	/(?<![^\s"'`<>()=,;:|\\?#&])[^\s"'`<>()=,;:|\\?#&]{1,200}\.(?:x?html?|m?js|css|json|xml|txt|vtt|srt|png|jpe?g|gif|svg|webp|avif|bmp|ico|mp3|m4a|aac|ogg|oga|opus|wav|mp4|m4v|webm|ogv|mov|pdf|docx?|xlsx?|pptx?|swf|woff2?|ttf|otf|eot|wasm|zip|php|aspx?)\b/gi;
const FOLDER_NAME = /["'`]\.?\.?\/?([\w .-]{1,80}(?:\/[\w .-]{1,80})*\/)["'`]/g;

const SIGNS: readonly (readonly [SignName, RegExp])[] = [
	[
		'storage',
		/\b(?:localStorage|sessionStorage)\s*(?:\.\s*setItem|\[[^\]]{1,80}\]\s*=[^=])|\bindexedDB\s*\.\s*open|\bdocument\.cookie\s*=[^=]/g
	],
	['service-worker', /\bserviceWorker\s*\.\s*register\b/g],
	['popup', /\bwindow\.open\s*\(/g],
	[
		'leaves-frame',
		/\b(?:top|parent\.parent)\s*\.\s*location(?:\s*\.\s*href)?\s*=[^=]|\btop\s*\.\s*location\s*\.\s*(?:replace|assign)\s*\(/g
	],
	['document-domain', /\bdocument\.domain\s*=[^=]/g],
	['old-browser', /\bshowModalDialog\s*\(|\bwindow\.external\.|\bdocument\.all\s*[.[(]|\bexecScript\s*\(/g],
	[
		'dead-technology',
		/\bswfobject\.embedSWF\s*\(|\bAC_FL_RunContent\s*\(|\bdeployJava\.run\w+\s*\(|\bSilverlight\.createObject/g
	],
	['initialises', /\bLMSInitialize\b|\bInitialize\b/g],
	['finishes', /\bLMSFinish\b|\bTerminate\b|["'`]Finish["'`]/g],
	['sets-status', /\blesson_status\b|\bcompletion_status\b/g],
	['sets-score', /\bcore\.score\.raw\b|\bscore\.(?:raw|scaled)\b/g],
	['speaks-12', /\bLMS(?:Initialize|SetValue|GetValue)\b|["'`]LMS["'`]/g],
	['speaks-2004', /\bAPI_1484_11\b/g],
	['suspend-data', /\bsuspend_data\b/g],
	['serialises', /\bJSON\s*\.\s*stringify\b|\bLZString\b|\bcompressTo\w+|\bbtoa\s*\(/g],
	['minds-limit', /\b(?:409[0-9]|40[0-8][0-9]|4e3|4_096)\b/g]
];
/** Tab is caught, and nothing looks at Shift: then this is no dialog that keeps the focus going round. */
const TAB_CAUGHT =
	/(?:\b(?:key|code|keyCode|which)\s*={2,3}\s*(?:9\b|["'`]Tab["'`])|(?:\b9|["'`]Tab["'`])\s*={2,3}\s*[\w.]{1,40}\.(?:key|code|keyCode|which)\b)[^]{0,160}?(?:preventDefault\s*\(|return\s+false|return\s*!1)/g;
const KEYS_SWALLOWED =
	/\bonkey(?:down|press)\s*=\s*(?:function\s*\([^)]{0,40}\)|\([^)]{0,40}\)\s*=>|\w{1,20}\s*=>)\s*\{?\s*(?:return\s+false|return\s*!1|false\b|\w{1,20}\.preventDefault\s*\()/g;

const SCORM_SIGNS: ReadonlySet<SignName> = new Set<SignName>([
	'initialises',
	'finishes',
	'sets-status',
	'sets-score',
	'speaks-12',
	'speaks-2004',
	'suspend-data',
	'serialises',
	'minds-limit'
]);

type ScriptOptions = {
	readonly isGenerated: boolean;
	readonly firstLine?: number | undefined;
	/** Inside a page, which is judged as written by hand: of generated code there only SCORM calls and names of files count. */
	readonly isInline?: boolean | undefined;
};

export function scanScript(source: string, notes: TextNotes, options: ScriptOptions): void {
	const code = withoutComments(source);
	const lineAt = () => lineCounter(code, options.firstLine);
	scanNames(code, notes, options.firstLine);
	const isMuted = options.isInline === true && options.isGenerated;
	for (const [sign, pattern] of SIGNS)
		if (!isMuted || SCORM_SIGNS.has(sign))
			each(code, pattern, lineAt(), (match, line) => notes.sign(sign, line, around(code, match)));
	if (isMuted) return;
	for (const [use, pattern] of LOADS)
		each(code, pattern, lineAt(), (match, line) => notes.refer(use, match[1] ?? '', line, false));
	each(code, WRITTEN_TAG, lineAt(), (match, line) =>
		notes.refer(useOfTag(match[1] ?? ''), match[2] ?? '', line, false)
	);
	each(code, SET_SOURCE, lineAt(), (match, line) =>
		notes.refer(useOfSource(match[1] ?? ''), match[1] ?? '', line, false)
	);
	if (options.isGenerated) return;
	each(code, TAB_CAUGHT, lineAt(), (match, line) => {
		const nearby = code.slice(Math.max(0, match.index - 200), match.index + match[0].length + 200);
		if (!nearby.includes('shiftKey')) notes.sign('keyboard-trap', line, around(code, match));
	});
	each(code, KEYS_SWALLOWED, lineAt(), (match, line) => notes.sign('keyboard-trap', line, around(code, match)));
}

/** Addresses and names of files that stand there, for whatever purpose. */
export function scanNames(code: string, notes: TextNotes, firstLine?: number): void {
	each(code, ANY_ADDRESS, lineCounter(code, firstLine), (match, line) =>
		notes.refer('address', match[0].replaceAll('\\', ''), line, false)
	);
	for (const [name] of code.matchAll(FILE_NAME)) notes.mention(decoded(name));
	for (const match of code.matchAll(FOLDER_NAME)) notes.mention(match[1] ?? '');
}

function decoded(name: string): string {
	if (!name.includes('%')) return name;
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

function each(
	code: string,
	pattern: RegExp,
	lineAt: (at: number) => number,
	found: (match: RegExpExecArray, line: number) => void
): void {
	for (const match of code.matchAll(pattern)) found(match, lineAt(match.index));
}

function around(code: string, match: RegExpExecArray): string {
	return code.slice(match.index, match.index + Math.max(match[0].length, 60)).split('\n', 1)[0] ?? '';
}

function useOfTag(name: string): Use {
	switch (name.toLowerCase()) {
		case 'script':
			return 'script';
		case 'iframe':
		case 'frame':
			return 'frame';
		case 'img':
			return 'image';
		case 'link':
			return 'style';
		case 'embed':
		case 'object':
			return 'object';
		default:
			return 'media';
	}
}

function useOfSource(address: string): Use {
	if (/\.(?:png|jpe?g|gif|svg|webp)(?:[?#]|$)/i.test(address)) return 'image';
	return /\.m?js(?:[?#]|$)/i.test(address) ? 'script' : 'request';
}
