/** What the importer writes, run in the real engine: scorm-again 3.4.3 in Node, as the player has it. */
import * as runtime from 'scorm-again/scorm2004';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { course2004, manifest2004 } from '#tests/fixtures/packages/manifests.ts';
import type { ManifestParts } from '#tests/fixtures/packages/manifests.ts';
import { parseManifest } from './parse-manifest.ts';
import type { ActivityNode, SequencingTree } from './sequencing-settings.ts';

type Activity = {
	readonly id: string;
	readonly completionStatus: string;
	readonly successStatus: string;
	readonly objectiveNormalizedMeasure: number;
	readonly objectiveSatisfiedStatus: boolean;
	readonly objectiveSatisfiedStatusKnown: boolean;
	readonly attemptCount: number;
	readonly children: readonly Activity[];
};
type Runtime2004 = {
	lmsInitialize(): string;
	lmsFinish(): string;
	lmsSetValue(element: string, value: string): string;
	lmsGetValue(element: string): string;
	reset(): void;
	processNavigationRequest(request: string, target?: string): boolean;
	getSequencingState(): { currentActivity: Activity | null; rootActivity: Activity };
	serializeSequencingState(): string;
	deserializeSequencingState(state: string): boolean;
};
// The package's sub-path exports only the named class, its types only a default.
const { Scorm2004API } = runtime as unknown as { Scorm2004API: new (settings: object) => Runtime2004 };

function parse(source: string) {
	const result = parseManifest(source, ['a.html', 'b.html', 'c.html', 'd.html', 'index.html']);
	if (result.type === 'refused') throw new Error(`${result.reason} ${JSON.stringify(result.detail)}`);
	// Every test brings the same handful of files; whether all are listed is not the question here.
	return { ...result, warnings: result.warnings.filter(({ code }) => code !== 'files-not-listed') };
}

/** Through JSON, as a pack carries it. */
function treeOf(source: string): SequencingTree {
	return JSON.parse(JSON.stringify(parse(source).structure.sequencing)) as SequencingTree;
}

class Course {
	readonly api: Runtime2004;
	constructor(tree: SequencingTree) {
		this.api = new Scorm2004API({ sequencing: tree, autocommit: false, onLogMessage: () => undefined });
	}
	get here(): string | null {
		return this.api.getSequencingState().currentActivity?.id ?? null;
	}
	find(id: string): Activity {
		const search = (activity: Activity): Activity | null =>
			activity.id === id ? activity : (activity.children.map(search).find((found) => found !== null) ?? null);
		const found = search(this.api.getSequencingState().rootActivity);
		if (found === null) throw new Error(`no activity ${id}`);
		return found;
	}
	go(request: string, target?: string): boolean {
		return this.api.processNavigationRequest(request, target);
	}
	/** One SCO's session: initialize, set, ask for navigation, terminate; then the next SCO gets a fresh run-time. */
	study(values: Readonly<Record<string, string>>, request = 'continue'): void {
		this.api.lmsInitialize();
		for (const [element, value] of Object.entries(values)) {
			expect([element, this.api.lmsSetValue(element, value)]).toEqual([element, 'true']);
		}
		this.api.lmsSetValue('adl.nav.request', request);
		this.api.lmsFinish();
		this.api.reset();
	}
}

// The engine tells the console of every delivery.
beforeAll(() => {
	vi.spyOn(console, 'debug').mockImplementation(() => undefined);
	vi.spyOn(console, 'info').mockImplementation(() => undefined);
});

const play = (leaves: Parameters<typeof course2004>[0], root: string, parts: ManifestParts = {}) =>
	new Course(treeOf(course2004(leaves, root, parts)));
const abc = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const passed = { 'cmi.completion_status': 'completed', 'cmi.success_status': 'passed' };

