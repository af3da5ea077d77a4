/**
 * Pages, and markup that scripts keep as text: what they load, and what keeps people out (WCAG 2.2, as far as tags tell).
 * What a script draws, and every colour, is not seen here.
 */
import type { Use } from '#lib/domain/doctor/package-facts.ts';
import { isDataScript, isGeneratedScript, scanNames, scanScript } from './scan-script.ts';
import { scanStyle } from './scan-style.ts';
import { lineCounter, type TextNotes } from './text-notes.ts';
import { walkMarkup, type Tag } from './walk-markup.ts';

/** As people write it beside a player: English, French, Spanish, Portuguese, Arabic, Russian, Chinese, Swahili. */
const TRANSCRIPT =
	/transcri(?:pt|ção|pción)|retranscription|نص الصوت|النص المكتوب|расшифровк|стенограмм|文字稿|nakala ya sauti/i;
/** A page with so many words beside its sound probably says the same in writing. */
const ENOUGH_WORDS = 150;
/** Fewer, and scripts: the page is drawn by them. */
const HARDLY_ANY_WORDS = 15;
/** Scripts and styles inside one page that are looked into; no honest page has so many. */
const MOST_INLINE = 3_000;

export function scanPage(source: string, notes: TextNotes): void {
	scanMarkup(source, notes, { isFragment: false });
}

type DataOptions = { readonly hasMarkup?: boolean | undefined; readonly firstLine?: number | undefined };

/** JSON, XML, and scripts of values: addresses, names of files, and markup that is kept as text. */
export function scanData(source: string, notes: TextNotes, { hasMarkup = true, firstLine }: DataOptions = {}): void {
	scanNames(source, notes, firstLine);
	if (!hasMarkup || !/<|\\u003c|\\x3c/i.test(source)) return;
	scanMarkup(unescaped(source), notes, { isFragment: true, firstLine });
}

