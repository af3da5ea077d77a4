/** Reads a course folder (courses/FORMAT.md) from disk into the source model. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import type {
	Block,
	CourseRecord,
	CourseSource,
	LanguageVersion,
	Ledger
} from '#lib/domain/authoring/course-source.ts';
import { parseQuiz, parseUnit } from './parse-unit.ts';
import { SourceError } from './source-error.ts';

const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and - only'));
const text = v.pipe(v.string(), v.trim(), v.minLength(1));

const recordSchema = v.strictObject({
	format: v.literal(1),
	code: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,20}$/)),
	edition: v.pipe(v.number(), v.integer(), v.minValue(1)),
	level: v.picklist(['introductory', 'intermediate', 'advanced']),
	modality: v.picklist(['face-to-face', 'online-instructor-led', 'online-self-paced', 'blended']),
	topics: v.array(text),
	audience: v.array(text),
	hours: v.pipe(v.number(), v.minValue(0.25)),
	licence: text,
	languages: v.pipe(v.array(text), v.minLength(1)),
	objectives: v.pipe(v.array(v.strictObject({ id: identifier, digcomp: v.array(text) })), v.minLength(1)),
	prerequisites: v.optional(v.array(text), []),
	digcomp: v.array(v.strictObject({ framework: text, version: text, code: text, level: text })),
	sdg: v.array(v.strictObject({ target: text, screen: text, sentence: text })),
	certificate: v.strictObject({
		passMark: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
		draw: v.pipe(v.number(), v.integer(), v.minValue(1)),
		pool: v.pipe(v.number(), v.integer(), v.minValue(1)),
		opens: v.optional(v.picklist(['always', 'after-units']), 'after-units')
	})
});

const wordsSchema = v.strictObject({
	title: text,
	description: text,
	audience: text,
	entry: text,
	objectives: v.record(identifier, text)
});

const glossarySchema = v.record(identifier, v.strictObject({ term: text, meaning: text }));

const ledgerSchema = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{8} (draft|reviewed)$/)));

/**
 * @param country ISO 3166 code in lower case; fills the `local-notes` blocks from `local/<country>.<language>.md`.
 * @throws SourceError naming file and line.
 */
export function readCourse(courseDir: string, country?: string): CourseSource {
	const record: CourseRecord = readYaml(courseDir, 'course.yaml', recordSchema);
	const media = readFiles(join(courseDir, 'media'), /^[^.].*$/);
	return {
		record,
		versions: record.languages.map((language) => withMedia(readVersion(courseDir, language, country), media)),
		pictures: new Map(
			[...readFiles(join(courseDir, 'pictures'), /\.svg$/)].map(([name, bytes]) => [name, bytes.toString('utf8')])
		),
		photos: readFiles(join(courseDir, 'pictures'), /\.(png|jpe?g|webp)$/),
		media,
		ledgers: new Map(record.languages.slice(1).map((language) => [language, readLedger(courseDir, language)]))
	};
}

function readVersion(courseDir: string, language: string, country: string | undefined): LanguageVersion {
	const words = readYaml(courseDir, `course.${language}.yaml`, wordsSchema);
	const notes = country === undefined ? new Map<string, Block>() : readLocalNotes(courseDir, language, country);
	const files = readdirSync(courseDir)
		.flatMap((name) => {
			const match = /^(unit-(\d+))\.([A-Za-z-]+)\.md$/.exec(name);
			return match !== null && match[3] === language
				? [{ name, id: match[1] as string, number: Number(match[2]) }]
				: [];
		})
		.sort((a, b) => a.number - b.number);
	const glossaryFile = `glossary.${language}.yaml`;
	return {
		language,
		title: words.title,
		description: words.description,
		audience: words.audience,
		entry: words.entry,
		objectives: new Map(Object.entries(words.objectives)),
		units: files.map(({ name, id }) => fillLocalNotes(parseUnit(id, name, readText(courseDir, name)), notes)),
		quiz: parseQuiz(`quiz.${language}.md`, readText(courseDir, `quiz.${language}.md`)),
		glossary: existsSync(join(courseDir, glossaryFile))
			? Object.entries(readYaml(courseDir, glossaryFile, glossarySchema)).map(([id, entry]) => ({ id, ...entry }))
			: []
	};
}

