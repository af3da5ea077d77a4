/** Reads a unit or a quiz (courses/FORMAT.md) into screens, blocks and questions. Line by line, so that every complaint has a line. */
import { parse as parseYaml } from 'yaml';
import type { Block, ComparedSide, Screen, TextBlock, Unit } from '#lib/domain/authoring/course-source.ts';
import type { Option, Picture, Question, ScenarioStep, Spot } from '#lib/domain/authoring/question.ts';
import { parseRegion } from '#lib/domain/authoring/region.ts';
import { SourceError } from './source-error.ts';

export function parseUnit(id: string, file: string, text: string): Unit {
	const { front, lines } = splitFront(file, text);
	const title = front['title'];
	if (typeof title !== 'string') throw new SourceError(file, 1, 'the front matter needs a title');
	const screens: Screen[] = [];
	let at = skipBlank(lines, 0);
	while (at < lines.length) {
		const heading = lines[at] as Line;
		const match = /^##\s+(.+?)\s*\{#([a-z0-9-]+)\}$/.exec(heading.text);
		if (match === null) throw new SourceError(file, heading.number, 'expected a screen: "## Title {#id}"');
		const end = endOfScreen(lines, at + 1);
		screens.push({
			id: match[2] as string,
			title: match[1] as string,
			line: heading.number,
			blocks: parseBlocks(file, lines.slice(at + 1, end))
		});
		at = end;
	}
	return { id, title, file, screens };
}

/** A quiz is a file of `:::question` blocks. */
export function parseQuiz(file: string, text: string): readonly Question[] {
	const { lines } = splitFront(file, text);
	return parseBlocks(file, lines).map((block) => {
		if (block.kind !== 'question') throw new SourceError(file, 1, 'a quiz holds only :::question blocks');
		return block.question;
	});
}

type Line = { readonly number: number; readonly text: string };
type Attributes = ReadonlyMap<string, string>;

function splitFront(file: string, text: string): { front: Record<string, unknown>; lines: readonly Line[] } {
	const all = text
		.replace(/^\uFEFF/, '')
		.normalize('NFC')
		.split(/\r?\n/)
		.map((line, n) => ({ number: n + 1, text: line.trimEnd() }));
	if (all[0]?.text !== '---') return { front: {}, lines: all };
	const end = all.findIndex((line, n) => n > 0 && line.text === '---');
	if (end < 0) throw new SourceError(file, 1, 'the front matter does not end with ---');
	const yaml = all
		.slice(1, end)
		.map((line) => line.text)
		.join('\n');
	return { front: (parseYaml(yaml) ?? {}) as Record<string, unknown>, lines: all.slice(end + 1) };
}

function endOfScreen(lines: readonly Line[], from: number): number {
	let inside = false;
	for (let n = from; n < lines.length; n++) {
		const { text } = lines[n] as Line;
		if (text.startsWith(':::')) inside = text !== ':::';
		if (!inside && text.startsWith('## ')) return n;
	}
	return lines.length;
}

function parseBlocks(file: string, lines: readonly Line[]): readonly Block[] {
	const blocks: Block[] = [];
	let at = skipBlank(lines, 0);
	while (at < lines.length) {
		const line = lines[at] as Line;
		const open = /^:::([a-z-]+)(?:\s+([a-z-]+))?(?:\s*\{([^}]*)\})?$/.exec(line.text);
		if (open !== null) {
			const close = lines.findIndex((other, n) => n > at && other.text === ':::');
			if (close < 0) throw new SourceError(file, line.number, `:::${open[1]} is not closed with :::`);
			blocks.push(
				container(file, line, open[1] as string, open[2] ?? '', attributes(open[3] ?? ''), lines.slice(at + 1, close))
			);
			at = skipBlank(lines, close + 1);
			continue;
		}
		if (line.text.startsWith(':::')) throw new SourceError(file, line.number, `cannot read "${line.text}"`);
		const { block, next } = textBlock(file, lines, at);
		blocks.push(block);
		at = skipBlank(lines, next);
	}
	return blocks;
}

