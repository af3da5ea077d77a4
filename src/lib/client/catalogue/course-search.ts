/** What of a course is searched, and where something of it was found. Light: the engine comes with `search.ts`. */
import { unitTitles, type CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import type { Searchable } from './search.ts';

type Course = {
	readonly card: {
		readonly courseId: string;
		readonly code: string;
		readonly title: string;
		readonly description: string;
		readonly objectives: readonly string[];
		readonly items: readonly { readonly title: string }[];
	};
	readonly record: CourseRecord | null;
};

export const COURSE_BOOSTS = { title: 6, code: 6, glossary: 2, units: 2, objectives: 1.5, description: 1 } as const;

/** One a version: in whichever language a word was found, that version is shown. */
export function searchableCourse({ card, record }: Course): Searchable {
	return {
		id: card.courseId,
		texts: {
			title: card.title,
			code: [...new Set([card.code, record?.code ?? ''])].join('\n'),
			description: card.description,
			objectives: card.objectives.join('\n'),
			units: unitTitles({ card, record }).join('\n'),
			glossary: (record?.glossary ?? []).map(({ term }) => term).join('\n')
		}
	};
}
