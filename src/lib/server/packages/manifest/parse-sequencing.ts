/**
 * imsss:sequencing (SCORM 2004 CAM 5, SN 3) of one item or organization, into what scorm-again reads. Example:
 * `<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>`.
 *
 * Where the engine differs from the standard, and so why every default is spelled out here:
 * - its `flow` defaults to true, the standard's to false;
 * - `minimumPercent` is 0 to 100 there, 0 to 1 in the manifest;
 * - its `reorderChildren` means "already reordered"; the manifest's `reorderChildren` is its `randomizeChildren`;
 * - roll-up conditions call `activityProgressKnown` just `progressKnown`;
 * - a shared data map is writable by default in the standard, not there;
 * - an objective without id is dropped there, yet a primary objective needs none (SN 3.10.1), see ANONYMOUS_OBJECTIVE;
 * - it lets roll-up rules override a primary objective that is satisfied by measure; RB.1.2 says the measure decides alone.
 */
import { formatDuration, parseDuration } from '#lib/domain/scorm/scorm-time.ts';
import type { WarningList } from '../import-result.ts';
import { OBJECTIVE_MAP_FLAGS } from './sequencing-settings.ts';
import type {
	ActivitySequencing,
	DeliveryControls,
	Objective,
	ObjectiveMap,
	RollupConsiderations,
	RollupRule,
	RuleCondition,
	SequencingControls,
	SequencingRule,
	SequencingRules,
	Timing
} from './sequencing-settings.ts';
import { attributeOf, childOf, childrenOf, textOf } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** Not empty, so that the engine keeps the objective; blank, so that it is not seeded into cmi.objectives. */
export const ANONYMOUS_OBJECTIVE = ' ';

const TIMINGS = ['never', 'once', 'onEachNewAttempt'] as const satisfies readonly Timing[];
const PRE_ACTIONS = ['skip', 'disabled', 'hiddenFromChoice', 'stopForwardTraversal'] as const;
const POST_ACTIONS = ['exitParent', 'exitAll', 'retry', 'retryAll', 'continue', 'previous'] as const;
const EXIT_ACTIONS = ['exit'] as const;
const RULE_CONDITIONS = [
	'satisfied',
	'objectiveStatusKnown',
	'objectiveMeasureKnown',
	'objectiveMeasureGreaterThan',
	'objectiveMeasureLessThan',
	'completed',
	'activityProgressKnown',
	'attempted',
	'attemptLimitExceeded',
	'timeLimitExceeded',
	'outsideAvailableTimeRange',
	'always'
] as const;
const ROLLUP_CONDITIONS = [
	'satisfied',
	'objectiveStatusKnown',
	'objectiveMeasureKnown',
	'completed',
	'activityProgressKnown',
	'attempted',
	'attemptLimitExceeded',
	'timeLimitExceeded',
	'outsideAvailableTimeRange'
] as const;
const ROLLUP_ACTIONS = ['satisfied', 'notSatisfied', 'completed', 'incomplete'] as const;
const CHILD_SETS = ['all', 'any', 'none', 'atLeastCount', 'atLeastPercent'] as const;
const CONSIDERATIONS = ['always', 'ifAttempted', 'ifNotSkipped', 'ifNotSuspended'] as const;

