/**
 * What the learner's screens are given. The shapes are those of client/state (learner-views, course-summary), spelled out
 * here because a component does not know the client; routes hand the client's values over as they are.
 */
import type { CertificateRule, Eligibility } from '#lib/domain/credential/certificate-rule.ts';
import type { Registration } from '#lib/domain/registration/registration.ts';
import type { Certificate, CourseCard, Enrolment } from '#lib/contracts/sync.ts';
import type { Download } from '#lib/ui/primitives/download.ts';
import type { Safety } from '#lib/ui/primitives/safety.ts';

export type PackValues = {
	readonly packId: string;
	readonly state: 'downloading' | 'paused' | 'installed' | 'failed';
	readonly error: string | null;
	readonly done: number;
	readonly total: number;
};

export type CourseValues = {
	readonly card: CourseCard;
	readonly enrolment: Enrolment | null;
	readonly registration: Registration;
	readonly playable: { readonly packId: string } | null;
	readonly offered: PackValues | null;
	readonly hasUpdate: boolean;
	readonly eligibility: Eligibility;
	readonly certificate: Certificate | null;
	readonly certificateState: 'none' | 'waiting' | 'issued';
	readonly safety: Safety;
	readonly minutesLeft: number | null;
};

export type UnitValues = {
	readonly scoId: string;
	readonly title: string;
	readonly state: 'not-begun' | 'going-on' | 'done';
	readonly score: { readonly scaled: number | null; readonly raw: number | null; readonly min: number | null; readonly max: number | null } | null;
};

export type HomeValues = {
	readonly next: { readonly course: CourseValues; readonly item: UnitValues | null } | null;
	readonly due: readonly CourseValues[];
	readonly onPhone: readonly CourseValues[];
	readonly toDownload: readonly CourseValues[];
	readonly finished: readonly CourseValues[];
	readonly safety: Safety;
};

export type PersonValues = {
	readonly personId: string;
	readonly displayName: string;
	readonly userName: string;
	readonly roles: readonly string[];
	readonly picture: number;
};

export type ContentsValues = {
	readonly id: string;
	readonly title: string;
	readonly isItem: boolean;
	readonly state: 'not-begun' | 'going-on' | 'done';
	readonly isCurrent: boolean;
	readonly isOpen: boolean;
	readonly children: readonly ContentsValues[];
};

/** As client/player/player-host.ts tells it. */
export type PlayerValues = {
	readonly status: 'draining' | 'loading' | 'playing' | 'choosing' | 'blocked' | 'closing' | 'closed' | 'failed';
	readonly failure: string | null;
	readonly item: { readonly id: string; readonly title: string } | null;
	readonly contents: readonly ContentsValues[];
	readonly allowed: { readonly next: boolean; readonly previous: boolean; readonly finished: boolean };
	readonly saved: 'saving' | 'on-this-phone' | 'not-saved';
	readonly timeIsOver: boolean;
	readonly isOver: boolean;
};

/** What has come of the pack on offer. `hasUpdate` with nothing of it here yet: an update that can be fetched. */
export function downloadOf(course: Pick<CourseValues, 'playable' | 'offered' | 'hasUpdate' | 'card'>): Download {
	const { offered } = course;
	if (offered?.state === 'downloading' || offered?.state === 'paused') {
		return { state: offered.state, done: offered.done, total: offered.total || course.card.packSize };
	}
	if (offered?.state === 'failed') {
		const total = offered.total || course.card.packSize;
		return { state: 'failed', code: `install-${offered.error ?? 'unknown'}`, done: offered.done, total };
	}
	if (course.playable !== null) return { state: 'installed', update: course.hasUpdate ? { bytes: course.card.packSize } : null };
	return { state: 'none' };
}

export type RuleWords = { readonly key: 'learner.course.rule-pass' | 'learner.course.rule-complete'; readonly passMark: number | null };

export function ruleWords(rule: CertificateRule): RuleWords {
	return rule.passMark === null
		? { key: 'learner.course.rule-complete', passMark: null }
		: { key: 'learner.course.rule-pass', passMark: rule.passMark };
}
