/** What the administrator's screens are given beyond the contracts. */
import type { AdminCourse, DueCertificate } from '#lib/contracts/api.ts';

export type HealthFacts = { readonly status: string; readonly version: string; readonly database: string };

/** One learner in one course. */
export function dueKey(due: Pick<DueCertificate, 'learnerId' | 'courseId'>): string {
	return `${due.learnerId} ${due.courseId}`;
}

/** How an import goes, as `client/staff/import-run.svelte.ts` tells it. */
export type ImportProgress =
	| { readonly state: 'idle' }
	| {
			readonly state: 'running';
			readonly step: 'receiving' | 'checking' | 'packing';
			readonly name: string;
			readonly done: number;
			readonly total: number | null;
	  }
	| { readonly state: 'done'; readonly name: string; readonly course: AdminCourse; readonly sameAsBefore: boolean }
	| {
			readonly state: 'refused';
			readonly name: string;
			readonly code: string;
			readonly params: Readonly<Record<string, string | number>>;
	  }
	| { readonly state: 'cancelled'; readonly name: string };
