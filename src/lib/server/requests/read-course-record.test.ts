import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'valibot';
import { courseContentsSchema, courseRecordSchema } from '#lib/contracts/course-record.ts';
import { GLOSSARY_LIMITS } from '#lib/domain/catalogue/course-record.ts';
import { parseCourseRecord } from './read-course-record.ts';

const least = { code: 'C1', language: 'en', title: 'Everyday digital skills' };
const term = (id: string, meaning = 'What it means.') => ({ id, term: id, meaning });

describe('the record in a package', () => {
	test('everything that is well said is taken', () => {
		const read = parseCourseRecord({
			...least,
			modality: 'blended',
			topics: ['digital inclusion'],
			audience: ['adult'],
			prerequisites: [],
			edition: 2,
			licence: 'CC-BY-4.0',
			state: 'draft',
			translationOf: 'en',
			certificate: { passMark: 80, draw: 14, pool: 26, opens: 'after-units' },
			digcomp: [{ framework: 'DigComp', version: '2.2', code: '1.1', level: '1-2' }],
			sdg: [{ target: '4.4', screen: 'unit-1/meet', sentence: 'You learn to use it for your work.' }],
			units: [{ id: 'unit-1', title: 'Your phone', screens: 9 }],
			glossary: [term('app')]
		});
		expect(read?.place).toEqual({ modality: 'blended', topics: ['digital inclusion'], audience: ['adult'] });
		expect(read?.contents).toEqual({
			code: 'C1',
			edition: 2,
			licence: 'CC-BY-4.0',
			digcomp: [{ framework: 'DigComp', version: '2.2', code: '1.1', level: '1-2' }],
			sdg: [{ target: '4.4', sentence: 'You learn to use it for your work.' }],
			quiz: { draw: 14, pool: 26, opens: 'after-units' },
			translationOf: 'en',
			draft: true,
			units: [{ title: 'Your phone' }],
			glossary: [term('app')]
		});
		expect(read?.termsLeftOut).toBe(0);
	});

	test('[CA5] what is wrong is left out, and the rest stays', () => {
		const read = parseCourseRecord({
			...least,
			modality: 'by pigeon',
			topics: 'health',
			edition: 'first',
			licence: 'CC0'
		});
		expect(read?.place).toEqual({});
		expect(read?.contents).toEqual({ code: 'C1', licence: 'CC0' });
	});

	test('a glossary has bounds: what goes beyond is left out and counted, once a term', () => {
		const many = Array.from({ length: 45 }, (_, n) => term(`word-${n}`));
		const read = parseCourseRecord({
			...least,
			glossary: [term('word-1', 'x'.repeat(GLOSSARY_LIMITS.meaning + 1)), term('word-2'), ...many, 'not a term']
		});
		expect(read?.contents.glossary).toHaveLength(GLOSSARY_LIMITS.terms);
		expect(new Set(read?.contents.glossary?.map(({ id }) => id)).size).toBe(GLOSSARY_LIMITS.terms);
		expect(read?.termsLeftOut).toBe(48 - GLOSSARY_LIMITS.terms);
	});

	test('whatever a package says, what comes of it can be stored and sent', () => {
		const anything = fc.dictionary(
			fc.constantFrom('topics', 'audience', 'digcomp', 'sdg', 'units', 'glossary', 'certificate', 'edition', 'state'),
			fc.anything()
		);
		fc.assert(
			fc.property(anything, (said) => {
				const read = parseCourseRecord({ ...said, ...least });
				expect(read).not.toBeNull();
				const record = { ...read?.contents, ...read?.place };
				expect(parse(courseRecordSchema, JSON.parse(JSON.stringify(record)))).toEqual(record);
				parse(courseContentsSchema, JSON.parse(JSON.stringify(read?.contents)));
			})
		);
	});

	test('a file that does not say code, language and title is none', () => {
		expect(parseCourseRecord({ ...least, title: '' })).toBeNull();
		expect(parseCourseRecord('C1')).toBeNull();
	});
});
