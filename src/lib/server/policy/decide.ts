/**
 * The one place where "may she?" is answered. Denies by default: an action that is not in the table does not compile, a
 * role that is not named is refused, a scope that does not reach the resource is refused. Scopes nest: organisation >
 * centre > cohort. tests/contracts/policy-matrix.test.ts walks every route with every role and other people's ids.
 */
import type { Role } from '#lib/contracts/sync.ts';
import type { Actor, Grant, GrantScope } from './actor.ts';

/** What is asked about, with enough of its place to decide; made by the route's `resource`. */
export type Resource =
	/** Nothing in particular: a list that the query narrows with `reachOf`, or something public. */
	| { readonly kind: 'none' }
	| { readonly kind: 'organisation'; readonly organisationId: string }
	| { readonly kind: 'centre'; readonly organisationId: string; readonly centreId: string }
	| { readonly kind: 'cohort'; readonly organisationId: string; readonly centreId: string; readonly cohortId: string }
	/** `takes`: the actor is or was enrolled, so the course stays hers to take. */
	| { readonly kind: 'course'; readonly organisationId: string; readonly published: boolean; readonly takes: boolean }
	| {
			readonly kind: 'person';
			readonly personId: string;
			readonly organisationId: string;
			/** Her own, and those of the cohorts she is in. */
			readonly centreIds: readonly string[];
			readonly cohortIds: readonly string[];
	  };

type Rule =
	| { readonly who: 'anyone' }
	/** Any signed-in person, about herself. */
	| { readonly who: 'herself' }
	| {
			readonly who: 'roles';
			readonly roles: readonly Role[];
			/**
			 * covers: the grant's scope holds the resource. belongs: the grant lies somewhere in the resource's organisation
			 * (courses belong to the organisation, and its centres share them). anywhere: the query narrows the answer.
			 */
			readonly scope: 'covers' | 'belongs' | 'anywhere';
			/** Also allowed to the person the resource is about, or to whoever takes the course. */
			readonly orOwn?: boolean | undefined;
	  };

const teaching: readonly Role[] = ['trainer', 'coordinator', 'centre_admin', 'itu_admin'];
const administering: readonly Role[] = ['centre_admin', 'itu_admin'];

