/**
 * What courses say about themselves, by course. Apart from the summaries, because these stand still while a download moves those
 * many times a second; and apart from the catalogue, which the start does without.
 */
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import type { CourseRecord } from '#lib/domain/catalogue/course-record.ts';

export type CourseRecords = ReadonlyMap<string, CourseRecord>;

export async function courseRecords(db: ProfileDb): Promise<CourseRecords> {
	return new Map((await db.records.toArray()).map(({ courseId, record }) => [courseId, record]));
}
