/** Who did what to what, for the person who answers to a funder. Ids only. */
import type { Queries } from '#lib/server/db/database.ts';

export type AuditEntry = {
	readonly id: string;
	readonly at: number;
	readonly personId: string;
	/** The action's name in the policy, such as "certificate.issue". */
	readonly action: string;
	/** Ids, separated by spaces. */
	readonly subject: string;
};

export async function insertAuditEntry(queries: Queries, entry: AuditEntry): Promise<void> {
	await queries.run('INSERT INTO audit_entries (id, at, person_id, action, subject) VALUES (?, ?, ?, ?, ?)', [
		entry.id,
		entry.at,
		entry.personId,
		entry.action,
		entry.subject.slice(0, 2_000)
	]);
}