const rules = {
	'health.read': { who: 'anyone' },
	'config.read': { who: 'anyone' },
	'auth.sign-in': { who: 'anyone' },
	'auth.first-administrator': { who: 'anyone' },
	'certificate.verify': { who: 'anyone' },
	'catalogue.read': { who: 'anyone' },
	'auth.sign-out': { who: 'herself' },
	'auth.change-secret': { who: 'herself' },
	'profile.change': { who: 'herself' },
	'sync.push': { who: 'herself' },
	'sync.pull': { who: 'herself' },
	'course.take': { who: 'roles', roles: teaching, scope: 'belongs', orOwn: true },
	'courses.list': { who: 'roles', roles: teaching, scope: 'anywhere' },
	/** The route; which organisation is decided by `course.import`. */
	'course.import': { who: 'roles', roles: administering, scope: 'belongs' },
	'course.change': { who: 'roles', roles: administering, scope: 'belongs' },
	'centres.list': { who: 'roles', roles: teaching, scope: 'anywhere' },
	'centre.create': { who: 'roles', roles: ['itu_admin'], scope: 'covers' },
	/** The route; which centre is decided by `cohort.create` once the body is read. */
	'cohorts.add': { who: 'roles', roles: teaching, scope: 'anywhere' },
	'cohort.create': { who: 'roles', roles: teaching, scope: 'covers' },
	'cohort.read': { who: 'roles', roles: teaching, scope: 'covers' },
	'cohort.change': { who: 'roles', roles: teaching, scope: 'covers' },
	'cohort.learners': { who: 'roles', roles: teaching, scope: 'covers' },
	'certificates.list': { who: 'roles', roles: administering, scope: 'anywhere' },
	/** The route; each certificate is decided by `certificate.issue`. */
	'certificates.issue': { who: 'roles', roles: administering, scope: 'anywhere' },
	'certificate.issue': { who: 'roles', roles: administering, scope: 'covers' },
	'certificate.read': { who: 'roles', roles: teaching, scope: 'covers', orOwn: true },
	'people.list': { who: 'roles', roles: [...administering, 'coordinator'], scope: 'anywhere' },
	/** The route; where and which role is decided by `people.create` and `mayGrant`. */
	'people.add': { who: 'roles', roles: administering, scope: 'anywhere' },
	'people.create': { who: 'roles', roles: administering, scope: 'covers' },
	'overview.read': { who: 'roles', roles: [...administering, 'coordinator'], scope: 'anywhere' }
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof rules;

export const ACTIONS = Object.keys(rules) as readonly Action[];

export type Decision =
	| { readonly type: 'allowed' }
	| { readonly type: 'refused'; readonly reason: 'needs-sign-in' | 'not-allowed' | 'not-found' };

const allowed: Decision = { type: 'allowed' };

/** @param actor null when nobody is signed in @param resource null when it does not exist */
export function decide(actor: Actor | null, action: Action, resource: Resource | null): Decision {
	const rule: Rule = rules[action];
	if (rule.who === 'anyone') return resource === null ? refused('not-found') : allowed;
	if (actor === null) return refused('needs-sign-in');
	if (rule.who === 'herself') return resource === null ? refused('not-found') : allowed;
	const holding = actor.grants.filter((grant) => rule.roles.includes(grant.role));
	if (holding.length === 0 && rule.orOwn !== true) return refused('not-allowed');
	if (resource === null) return refused('not-found');
	if (rule.orOwn === true && isOwn(actor, resource)) return allowed;
	// A thing outside one's scope answers like one that does not exist: an id alone should tell nothing.
	return holding.some((grant) => reaches(grant, rule.scope, resource)) ? allowed : refused('not-found');
}

function refused(reason: 'needs-sign-in' | 'not-allowed' | 'not-found'): Decision {
	return { type: 'refused', reason };
}

function isOwn(actor: Actor, resource: Resource): boolean {
	if (resource.kind === 'course') return resource.takes;
	return resource.kind === 'person' && resource.personId === actor.personId;
}

function reaches({ scope }: Grant, how: 'covers' | 'belongs' | 'anywhere', resource: Resource): boolean {
	switch (how) {
		case 'anywhere':
			return scope.kind !== 'self';
		case 'belongs':
			return (
				scope.kind === 'everything' ||
				(scope.kind !== 'self' && 'organisationId' in resource && resource.organisationId === scope.organisationId)
			);
		case 'covers':
			return covers(scope, resource);
	}
}

function covers(scope: GrantScope, resource: Resource): boolean {
	if (resource.kind === 'none') return false;
	switch (scope.kind) {
		case 'everything':
			return true;
		case 'organisation':
			return resource.organisationId === scope.organisationId;
		case 'centre':
			if (resource.kind === 'person') return resource.centreIds.includes(scope.centreId);
			return 'centreId' in resource && resource.centreId === scope.centreId;
		case 'cohort':
			return (
				(resource.kind === 'cohort' && resource.cohortId === scope.cohortId) ||
				(resource.kind === 'person' && resource.cohortIds.includes(scope.cohortId))
			);
		case 'self':
			return false;
	}
}

/** What a list may show: everything, or what lies in these. */
export type Reach =
	| { readonly everything: true }
	| {
			readonly everything: false;
			readonly organisationIds: readonly string[];
			readonly centreIds: readonly string[];
			readonly cohortIds: readonly string[];
	  };

/** How far the actor's roles reach for an action; a list query shows nothing outside it. */
export function reachOf(actor: Actor, action: Action): Reach {
	const rule: Rule = rules[action];
	const scopes =
		rule.who === 'roles'
			? actor.grants.filter((grant) => rule.roles.includes(grant.role)).map((grant) => grant.scope)
			: [];
	if (scopes.some((scope) => scope.kind === 'everything')) return { everything: true };
	return {
		everything: false,
		organisationIds: scopes.flatMap((scope) => (scope.kind === 'organisation' ? [scope.organisationId] : [])),
		centreIds: scopes.flatMap((scope) => (scope.kind === 'centre' ? [scope.centreId] : [])),
		cohortIds: scopes.flatMap((scope) => (scope.kind === 'cohort' ? [scope.cohortId] : []))
	};
}

/**
 * Who may hand out a role: a centre administrator the roles of her centre, an ITU administrator any. Whether the centre
 * is in reach is decided by `people.create`.
 */
export function mayGrant(actor: Actor, role: Role): boolean {
	const isItuAdmin = actor.grants.some((grant) => grant.role === 'itu_admin');
	return isItuAdmin || role !== 'itu_admin';
}