/** `collections` are the manifest's imsss:sequencingCollection members by ID; what an item says itself goes first, part by part. */
export function parseSequencing(
	own: XmlElement | null,
	collections: ReadonlyMap<string, XmlElement>,
	warnings: WarningList
): ActivitySequencing {
	const sequencing = withCollection(own, collections, warnings);
	const objectives = parseObjectives(sequencing, warnings);
	const primary = objectives.find(({ isPrimary }) => isPrimary);
	const others = objectives.filter(({ isPrimary }) => !isPrimary);
	const rules = parseRules(childOf(sequencing, 'sequencingRules'), warnings);
	const rollupRules = parseRollupRules(childOf(sequencing, 'rollupRules'), warnings).filter(
		({ action }) => primary?.satisfiedByMeasure !== true || !['satisfied', 'notSatisfied'].includes(action)
	);
	const considerations = childOf(sequencing, 'rollupConsiderations');
	const auxiliary = childrenOf(childOf(sequencing, 'auxiliaryResources'), 'auxiliaryResource').map((resource) => ({
		resourceId: attributeOf(resource, 'auxiliaryResourceID') ?? '',
		purpose: attributeOf(resource, 'purpose') ?? ''
	}));
	return {
		sequencingControls: parseControls(sequencing, warnings),
		deliveryControls: parseDelivery(childOf(sequencing, 'deliveryControls')),
		...parseLimits(childOf(sequencing, 'limitConditions'), warnings),
		...(primary === undefined ? {} : { primaryObjective: primary }),
		...(others.length === 0 ? {} : { objectives: others }),
		...(rules === null ? {} : { sequencingRules: rules }),
		...(rollupRules.length === 0 ? {} : { rollupRules: { rules: rollupRules } }),
		...(considerations === null ? {} : { rollupConsiderations: parseConsiderations(considerations, warnings) }),
		...(auxiliary.length === 0 ? {} : { auxiliaryResources: auxiliary })
	};
}

export function booleanOf(element: XmlElement | null, name: string, fallback: boolean): boolean {
	const value = attributeOf(element, name)?.trim().toLowerCase();
	if (value === 'true' || value === '1') return true;
	if (value === 'false' || value === '0') return false;
	return fallback;
}

export function numberOf(
	text: string | null,
	{ least, most }: { readonly least: number; readonly most: number }
): number | null {
	const trimmed = text?.trim() ?? '';
	if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(trimmed)) return null;
	const value = Number(trimmed);
	return value >= least && value <= most ? value : null;
}

function withCollection(
	own: XmlElement | null,
	collections: ReadonlyMap<string, XmlElement>,
	warnings: WarningList
): XmlElement | null {
	const reference = attributeOf(own, 'IDRef')?.trim();
	if (own === null || reference === undefined) return own;
	const shared = collections.get(reference);
	if (shared === undefined) {
		warnings.addExample('sequencing-reference-missing', reference);
		return own;
	}
	const inherited = shared.children.filter(
		({ family, name }) => !own.children.some((child) => child.family === family && child.name === name)
	);
	return { ...own, children: [...own.children, ...inherited] };
}

function parseControls(sequencing: XmlElement | null, warnings: WarningList): SequencingControls {
	const mode = childOf(sequencing, 'controlMode');
	const rollup = childOf(sequencing, 'rollupRules');
	const random = childOf(sequencing, 'randomizationControls');
	const constrained = childOf(sequencing, 'constrainedChoiceConsiderations');
	const selectionTiming = choose(attributeOf(random, 'selectionTiming'), TIMINGS, 'never', warnings);
	return {
		choice: booleanOf(mode, 'choice', true),
		choiceExit: booleanOf(mode, 'choiceExit', true),
		flow: booleanOf(mode, 'flow', false),
		forwardOnly: booleanOf(mode, 'forwardOnly', false),
		useCurrentAttemptObjectiveInfo: booleanOf(mode, 'useCurrentAttemptObjectiveInfo', true),
		useCurrentAttemptProgressInfo: booleanOf(mode, 'useCurrentAttemptProgressInfo', true),
		preventActivation: booleanOf(constrained, 'preventActivation', false),
		constrainChoice: booleanOf(constrained, 'constrainChoice', false),
		rollupObjectiveSatisfied: booleanOf(rollup, 'rollupObjectiveSatisfied', true),
		rollupProgressCompletion: booleanOf(rollup, 'rollupProgressCompletion', true),
		objectiveMeasureWeight: numberOf(attributeOf(rollup, 'objectiveMeasureWeight'), { least: 0, most: 1 }) ?? 1,
		selectionTiming,
		// Selecting nobody means no selection to the engine as well as to authors.
		selectCount: wholeOf(attributeOf(random, 'selectCount')) || null,
		randomizeChildren: booleanOf(random, 'reorderChildren', false),
		randomizationTiming: choose(attributeOf(random, 'randomizationTiming'), TIMINGS, 'never', warnings)
	};
}

function parseDelivery(delivery: XmlElement | null): DeliveryControls {
	return {
		tracked: booleanOf(delivery, 'tracked', true),
		completionSetByContent: booleanOf(delivery, 'completionSetByContent', false),
		objectiveSetByContent: booleanOf(delivery, 'objectiveSetByContent', false)
	};
}

