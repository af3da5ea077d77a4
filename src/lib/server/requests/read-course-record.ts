/**
 * The record that courses written in our format carry along (courses/FORMAT.md: `waypost-course.json`): title, hours, level,
 * objectives, pass mark. Any package may have such a file, so it is read as a suggestion for the course's first record and
 * nothing else; a broken one is as good as none.
 */
import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { readPackManifest } from '#lib/server/packages/read-pack.ts';

const fileName = 'waypost-course.json';
const mostBytes = 256 * 1024;
const line = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500), v.regex(/^[^\p{Cc}]*$/u));

const recordSchema = v.object({
	code: v.pipe(line, v.maxLength(40)),
	language: v.pipe(line, v.maxLength(35)),
	title: v.pipe(line, v.maxLength(200)),
	description: v.fallback(v.pipe(v.string(), v.trim(), v.maxLength(5_000)), ''),
	level: v.fallback(v.nullable(v.picklist(['introductory', 'intermediate', 'advanced'])), null),
	hours: v.fallback(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000))), null),
	objectives: v.fallback(v.pipe(v.array(v.object({ text: line })), v.maxLength(50)), []),
	certificate: v.fallback(v.nullable(v.object({ passMark: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) })), null)
});
export type CourseRecordFile = v.InferOutput<typeof recordSchema>;

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
		const parsed = v.safeParse(recordSchema, JSON.parse(bytes.toString('utf8')));
		return parsed.success ? parsed.output : null;
	} catch {
		// Not JSON, or not deflate: the package plays all the same.
		return null;
	} finally {
		await file.close();
	}
}
