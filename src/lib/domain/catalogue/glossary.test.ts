import { expect, test } from 'vitest';
import type { GlossaryTerm } from './course-record.ts';
import { byLetter, glossaryLanguages, glossaryOf, type GlossaryCourse } from './glossary.ts';

function course(courseId: string, language: string, ...terms: readonly (readonly [string, string])[]): GlossaryCourse {
	const glossary = terms.map(([term, meaning]): GlossaryTerm => ({ id: term, term, meaning }));
	return { card: { courseId, title: `Course ${courseId}`, language }, record: { glossary } };
}

const courses = [
	course('a', 'en', ['zip', 'A packed file.'], ['app', 'A tool in a phone.']),
	course('b', 'en', ['app', 'A tool in a phone.'], ['Écran', 'What one looks at.'], ['5G', 'A kind of network.']),
	course('c', 'fr-CI', ['appli', 'Un outil du téléphone.']),
	course('d', 'ar', ['الهاتف', 'جهاز.'], ['تطبيق', 'أداة.'], ['إذن', 'سماح.']),
	{ card: { courseId: 'e', title: 'No words', language: 'es' }, record: null }
];

test('the same word with the same meaning stands there once, with the courses it is from', () => {
	expect(
		glossaryOf(courses, 'en').map(({ term, courses: from }) => [term, from.map(({ courseId }) => courseId)])
	).toEqual([
		['5G', ['b']],
		['app', ['a', 'b']],
		['Écran', ['b']],
		['zip', ['a']]
	]);
});

test('languages that have words, those with most first; a regional language counts as its base', () => {
	expect(glossaryLanguages(courses)).toEqual(['en', 'ar', 'fr']);
	expect(glossaryOf(courses, 'fr').map(({ language }) => language)).toEqual(['fr-CI']);
});

test('letters follow the order of the words: accents, capitals and the Arabic article make no letter of their own', () => {
	const letters = (language: string) => byLetter(glossaryOf(courses, language)).map(([letter]) => letter);
	expect(letters('en')).toEqual(['1', 'A', 'E', 'Z']);
	expect(letters('ar')).toEqual(['ا', 'ت', 'ه']);
	expect(byLetter(glossaryOf([course('z', 'zh', ['应用', '工具'], ['电池', '能量'])], 'zh'))).toHaveLength(1);
});