/** SCORM uses only these two of the limit conditions (SN 3.7). */
function parseLimits(limits: XmlElement | null, warnings: WarningList) {
	const attempts = wholeOf(attributeOf(limits, 'attemptLimit'));
	const written = attributeOf(limits, 'attemptAbsoluteDurationLimit');
	const seconds = written === null ? null : parseDuration(written);
	if (written !== null && seconds === null) warnings.addExample('time-limit-invalid', written);
	return {
		...(attempts === null ? {} : { attemptLimit: attempts }),
		...(seconds === null || seconds === 0 ? {} : { attemptAbsoluteDurationLimit: formatDuration(seconds) })
	};
}

function parseObjectives(sequencing: XmlElement | null, warnings: WarningList): readonly Objective[] {
	const plain = childrenOf(sequencing, 'objectives').filter(({ family }) => family !== 'adlseq');
	const extended = childrenOf(sequencing, 'objectives', 'adlseq').flatMap(({ children }) => children);
	const seen = new Set<string>();
	return plain
		.flatMap(({ children }) => children)
		.filter(({ name }) => name === 'primaryobjective' || name === 'objective')
		.flatMap((element) => {
			const isPrimary = element.name === 'primaryobjective';
			const id = attributeOf(element, 'objectiveID')?.trim() ?? '';
			const objectiveID = id === '' && isPrimary ? ANONYMOUS_OBJECTIVE : id;
			if (objectiveID === '' || seen.has(objectiveID)) return [];
			seen.add(objectiveID);

			const satisfiedByMeasure = booleanOf(element, 'satisfiedByMeasure', false);
			const written = textOf(childOf(element, 'minNormalizedMeasure'));
			const measure = numberOf(written, { least: -1, most: 1 });
			if (written !== null && measure === null) warnings.addExample('passing-score-invalid', written);
			const maps = [
				...childrenOf(element, 'mapInfo'),
				...extended
					.filter((objective) => attributeOf(objective, 'objectiveID')?.trim() === id)
					.flatMap((objective) => childrenOf(objective, 'mapInfo'))
			];
			const minNormalizedMeasure = measure ?? (satisfiedByMeasure ? 1 : null);
			return [{ objectiveID, isPrimary, satisfiedByMeasure, minNormalizedMeasure, mapInfo: mergeMaps(maps) }];
		});
}

/** imsss:mapInfo and adlseq:mapInfo (4th Edition) to the same target are one map; SN table 3.10.3a: reading is on, writing is off. */
function mergeMaps(maps: readonly XmlElement[]): readonly ObjectiveMap[] {
	const byTarget = new Map<string, XmlElement[]>();
	for (const map of maps) {
		const target = attributeOf(map, 'targetObjectiveID')?.trim() ?? '';
		if (target !== '') byTarget.set(target, [...(byTarget.get(target) ?? []), map]);
	}
	return [...byTarget].map(([targetObjectiveID, elements]) => {
		const flags = OBJECTIVE_MAP_FLAGS.map((flag) => {
			const saying = elements.find((element) => attributeOf(element, flag) !== null) ?? null;
			return [flag, booleanOf(saying, flag, flag.startsWith('read'))] as const;
		});
		return { targetObjectiveID, ...(Object.fromEntries(flags) as Omit<ObjectiveMap, 'targetObjectiveID'>) };
	});
}

function parseRules(rules: XmlElement | null, warnings: WarningList): SequencingRules | null {
	const read = (name: string, actions: readonly string[]) =>
		childrenOf(rules, name).flatMap((rule): readonly SequencingRule[] => {
			const action = known(attributeOf(childOf(rule, 'ruleAction'), 'action'), actions, warnings);
			const group = childOf(rule, 'ruleConditions');
			const conditions = childrenOf(group, 'ruleCondition').flatMap((condition) => parseCondition(condition, warnings));
			if (action === null || conditions.length === 0) return [];
			const isAny = attributeOf(group, 'conditionCombination')?.trim() === 'any';
			return [{ action, conditionCombination: isAny ? 'any' : 'all', conditions }];
		});
	const parsed = {
		preConditionRules: read('preConditionRule', PRE_ACTIONS),
		exitConditionRules: read('exitConditionRule', EXIT_ACTIONS),
		postConditionRules: read('postConditionRule', POST_ACTIONS)
	};
	return Object.values(parsed).every((list) => list.length === 0) ? null : parsed;
}

