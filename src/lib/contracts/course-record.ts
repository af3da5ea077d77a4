/** The course record as it travels: domain/catalogue/course-record.ts as a schema. Bounded, since every device holds it. */
import * as v from 'valibot';
import {
	GLOSSARY_LIMITS,
	MEDIA_EDITIONS,
	MODALITIES,
	type CourseContents,
	type CoursePlace,
	type CourseRecord
} from '#lib/domain/catalogue/course-record.ts';

const line = (most: number) =>
	v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most), v.regex(/^[^\p{Cc}]*$/u));
const lines = (most: number, length: number) => v.pipe(v.array(line(length)), v.maxLength(most));

const place = {
	modality: v.optional(v.picklist(MODALITIES)),
	topics: v.optional(lines(20, 80)),
	audience: v.optional(lines(20, 40)),
	prerequisites: v.optional(lines(20, 40))
};

const contents = {
	code: v.optional(line(40)),
	edition: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))),
	mediaEdition: v.optional(v.picklist(MEDIA_EDITIONS)),
	licence: v.optional(line(80)),
	audienceText: v.optional(line(500)),
	entry: v.optional(line(500)),
	digcomp: v.optional(
		v.pipe(
			v.array(v.object({ framework: line(40), version: line(20), code: line(20), level: line(20) })),
			v.maxLength(30)
		)
	),
	sdg: v.optional(v.pipe(v.array(v.object({ target: line(10), sentence: line(500) })), v.maxLength(20))),
	quiz: v.optional(
		v.object({
			draw: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)),
			pool: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
			opens: v.picklist(['always', 'after-units'])
		})
	),
	translationOf: v.optional(line(35)),
	draft: v.optional(v.boolean()),
	offline: v.optional(v.boolean()),
	units: v.optional(v.pipe(v.array(v.object({ title: line(200) })), v.maxLength(60))),
	glossary: v.optional(
		v.pipe(
			v.array(v.object({ id: line(60), term: line(GLOSSARY_LIMITS.term), meaning: line(GLOSSARY_LIMITS.meaning) })),
			v.maxLength(GLOSSARY_LIMITS.terms)
		)
	)
};

export const coursePlaceSchema = v.object(place) satisfies v.GenericSchema<unknown, CoursePlace>;
export const courseContentsSchema = v.object(contents) satisfies v.GenericSchema<unknown, CourseContents>;
export const courseRecordSchema = v.object({ ...place, ...contents }) satisfies v.GenericSchema<unknown, CourseRecord>;
