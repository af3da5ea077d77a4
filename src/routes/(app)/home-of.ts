/** Where a person's home is. Apart from places.ts, so that signing in does not wait for pictures. */
import type { Role } from '#lib/contracts/sync.ts';

/** The role whose places a person sees: the widest she has. */
export function mainRole(roles: readonly Role[]): Role {
	const order = ['itu_admin', 'centre_admin', 'coordinator', 'trainer', 'learner'] as const;
	return order.find((role) => roles.includes(role)) ?? 'learner';
}

export function homeOf(roles: readonly Role[]): string {
	switch (mainRole(roles)) {
		case 'learner':
			return '/learn';
		case 'trainer':
		case 'coordinator':
			return '/today';
		case 'centre_admin':
			return '/approvals';
		case 'itu_admin':
			return '/overview';
	}
}

const WIDE = ['/today', '/cohorts', '/reports', '/approvals', '/people', '/manage-courses', '/centre', '/overview', '/centres', '/system'];

/** Screens with tables get more room than a page of text. */
export function isWide(path: string): boolean {
	return WIDE.some((start) => path === start || path.startsWith(`${start}/`));
}