function parseCondition(element: XmlElement, warnings: WarningList): readonly RuleCondition[] {
	const condition = known(attributeOf(element, 'condition'), RULE_CONDITIONS, warnings);
	if (condition === null) return [];
	const objective = attributeOf(element, 'referencedObjective')?.trim() ?? '';
	const isMeasured = condition === 'objectiveMeasureGreaterThan' || condition === 'objectiveMeasureLessThan';
	const threshold = numberOf(attributeOf(element, 'measureThreshold'), { least: -1, most: 1 }) ?? 0;
	return [
		{
			condition,
			...(isNegated(element) ? { operator: 'not' as const } : {}),
			...(objective === '' ? {} : { referencedObjective: objective }),
			...(isMeasured ? { parameters: { threshold } } : {})
		}
	];
}

function parseRollupRules(rules: XmlElement | null, warnings: WarningList): readonly RollupRule[] {
	return childrenOf(rules, 'rollupRule').flatMap((rule): readonly RollupRule[] => {
		const action = known(attributeOf(childOf(rule, 'rollupAction'), 'action'), ROLLUP_ACTIONS, warnings);
		const group = childOf(rule, 'rollupConditions');
		const conditions = childrenOf(group, 'rollupCondition').flatMap((element) => {
			const condition = known(attributeOf(element, 'condition'), ROLLUP_CONDITIONS, warnings);
			if (condition === null) return [];
			const name = condition === 'activityProgressKnown' ? 'progressKnown' : condition;
			return [{ condition: name, operator: isNegated(element) ? ('not' as const) : ('noOp' as const) }];
		});
		if (action === null || conditions.length === 0) return [];
		const isAll = attributeOf(group, 'conditionCombination')?.trim() === 'all';
		const percent = numberOf(attributeOf(rule, 'minimumPercent'), { least: 0, most: 1 }) ?? 0;
		return [
			{
				action,
				consideration: choose(attributeOf(rule, 'childActivitySet'), CHILD_SETS, 'all', warnings),
				minimumCount: wholeOf(attributeOf(rule, 'minimumCount')) ?? 0,
				// 0.07 * 100 is 7.000000000000001, and the engine compares with >=.
				minimumPercent: Number((percent * 100).toFixed(6)),
				conditionCombination: isAll ? 'all' : 'any',
				conditions
			}
		];
	});
}

function parseConsiderations(element: XmlElement, warnings: WarningList): RollupConsiderations {
	const read = (name: string) => choose(attributeOf(element, name), CONSIDERATIONS, 'always', warnings);
	return {
		requiredForSatisfied: read('requiredForSatisfied'),
		requiredForNotSatisfied: read('requiredForNotSatisfied'),
		requiredForCompleted: read('requiredForCompleted'),
		requiredForIncomplete: read('requiredForIncomplete'),
		measureSatisfactionIfActive: booleanOf(element, 'measureSatisfactionIfActive', true)
	};
}

function isNegated(element: XmlElement): boolean {
	return attributeOf(element, 'operator')?.trim().toLowerCase() === 'not';
}

function wholeOf(text: string | null): number | null {
	const value = numberOf(text, { least: 0, most: 1_000_000 });
	return value === null ? null : Math.floor(value);
}

/** The value in the standard's spelling, or null with a warning; absent is null without one. */
function known<T extends string>(text: string | null, values: readonly T[], warnings: WarningList): T | null {
	const given = text?.trim() ?? '';
	if (given === '') return null;
	const found = values.find((value) => value.toLowerCase() === given.toLowerCase());
	if (found === undefined) warnings.addExample('sequencing-value-unknown', given);
	return found ?? null;
}

function choose<T extends string>(text: string | null, values: readonly T[], fallback: T, warnings: WarningList): T {
	return known(text, values, warnings) ?? fallback;
}