function container(
	file: string,
	line: Line,
	kind: string,
	argument: string,
	attrs: Attributes,
	body: readonly Line[]
): Block {
	switch (kind) {
		case 'steps': {
			const [list, ...rest] = textBlocks(file, body);
			if (list?.kind !== 'list' || rest.length > 0) throw new SourceError(file, line.number, 'steps hold one list');
			return { kind: 'steps', items: list.items };
		}
		case 'tip':
		case 'tutor':
		case 'card':
			return { kind, blocks: textBlocks(file, body) };
		case 'local-notes':
			return { kind, id: needed(file, line, attrs, 'id'), blocks: textBlocks(file, body) };
		case 'compare':
			return { kind, sides: comparedSides(file, line, body) };
		case 'story': {
			const { intro, entries } = introAndEntries(file, line, body);
			return {
				kind,
				blocks: intro,
				choices: entries.map(({ text, quote, line: at }) => {
					if (quote === '') throw new SourceError(file, at, 'a choice needs its outcome below it: "  > what happens"');
					return { text, outcome: quote };
				})
			};
		}
		case 'practice': {
			const { intro, entries } = introAndEntries(file, line, body);
			return {
				kind,
				minutes: Number(needed(file, line, attrs, 'minutes')),
				blocks: intro,
				tasks: entries.map((entry) => entry.text)
			};
		}
		case 'audio':
		case 'video': {
			const [first, ...rest] = textBlocks(file, body);
			if (first?.kind !== 'heading') {
				throw new SourceError(file, line.number, `:::${kind} opens with its title: "### What one hears"`);
			}
			const medium = {
				title: first.text,
				file: fileIn(file, line, attrs, 'file', 'media'),
				recording: '',
				transcript: rest
			};
			if (kind === 'audio') return { kind, ...medium };
			return {
				kind,
				...medium,
				captions: { file: fileIn(file, line, attrs, 'captions', 'media'), text: '' },
				poster: fileIn(file, line, attrs, 'poster', 'pictures')
			};
		}
		case 'question':
			return { kind, question: question(file, line, argument, attrs, body) };
		default:
			throw new SourceError(file, line.number, `there is no block ":::${kind}"`);
	}
}

function question(file: string, line: Line, type: string, attrs: Attributes, body: readonly Line[]): Question {
	const parts = type === 'scenario' ? body.findIndex(({ text }) => text.startsWith('### ')) : -1;
	const { intro, entries, settings } = introAndEntries(file, line, parts < 0 ? body : body.slice(0, parts));
	const picture = intro.find((block) => block.kind === 'picture');
	const [objective = '', ...also] = needed(file, line, attrs, 'objective').split(',');
	const asked = {
		id: needed(file, line, attrs, 'id'),
		objective,
		...(also.length === 0 ? {} : { also }),
		prompt: intro.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n\n'),
		...(picture === undefined ? {} : { picture: { file: picture.file, alt: picture.alt } })
	};
	if (asked.prompt === '') throw new SourceError(file, line.number, 'the question asks nothing');
	const judged = { feedback: { right: settings.get('right') ?? '', wrong: settings.get('wrong') ?? '' } };
	switch (type) {
		case 'hot-spot': {
			if (asked.picture === undefined) {
				throw new SourceError(file, line.number, 'a hot spot needs its picture before the options');
			}
			return { ...asked, picture: asked.picture, type, options: entries.map((entry, n) => spot(file, entry, n)) };
		}
		case 'scenario':
			return { ...asked, type, steps: scenarioSteps(file, line, parts < 0 ? [] : body.slice(parts)) };
		case 'single':
		case 'multiple':
		case 'true-false':
			return { ...asked, type, options: entries.map((entry, n) => option(file, entry, n)) };
		case 'match':
			return {
				...asked,
				...judged,
				type,
				pairs: entries.map((entry, n) => {
					const [left, right, ...more] = entry.text.split(' :: ');
					if (left === undefined || right === undefined || more.length > 0) {
						throw new SourceError(file, entry.line, 'a pair is "- left :: right"');
					}
					return { id: letter(n), left, right };
				})
			};
		case 'order':
			return { ...asked, ...judged, type, items: entries.map((entry, n) => ({ id: letter(n), text: entry.text })) };
		case 'numeric': {
			const answer = Number(settings.get('answer'));
			const tolerance = Number(settings.get('tolerance') ?? 0);
			if (!Number.isFinite(answer) || !Number.isFinite(tolerance)) {
				throw new SourceError(
					file,
					line.number,
					'a numeric question needs "answer: 20" and, if it is not exact, "tolerance: 2"'
				);
			}
			return { ...asked, ...judged, type, answer, tolerance, unit: settings.get('unit') ?? '' };
		}
		case 'fill-in':
			return {
				...asked,
				...judged,
				type,
				accepted: (settings.get('answer') ?? '')
					.split('|')
					.map((accepted) => accepted.trim())
					.filter((accepted) => accepted !== '')
			};
		default:
			throw new SourceError(file, line.number, `there is no question type "${type}"`);
	}
}

