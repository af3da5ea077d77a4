/**
 * The part of scorm-again 3.4.3's `SequencingSettings` that we write, as JSON. Its own types use TypeScript enums, which JSON from a
 * database cannot satisfy, and the server does not import a browser runtime; `sequencing.test.ts` runs the result in the real engine.
 */

export type SequencingTree = { readonly activityTree: ActivityNode };

export type ActivityNode = {
	readonly id: string;
	readonly title: string;
	readonly isVisible: boolean;
	readonly children?: readonly ActivityNode[];
	readonly timeLimitAction?: string;
	readonly completionThreshold?: CompletionThreshold;
	readonly hideLmsUi?: readonly string[];
	readonly sharedDataMaps?: readonly SharedDataMap[];
} & ActivitySequencing;

export type ActivitySequencing = {
	readonly sequencingControls: SequencingControls;
	readonly deliveryControls: DeliveryControls;
	readonly attemptLimit?: number;
	/** ISO 8601; the runtime throws on anything else. */
	readonly attemptAbsoluteDurationLimit?: string;
	readonly primaryObjective?: Objective;
	readonly objectives?: readonly Objective[];
	readonly sequencingRules?: SequencingRules;
	readonly rollupRules?: { readonly rules: readonly RollupRule[] };
	readonly rollupConsiderations?: RollupConsiderations;
	readonly auxiliaryResources?: readonly { readonly resourceId: string; readonly purpose: string }[];
};

export type SequencingControls = {
	readonly choice: boolean;
	readonly choiceExit: boolean;
	readonly flow: boolean;
	readonly forwardOnly: boolean;
	readonly useCurrentAttemptObjectiveInfo: boolean;
	readonly useCurrentAttemptProgressInfo: boolean;
	readonly preventActivation: boolean;
	readonly constrainChoice: boolean;
	readonly rollupObjectiveSatisfied: boolean;
	readonly rollupProgressCompletion: boolean;
	readonly objectiveMeasureWeight: number;
	readonly selectionTiming: Timing;
	readonly selectCount: number | null;
	readonly randomizeChildren: boolean;
	readonly randomizationTiming: Timing;
};
export type Timing = 'never' | 'once' | 'onEachNewAttempt';

export type DeliveryControls = {
	readonly tracked: boolean;
	readonly completionSetByContent: boolean;
	readonly objectiveSetByContent: boolean;
};

export type Objective = {
	readonly objectiveID: string;
	readonly isPrimary: boolean;
	readonly satisfiedByMeasure: boolean;
	readonly minNormalizedMeasure: number | null;
	readonly mapInfo: readonly ObjectiveMap[];
};

export type ObjectiveMap = { readonly targetObjectiveID: string } & Readonly<Record<ObjectiveMapFlag, boolean>>;
export const OBJECTIVE_MAP_FLAGS = [
	'readSatisfiedStatus',
	'readNormalizedMeasure',
	'writeSatisfiedStatus',
	'writeNormalizedMeasure',
	'readRawScore',
	'readMinScore',
	'readMaxScore',
	'readCompletionStatus',
	'readProgressMeasure',
	'writeRawScore',
	'writeMinScore',
	'writeMaxScore',
	'writeCompletionStatus',
	'writeProgressMeasure'
] as const;
export type ObjectiveMapFlag = (typeof OBJECTIVE_MAP_FLAGS)[number];

export type SequencingRules = {
	readonly preConditionRules: readonly SequencingRule[];
	readonly exitConditionRules: readonly SequencingRule[];
	readonly postConditionRules: readonly SequencingRule[];
};
export type SequencingRule = {
	readonly action: string;
	readonly conditionCombination: 'all' | 'any';
	readonly conditions: readonly RuleCondition[];
};
export type RuleCondition = {
	readonly condition: string;
	readonly operator?: 'not';
	readonly referencedObjective?: string;
	readonly parameters?: { readonly threshold: number };
};

export type RollupRule = {
	readonly action: string;
	readonly consideration: string;
	readonly minimumCount: number;
	/** 0 to 100 here, 0 to 1 in the manifest. */
	readonly minimumPercent: number;
	readonly conditionCombination: 'all' | 'any';
	readonly conditions: readonly { readonly condition: string; readonly operator: 'noOp' | 'not' }[];
};

export type RollupConsiderations = {
	readonly requiredForSatisfied: string;
	readonly requiredForNotSatisfied: string;
	readonly requiredForCompleted: string;
	readonly requiredForIncomplete: string;
	readonly measureSatisfactionIfActive: boolean;
};

export type CompletionThreshold = {
	readonly completedByMeasure: boolean;
	readonly minProgressMeasure: number;
	readonly progressWeight: number;
};

export type SharedDataMap = {
	readonly targetID: string;
	readonly readSharedData: boolean;
	readonly writeSharedData: boolean;
};
