/** CR: whether a certificate is due: the course's rule, asked of the registration. One that was issued stays issued. */
import { eligibilityOf, type CertificateRule } from '#lib/domain/credential/certificate-rule.ts';
import type { Queries } from '#lib/server/db/database.ts';
import { inList } from '#lib/server/db/in-list.ts';
import { fromStoredText, toStoredText } from '#lib/server/db/stored-text.ts';
import type { RegistrationRecord } from '#lib/server/repositories/registrations.ts';
import type { ProjectedRegistration } from './project-learner.ts';

/** @param before the registrations as they stand: those with an issued certificate keep it */
export async function withCertificateStates(
	queries: Queries,
	registrations: readonly ProjectedRegistration[],
	before: readonly Pick<RegistrationRecord, 'courseId' | 'certificate'>[]
): Promise<RegistrationRecord[]> {
	const issued = new Set(before.filter((one) => one.certificate === 'issued').map((one) => one.courseId));
	const open = registrations.filter((one) => one.state === 'done' && !issued.has(one.courseId));
	const rules = await findRules(
		queries,
		open.map((one) => one.courseId)
	);
	return registrations.map((one) => {
		if (issued.has(one.courseId)) return { ...one, certificate: 'issued' };
		const rule = one.state === 'done' ? rules.get(one.courseId) : undefined;
		const isDue = rule !== undefined && eligibilityOf(rule, one).type === 'earned';
		return { ...one, certificate: isDue ? 'due' : 'none' };
	});
}

/** Rules of the courses this server knows. */
export async function findRules(queries: Queries, courseIds: readonly string[]): Promise<Map<string, CertificateRule>> {
	if (courseIds.length === 0) return new Map();
	const courses = inList(courseIds.map(toStoredText));
	const rows = await queries.all<{ id: string; rule_version: number; pass_mark: number | null }>(
		`SELECT id, rule_version, pass_mark FROM courses WHERE id IN ${courses.sql}`,
		courses.params
	);
	return new Map(rows.map((row) => [fromStoredText(row.id), { version: row.rule_version, passMark: row.pass_mark }]));
}