/** Steps stand under `### What now?`: the heading asks, text below it may add to it, then the options. */
function scenarioSteps(file: string, open: Line, body: readonly Line[]): readonly ScenarioStep[] {
	const starts = body.flatMap(({ text }, n) => (text.startsWith('### ') ? [n] : []));
	if (starts.length === 0) throw new SourceError(file, open.number, 'a scenario has its steps under "### What now?"');
	return starts.map((start, n) => {
		const { intro, entries } = introAndEntries(file, open, body.slice(start, starts[n + 1]));
		const said = intro.flatMap((block) => (block.kind === 'text' || block.kind === 'heading' ? [block.text] : []));
		return { prompt: said.join('\n\n'), options: entries.map((entry, at) => option(file, entry, at)) };
	});
}

/** `- [x] What is seen there {circle 160 90 24}` */
function spot(file: string, entry: Entry, n: number): Spot {
	const match = /^(.*?)\s*\{([^}]*)\}$/.exec(entry.text);
	const region = parseRegion(match?.[2] ?? '');
	if (match === null || region === null) {
		throw new SourceError(
			file,
			entry.line,
			'a place ends with its region: {rect 120 60 44 44}, {circle 160 90 24} or {polygon 10,10 60,10 60,50}'
		);
	}
	return { ...option(file, { ...entry, text: match[1] as string }, n), region };
}

function option(file: string, entry: Entry, n: number): Option {
	if (entry.mark === null) throw new SourceError(file, entry.line, 'an option opens with "- [ ]" or "- [x]"');
	const picture = /^!\[([^\]]*)\]\(pictures\/([^)\s]+)\)\s*/.exec(entry.text);
	return {
		id: letter(n),
		text: picture === null ? entry.text : entry.text.slice(picture[0].length),
		correct: entry.mark,
		feedback: entry.quote,
		...(picture === null ? {} : { picture: { file: picture[2] as string, alt: picture[1] as string } })
	};
}

type Entry = { readonly text: string; readonly mark: boolean | null; readonly quote: string; readonly line: number };

/**
 * The body of a question, story or practice: text first, then a list whose entries may carry a box and a quotation,
 * then settings (`right: ...`).
 */
function introAndEntries(
	file: string,
	open: Line,
	body: readonly Line[]
): { intro: readonly TextBlock[]; entries: readonly Entry[]; settings: ReadonlyMap<string, string> } {
	const first = body.findIndex(({ text }) => isEntry(text) || isSetting(text));
	const intro = textBlocks(file, first < 0 ? body : body.slice(0, first));
	const entries: Entry[] = [];
	const settings = new Map<string, string>();
	let setting = '';
	for (const { text, number } of first < 0 ? [] : body.slice(first)) {
		const entry = /^(?:-|\d+\.)\s+(?:\[([ xX])\]\s+)?(.+)$/.exec(text);
		const quote = /^\s+>\s?(.*)$/.exec(text);
		const set = /^(right|wrong|answer|tolerance|unit):\s*(.*)$/.exec(text);
		const last = entries.at(-1);
		if (entry !== null) {
			const mark = entry[1] === undefined ? null : entry[1].toLowerCase() === 'x';
			entries.push({ text: entry[2] as string, mark, quote: '', line: number });
		} else if (set !== null) {
			setting = set[1] as string;
			settings.set(setting, set[2] as string);
		} else if (quote !== null && last !== undefined) {
			entries[entries.length - 1] = { ...last, quote: `${last.quote} ${quote[1]}`.trim() };
		} else if (/^\s+\S/.test(text) && setting !== '') {
			settings.set(setting, `${settings.get(setting)} ${text.trim()}`);
		} else if (/^\s+\S/.test(text) && last !== undefined && last.quote === '') {
			entries[entries.length - 1] = { ...last, text: `${last.text} ${text.trim()}` };
		} else if (text.trim() !== '') {
			throw new SourceError(file, number, `cannot read "${text.trim()}" in :::${open.text.slice(3)}`);
		}
	}
	return { intro, entries, settings };
}

