/**
 * Issues certificates that are due and within the administrator's reach: one transaction each, so that of five hundred the
 * good ones stand whatever happens to the rest. Asking again issues nothing twice.
 */
import { randomBytes } from 'node:crypto';
import type * as v from 'valibot';
import type { issueRequestSchema, issueResponseSchema } from '#lib/contracts/api.ts';
import { newCertificateCode } from '#lib/domain/credential/certificate-code.ts';
import { bucketOf } from '#lib/domain/ids/bucket.ts';
import type { App } from '#lib/server/app.ts';
import { payloadText, type CertificatePayload } from '#lib/server/credentials/certificate-payload.ts';
import type { Actor } from '#lib/server/policy/actor.ts';
import { decide, reachOf } from '#lib/server/policy/decide.ts';
import { findCertificateByCode, recordCertificate } from '#lib/server/repositories/certificates-store.ts';
import { findCourse } from '#lib/server/repositories/courses.ts';
import { findCentre, listCentres } from '#lib/server/repositories/organisations.ts';
import { findPerson, findPersonPlace } from '#lib/server/repositories/people.ts';
import { findRegistrations } from '#lib/server/repositories/registrations.ts';

type IssueItem = v.InferOutput<typeof issueRequestSchema>['items'][number];
type IssueAnswer = v.InferOutput<typeof issueResponseSchema>;
type Outcome =
	| { readonly type: 'issued'; readonly code: string }
	| { readonly type: 'skipped'; readonly reason: IssueAnswer['skipped'][number]['reason'] };

export async function issueCertificates(
	app: Pick<App, 'db' | 'now' | 'newId' | 'issuer'>,
	actor: Actor,
	items: readonly IssueItem[]
): Promise<IssueAnswer> {
	const answer: IssueAnswer = { issued: [], skipped: [] };
	for (const item of items) {
		const outcome = await issueOne(app, actor, item);
		if (outcome.type === 'issued') answer.issued.push({ ...item, code: outcome.code });
		else answer.skipped.push({ ...item, reason: outcome.reason });
	}
	return answer;
}

async function issueOne(
	app: Pick<App, 'db' | 'now' | 'newId' | 'issuer'>,
	actor: Actor,
	{ learnerId, courseId }: IssueItem
): Promise<Outcome> {
	const { db } = app;
	const place = await findPersonPlace(db, learnerId);
	if (decide(actor, 'certificate.issue', place === null ? null : { kind: 'person', ...place }).type === 'refused')
		return skipped('not-allowed');
	const person = await findPerson(db, learnerId);
	const course = await findCourse(db, courseId);
	const [registration] = await findRegistrations(db, bucketOf(learnerId), learnerId, [courseId]);
	if (person === null || course === null || registration === undefined) return skipped('not-earned');
	const centreId = await approvingCentre(app, actor, person.centreId);
	const centre = centreId === null ? null : await findCentre(db, centreId);
	const issuedAt = app.now();
	const payload: CertificatePayload = {
		type: 'waypost.certificate',
		v: 1,
		id: app.newId(),
		code: await freeCode(app),
		issuedAt,
		issuer: { id: person.organisationId, name: person.organisationName },
		centre: centre === null ? null : { id: centre.centreId, name: centre.name, country: centre.country },
		learner: { id: person.id, name: person.displayName },
		course: {
			id: course.id,
			code: course.code,
			title: course.title,
			language: course.language,
			packId: registration.packId,
			hours: course.hours
		},
		result: {
			evidence: 'content-reported',
			score: registration.score,
			seconds: registration.seconds,
			finishedAt: registration.finishedAt ?? registration.changedAt
		},
		rule: { ...course.rule }
	};
	const text = payloadText(payload);
	const { signature, keyId } = app.issuer.sign(text);
	const outcome = await recordCertificate(db, {
		certificateId: payload.id,
		learnerId,
		courseId,
		code: payload.code,
		payload: text,
		signature,
		keyId,
		centreId,
		issuedAt,
		issuedBy: actor.personId
	});
	return outcome === 'issued' ? { type: 'issued', code: payload.code } : skipped(outcome);
}

/** The learner's own centre where the administrator may speak for it, else the administrator's. */
async function approvingCentre(app: Pick<App, 'db'>, actor: Actor, own: string | null): Promise<string | null> {
	const centres = await listCentres(app.db, reachOf(actor, 'certificate.issue'));
	if (own !== null && centres.some((centre) => centre.centreId === own)) return own;
	return actor.centreId ?? own;
}

async function freeCode(app: Pick<App, 'db'>): Promise<string> {
	for (;;) {
		const code = newCertificateCode(() => randomBytes(5));
		if ((await findCertificateByCode(app.db, code)) === null) return code;
	}
}

function skipped(reason: IssueAnswer['skipped'][number]['reason']): Outcome {
	return { type: 'skipped', reason };
}
