/**
 * What the run-time data of one item say about completion, success, score and progress (SPEC SC1 to SC5).
 * The data are flat: "cmi.core.lesson_status": "passed" (SCORM 1.2 RTE 3.4; SCORM 2004 RTE 4.2).
 */
import type { ItemLaunch, ScormVersion } from '../course/course-structure.ts';
import type { Completion, Score, Success } from '../attempt/status.ts';

/** Elements as they were set, in order; always text, as it crosses the API. */
export type FlatCmi = Readonly<Record<string, string>>;

export type StatusRules = Pick<ItemLaunch, 'masteryScore' | 'scaledPassingScore' | 'completionThreshold'>;

export type CmiStatus = { readonly completion: Completion; readonly success: Success };

/** @param isFinished the content (or the app for it, at a display) ended the session in an orderly way: LMSFinish, Terminate */
export function statusOf(version: ScormVersion, cmi: FlatCmi, rules: StatusRules, isFinished: boolean): CmiStatus {
	return version === '1.2' ? ofLessonStatus(lessonStatusOf(cmi, rules, isFinished)) : statusOf2004(cmi, rules);
}

/** SC1. "browsed" is no attempt; "failed" leaves something to do, so it is not completed by itself. */
export function ofLessonStatus(lessonStatus: string): CmiStatus {
	switch (lessonStatus) {
		case 'passed':
			return { completion: 'completed', success: 'passed' };
		case 'completed':
			return { completion: 'completed', success: 'unknown' };
		case 'failed':
			return { completion: 'incomplete', success: 'failed' };
		case 'incomplete':
			return { completion: 'incomplete', success: 'unknown' };
		case 'browsed':
		case 'not attempted':
			return { completion: 'not attempted', success: 'unknown' };
		default:
			return { completion: 'unknown', success: 'unknown' };
	}
}

/**
 * The 1.2 lesson_status after the LMS's own rules (RTE 3.4.4, cmi.core.lesson_status). SC2: at LMSFinish a mastery score
 * and a raw score decide, whatever the content said. SC3: content that set no status at all has done what it had to do.
 */
export function lessonStatusOf(cmi: FlatCmi, rules: StatusRules, isFinished: boolean): string {
	const own = cmi['cmi.core.lesson_status'] ?? '';
	if (!isFinished) return own;
	const raw = numberOf(cmi['cmi.core.score.raw']);
	if (rules.masteryScore !== null && raw !== null) return raw >= rules.masteryScore ? 'passed' : 'failed';
	return own === '' || own === 'not attempted' ? 'completed' : own;
}

/** SC4: a threshold and a measure decide before the content's own word (RTE 4.2.4.1, 4.2.21.1); without a measure its word counts. */
function statusOf2004(cmi: FlatCmi, rules: StatusRules): CmiStatus {
	const measure = numberOf(cmi['cmi.progress_measure']);
	const scaled = numberOf(cmi['cmi.score.scaled']);
	const completion =
		rules.completionThreshold !== null && measure !== null
			? measure >= rules.completionThreshold
				? 'completed'
				: 'incomplete'
			: completionWord(cmi['cmi.completion_status']);
	const success =
		rules.scaledPassingScore !== null && scaled !== null
			? scaled >= rules.scaledPassingScore
				? 'passed'
				: 'failed'
			: successWord(cmi['cmi.success_status']);
	return { completion, success };
}

export function completionWord(word: unknown): Completion {
	return word === 'completed' || word === 'incomplete' || word === 'not attempted' ? word : 'unknown';
}

export function successWord(word: unknown): Success {
	return word === 'passed' || word === 'failed' ? word : 'unknown';
}

/** SC5: null until the content gave a raw or a scaled score. */
export function scoreOf(version: ScormVersion, cmi: FlatCmi): Score | null {
	const prefix = version === '1.2' ? 'cmi.core.score.' : 'cmi.score.';
	const part = (name: string) => numberOf(cmi[`${prefix}${name}`]);
	const [scaled, raw] = [version === '1.2' ? null : part('scaled'), part('raw')];
	return scaled === null && raw === null ? null : { scaled, raw, min: part('min'), max: part('max') };
}

/** 0 to 1. SCORM 1.2 has no such element. */
export function progressOf(version: ScormVersion, cmi: FlatCmi): number | null {
	const measure = version === '1.2' ? null : numberOf(cmi['cmi.progress_measure']);
	return measure === null ? null : Math.min(1, Math.max(0, measure));
}

function numberOf(text: string | undefined): number | null {
	if (text === undefined || text.trim() === '') return null;
	const value = Number(text);
	return Number.isFinite(value) ? value : null;
}