/** Each screen of the local file stands for the slot of the same id. */
function readLocalNotes(courseDir: string, language: string, country: string): ReadonlyMap<string, Block> {
	const name = `local/${country}.${language}.md`;
	if (!existsSync(join(courseDir, name))) return new Map();
	const { screens } = parseUnit('local', name, `---\ntitle: local\n---\n${readText(courseDir, name)}`);
	return new Map(
		screens.map((screen) => [
			screen.id,
			{
				kind: 'local-notes',
				id: screen.id,
				blocks: screen.blocks.flatMap((block) =>
					block.kind === 'text' || block.kind === 'list' || block.kind === 'heading' || block.kind === 'picture'
						? [block]
						: []
				)
			}
		])
	);
}

function fillLocalNotes(unit: LanguageVersion['units'][number], notes: ReadonlyMap<string, Block>): typeof unit {
	if (notes.size === 0) return unit;
	return {
		...unit,
		screens: unit.screens.map((screen) => ({
			...screen,
			blocks: screen.blocks.map((block) => (block.kind === 'local-notes' ? (notes.get(block.id) ?? block) : block))
		}))
	};
}

function readLedger(courseDir: string, language: string): Ledger {
	const name = `states.${language}.yaml`;
	if (!existsSync(join(courseDir, name))) return new Map();
	return new Map(
		Object.entries(readYaml(courseDir, name, ledgerSchema)).map(([key, entry]) => {
			const [of = '', state = 'draft'] = entry.split(' ');
			return [key, { of, state: state === 'reviewed' ? ('reviewed' as const) : ('draft' as const) }];
		})
	);
}

/** Says in each block what its files say: a translation has to follow them as it follows the words. */
function withMedia(version: LanguageVersion, media: ReadonlyMap<string, Buffer>): LanguageVersion {
	const filled = (block: Block): Block => {
		if (block.kind !== 'audio' && block.kind !== 'video') return block;
		const bytes = media.get(block.file);
		const recording = bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex').slice(0, 8);
		if (block.kind === 'audio') return { ...block, recording };
		const text = media.get(block.captions.file)?.toString('utf8') ?? '';
		return { ...block, recording, captions: { ...block.captions, text } };
	};
	return {
		...version,
		units: version.units.map((unit) => ({
			...unit,
			screens: unit.screens.map((screen) => ({ ...screen, blocks: screen.blocks.map(filled) }))
		}))
	};
}

function readFiles(folder: string, names: RegExp): ReadonlyMap<string, Buffer> {
	if (!existsSync(folder)) return new Map();
	return new Map(
		readdirSync(folder)
			.filter((name) => names.test(name))
			.sort()
			.map((name) => [name, readFileSync(join(folder, name))])
	);
}

function readYaml<S extends v.GenericSchema>(courseDir: string, name: string, schema: S): v.InferOutput<S> {
	const source = readText(courseDir, name);
	let value: unknown;
	try {
		value = parseYaml(source);
	} catch (cause) {
		throw new SourceError(name, 1, cause instanceof Error ? cause.message : 'not YAML');
	}
	const result = v.safeParse(schema, value);
	if (result.success) return result.output;
	const [issue] = result.issues;
	const path = v.getDotPath(issue) ?? '';
	const key = path.split('.').pop() ?? '';
	const line = source.split('\n').findIndex((candidate) => key !== '' && candidate.trimStart().startsWith(`${key}:`));
	throw new SourceError(name, line + 1 || 1, `${path}: ${issue.message}`);
}

function readText(courseDir: string, name: string): string {
	const path = join(courseDir, name);
	if (!existsSync(path)) throw new SourceError(name, 1, `this file is missing in ${basename(courseDir)}`);
	return readFileSync(path, 'utf8');
}