function comparedSides(file: string, line: Line, body: readonly Line[]): readonly ComparedSide[] {
	const starts = body.flatMap(({ text }, n) => (text.startsWith('### ') ? [n] : []));
	if (starts.length < 2) throw new SourceError(file, line.number, 'compare needs two sides, each under "### Title"');
	return starts.map((start, n) => {
		const match = /^###\s+(.+?)(?:\s*\{(good|careful)\})?$/.exec((body[start] as Line).text);
		return {
			title: match?.[1] ?? '',
			tone: (match?.[2] ?? 'plain') as ComparedSide['tone'],
			blocks: textBlocks(file, body.slice(start + 1, starts[n + 1]))
		};
	});
}

function textBlocks(file: string, lines: readonly Line[]): readonly TextBlock[] {
	const blocks: TextBlock[] = [];
	let at = skipBlank(lines, 0);
	while (at < lines.length) {
		const { block, next } = textBlock(file, lines, at);
		blocks.push(block);
		at = skipBlank(lines, next);
	}
	return blocks;
}

function textBlock(file: string, lines: readonly Line[], at: number): { block: TextBlock; next: number } {
	const line = lines[at] as Line;
	const { text, number } = line;
	if (/^<[a-z!/]/i.test(text)) throw new SourceError(file, number, 'HTML is not part of the format');
	const heading = /^###\s+(.+)$/.exec(text);
	if (heading !== null) return { block: { kind: 'heading', text: heading[1] as string }, next: at + 1 };
	if (text.startsWith('#')) throw new SourceError(file, number, 'screens open with "## ", parts of a card with "### "');
	const picture = /^!\[([^\]]*)\]\(pictures\/([^)\s]+)(?:\s+"([^"]*)")?\)$/.exec(text);
	if (picture !== null) {
		const [, alt = '', name = '', caption = ''] = picture;
		return { block: { kind: 'picture', file: name, alt, caption } satisfies TextBlock & Picture, next: at + 1 };
	}
	if (text.startsWith('![')) throw new SourceError(file, number, 'a picture is "![what it shows](pictures/name.svg)"');
	if (isEntry(text)) {
		const ordered = /^\d/.test(text);
		const items: string[] = [];
		let next = at;
		for (; next < lines.length; next++) {
			const item = (lines[next] as Line).text;
			if (isEntry(item)) items.push(item.replace(/^(?:-|\d+\.)\s+/, ''));
			else if (/^\s+\S/.test(item)) items.push(`${items.pop()} ${item.trim()}`);
			else break;
		}
		return { block: { kind: 'list', ordered, items }, next };
	}
	let next = at;
	const words: string[] = [];
	for (; next < lines.length; next++) {
		const more = (lines[next] as Line).text;
		if (more === '' || isEntry(more) || more.startsWith(':::') || more.startsWith('![') || more.startsWith('#')) break;
		words.push(more.trim());
	}
	return { block: { kind: 'text', text: words.join(' ') }, next };
}

function isEntry(text: string): boolean {
	return /^(?:-|\d+\.)\s+\S/.test(text);
}

function isSetting(text: string): boolean {
	return /^(?:right|wrong|answer|tolerance|unit):/.test(text);
}

/** `#id name=value` */
function attributes(text: string): Attributes {
	return new Map(
		text
			.trim()
			.split(/\s+/)
			.filter((part) => part !== '')
			.map((part) => {
				if (part.startsWith('#')) return ['id', part.slice(1)] as const;
				const [name = '', ...value] = part.split('=');
				return [name, value.join('=')] as const;
			})
	);
}

function needed(file: string, line: Line, attrs: Attributes, name: string): string {
	const value = attrs.get(name);
	if (value === undefined || value === '') {
		throw new SourceError(file, line.number, `needs ${name === 'id' ? '{#id}' : `{${name}=...}`}`);
	}
	return value;
}

/** `name=folder/file`; the name alone is kept. */
function fileIn(file: string, line: Line, attrs: Attributes, name: string, folder: string): string {
	const value = needed(file, line, attrs, name);
	const match = /^([a-z]+)\/([^/\\]+)$/.exec(value);
	if (match?.[1] !== folder)
		throw new SourceError(file, line.number, `${name} is a file of ${folder}/, not "${value}"`);
	return match[2] as string;
}

function letter(n: number): string {
	return String.fromCharCode(97 + n);
}

function skipBlank(lines: readonly Line[], from: number): number {
	let at = from;
	while (at < lines.length && (lines[at] as Line).text.trim() === '') at += 1;
	return at;
}
