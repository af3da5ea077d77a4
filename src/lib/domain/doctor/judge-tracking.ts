/** DR30 to DR36: what the course tells the learning system, and what our player makes of it (SPEC SC). */
import { launchableItems } from '../course/course-structure.ts';
import { authoringToolOf } from './authoring-tools.ts';
import type { FileFacts, PackageFacts, SignName } from './package-facts.ts';
import { finding, findingIfAny, type Finding, type Place } from './finding.ts';
import { signsIn } from './judge-addresses.ts';

/** SCORM 1.2 CMIString4096, and what our player keeps (SC17). */
export const SUSPEND_LIMIT_12 = 4096;
export const SUSPEND_LIMIT_KEPT = 64_000;
/** From here on the next unit may not fit. */
const NEARLY_FULL = 60_000;

export function judgeTracking({ structure, files }: PackageFacts, reached: ReadonlySet<string>): readonly Finding[] {
	const tool = authoringToolOf(files.map(({ path }) => path));
	const made = tool === null ? [] : [finding('made-with', [], { count: 1, params: { name: tool.name } })];
	const scos = launchableItems(structure.items).filter(({ launch }) => launch.kind === 'sco');
	const pages: readonly Place[] = scos.map(({ launch, title }) => ({ path: launch.path, line: null, what: title }));
	if (scos.length === 0) return [...made, ...findingIfAny('no-scorm', allPages(structure.items))];

	const texts = files.filter(({ path }) => reached.has(path));
	const has = (sign: SignName) => texts.some((file) => hasSign(file, sign));
	// Scripts that were not read to the end, or are loaded by names put together at run time, may say what was not found.
	const isWhole = texts.every(({ text }) => text?.isWhole !== false);
	if (!has('initialises') && !has('speaks-12') && !has('speaks-2004'))
		return [...made, ...findingIfAny('no-scorm', pages, { isSure: isWhole })];

	const [own, other] =
		structure.scormVersion === '1.2'
			? (['speaks-12', 'speaks-2004'] as const)
			: (['speaks-2004', 'speaks-12'] as const);
	const isForeign = !has(own) && has(other);
	const status = statusFindings(structure.sequencing, pages, isWhole, has);
	const asksMark = scos.filter(({ launch }) => launch.masteryScore !== null || launch.scaledPassingScore !== null);
	return [
		...made,
		...(isForeign
			? [finding('other-scorm', signsIn(texts, [other]).places, { params: { version: structure.scormVersion } })]
			: status),
		...(asksMark.length > 0 && !isForeign && !has('sets-score')
			? [
					finding(
						'mark-without-score',
						asksMark.map(({ launch, title }) => ({ path: launch.path, line: null, what: title })),
						{ isSure: isWhole }
					)
				]
			: []),
		...suspendRisk(structure.scormVersion, texts, tool?.savesLong === true ? tool.name : null)
	];
}

function allPages(items: PackageFacts['structure']['items']): readonly Place[] {
	return launchableItems(items).map(({ launch, title }) => ({ path: launch.path, line: null, what: title }));
}

function statusFindings(
	sequencing: unknown,
	pages: readonly Place[],
	isWhole: boolean,
	has: (sign: SignName) => boolean
): readonly Finding[] {
	const finishes = has('finishes');
	// adlseq... imsss:deliveryControls completionSetByContent: the engine then waits for a word that never comes.
	const waits = JSON.stringify(sequencing ?? null).includes('"completionSetByContent":true');
	const silent = !has('sets-status');
	if (silent && isWhole && (waits || (!finishes && has('initialises')))) return [finding('never-complete', pages)];
	return [
		...(silent ? [finding('no-completion', pages, { isSure: isWhole })] : []),
		...(finishes || !has('initialises') ? [] : [finding('never-finishes', pages, { isSure: isWhole })])
	];
}

/** SCORM 1.2 alone has the short limit; whoever compares with it minds it. */
function suspendRisk(version: string, texts: readonly FileFacts[], tool: string | null): readonly Finding[] {
	if (version !== '1.2') return [];
	const writers = texts.filter((file) => hasSign(file, 'suspend-data'));
	const careless = writers.filter((file) => hasSign(file, 'serialises') && !hasSign(file, 'minds-limit'));
	const params = { limit: SUSPEND_LIMIT_12, kept: SUSPEND_LIMIT_KEPT };
	if (careless.length > 0)
		return [finding('suspend-long', signsIn(careless, ['suspend-data']).places, { count: careless.length, params })];
	if (tool === null || writers.length === 0) return [];
	return [finding('suspend-long', signsIn(writers, ['suspend-data']).places, { count: writers.length, params })];
}

function hasSign({ text }: FileFacts, sign: SignName): boolean {
	return text?.signs.some((one) => one.sign === sign) ?? false;
}

/** What learners' devices really saved for this course: characters of cmi.suspend_data, one number for each saved attempt. */
export type MeasuredSuspendData = { readonly attempts: number; readonly longest: number };

/** DR30: where something was measured, guessing is over. */
export function judgeMeasured(version: string, { attempts, longest }: MeasuredSuspendData): readonly Finding[] {
	if (attempts === 0) return [];
	const limit = version === '1.2' ? SUSPEND_LIMIT_12 : SUSPEND_LIMIT_KEPT;
	const params = { attempts, longest, limit, kept: SUSPEND_LIMIT_KEPT };
	const code = longest > NEARLY_FULL ? 'suspend-full' : longest > limit ? 'suspend-over' : 'suspend-measured';
	return [finding(code, [], { count: attempts, params })];
}