describe('control modes', () => {
	test('flow goes forward and back', () => {
		const course = play(abc, '<imsss:controlMode flow="true"/>');
		expect(course.go('start')).toBe(true);
		expect(course.here).toBe('a');
		course.study(passed);
		expect(course.here).toBe('b');
		course.study(passed, 'previous');
		expect(course.here).toBe('a');
	});

	test('without a word on flow there is none: the standard says false, the engine by itself true', () => {
		const course = play(abc, '<imsss:controlMode choice="true"/>');
		expect(course.go('start')).toBe(false);
		expect(course.go('choice', 'b')).toBe(true);
		expect(course.here).toBe('b');
		expect(course.go('continue')).toBe(false);
		expect(course.here).toBe('b');
	});

	test('without choice nobody jumps', () => {
		const course = play(abc, '<imsss:controlMode choice="false" flow="true"/>');
		course.go('start');
		expect(course.go('choice', 'c')).toBe(false);
		expect(course.here).toBe('a');
	});

	test('forwardOnly does not go back', () => {
		const course = play(abc, '<imsss:controlMode flow="true" forwardOnly="true"/>');
		course.go('start');
		course.go('continue');
		expect(course.here).toBe('b');
		expect(course.go('previous')).toBe(false);
		expect(course.here).toBe('b');
	});

	test('an attempt limit ends choice', () => {
		const course = play(
			[{ id: 'a', sequencing: '<imsss:limitConditions attemptLimit="1"/>' }, { id: 'b' }],
			'<imsss:controlMode choice="true" flow="true"/>'
		);
		course.go('start');
		course.study(passed);
		expect(course.here).toBe('b');
		expect(course.go('choice', 'a')).toBe(false);
	});
});

const pretest = (score: string) =>
	`<imsss:objectives><imsss:primaryObjective objectiveID="test" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>${score}</imsss:minNormalizedMeasure>` +
	'<imsss:mapInfo targetObjectiveID="global.knows" writeSatisfiedStatus="true" writeNormalizedMeasure="true"/></imsss:primaryObjective></imsss:objectives>';
const skippedWhenKnown =
	'<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition referencedObjective="known" condition="satisfied"/></imsss:ruleConditions>' +
	'<imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules>' +
	'<imsss:objectives><imsss:primaryObjective objectiveID="own"/><imsss:objective objectiveID="known"><imsss:mapInfo targetObjectiveID="global.knows" readSatisfiedStatus="true"/></imsss:objective></imsss:objectives>';

describe('rules and global objectives', () => {
	const course = () =>
		play(
			[{ id: 'a', sequencing: pretest('0.8') }, { id: 'b', sequencing: skippedWhenKnown }, { id: 'c' }],
			'<imsss:controlMode flow="true"/>'
		);

	test.each([
		['0.9', 'c'],
		['0.8', 'c'],
		['0.7', 'b']
	])('a pretest of %s leads to %s', (score, next) => {
		const run = course();
		run.go('start');
		run.study({ 'cmi.score.scaled': score, 'cmi.completion_status': 'completed' });
		expect(run.here).toBe(next);
	});

	test('objectives are seeded into cmi.objectives, the nameless primary one is not', () => {
		const run = play(
			[
				{ id: 'a', sequencing: skippedWhenKnown },
				{
					id: 'b',
					sequencing:
						'<imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.5</imsss:minNormalizedMeasure></imsss:primaryObjective><imsss:objective objectiveID="two"/></imsss:objectives>'
				}
			],
			'<imsss:controlMode flow="true"/>'
		);
		run.go('start');
		run.api.lmsInitialize();
		expect(run.api.lmsGetValue('cmi.objectives._count')).toBe('2');
		expect(run.api.lmsGetValue('cmi.objectives.0.id')).toBe('own');
		run.api.lmsSetValue('adl.nav.request', 'continue');
		run.api.lmsFinish();
		run.api.reset();
		expect(run.here).toBe('b');
		run.api.lmsInitialize();
		expect(run.api.lmsGetValue('cmi.objectives._count')).toBe('1');
		expect(run.api.lmsGetValue('cmi.objectives.0.id')).toBe('two');
		run.api.lmsSetValue('cmi.score.scaled', '0.6');
		run.api.lmsSetValue('adl.nav.request', 'exitAll');
		run.api.lmsFinish();
		// The nameless objective is there all the same: 0.6 satisfied it by measure.
		expect(run.find('b').successStatus).toBe('passed');
	});

	test('a measure threshold and "not" are kept', () => {
		const disabledBelow =
			'<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions conditionCombination="any"><imsss:ruleCondition condition="objectiveMeasureGreaterThan" operator="not" measureThreshold="0.5" referencedObjective="known"/></imsss:ruleConditions>' +
			'<imsss:ruleAction action="disabled"/></imsss:preConditionRule></imsss:sequencingRules>' +
			'<imsss:objectives><imsss:primaryObjective/><imsss:objective objectiveID="known"><imsss:mapInfo targetObjectiveID="global.knows"/></imsss:objective></imsss:objectives>';
		const attempt = (score: string) => {
			const run = play(
				[
					{ id: 'a', sequencing: pretest('1') },
					{ id: 'b', sequencing: disabledBelow }
				],
				'<imsss:controlMode choice="true" flow="true"/>'
			);
			run.go('start');
			run.study({ 'cmi.score.scaled': score }, '_none_');
			return run.go('choice', 'b');
		};
		expect(attempt('0.6')).toBe(true);
		expect(attempt('0.4')).toBe(false);
	});

	test('a post condition sends the learner back until the test is passed', () => {
		const retry =
			'<imsss:sequencingRules><imsss:postConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="satisfied" operator="not"/></imsss:ruleConditions>' +
			'<imsss:ruleAction action="retry"/></imsss:postConditionRule></imsss:sequencingRules><imsss:deliveryControls objectiveSetByContent="true"/>';
		const run = play([{ id: 'a', sequencing: retry }, { id: 'b' }], '<imsss:controlMode flow="true"/>');
		run.go('start');
		run.study({ 'cmi.success_status': 'failed' });
		expect(run.here).toBe('a');
		expect(run.find('a').attemptCount).toBe(2);
		run.study({ 'cmi.success_status': 'passed' });
		expect(run.here).toBe('b');
	});

	test('scores travel by adlseq maps (4th Edition)', () => {
		const objective = '<imsss:objectives><imsss:primaryObjective objectiveID="o"/></imsss:objectives>';
		const map = (flags: string) =>
			`${objective}<adlseq:objectives><adlseq:objective objectiveID="o"><adlseq:mapInfo targetObjectiveID="g" ${flags}/></adlseq:objective></adlseq:objectives>`;
		const run = play(
			[
				{ id: 'a', sequencing: map('writeRawScore="true"') },
				{ id: 'b', sequencing: map('') }
			],
			'<imsss:controlMode flow="true"/>'
		);
		run.go('start');
		run.study({ 'cmi.objectives.0.score.raw': '42' });
		run.api.lmsInitialize();
		expect(run.api.lmsGetValue('cmi.objectives.0.score.raw')).toBe('42');
	});
});