/** Places move a little, lines stay. */
function unescaped(source: string): string {
	return source.replace(
		/\\(?:u00([0-9a-f]{2})|x([0-9a-f]{2})|(["'/])|([nrt]))/gi,
		(_, long?: string, short?: string, plain?: string) =>
			plain ??
			(long === undefined && short === undefined
				? ' '
				: String.fromCharCode(Number.parseInt(long ?? short ?? '20', 16)).replace('\n', ' '))
	);
}

type Field = { readonly id: string; readonly line: number; readonly what: string };
type Open = { readonly line: number; readonly what: string; hasWords: boolean; source: boolean };

export function scanMarkup(
	source: string,
	notes: TextNotes,
	{ isFragment, firstLine }: { readonly isFragment: boolean; readonly firstLine?: number | undefined }
): void {
	const lineAt = lineCounter(source, firstLine);
	const isPlain = !isFragment;
	const labelled = new Set<string>();
	const fields: Field[] = [];
	const sounds: { readonly line: number; readonly what: string }[] = [];
	let isWhole = false;
	let hasTitle = false;
	let labels = 0;
	let words = 0;
	let scripts = 0;
	let drawing: Open | null = null;
	let video: Open | null = null;
	let inPicture = false;
	let inline = 0;
	const isEnough = () => (inline += 1) > MOST_INLINE;

	const open = (tag: Tag): void => {
		const { name, attributes } = tag;
		const line = lineAt(tag.at);
		const what = source.slice(tag.at, Math.min(tag.contentAt, tag.at + 120));
		const get = (attribute: string) => attributes.get(attribute);
		const refer = (use: Use, address: string | undefined) => {
			if (address !== undefined) notes.refer(use, address, line, isPlain);
		};
		const isHidden = get('aria-hidden') === 'true';
		const isNamed = [get('aria-label'), get('aria-labelledby'), get('title')].some(
			(value) => value !== undefined && value.trim() !== ''
		);

		switch (name) {
			case 'html':
				isWhole = true;
				if ((get('lang') ?? get('xml:lang') ?? '').trim() === '' && !isFragment) notes.sign('no-language', line, what);
				break;
			case 'base':
				notes.base ??= get('href') ?? null;
				break;
			case 'title':
				if (drawing !== null) drawing.hasWords = true;
				else hasTitle ||= (tag.content ?? '').trim() !== '';
				break;
			case 'meta':
				readMeta(attributes, refer, () => notes.sign('no-zoom', line, what));
				break;
			case 'link':
				readLink(attributes, refer);
				break;
			case 'script': {
				scripts += 1;
				refer('script', get('src'));
				const type = (get('type') ?? '').toLowerCase();
				const isCode = type === '' || /javascript|ecmascript|module|babel/.test(type);
				if (/vbscript/.test(`${type} ${get('language')?.toLowerCase() ?? ''}`)) notes.sign('old-browser', line, what);
				if (tag.content === null || tag.content.trim() === '' || isEnough()) break;
				if (isCode) scanInline(tag.content, notes, line);
				else if (type.includes('json')) scanData(tag.content, notes, { firstLine: line });
				break;
			}
			case 'style':
				if (tag.content !== null && isPlain && !isEnough()) scanStyle(tag.content, notes, line);
				break;
			case 'img':
				refer('image', get('src'));
				readSourceSet(get('srcset'), refer);
				if (get('alt') === undefined && !isHidden && !isNamed && !['presentation', 'none'].includes(get('role') ?? ''))
					notes.sign('picture-without-words', line, what);
				if (video === null && drawing === null) words += wordsIn(get('alt') ?? '');
				break;
			case 'picture':
				inPicture = true;
				break;
			case 'svg':
				if (get('role') === 'img' && !isHidden && !isNamed) drawing = { line, what, hasWords: false, source: false };
				break;
			case 'image':
			case 'use':
			case 'feimage':
				refer('image', get('href') ?? get('xlink:href'));
				break;
			case 'area':
				refer('link', get('href'));
				if (get('href') !== undefined && get('alt') === undefined && !isNamed)
					notes.sign('picture-without-words', line, what);
				break;
			case 'a':
				readAnchor(attributes, refer, (sign) => notes.sign(sign, line, what));
				break;
			case 'video':
				refer('media', get('src'));
				refer('image', get('poster'));
				if (attributes.has('autoplay')) notes.sign('autoplay', line, what);
				// A silent loop is a picture that moves: there is nothing to be heard.
				video =
					attributes.has('muted') && attributes.has('loop') ? null : { line, what, hasWords: false, source: true };
				break;
			case 'audio':
			case 'bgsound':
				refer('media', get('src'));
				if (attributes.has('autoplay') || name === 'bgsound') notes.sign('autoplay', line, what);
				notes.sign('audio', line, what);
				sounds.push({ line, what });
				break;
			case 'source':
				refer(inPicture ? 'image' : 'media', get('src'));
				readSourceSet(get('srcset'), refer);
				break;
			case 'track':
				refer('track', get('src'));
				if (video !== null && ['captions', 'subtitles'].includes(get('kind') ?? 'subtitles')) video.hasWords = true;
				break;
			case 'iframe':
			case 'frame':
				refer('frame', get('src'));
				break;
			case 'embed':
			case 'object':
				refer('object', get('src') ?? get('data'));
				// With an address, that says it; an old control names its film in a <param>, or is something else that is gone.
				if (
					get('src') === undefined &&
					get('data') === undefined &&
					(/flash|shockwave|silverlight|x-java|director|unity/i.test(get('type') ?? '') ||
						/^clsid:/i.test(get('classid') ?? ''))
				)
					notes.sign('dead-technology', line, what);
				break;
			case 'applet':
				notes.sign('dead-technology', line, what);
				break;
			case 'param':
				if (/^(?:movie|src)$/i.test(get('name') ?? '')) refer('object', get('value'));
				break;
			case 'form':
				if (/^(?:https?:)?\/\//i.test(get('action') ?? '')) refer('form', get('action'));
				else refer('form', get('action')?.replace(/^javascript:.*$/i, ''));
				break;
			case 'label':
				labels += 1;
				if (get('for') !== undefined) labelled.add(get('for') ?? '');
				break;
			case 'input':
			case 'select':
			case 'textarea': {
				const type = (get('type') ?? '').toLowerCase();
				if (type === 'image') {
					refer('image', get('src'));
					if ((get('alt') ?? '').trim() === '' && !isNamed) notes.sign('picture-without-words', line, what);
				} else if (!['hidden', 'submit', 'button', 'reset'].includes(type) && labels === 0 && !isNamed && !isHidden)
					fields.push({ id: get('id') ?? '', line, what });
				break;
			}
			case 'body':
			case 'table':
			case 'td':
				refer('image', get('background'));
				break;
			default:
		}
		if (Number(get('tabindex')) > 0) notes.sign('tab-order', line, what);
		readAttributes(attributes, notes, line, what, isPlain, isEnough);
	};

	const endVideo = (): void => {
		if (video !== null)
			notes.sign(video.hasWords ? 'video-with-captions' : 'video-without-captions', video.line, video.what);
		video = null;
	};
	const endDrawing = (): void => {
		if (drawing?.hasWords === false) notes.sign('picture-without-words', drawing.line, drawing.what);
		drawing = null;
	};
	walkMarkup(source, {
		open(tag) {
			if (tag.name === 'video') endVideo();
			open(tag);
		},
		close(name) {
			if (name === 'label') labels = Math.max(0, labels - 1);
			if (name === 'video') endVideo();
			if (name === 'svg') endDrawing();
			if (name === 'picture') inPicture = false;
		},
		text(from, to) {
			if (words < 10_000) words += wordsIn(source.slice(from, Math.min(to, from + 20_000)));
		}
	});
	endVideo();
	endDrawing();
	for (const { id, line, what } of fields)
		if (id === '' || !labelled.has(id)) notes.sign('field-without-label', line, what);
	if (sounds.length > 0 && !TRANSCRIPT.test(source) && (isFragment || words < ENOUGH_WORDS))
		for (const { line, what } of sounds) notes.sign('audio-without-transcript', line, what);
	if (isFragment || !isWhole) return;
	notes.sign('whole-page', 1, '');
	if (!hasTitle) notes.sign('no-title', 1, '');
	if (scripts > 0 && words < HARDLY_ANY_WORDS) notes.sign('drawn-by-script', 1, '');
}

type Refer = (use: Use, address: string | undefined) => void;
type Attributes = Tag['attributes'];

function readMeta(attributes: Attributes, refer: Refer, noZoom: () => void): void {
	const content = attributes.get('content') ?? '';
	if (attributes.get('name')?.toLowerCase() === 'viewport') {
		const widest = Number(/maximum-scale\s*=\s*([\d.]+)/i.exec(content)?.[1] ?? 10);
		if (/user-scalable\s*=\s*(?:no|0)\b/i.test(content) || widest < 2) noZoom();
	}
	if (attributes.get('http-equiv')?.toLowerCase() === 'refresh')
		refer('link', /url\s*=\s*["']?([^"']+)/i.exec(content)?.[1]);
}

function readLink(attributes: Attributes, refer: Refer): void {
	const relations = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
	const href = attributes.get('href');
	if (relations.includes('alternate')) return;
	if (relations.includes('stylesheet')) refer('style', href);
	else if (relations.includes('icon') || relations.includes('apple-touch-icon')) refer('icon', href);
	else if (relations.includes('modulepreload') || (relations.includes('preload') && attributes.get('as') === 'script'))
		refer('script', href);
}

function readAnchor(attributes: Attributes, refer: Refer, sign: (name: 'leaves-frame' | 'popup') => void): void {
	const href = attributes.get('href')?.trim() ?? '';
	refer('link', href);
	const target = (attributes.get('target') ?? '').toLowerCase();
	// An address outside opens in no target at all.
	if (href === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(href)) return;
	if (target === '_top' || target === '_parent') sign('leaves-frame');
	if (target === '_blank') sign('popup');
}

/** "small.jpg 480w, large.jpg 2x" */
function readSourceSet(value: string | undefined, refer: Refer): void {
	if (value === undefined || value.startsWith('data:')) return;
	for (const candidate of value.split(/,\s+/).slice(0, 20)) refer('image', candidate.trim().split(/\s+/, 1)[0]);
}

/** Scripts and styles in attributes, and names of files in the attributes that scripts read. */
function readAttributes(
	attributes: Attributes,
	notes: TextNotes,
	line: number,
	what: string,
	isPlain: boolean,
	isEnough: () => boolean
): void {
	for (const [name, value] of attributes) {
		if (value === '' || !/^(?:style|on|href|src|data-|value)/.test(name)) continue;
		if (name === 'style' && value.includes('url(')) {
			if (isPlain && !isEnough()) scanStyle(value, notes, line);
		} else if (name.startsWith('on')) {
			if (isEnough()) continue;
			scanScript(value, notes, { isGenerated: false, firstLine: line });
			if (isTrap(name, value)) notes.sign('keyboard-trap', line, what);
		} else if (/^(?:href|src)$/.test(name) && /^\s*javascript:/i.test(value)) {
			if (isEnough()) continue;
			scanScript(value, notes, { isGenerated: false, firstLine: line });
		} else if (name.startsWith('data-') || name === 'value')
			scanData(value.slice(0, 10_000), notes, { hasMarkup: false, firstLine: line });
	}
}

/** Every key is swallowed, or the focus comes back as soon as it leaves. */
function isTrap(name: string, code: string): boolean {
	if (name === 'onblur' || name === 'onfocusout')
		return /\bthis\.focus\s*\(|\.focus\s*\(\s*\)\s*;?\s*(?:return false)?\s*;?\s*$/.test(code);
	if (name !== 'onkeydown' && name !== 'onkeypress') return false;
	return (
		/^\s*(?:return\s+false|event\.preventDefault\s*\(\s*\))\s*;?\s*$/.test(code) ||
		/keyCode\s*={2,3}\s*9\b[^]{0,80}(?:return\s+false|preventDefault)/.test(code)
	);
}

function scanInline(code: string, notes: TextNotes, line: number): void {
	if (isDataScript(code)) scanData(code, notes, { firstLine: line });
	scanScript(code, notes, { isGenerated: isGeneratedScript('', code), firstLine: line, isInline: true });
}

function wordsIn(text: string): number {
	return text.match(/[\p{L}\p{N}]{2,}/gu)?.length ?? 0;
}
