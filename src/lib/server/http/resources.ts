/** What a route is about, for the policy: from an id in the address to a place in organisation > centre > cohort. */
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { Queries } from '#lib/server/db/database.ts';
import type { Actor } from '#lib/server/policy/actor.ts';
import type { Resource } from '#lib/server/policy/decide.ts';
import { findCourse, takesCourse } from '#lib/server/repositories/courses.ts';
import { findCentre } from '#lib/server/repositories/organisations.ts';
import { findPersonPlace } from '#lib/server/repositories/people.ts';

export async function cohortResource(db: Queries, cohortId: string): Promise<Resource | null> {
	const [row] = await db.all<{ centre_id: string; organisation_id: string }>(
		'SELECT cohorts.centre_id, centres.organisation_id FROM cohorts JOIN centres ON centres.id = cohorts.centre_id WHERE cohorts.id = ?',
		[cohortId]
	);
	return row === undefined
		? null
		: { kind: 'cohort', cohortId, centreId: row.centre_id, organisationId: row.organisation_id };
}

export async function centreResource(db: Queries, centreId: string): Promise<Resource | null> {
	const centre = await findCentre(db, centreId);
	return centre === null ? null : { kind: 'centre', centreId, organisationId: centre.organisationId };
}

export async function personResource(db: Queries, personId: string): Promise<Resource | null> {
	const place = await findPersonPlace(db, personId);
	return place === null ? null : { kind: 'person', ...place };
}

export async function courseResource(db: Queries, courseId: string, actor: Actor | null): Promise<Resource | null> {
	const course = await findCourse(db, courseId);
	if (course === null) return null;
	return {
		kind: 'course',
		organisationId: course.organisationId,
		published: course.status !== 'draft',
		takes: actor !== null && (await takesCourse(db, bucketOf(actor.personId), actor.personId, courseId))
	};
}