describe('roll-up', () => {
	test('by default everything must be done', () => {
		const run = play(abc, '<imsss:controlMode flow="true"/>');
		run.go('start');
		run.study(passed);
		run.study(passed);
		expect(run.find('ORG').completionStatus).not.toBe('completed');
		run.study(passed, 'exitAll');
		expect(run.find('ORG')).toMatchObject({ completionStatus: 'completed', successStatus: 'passed' });
	});

	test.each([
		['0.5', 'completed'],
		['0.75', 'incomplete']
	])('half of two done, where %s are needed: %s', (minimum, status) => {
		const rule = (action: string, set: string, condition: string) =>
			`<imsss:rollupRule childActivitySet="${set}" minimumPercent="${minimum}"><imsss:rollupConditions><imsss:rollupCondition ${condition}/></imsss:rollupConditions><imsss:rollupAction action="${action}"/></imsss:rollupRule>`;
		const run = play(
			[
				{ id: 'a', sequencing: '<imsss:deliveryControls completionSetByContent="true"/>' },
				{ id: 'b', sequencing: '<imsss:deliveryControls completionSetByContent="true"/>' }
			],
			`<imsss:controlMode flow="true"/><imsss:rollupRules>${rule('completed', 'atLeastPercent', 'condition="completed"')}${rule('incomplete', 'any', 'operator="not" condition="completed"')}</imsss:rollupRules>`
		);
		run.go('start');
		run.study({ 'cmi.completion_status': 'completed' });
		run.study({ 'cmi.completion_status': 'incomplete' }, 'exitAll');
		expect(run.find('ORG').completionStatus).toBe(status);
	});

	test('measures are weighed', () => {
		const weight = (value: string) =>
			`<imsss:rollupRules objectiveMeasureWeight="${value}"/><imsss:objectives><imsss:primaryObjective objectiveID="o"/></imsss:objectives>`;
		const run = play(
			[
				{ id: 'a', sequencing: weight('1') },
				{ id: 'b', sequencing: weight('0.25') },
				{ id: 'c', sequencing: weight('0') }
			],
			'<imsss:controlMode flow="true"/><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>'
		);
		run.go('start');
		const score = (scaled: string) => ({ 'cmi.completion_status': 'completed', 'cmi.score.scaled': scaled });
		run.study(score('1'));
		run.study(score('0'));
		run.study(score('0'), 'exitAll');
		expect(run.find('ORG').objectiveNormalizedMeasure).toBeCloseTo(0.8, 5);
		expect(run.find('ORG').successStatus).toBe('passed');
	});

	test('what is untracked or left out of the roll-up does not count', () => {
		const run = play(
			[
				{ id: 'a' },
				{
					id: 'b',
					sequencing: '<imsss:rollupRules rollupProgressCompletion="false" rollupObjectiveSatisfied="false"/>'
				},
				{ id: 'c', sequencing: '<imsss:deliveryControls tracked="false"/>' }
			],
			'<imsss:controlMode flow="true"/>'
		);
		run.go('start');
		run.study(passed, 'exitAll');
		expect(run.find('ORG')).toMatchObject({ completionStatus: 'completed', successStatus: 'passed' });
	});
});

