/**
 * The record that courses written in our format carry along (courses/FORMAT.md: `waypost-course.json`). Any package may have such
 * a file, so it is read as a suggestion and nothing else: what is well said is taken, what is not is left out, and a file that
 * says nothing we understand is as good as none.
 */
import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { courseContentsSchema, coursePlaceSchema } from '#lib/contracts/course-record.ts';
import {
	GLOSSARY_LIMITS,
	LEVELS,
	type CourseContents,
	type CoursePlace,
	type GlossaryTerm
} from '#lib/domain/catalogue/course-record.ts';
import { readPackManifest } from '#lib/server/packages/read-pack.ts';

const fileName = 'waypost-course.json';
const mostBytes = 256 * 1024;
const line = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500), v.regex(/^[^\p{Cc}]*$/u));

const recordSchema = v.object({
	code: v.pipe(line, v.maxLength(40)),
	language: v.pipe(line, v.maxLength(35)),
	title: v.pipe(line, v.maxLength(200)),
	description: v.fallback(v.pipe(v.string(), v.trim(), v.maxLength(5_000)), ''),
	level: v.fallback(v.nullable(v.picklist(LEVELS)), null),
	hours: v.fallback(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000))), null),
	objectives: v.fallback(v.pipe(v.array(v.object({ text: line })), v.maxLength(50)), []),
	certificate: v.fallback(v.nullable(v.object({ passMark: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) })), null)
});

export type CourseRecordFile = v.InferOutput<typeof recordSchema> & {
	readonly place: CoursePlace;
	readonly contents: CourseContents;
	/** Words of the glossary that were left out: too many, or too long (GLOSSARY_LIMITS). */
	readonly termsLeftOut: number;
};

export async function readCourseRecord(packPath: string): Promise<CourseRecordFile | null> {
	const pack = await readPackManifest(packPath);
	const entry = pack.type === 'read' ? pack.manifest.files.find((one) => one.path === fileName) : undefined;
	if (pack.type !== 'read' || entry === undefined || entry.size > mostBytes || entry.compressedSize > mostBytes)
		return null;
	const file = await open(packPath, 'r');
	try {
		const stored = Buffer.alloc(entry.compressedSize);
		await file.read(stored, 0, stored.length, pack.dataStart + entry.offset);
		const bytes = entry.method === 8 ? inflateRawSync(stored, { maxOutputLength: mostBytes }) : stored;
		return parseCourseRecord(JSON.parse(bytes.toString('utf8')));
	} catch {
		// Not JSON, or not deflate: the package plays all the same.
		return null;
	} finally {
		await file.close();
	}
}

export function parseCourseRecord(value: unknown): CourseRecordFile | null {
	const parsed = v.safeParse(recordSchema, value);
	if (!parsed.success) return null;
	const said = value as Readonly<Record<string, unknown>>;
	const { glossary, leftOut } = glossaryOf(said['glossary']);
	const { state, certificate } = said;
	return {
		...parsed.output,
		place: wellSaid(coursePlaceSchema.entries, said),
		contents: wellSaid(courseContentsSchema.entries, {
			...said,
			draft: state === 'draft' || state === 'stale' ? true : undefined,
			quiz: certificate,
			translationOf: said['translationOf'] ?? undefined,
			glossary
		}),
		termsLeftOut: leftOut
	};
}

/** Field by field: one that is wrong is left out, the others stay. */
function wellSaid<const Entries extends v.ObjectEntries>(
	entries: Entries,
	said: Readonly<Record<string, unknown>>
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
	const taken = Object.entries(entries).flatMap(([name, schema]) => {
		const field = v.safeParse(schema, said[name]);
		const isEmpty =
			!field.success || field.output === undefined || (Array.isArray(field.output) && !field.output.length);
		return isEmpty ? [] : [[name, field.output] as const];
	});
	return Object.fromEntries(taken) as v.InferOutput<v.ObjectSchema<Entries, undefined>>;
}

function glossaryOf(value: unknown): { glossary: readonly GlossaryTerm[] | undefined; leftOut: number } {
	if (!Array.isArray(value)) return { glossary: undefined, leftOut: 0 };
	const schema = courseContentsSchema.entries.glossary.wrapped.item;
	const fitting = value.flatMap((term): GlossaryTerm[] => {
		const parsed = v.safeParse(schema, term);
		return parsed.success ? [parsed.output] : [];
	});
	const seen = new Set<string>();
	const glossary = fitting.filter(({ id }) => !seen.has(id) && seen.add(id)).slice(0, GLOSSARY_LIMITS.terms);
	return { glossary: glossary.length === 0 ? undefined : glossary, leftOut: value.length - glossary.length };
}
