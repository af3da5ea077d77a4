/** Who asks: a signed-in person with the roles she holds and where she holds them. Read anew with every request. */
import type { Role } from '#lib/contracts/sync.ts';

/** Where a role holds. Each narrower scope knows the wider ones it lies in. */
export type GrantScope =
	| { readonly kind: 'everything' }
	| { readonly kind: 'organisation'; readonly organisationId: string }
	| { readonly kind: 'centre'; readonly organisationId: string; readonly centreId: string }
	| { readonly kind: 'cohort'; readonly organisationId: string; readonly centreId: string; readonly cohortId: string }
	| { readonly kind: 'self' };

export type Grant = { readonly role: Role; readonly scope: GrantScope };

export type Actor = {
	readonly personId: string;
	readonly organisationId: string;
	readonly centreId: string | null;
	readonly grants: readonly Grant[];
};

/** Roles whose sign-in ends sooner, because they see other people's records. */
export const STAFF_ROLES: readonly Role[] = ['trainer', 'coordinator', 'centre_admin', 'itu_admin'];

export function isStaff(actor: Pick<Actor, 'grants'>): boolean {
	return actor.grants.some((grant) => STAFF_ROLES.includes(grant.role));
}