describe('suspend and resume', () => {
	test('a suspended course goes on where it was, in a new run-time', () => {
		const source = course2004(abc, '<imsss:controlMode flow="true"/>');
		const first = new Course(treeOf(source));
		first.go('start');
		first.study(passed);
		first.study({ 'cmi.location': 'page 3', 'cmi.exit': 'suspend' }, 'suspendAll');
		const state = first.api.serializeSequencingState();

		const second = new Course(treeOf(source));
		expect(second.api.deserializeSequencingState(state)).toBe(true);
		expect(second.go('resumeAll')).toBe(true);
		expect(second.here).toBe('b');
		expect(second.find('a').completionStatus).toBe('completed');
	});
});

describe('what else is written', () => {
	const node = (sequencing: string, extra = ''): ActivityNode => {
		const [child] = treeOf(course2004([{ id: 'a', sequencing, extra }], '')).activityTree.children ?? [];
		if (child === undefined) throw new Error('no activity');
		// The engine throws while building the tree when a value has the wrong form.
		new Course({ activityTree: { ...child } });
		return child;
	};

	test('every part of one item', () => {
		expect(
			node(
				'<imsss:controlMode choice="false" choiceExit="false" flow="true" forwardOnly="true" useCurrentAttemptObjectiveInfo="false" useCurrentAttemptProgressInfo="false"/>' +
					'<imsss:limitConditions attemptLimit="3" attemptAbsoluteDurationLimit="P1DT1H"/>' +
					'<imsss:auxiliaryResources><imsss:auxiliaryResource auxiliaryResourceID="glossary" purpose="help"/></imsss:auxiliaryResources>' +
					'<imsss:randomizationControls randomizationTiming="once" selectCount="2" reorderChildren="true" selectionTiming="onEachNewAttempt"/>' +
					'<imsss:deliveryControls tracked="false" completionSetByContent="true" objectiveSetByContent="true"/>' +
					'<adlseq:constrainedChoiceConsiderations preventActivation="true" constrainChoice="true"/>' +
					'<adlseq:rollupConsiderations requiredForSatisfied="ifAttempted" requiredForCompleted="ifNotSkipped" measureSatisfactionIfActive="false"/>',
				'<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5" progressWeight="0.25"/>' +
					'<adlcp:data><adlcp:map targetID="notes" writeSharedData="false"/><adlcp:map targetID="score"/></adlcp:data>' +
					'<adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction>'
			)
		).toEqual({
			id: 'a',
			title: 'a',
			isVisible: true,
			sequencingControls: {
				choice: false,
				choiceExit: false,
				flow: true,
				forwardOnly: true,
				useCurrentAttemptObjectiveInfo: false,
				useCurrentAttemptProgressInfo: false,
				preventActivation: true,
				constrainChoice: true,
				rollupObjectiveSatisfied: true,
				rollupProgressCompletion: true,
				objectiveMeasureWeight: 1,
				selectionTiming: 'onEachNewAttempt',
				selectCount: 2,
				randomizeChildren: true,
				randomizationTiming: 'once'
			},
			deliveryControls: { tracked: false, completionSetByContent: true, objectiveSetByContent: true },
			attemptLimit: 3,
			attemptAbsoluteDurationLimit: 'PT25H',
			auxiliaryResources: [{ resourceId: 'glossary', purpose: 'help' }],
			rollupConsiderations: {
				requiredForSatisfied: 'ifAttempted',
				requiredForNotSatisfied: 'always',
				requiredForCompleted: 'ifNotSkipped',
				requiredForIncomplete: 'always',
				measureSatisfactionIfActive: false
			},
			completionThreshold: { completedByMeasure: true, minProgressMeasure: 0.5, progressWeight: 0.25 },
			sharedDataMaps: [
				{ targetID: 'notes', readSharedData: true, writeSharedData: false },
				{ targetID: 'score', readSharedData: true, writeSharedData: true }
			],
			timeLimitAction: 'exit,message'
		});
	});

	test('maps of both kinds to one target become one', () => {
		const { primaryObjective } = node(
			'<imsss:objectives><imsss:primaryObjective objectiveID="o"><imsss:mapInfo targetObjectiveID="g" readSatisfiedStatus="false" writeNormalizedMeasure="true"/></imsss:primaryObjective></imsss:objectives>' +
				'<adlseq:objectives><adlseq:objective objectiveID="o"><adlseq:mapInfo targetObjectiveID="g" writeRawScore="true" readProgressMeasure="false"/></adlseq:objective></adlseq:objectives>'
		);
		expect(primaryObjective?.mapInfo).toEqual([
			{
				targetObjectiveID: 'g',
				readSatisfiedStatus: false,
				readNormalizedMeasure: true,
				writeSatisfiedStatus: false,
				writeNormalizedMeasure: true,
				readRawScore: true,
				readMinScore: true,
				readMaxScore: true,
				readCompletionStatus: true,
				readProgressMeasure: false,
				writeRawScore: true,
				writeMinScore: false,
				writeMaxScore: false,
				writeCompletionStatus: false,
				writeProgressMeasure: false
			}
		]);
	});

	test('rules in the standard\u2019s words, conditions combined as the standard does by default', () => {
		const rule = (kind: string, condition: string, action: string) =>
			`<imsss:${kind}><imsss:ruleConditions><imsss:ruleCondition condition="${condition}"/></imsss:ruleConditions><imsss:ruleAction action="${action}"/></imsss:${kind}>`;
		const { sequencingRules, rollupRules } = node(
			`<imsss:sequencingRules>${rule('preConditionRule', 'always', 'hiddenFromChoice')}${rule('preConditionRule', 'ATTEMPTED', 'stopForwardTraversal')}` +
				`${rule('exitConditionRule', 'timeLimitExceeded', 'exit')}${rule('postConditionRule', 'satisfied', 'exitParent')}${rule('postConditionRule', 'satisfied', 'fly')}</imsss:sequencingRules>` +
				'<imsss:rollupRules><imsss:rollupRule childActivitySet="atLeastCount" minimumCount="2"><imsss:rollupConditions><imsss:rollupCondition condition="activityProgressKnown"/></imsss:rollupConditions><imsss:rollupAction action="incomplete"/></imsss:rollupRule></imsss:rollupRules>'
		);
		const one = (condition: string, action: string) => ({
			action,
			conditionCombination: 'all',
			conditions: [{ condition }]
		});
		expect(sequencingRules).toEqual({
			preConditionRules: [one('always', 'hiddenFromChoice'), one('attempted', 'stopForwardTraversal')],
			exitConditionRules: [one('timeLimitExceeded', 'exit')],
			postConditionRules: [one('satisfied', 'exitParent')]
		});
		expect(rollupRules?.rules).toEqual([
			{
				action: 'incomplete',
				consideration: 'atLeastCount',
				minimumCount: 2,
				minimumPercent: 0,
				conditionCombination: 'any',
				conditions: [{ condition: 'progressKnown', operator: 'noOp' }]
			}
		]);
	});

	test('a sequencing collection is inherited part by part', () => {
		const source = manifest2004({
			items:
				'<item identifier="a" identifierref="R1"><title>A</title><imsss:sequencing IDRef="shared"><imsss:deliveryControls tracked="false"/></imsss:sequencing></item>' +
				'<item identifier="b" identifierref="R1"><title>B</title><imsss:sequencing IDRef="nowhere"/></item>',
			afterResources:
				'<imsss:sequencingCollection><imsss:sequencing ID="shared"><imsss:controlMode flow="true"/><imsss:deliveryControls completionSetByContent="true"/><imsss:limitConditions attemptLimit="2"/></imsss:sequencing></imsss:sequencingCollection>'
		});
		expect(treeOf(source).activityTree.children?.[0]).toMatchObject({
			sequencingControls: { flow: true },
			deliveryControls: { tracked: false, completionSetByContent: false },
			attemptLimit: 2
		});
		expect(parse(source).warnings).toEqual([
			{ code: 'sequencing-reference-missing', detail: { number: 1, examples: 'nowhere' } }
		]);
	});

	test('values that the engine would throw on are left out and told', () => {
		const source = course2004(
			[{ id: 'a', sequencing: '<imsss:limitConditions attemptAbsoluteDurationLimit="tomorrow" attemptLimit="x"/>' }],
			'<imsss:randomizationControls selectionTiming="sometimes"/>'
		);
		expect(
			parse(source)
				.warnings.map(({ code }) => code)
				.sort()
		).toEqual(['sequencing-value-unknown', 'time-limit-invalid']);
		new Course(treeOf(source));
	});
});
